//! Patterns that were compiled, kept for the next search.
//!
//! Enters: a pattern after each search with it. Leaves: the same pattern, ready to be searched for.
//! All that is kept takes at most [`KEPT_BYTES`], because no budget counts it: it outlives the
//! attempt of a stage that made it. Must not know texts or budgets.

use std::rc::Rc;

use indexmap::IndexMap;

use crate::str::Str;

/// How many patterns are kept, for use in loops.
const KEPT: usize = 64;
/// How many bytes they may take together.
pub(super) const KEPT_BYTES: usize = 8 << 20;

/// What an automaton depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) pattern: Str,
    /// The character that replaces a final line break in the text.
    pub(super) stand_in: Option<u8>,
}

/// The patterns, the oldest first.
pub(super) struct Shelf<T> {
    patterns: IndexMap<Key, (Rc<T>, usize)>,
    /// What they take together.
    pub(super) bytes: usize,
}

impl<T> Shelf<T> {
    /// Nothing is kept yet.
    pub(super) fn new() -> Self {
        Self {
            patterns: IndexMap::new(),
            bytes: 0,
        }
    }

    /// A pattern that is kept.
    pub(super) fn find(&self, key: &Key) -> Option<Rc<T>> {
        self.patterns
            .get(key)
            .map(|(pattern, _)| Rc::clone(pattern))
    }

    /// Keeps a pattern, which takes so many bytes now. It may have grown since it was kept first.
    /// The oldest ones make room for it.
    pub(super) fn keep(&mut self, key: &Key, pattern: &Rc<T>, bytes: usize) {
        let before = match self.patterns.get_mut(key) {
            Some((_, known)) => std::mem::replace(known, bytes),
            None => {
                let kept = (Rc::clone(pattern), bytes);
                self.patterns.insert(key.clone(), kept);
                0
            }
        };
        self.bytes = (self.bytes + bytes).saturating_sub(before);
        while self.patterns.len() > KEPT || self.bytes > KEPT_BYTES {
            let Some((_, (_, gone))) = self.patterns.shift_remove_index(0) else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(gone);
        }
    }
}
