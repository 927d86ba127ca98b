//! How much of something was understood.
//!
//! Enters: places of mistakes that have a finding. Leaves: one word that says what may still be
//! judged. No other flag says "unknown because of an earlier mistake": who wants to know whether a
//! finding would only repeat another asks a [`Trust`].

use crate::source::Span;

/// How much of something was understood, and so what may be judged by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// All of it.
    #[default]
    Sound,
    /// A misspelt word at this place (reported) was read as the nearest word there is. What it
    /// leads to is likely right, and nothing that follows from it is worth a finding.
    /// `depends_on: ["fetsh"]` was read as `fetch`, so that the order of the stage is a guess.
    Guessed(Span),
    /// Something at this place is broken (reported) or stands in another file. A stage list with a
    /// number in it may own any stage, so that nobody's owners are known.
    Lost(Span),
}

impl Trust {
    /// Whether all of it was understood.
    #[must_use]
    pub fn is_sound(self) -> bool {
        self == Self::Sound
    }

    /// Whether a part of it is not known at all.
    #[must_use]
    pub fn is_lost(self) -> bool {
        matches!(self, Self::Lost(_))
    }

    /// The worse of two; of equals the first.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Lost(_), _) | (Self::Guessed(_), Self::Sound | Self::Guessed(_)) => self,
            (Self::Sound, _) | (Self::Guessed(_), Self::Lost(_)) => other,
        }
    }

    /// `Lost` at a place where something holds.
    #[must_use]
    pub fn lost_if(lost: bool, place: Span) -> Self {
        if lost { Self::Lost(place) } else { Self::Sound }
    }
}
