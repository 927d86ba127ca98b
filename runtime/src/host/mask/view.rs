//! A text as it looks once something in it is decoded, and where each of its bytes came from.
//!
//! Enters: bytes. Leaves: the bytes with escapes undone, or without what nobody sees, and for each
//! range of them the range of the text that they stand for. Must not know secrets.

use std::{borrow::Cow, ops::Range};

use fmc_expr::EvalError;

use super::{
    escapes,
    pace::{PIECE, Pace},
    unseen::{self, Decoded},
};

/// The marks for cut text: that of [`crate::base::excerpt::cut`] and `fmc_expr`, and that of others.
pub(super) const CUTS: [&str; 2] = ["…", "..."];

/// What stands between a cut text and the mark, as in `begin [...]`: the last bytes.
pub(super) fn before_mark(bytes: &[u8]) -> usize {
    let bracket = usize::from(bytes.ends_with(b"[") || bytes.ends_with(b"("));
    let before = bytes.get(..bytes.len() - bracket).unwrap_or_default();
    bracket + usize::from(before.ends_with(b" "))
}

/// A byte that is in no text.
const NEVER: u8 = 0xFF;

/// Where the bytes of a view came from.
#[derive(Debug)]
enum Origin {
    /// The bytes are the text.
    Text,
    /// For each byte where its character starts in the text, and how long it is there.
    Bytes(Vec<u32>, Vec<u8>),
    /// For each run where it starts in the view, and what it stands for: a part of it, like a few
    /// characters of base64, stands for the whole.
    Runs(Vec<(usize, Range<usize>)>),
}

/// A text with something in it decoded.
#[derive(Debug)]
pub(super) struct View<'t> {
    pub(super) bytes: Cow<'t, [u8]>,
    origin: Origin,
    /// Whether a word in this view is a word of the text too. Set when it is made, read where short
    /// secrets are looked for.
    pub(super) has_words: bool,
}

impl<'t> View<'t> {
    /// The text as it is.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            bytes: Cow::Borrowed(text.as_bytes()),
            origin: Origin::Text,
            has_words: true,
        }
    }

    /// A view of pieces, each of which gives its bytes with what each of them stands for.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn of_pieces<P>(
        pieces: impl IntoIterator<Item = P>,
        pace: &Pace<'_>,
    ) -> Result<Self, EvalError>
    where
        P: IntoIterator<Item = (u8, Range<usize>)>,
    {
        let (mut bytes, mut starts, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
        let mut push = |byte, source: Range<usize>| {
            bytes.push(byte);
            starts.push(place(source.start));
            lengths.push(u8::try_from(source.len()).unwrap_or(u8::MAX));
        };
        for piece in pieces {
            for (byte, source) in piece {
                pace.read(1)?;
                push(byte, source);
            }
            push(NEVER, 0..0);
        }
        Ok(Self {
            bytes: Cow::Owned(bytes),
            origin: Origin::Bytes(starts, lengths),
            has_words: false,
        })
    }

    /// A view of decoded runs: each with what it stands for in the text.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn of_runs(
        runs: impl IntoIterator<Item = (Vec<u8>, Range<usize>)>,
        pace: &Pace<'_>,
    ) -> Result<Self, EvalError> {
        let (mut bytes, mut starts): (Vec<u8>, _) = (Vec::new(), Vec::new());
        for (run, source) in runs {
            pace.read(run.len())?;
            starts.push((bytes.len(), source));
            if bytes.is_empty() {
                bytes = run;
            } else {
                bytes.extend_from_slice(&run);
            }
            // Two runs are never one text.
            bytes.push(NEVER);
        }
        Ok(Self {
            bytes: Cow::Owned(bytes),
            origin: Origin::Runs(starts),
            has_words: false,
        })
    }

    /// The range of the text that a range of this view stands for.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        match &self.origin {
            Origin::Text => range,
            Origin::Bytes(starts, lengths) => {
                let start = |at: usize| starts.get(at).map_or(0, |&start| start as usize);
                let last = range.end.saturating_sub(1);
                let length = lengths.get(last).copied().unwrap_or_default();
                start(range.start)..start(last) + usize::from(length)
            }
            Origin::Runs(runs) => {
                let first = runs.partition_point(|(start, _)| *start <= range.start);
                let last = runs.partition_point(|(start, _)| *start < range.end);
                let of = |nth: usize| runs.get(nth.saturating_sub(1)).map(|(_, source)| source);
                of(first).map_or(0, |run| run.start)..of(last).map_or(0, |run| run.end)
            }
        }
    }

    /// The view with escapes undone; `None` when there are none.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn unescaped(&self, pace: &Pace<'_>) -> Result<Option<View<'static>>, EvalError> {
        self.changed(escapes::next, escapes::first, pace)
    }

    /// The view without line breaks and characters that nobody sees; `None` when there are none.
    pub(super) fn squeezed(&self) -> Option<View<'static>> {
        // Without a budget nothing ends the work.
        self.squeezed_within(&Pace::new(None)).ok().flatten()
    }

    /// [`View::squeezed`] at this pace.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn squeezed_within(
        &self,
        pace: &Pace<'_>,
    ) -> Result<Option<View<'static>>, EvalError> {
        self.changed(unseen::next, unseen::first, pace)
    }

    /// The view with what `decode` finds replaced. `next` finds the next place to try.
    fn changed(
        &self,
        next: fn(&[u8]) -> Option<usize>,
        decode: fn(&[u8]) -> Option<(Decoded, usize)>,
        pace: &Pace<'_>,
    ) -> Result<Option<View<'static>>, EvalError> {
        let (mut out, mut changed, mut at) = (Vec::new(), false, 0);
        let mut origin = match &self.origin {
            Origin::Runs(_) => Origin::Runs(Vec::new()),
            Origin::Text | Origin::Bytes(..) => Origin::Bytes(Vec::new(), Vec::new()),
        };
        let ends = match &self.origin {
            Origin::Runs(runs) => runs.iter().skip(1).map(|(start, _)| *start).collect(),
            Origin::Text | Origin::Bytes(..) => Vec::new(),
        };
        for end in ends.into_iter().chain([self.bytes.len()]) {
            if let Origin::Runs(runs) = &mut origin {
                runs.push((out.len(), self.source(at..end)));
            }
            while let Some(rest) = self.bytes.get(at..end).filter(|rest| !rest.is_empty()) {
                let plain = next(rest).unwrap_or(rest.len());
                let (plain, rest) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
                for piece in plain.chunks(PIECE) {
                    pace.read(piece.len())?;
                    out.extend_from_slice(piece);
                    self.note(&mut origin, at..at + piece.len(), piece.len());
                    at += piece.len();
                }
                let Some(&first) = rest.first() else { break };
                let ((bytes, count), length) = match decode(rest) {
                    Some(found) => {
                        changed = true;
                        found
                    }
                    None => (([first, 0, 0, 0], 1), 1),
                };
                pace.read(length)?;
                out.extend(bytes.iter().take(count));
                self.note(&mut origin, at..at + length, count);
                at += length;
            }
        }
        Ok(changed.then_some(View {
            bytes: Cow::Owned(out),
            origin,
            has_words: self.has_words,
        }))
    }

    /// Notes where `count` bytes of another view came from: as many bytes here, or one character.
    fn note(&self, origin: &mut Origin, from: Range<usize>, count: usize) {
        let Origin::Bytes(starts, lengths) = origin else {
            return;
        };
        if count == from.len() {
            match &self.origin {
                Origin::Text => {
                    starts.extend(from.clone().map(place));
                    lengths.extend(std::iter::repeat_n(1, from.len()));
                }
                Origin::Bytes(here, long) => {
                    starts.extend_from_slice(here.get(from.clone()).unwrap_or_default());
                    lengths.extend_from_slice(long.get(from).unwrap_or_default());
                }
                Origin::Runs(_) => {}
            }
            return;
        }
        let source = self.source(from);
        let length = u8::try_from(source.len()).unwrap_or(u8::MAX);
        starts.extend(std::iter::repeat_n(place(source.start), count));
        lengths.extend(std::iter::repeat_n(length, count));
    }
}

/// Texts whose places do not fit are not looked into (`search`).
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The bytes with escapes undone once; `None` when there are none.
pub(super) fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let view = View {
        bytes: Cow::Borrowed(bytes),
        origin: Origin::Text,
        has_words: true,
    };
    let unescaped = view.unescaped(&Pace::new(None)).ok().flatten();
    unescaped.map(|view| view.bytes.into_owned())
}
