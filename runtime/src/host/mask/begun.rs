//! Finds the beginning of a secret that a message has cut off.
//!
//! Enters: needles, then the bytes of a view. Leaves: the ranges before a mark for cut text that are
//! the beginning of a needle. Must not know where the bytes came from.

use std::ops::Range;

use super::{
    needles::{Manner, Needle},
    sizes::SHORT,
    view::{self, CUTS},
};

/// How much of what stands before a mark is looked at.
const WINDOW: usize = 256;

/// Before three dots, which people write too, this many characters are the beginning of a secret.
const DOTS: usize = 8;

/// An escape is at most so long.
const ESCAPE: usize = 10;

/// The first byte of `…`.
const MARK: u8 = 0xE2;

/// The beginnings of all needles.
#[derive(Debug, Default)]
pub(super) struct Beginnings {
    needles: Vec<Begun>,
    /// The last bytes of each beginning, in lower case and in order, and the number of its needle. So
    /// few needles are looked at, and none for most marks.
    ends: Vec<([u8; SHORT], usize)>,
}

/// A needle of which only the beginning may be there.
#[derive(Debug)]
struct Begun {
    bytes: Vec<u8>,
    any_case: bool,
    /// For each count of bytes that fit the longest shorter count that fits as well, as in the
    /// search of Knuth, Morris and Pratt: each byte of a text is looked at a few times only.
    shorter: Vec<usize>,
}

impl Begun {
    fn new(needle: &Needle) -> Self {
        let any_case = needle.manner == Manner::AnyCase;
        let mut bytes = needle.bytes.clone();
        bytes.truncate(WINDOW);
        if any_case {
            bytes.make_ascii_lowercase();
        }
        let mut begun = Self {
            shorter: vec![0],
            bytes,
            any_case,
        };
        let mut fits = 0;
        for at in 1..begun.bytes.len() {
            let byte = begun.bytes.get(at).copied().unwrap_or_default();
            fits = begun.after(fits, byte);
            begun.shorter.push(fits);
        }
        begun
    }

    /// How many bytes of the needle fit after one more byte of the text.
    fn after(&self, mut fits: usize, byte: u8) -> usize {
        let byte = if self.any_case {
            byte.to_ascii_lowercase()
        } else {
            byte
        };
        loop {
            if self.bytes.get(fits) == Some(&byte) {
                return fits + 1;
            }
            if fits == 0 {
                return 0;
            }
            fits = self.shorter.get(fits - 1).copied().unwrap_or_default();
        }
    }

    /// How many bytes at the end of a text are the beginning of the needle, if they are at least so
    /// many characters.
    fn at_end(&self, text: &[u8], least: usize) -> Option<usize> {
        let fits = text.iter().fold(0, |fits, byte| self.after(fits, *byte));
        let begun = self.bytes.get(..fits)?;
        // All bytes of a character but the first begin with the bits 10.
        let characters = begun.iter().filter(|byte| **byte & 0xC0 != 0x80).count();
        (characters >= least).then_some(fits)
    }
}

impl Beginnings {
    /// The beginnings of these needles.
    pub(super) fn new<'n>(needles: impl Iterator<Item = &'n Needle>) -> Self {
        let needles: Vec<_> = needles.map(Begun::new).collect();
        let mut ends: Vec<_> = needles
            .iter()
            .enumerate()
            .flat_map(|(nth, needle)| {
                let ends = needle.bytes.windows(SHORT);
                let ends = ends.filter_map(<[u8]>::first_chunk);
                ends.map(move |end| (lower(*end), nth))
            })
            .collect();
        ends.sort_unstable();
        ends.dedup();
        Self { needles, ends }
    }

    /// Gives each range before a mark that is the beginning of one of the needles.
    pub(super) fn find(&self, bytes: &[u8], mut found: impl FnMut(Range<usize>)) {
        if self.needles.is_empty() {
            return;
        }
        let mut start = 0;
        for at in memchr::memchr2_iter(b'.', MARK, bytes) {
            let Some(rest) = bytes.get(at..).filter(|_| at >= start) else {
                continue;
            };
            let Some(mark) = CUTS.iter().find(|mark| rest.starts_with(mark.as_bytes())) else {
                continue;
            };
            let least = if mark.is_ascii() { DOTS } else { SHORT };
            let from = start.max(at.saturating_sub(WINDOW));
            let before = bytes.get(from..at).unwrap_or_default();
            if let Some(length) = self.at_end(before, least) {
                found(at - length..at);
            } else if let between @ 1.. = view::before_mark(before) {
                // People write this too, behind whole words.
                let before = before.get(..before.len() - between).unwrap_or_default();
                if let Some(length) = self.at_end(before, DOTS) {
                    found(at - between - length..at - between);
                }
            }
            start = at + mark.len();
        }
    }

    /// How many bytes at the end of a text are the longest beginning of a needle. What the text ends
    /// with may have been cut too, as in `abc%2`.
    fn at_end(&self, text: &[u8], least: usize) -> Option<usize> {
        let whole = self.longest(text, least);
        if whole.is_some() {
            return whole;
        }
        let tail = text.len().saturating_sub(ESCAPE);
        let tail = text.get(tail..).unwrap_or_default();
        let escape = |byte: &u8| matches!(byte, b'%' | b'\\' | b'&');
        let cut = tail.len() - tail.iter().rposition(escape)?;
        let before = text.get(..text.len() - cut)?;
        Some(self.longest(before, least)? + cut)
    }

    fn longest(&self, text: &[u8], least: usize) -> Option<usize> {
        let end = lower(*text.last_chunk()?);
        let first = self.ends.partition_point(|(other, _)| *other < end);
        let ends = self.ends.get(first..).unwrap_or_default().iter();
        ends.take_while(|(other, _)| *other == end)
            .filter_map(|(_, nth)| self.needles.get(*nth)?.at_end(text, least))
            .max()
    }
}

fn lower(mut bytes: [u8; SHORT]) -> [u8; SHORT] {
    bytes.make_ascii_lowercase();
    bytes
}
