//! Runs of base64, hexadecimal digits and base32 in a text, decoded.
//!
//! Enters: a view. Leaves: views of what its runs stand for. Nobody knows where in a run an encoded
//! text begins, as in `/v1/aHVudGVyMjI`, so each place at which a group of characters can begin is
//! tried. Of what comes out, only text is kept: a secret is text. Must not know secrets.

use std::ops::Range;

use fmc_expr::EvalError;

use super::{
    pace::{PIECE, Pace},
    texts::texts,
    view::{CUTS, View},
};

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

/// A text that a part of a run stands for, and where that is in the view.
struct Piece {
    bytes: Vec<u8>,
    source: Range<usize>,
}

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
///
/// # Errors
/// As [`Pace::read`].
pub(super) fn decoded<'v>(
    view: &'v View<'_>,
    least: usize,
    pace: &'v Pace<'_>,
) -> Result<impl Iterator<Item = Result<View<'static>, EvalError>> + 'v, EvalError> {
    // The characters of the other codes are those of base64 too, and need more of them for a byte.
    let whole = 0..view.bytes.len();
    let [base64, others @ ..] = &CODES;
    let wide = base64.runs(&view.bytes, &[whole], least, pace)?;
    let mut all = Vec::with_capacity(CODES.len());
    for code in others {
        all.push((code, code.runs(&view.bytes, &wide, least, pace)?));
    }
    all.insert(0, (base64, wide));
    Ok(all.into_iter().flat_map(move |(code, runs)| {
        (0..code.group)
            .filter_map(move |skip| code.view(view, &runs, skip, least, pace).transpose())
    }))
}

impl Code {
    fn value(&self, character: u8) -> u8 {
        self.values
            .get(usize::from(character))
            .copied()
            .unwrap_or(NONE)
    }

    /// The runs within these ranges that can hold so many bytes. One that was cut off can hold
    /// fewer. No run crosses the end of a range.
    fn runs(
        &self,
        bytes: &[u8],
        within: &[Range<usize>],
        least: usize,
        pace: &Pace<'_>,
    ) -> Result<Vec<Range<usize>>, EvalError> {
        let characters = |bytes: usize| (bytes.saturating_mul(8)).div_ceil(self.bits as usize);
        let (cut, least) = (characters(LEAST), characters(least));
        let mut runs = Vec::new();
        for range in within {
            let mut start = range.start;
            let inside = bytes.get(range.clone()).unwrap_or_default();
            for run in inside.split(|character| self.value(*character) == NONE) {
                let end = start + run.len();
                pace.read(run.len() + 1)?;
                if run.len() >= least || run.len() >= cut && mark(bytes.get(end..)).is_some() {
                    runs.push(start..end);
                }
                start = end + 1;
            }
        }
        Ok(runs)
    }

    /// What the runs stand for when their groups begin after `skip` characters. `None` when there
    /// is no text in it.
    fn view(
        &self,
        view: &View<'_>,
        runs: &[Range<usize>],
        skip: usize,
        least: usize,
        pace: &Pace<'_>,
    ) -> Result<Option<View<'static>>, EvalError> {
        let mut pieces = Vec::new();
        for run in runs {
            pieces.extend(self.pieces(view, run, skip, least, pace)?);
        }
        if pieces.is_empty() {
            return Ok(None);
        }
        let view = if self.group == 2 {
            // Two characters are a byte, so that what stands beside a secret can stay.
            let pieces = pieces.iter().map(|piece| {
                let bytes = piece.bytes.iter().zip(0..);
                bytes.map(|(byte, nth)| {
                    let at = (piece.source.start + 2 * nth).min(piece.source.end);
                    (*byte, view.source(at..(at + 2).min(piece.source.end)))
                })
            });
            View::of_pieces(pieces, pace)
        } else {
            let runs = pieces.into_iter();
            let runs = runs.map(|piece| (piece.bytes, view.source(piece.source)));
            View::of_runs(runs, pace)
        };
        view.map(Some)
    }

    /// The texts that a run stands for.
    fn pieces(
        &self,
        view: &View<'_>,
        run: &Range<usize>,
        skip: usize,
        least: usize,
        pace: &Pace<'_>,
    ) -> Result<Vec<Piece>, EvalError> {
        let after = view.bytes.get(run.end..).unwrap_or_default();
        let mark = mark(Some(after));
        let characters = view.bytes.get(run.start + skip..run.end);
        let bytes = self.bytes(characters.unwrap_or_default(), pace)?;
        let length = bytes.len();
        let texts = texts(&bytes, mark.map_or(least, |_| LEAST), pace)?;
        let bits = self.bits as usize;
        let place = |at: usize| run.start + skip + at;
        let piece = |text: Range<usize>, bytes: Vec<u8>| {
            let mut piece = Piece {
                source: place(text.start * 8 / bits)..place((text.end * 8).div_ceil(bits)),
                bytes,
            };
            // Of the last character of a text that was cut, only some bytes may be there.
            if let Some(mark) = mark.filter(|_| length - text.end < 4) {
                piece.bytes.extend_from_slice(mark.as_bytes());
                piece.source.end = run.end;
            } else if text.end == length {
                let padding = after.iter().take_while(|byte| **byte == b'=');
                piece.source.end = run.end + padding.count();
            }
            piece
        };
        // A large run is mostly one text, which is not copied.
        if let [text] = texts.as_slice()
            && text.len() == length
        {
            return Ok(vec![piece(text.clone(), bytes)]);
        }
        let copied = |text: Range<usize>| {
            let bytes = bytes.get(text.clone()).unwrap_or_default().to_vec();
            piece(text, bytes)
        };
        Ok(texts.into_iter().map(copied).collect())
    }

    fn bytes(&self, characters: &[u8], pace: &Pace<'_>) -> Result<Vec<u8>, EvalError> {
        match self.group {
            2 => self.groups::<2, 1>(characters, pace),
            4 => self.groups::<4, 3>(characters, pace),
            _ => self.groups::<8, 5>(characters, pace),
        }
    }

    /// The bytes of groups of so many characters that are so many bytes.
    fn groups<const CHARACTERS: usize, const BYTES: usize>(
        &self,
        characters: &[u8],
        pace: &Pace<'_>,
    ) -> Result<Vec<u8>, EvalError> {
        let bits = 8 * BYTES / CHARACTERS;
        let value = |held: u64, character: &u8| (held << bits) | u64::from(self.value(*character));
        let (groups, rest) = characters.as_chunks::<CHARACTERS>();
        let mut out = vec![0; groups.len() * BYTES];
        let decoded = out.as_chunks_mut::<BYTES>().0.chunks_mut(PIECE);
        for (groups, decoded) in groups.chunks(PIECE).zip(decoded) {
            pace.read(groups.len() * CHARACTERS)?;
            for (group, bytes) in groups.iter().zip(decoded) {
                let held = group.iter().fold(0, value).to_be_bytes();
                if let Some(used) = held.last_chunk() {
                    *bytes = *used;
                }
            }
        }
        // Of the last group there may be less.
        let bits = rest.len() * bits;
        let held = rest.iter().fold(0, value) << (u64::BITS as usize - bits.max(1));
        out.extend(held.to_be_bytes().iter().take(bits / 8));
        Ok(out)
    }
}

/// The mark for cut text that bytes start with, perhaps behind a blank and a bracket.
fn mark(bytes: Option<&[u8]>) -> Option<&'static str> {
    let bytes = bytes?;
    let bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
    let inner = bytes.strip_prefix(b"[").or(bytes.strip_prefix(b"("));
    let bytes = inner.unwrap_or(bytes);
    let mut marks = CUTS.into_iter();
    marks.find(|mark| bytes.starts_with(mark.as_bytes()))
}
