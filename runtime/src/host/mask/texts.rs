//! The parts of bytes that are text.
//!
//! Enters: bytes that something was decoded to, most of them by chance. Leaves: the ranges that are
//! UTF-8 without control characters. Each byte is looked up in a table once or twice, whatever it
//! is. Must not know secrets.

use std::ops::Range;

use fmc_expr::EvalError;

use super::pace::{PIECE, Pace};

/// What is known behind a byte of a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A character is complete.
    Whole,
    /// The byte is not in a text.
    Broken,
    /// So many bytes of the character are missing.
    One,
    Two,
    Three,
    /// The same behind a first byte that only some bytes may follow.
    OneOfC2,
    TwoOfE0,
    TwoOfED,
    ThreeOfF0,
    ThreeOfF4,
}

const ALL: [State; 10] = [
    State::Whole,
    State::Broken,
    State::One,
    State::Two,
    State::Three,
    State::OneOfC2,
    State::TwoOfE0,
    State::TwoOfED,
    State::ThreeOfF0,
    State::ThreeOfF4,
];

/// The state behind one more byte, by the state before it.
static NEXT: [[State; 256]; ALL.len()] = next();

#[expect(
    clippy::indexing_slicing,
    reason = "a constant: what is out of bounds does not compile"
)]
const fn next() -> [[State; 256]; ALL.len()] {
    let mut next = [[State::Broken; 256]; ALL.len()];
    let mut nth = 0;
    while nth < ALL.len() {
        let mut byte = 0;
        while byte < 256 {
            next[ALL[nth] as usize][byte] = step(ALL[nth], byte as u8);
            byte += 1;
        }
        nth += 1;
    }
    next
}

/// The well-formed bytes of UTF-8 as table 3-7 of the Unicode Standard lists them, without control
/// characters, which are below U+0020 and from U+007F to U+009F. Zeros and white space stay.
const fn step(state: State, byte: u8) -> State {
    match (state, byte) {
        (State::Whole, b' '..=b'~' | 0 | b'\t' | b'\n' | b'\r')
        | (State::One, 0x80..=0xBF)
        | (State::OneOfC2, 0xA0..=0xBF) => State::Whole,
        (State::Whole, 0xC2) => State::OneOfC2,
        (State::Whole, 0xC3..=0xDF)
        | (State::Two, 0x80..=0xBF)
        | (State::TwoOfE0, 0xA0..=0xBF)
        | (State::TwoOfED, 0x80..=0x9F) => State::One,
        (State::Whole, 0xE0) => State::TwoOfE0,
        (State::Whole, 0xED) => State::TwoOfED,
        (State::Whole, 0xE1..=0xEF)
        | (State::Three, 0x80..=0xBF)
        | (State::ThreeOfF0, 0x90..=0xBF)
        | (State::ThreeOfF4, 0x80..=0x8F) => State::Two,
        (State::Whole, 0xF0) => State::ThreeOfF0,
        (State::Whole, 0xF4) => State::ThreeOfF4,
        (State::Whole, 0xF1..=0xF3) => State::Three,
        _ => State::Broken,
    }
}

fn after(state: State, byte: u8) -> State {
    let row = NEXT.get(state as usize);
    let next = row.and_then(|row| row.get(usize::from(byte)));
    next.copied().unwrap_or(State::Broken)
}

/// The parts of the bytes that are text, if they are at least so long. Zeros count for nothing: in
/// UTF-16 there is one beside each letter.
///
/// # Errors
/// As [`Pace::read`].
pub(super) fn texts(
    bytes: &[u8],
    least: usize,
    pace: &Pace<'_>,
) -> Result<Vec<Range<usize>>, EvalError> {
    let mut found = Vec::new();
    let mut keep = |text: Range<usize>| {
        let inside = bytes.get(text.clone()).unwrap_or_default();
        if inside.iter().filter(|byte| **byte != 0).take(least).count() == least {
            found.push(text);
        }
    };
    // A text ends with its last whole character.
    let (mut state, mut start, mut end) = (State::Whole, 0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        if at % PIECE == 0 {
            pace.read(PIECE.min(bytes.len() - at))?;
        }
        state = after(state, *byte);
        if state == State::Broken {
            if end - start >= least {
                keep(start..end);
            }
            // The byte may begin another text.
            state = after(State::Whole, *byte);
            (start, end) = (at, at);
            if state == State::Broken {
                state = State::Whole;
                (start, end) = (at + 1, at + 1);
            }
        }
        if state == State::Whole {
            end = (at + 1).max(start);
        }
    }
    if end - start >= least {
        keep(start..end);
    }
    Ok(found)
}
