//! Looks for many needles at once.
//!
//! Enters: needles that are compared in one manner, then bytes. Leaves: where they are in the bytes.
//! Must not know where the bytes came from.

use std::{cell::OnceCell, ops::Range};

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use super::needles::{Manner, Needle};

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

    /// Each place of a needle, also of those that lie within others.
    pub(super) fn find(&self, bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let size: usize = self.needles.iter().map(Vec::len).sum();
        let automaton = if bytes.len() < LONG || size > MOST {
            &self.usual
        } else {
            self.for_long.get_or_init(|| {
                let table = built(self.manner, &self.needles, AhoCorasickKind::DFA);
                table.unwrap_or_else(|| self.usual.clone())
            })
        };
        automaton
            .find_overlapping_iter(bytes)
            .map(|hit| hit.range())
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
