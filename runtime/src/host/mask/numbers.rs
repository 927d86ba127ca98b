//! Texts that are written as numbers, one for each byte: `74:6f:6b`, `0x74, 0x6f`, `[116, 111]`.
//!
//! Enters: a view. Leaves: views of what such rows of numbers stand for. Must not know secrets.

use std::ops::Range;

use fmc_expr::EvalError;

use super::{
    pace::{PIECE, Pace},
    texts::texts,
    view::View,
};

/// How the numbers are written.
#[derive(Clone, Copy)]
enum Base {
    /// Two hexadecimal digits, or several pairs of them.
    Hexadecimal,
    Decimal,
}

/// A row of numbers: the bytes, and where it is.
type Row = (Vec<u8>, Range<usize>);

/// The views of all rows that stand for a text of at least `least` bytes.
pub(super) fn decoded<'v>(
    view: &'v View<'_>,
    least: usize,
    pace: &'v Pace<'_>,
) -> impl Iterator<Item = Result<View<'static>, EvalError>> + 'v {
    let bases = [Base::Hexadecimal, Base::Decimal];
    bases.into_iter().filter_map(move |base| {
        let rows = match rows(&view.bytes, base, least, pace) {
            Ok(rows) => rows,
            Err(error) => return Some(Err(error)),
        };
        let rows = rows.into_iter().map(|(row, at)| (row, view.source(at)));
        let rows: Vec<_> = rows.collect();
        (!rows.is_empty()).then(|| View::of_runs(rows, pace))
    })
}

fn rows(bytes: &[u8], base: Base, least: usize, pace: &Pace<'_>) -> Result<Vec<Row>, EvalError> {
    let mut rows = Vec::new();
    let (mut row, mut place): Row = (Vec::new(), 0..0);
    let mut at = 0;
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let word = leading(rest, u8::is_ascii_alphanumeric, pace)?;
        let before = row.len();
        if base.read(word, &mut row) {
            if before == 0 {
                place.start = at;
            }
            place.end = at + word.len();
        } else if !word.is_empty() {
            end(&mut row, &place, least, &mut rows, pace)?;
        }
        at += word.len();
        let rest = bytes.get(at..).unwrap_or_default();
        let gap = leading(rest, |byte| !byte.is_ascii_alphanumeric(), pace)?;
        if !is_between(gap) {
            end(&mut row, &place, least, &mut rows, pace)?;
        }
        at += gap.len();
    }
    end(&mut row, &place, least, &mut rows, pace)?;
    Ok(rows)
}

/// The bytes at the start that are of a kind. There may be millions of them.
fn leading<'b>(
    bytes: &'b [u8],
    is: impl Fn(&u8) -> bool,
    pace: &Pace<'_>,
) -> Result<&'b [u8], EvalError> {
    let mut count = 0;
    for piece in bytes.chunks(PIECE) {
        let here = piece.iter().take_while(|byte| is(byte)).count();
        pace.read(here)?;
        count += here;
        if here < piece.len() {
            break;
        }
    }
    Ok(bytes.get(..count).unwrap_or_default())
}

/// Keeps a row that stands for a text.
fn end(
    row: &mut Vec<u8>,
    place: &Range<usize>,
    least: usize,
    rows: &mut Vec<Row>,
    pace: &Pace<'_>,
) -> Result<(), EvalError> {
    if row.len() >= least && !texts(row, least, pace)?.is_empty() {
        rows.push((row.clone(), place.clone()));
    }
    row.clear();
    Ok(())
}

/// Whether this can stand between two numbers of a row. A form writes `+` for a blank.
fn is_between(gap: &[u8]) -> bool {
    gap.len() <= 16
        && gap.iter().all(|byte| {
            matches!(
                byte,
                b' ' | b'+' | b',' | b':' | b';' | b'-' | b'_' | b'\n' | b'\r' | b'\t'
            )
        })
}

impl Base {
    /// Adds the bytes that a word stands for. False if it is no number of this base.
    fn read(self, word: &[u8], row: &mut Vec<u8>) -> bool {
        match self {
            Self::Hexadecimal => {
                let digits = match word {
                    [b'0', b'x' | b'X', digits @ ..] => digits,
                    digits => digits,
                };
                // Longer words are runs, which are looked at elsewhere.
                let is_pairs =
                    matches!(digits.len(), 2 | 4 | 8) && digits.iter().all(u8::is_ascii_hexdigit);
                if is_pairs {
                    let value = |digit: &u8| char::from(*digit).to_digit(16).unwrap_or_default();
                    let byte =
                        |pair: &[u8]| pair.iter().fold(0, |sum, digit| sum * 16 + value(digit));
                    let bytes = digits.chunks(2).map(byte);
                    row.extend(bytes.filter_map(|byte| u8::try_from(byte).ok()));
                }
                is_pairs
            }
            Self::Decimal => {
                let number = matches!(word.len(), 1..=3).then(|| std::str::from_utf8(word).ok());
                let number = number.flatten().and_then(|word| word.parse::<u8>().ok());
                row.extend(number);
                number.is_some()
            }
        }
    }
}
