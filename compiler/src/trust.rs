//! How much of something was understood.
//!
//! Enters: the spans of mistakes that have a finding. Leaves: one word that says what may still be
//! judged. No other flag says "unknown because of an earlier mistake": a check that must not repeat
//! an earlier finding asks a [`Trust`].

use crate::source::Span;

/// How much of something was understood, and therefore what may be judged by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// All of it.
    #[default]
    Sound,
    /// The misspelt word at this span, which has a finding, was read as the nearest existing word.
    /// The guess is probably right, but a finding that follows from it is not worth reporting.
    /// Example: `depends_on: ["fetsh"]` was read as `fetch`, so the order of that stage is a guess.
    Guessed(Span),
    /// Something at this span is broken, which has a finding, or is in another file. Example: a
    /// stage list that contains a number may have been meant to own any stage, so the owners of
    /// every stage are unknown.
    Lost(Span),
}

impl Trust {
    /// Whether all of it was understood.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self == Self::Sound
    }

    /// Whether a part of it is unknown.
    #[must_use]
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// The worse of two; when they are equally bad, the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Lost(_), _) | (Self::Guessed(_), Self::Sound | Self::Guessed(_)) => self,
            (Self::Sound, _) | (Self::Guessed(_), Self::Lost(_)) => other,
        }
    }

    /// `Lost` at `place` when `lost` is true, else `Sound`.
    #[must_use]
    pub fn lost_if(lost: bool, place: Span) -> Self {
        if lost { Self::Lost(place) } else { Self::Sound }
    }
}
