//! Runs of base64, hexadecimal digits and base32 in a text, decoded.
//!
//! Enters: a view. Leaves: views of what its runs stand for. Nobody knows where in a run an encoded
//! text begins, as in `/v1/aHVudGVyMjI`, so each place at which a group of characters can begin is
//! tried. Of what comes out, only text is kept: a secret is text. Must not know secrets.

use std::ops::Range;

use super::view::{CUTS, View};

/// The fewest bytes of a text that was cut off.
const LEAST: usize = 4;

/// A way to write bytes as characters.
struct Code {
    /// How many bits a character stands for.
    bits: u32,
    /// How many characters are a group, which begins at a byte.
    group: usize,
    /// What each character stands for; [`NONE`] for those that are not of this code.
    values: [u8; 256],
}

const NONE: u8 = 0xFF;

/// Base64, also that for URLs; hexadecimal digits; base32, which is written in capitals.
static CODES: [Code; 3] = [
    Code {
        bits: 6,
        group: 4,
        values: values(&[
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        ]),
    },
    Code {
        bits: 4,
        group: 2,
        values: values(&[b"0123456789abcdef", b"0123456789ABCDEF"]),
    },
    Code {
        bits: 5,
        group: 8,
        values: values(&[b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"]),
    },
];

/// The place of each character in one of the alphabets.
#[expect(
    clippy::indexing_slicing,
    reason = "a constant: what is out of bounds does not compile"
)]
const fn values(alphabets: &[&[u8]]) -> [u8; 256] {
    let mut values = [NONE; 256];
    let mut nth = 0;
    while nth < alphabets.len() {
        let mut at = 0;
        while at < alphabets[nth].len() {
            values[alphabets[nth][at] as usize] = at as u8;
            at += 1;
        }
        nth += 1;
    }
    values
}

/// The views of all runs that can hold at least `least` bytes: one for each code and each place at
/// which its groups can begin.
pub(super) fn decoded<'v>(
    view: &'v View<'_>,
    least: usize,
) -> impl Iterator<Item = View<'static>> + 'v {
    CODES.iter().flat_map(move |code| {
        let runs = code.runs(&view.bytes, least);
        (0..code.group).filter_map(move |skip| code.view(view, &runs, skip, least))
    })
}

impl Code {
    fn value(&self, character: u8) -> u8 {
        self.values
            .get(usize::from(character))
            .copied()
            .unwrap_or(NONE)
    }

    /// The runs that can hold so many bytes. One that was cut off can hold fewer.
    fn runs(&self, bytes: &[u8], least: usize) -> Vec<Range<usize>> {
        let characters = |bytes: usize| (bytes.saturating_mul(8)).div_ceil(self.bits as usize);
        let (cut, least) = (characters(LEAST), characters(least));
        let (mut runs, mut start) = (Vec::new(), 0);
        for (at, character) in bytes.iter().chain([&0]).enumerate() {
            if self.value(*character) != NONE {
                continue;
            }
            let length = at - start;
            if length >= least || length >= cut && mark(bytes.get(at..)).is_some() {
                runs.push(start..at);
            }
            start = at + 1;
        }
        runs
    }

    /// What the runs stand for when their groups begin after `skip` characters. `None` when there
    /// is no text in it.
    fn view(
        &self,
        view: &View<'_>,
        runs: &[Range<usize>],
        skip: usize,
        least: usize,
    ) -> Option<View<'static>> {
        let mut kept = Vec::new();
        for run in runs {
            let characters = view.bytes.get(run.start + skip..run.end);
            let after = view.bytes.get(run.end..).unwrap_or_default();
            let least = mark(Some(after)).map_or(least, |_| LEAST);
            let text = text_of(&self.bytes(characters.unwrap_or_default()), least);
            if text.is_empty() {
                continue;
            }
            let padding = after.iter().take_while(|byte| **byte == b'=').count();
            kept.push((
                marked(text, after),
                view.source(run.start..run.end + padding),
            ));
        }
        (!kept.is_empty()).then(|| View::of_runs(kept))
    }

    fn bytes(&self, characters: &[u8]) -> Vec<u8> {
        let value =
            |held: u64, character: &u8| (held << self.bits) | u64::from(self.value(*character));
        let mut out = Vec::with_capacity(characters.len() * self.bits as usize / 8);
        let mut groups = characters.chunks_exact(self.group);
        for group in &mut groups {
            let held = group.iter().fold(0, value).to_be_bytes();
            let unused = held.len() - self.group * self.bits as usize / 8;
            out.extend_from_slice(held.get(unused..).unwrap_or_default());
        }
        // Of the last group there may be less.
        let rest = groups.remainder();
        let bits = rest.len() * self.bits as usize;
        let held = rest.iter().fold(0, value) << (u64::BITS as usize - bits.max(1));
        out.extend(held.to_be_bytes().iter().take(bits / 8));
        out
    }
}

/// The parts of the bytes that are text, if they are at least so long, apart from each other.
fn text_of(bytes: &[u8], least: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut keep = |part: &[u8]| {
        if part.len() >= least {
            out.extend_from_slice(part);
            out.push(0);
        }
    };
    for part in bytes.split(|byte| is_control(*byte)) {
        // Most parts are short or ASCII, and need no closer look.
        if part.len() < least || part.is_ascii() {
            keep(part);
            continue;
        }
        for chunk in part.utf8_chunks() {
            let control = |char: char| !char.is_ascii() && char.is_control();
            let texts = chunk.valid().split(control);
            texts.for_each(|text| keep(text.as_bytes()));
        }
    }
    out
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t')
}

/// The text, with the mark for cut text if that follows its run.
fn marked(mut text: Vec<u8>, after: &[u8]) -> Vec<u8> {
    if let Some(mark) = mark(Some(after)) {
        text.pop();
        text.extend_from_slice(mark.as_bytes());
    }
    text
}

/// The mark for cut text that bytes start with.
fn mark(bytes: Option<&[u8]>) -> Option<&'static str> {
    let marks = CUTS.iter().copied();
    bytes.and_then(|bytes| {
        marks
            .into_iter()
            .find(|mark| bytes.starts_with(mark.as_bytes()))
    })
}
