//! Looks for many needles at once.
//!
//! Enters: needles that are compared in one manner, then bytes. Leaves: where they are in the bytes.
//! Must not know where the bytes came from.

use std::{cell::OnceCell, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, Input, MatchKind};

use super::{
    needles::{Manner, Needle},
    pace::PIECE,
};

/// In bytes of this length and more, needles are looked for with a table that is twice as fast but
/// takes milliseconds to make. Most runs never write a text that long.
const LONG: usize = 256 << 10;

/// Needles that are longer together get no such table: it would take too much memory.
const MOST: usize = 16 << 10;

/// Finds needles that are compared in one manner.
#[derive(Debug)]
pub(super) struct Automaton {
    pub(super) manner: Manner,
    needles: Vec<Vec<u8>>,
    usual: AhoCorasick,
    for_long: OnceCell<AhoCorasick>,
}

impl Automaton {
    /// A search for those of the needles that are compared in this manner, if there are any.
    pub(super) fn new(manner: Manner, needles: &[Needle]) -> Option<Self> {
        let of = needles.iter().filter(|needle| needle.manner == manner);
        let needles: Vec<_> = of.map(|needle| needle.bytes.clone()).collect();
        if needles.is_empty() {
            return None;
        }
        Some(Self {
            usual: built(manner, &needles, AhoCorasickKind::ContiguousNFA)?,
            for_long: OnceCell::new(),
            manner,
            needles,
        })
    }

    /// How many bytes [`Automaton::find`] may be asked for at once, so that it looks at few of them
    /// twice.
    pub(super) fn piece(&self) -> usize {
        PIECE.max(self.longest())
    }

    fn longest(&self) -> usize {
        self.needles.iter().map(Vec::len).max().unwrap_or_default()
    }

    /// Each place of a needle that begins in a part of the bytes, also of those that lie within
    /// others.
    pub(super) fn find(
        &self,
        bytes: &[u8],
        part: Range<usize>,
    ) -> impl Iterator<Item = Range<usize>> {
        let size: usize = self.needles.iter().map(Vec::len).sum();
        let behind = part.end.saturating_add(self.longest());
        let within = part.start..behind.min(bytes.len());
        let automaton = if bytes.len() < LONG || size > MOST {
            &self.usual
        } else {
            self.for_long.get_or_init(|| {
                let table = built(self.manner, &self.needles, AhoCorasickKind::DFA);
                table.unwrap_or_else(|| self.usual.clone())
            })
        };
        automaton
            .find_overlapping_iter(Input::new(bytes).range(within))
            .map(|hit| hit.range())
            .filter(move |hit| hit.start < part.end)
    }
}

fn built(manner: Manner, needles: &[Vec<u8>], kind: AhoCorasickKind) -> Option<AhoCorasick> {
    AhoCorasickBuilder::new()
        .kind(Some(kind))
        .match_kind(MatchKind::Standard)
        .ascii_case_insensitive(manner == Manner::AnyCase)
        .build(needles)
        .ok()
}
