//! Sets of stages.
//!
//! Enters: indices of stages. Leaves: a set with one bit for each stage, so that sets of thousands
//! of stages are united quickly, 64 stages at a time. Must not know why a stage is in a set.

use crate::ir::StageId;

/// A set of stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageSet(Vec<u64>);

impl StageSet {
    /// A set without stages.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether a stage is in it.
    #[must_use]
    pub fn contains(&self, stage: StageId) -> bool {
        let word = self.0.get(stage.0 as usize / 64).copied().unwrap_or(0);
        word >> (stage.0 % 64) & 1 == 1
    }

    /// Whether some stage is in both sets.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        let mut words = self.0.iter().zip(&other.0);
        words.any(|(word, other)| word & other != 0)
    }

    /// Whether all stages in it are in the other set.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        let missing = |(at, word): (usize, &u64)| word & !other.0.get(at).copied().unwrap_or(0);
        self.0.iter().enumerate().all(|word| missing(word) == 0)
    }

    /// Whether no stage is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Adds a stage. False when it was in the set already.
    pub(crate) fn insert(&mut self, stage: StageId) -> bool {
        let new = !self.contains(stage);
        let at = stage.0 as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (stage.0 % 64);
        }
        new
    }

    /// The stages in it, in document order.
    pub fn iter(&self) -> impl Iterator<Item = StageId> {
        let words = (0..).step_by(64).zip(&self.0);
        words.flat_map(|(start, &word)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| StageId(start + bit))
        })
    }

    pub(super) fn union(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    pub(crate) fn intersect(&mut self, other: &Self) {
        for (at, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(at).copied().unwrap_or(0);
        }
    }
}

impl FromIterator<StageId> for StageSet {
    fn from_iter<T: IntoIterator<Item = StageId>>(stages: T) -> Self {
        let mut set = Self::default();
        for stage in stages {
            set.insert(stage);
        }
        set
    }
}
