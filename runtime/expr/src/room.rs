//! The room of what grows within a budget: a text, a list, an object.
//!
//! Enters: how much is there and how much comes. Leaves: how much room is made, which is charged
//! before it is taken: all places, also those that are still empty, and the old place beside the
//! new one while things are moved. Must not know what grows.

use crate::{
    cx::{Cx, MAX_BYTES},
    error::EvalError,
};

/// The least bytes and the least places that are made at one time.
const LEAST: (u64, usize) = (64, 4);

/// Places for which room was made. Each takes `HELD` bytes, and counts `SIZE` bytes for the limit of
/// one value.
#[derive(Debug, Default)]
pub(crate) struct Room<const HELD: u64, const SIZE: u64> {
    places: usize,
}

impl<const HELD: u64, const SIZE: u64> Room<HELD, SIZE> {
    /// So many places, for which the caller has made room.
    pub(crate) fn of(places: usize) -> Self {
        Self { places }
    }

    /// Whether so many more fit where so many are taken.
    #[inline]
    pub(crate) fn fits(&self, taken: usize, more: usize) -> bool {
        taken.saturating_add(more) <= self.places
    }

    /// Makes room for so many more, and says how many places there are then beyond the taken ones.
    /// It grows by half of itself at least, so that many small pieces are not moved again and again.
    ///
    /// # Errors
    /// A limit error when that is too much.
    #[cold]
    pub(crate) fn grow(&mut self, cx: &Cx, taken: usize, more: usize) -> Result<usize, EvalError> {
        let most = usize::try_from(MAX_BYTES / SIZE).unwrap_or(usize::MAX);
        let least = usize::try_from(LEAST.0 / HELD).unwrap_or(0).max(LEAST.1);
        let wanted = taken.saturating_add(more);
        cx.check_many(wanted, SIZE)?;
        let places = (self.places + self.places / 2)
            .min(most)
            .max(least)
            .max(wanted);
        cx.grow(Self::bytes(self.places), Self::bytes(places))?;
        self.places = places;
        Ok(places.saturating_sub(taken))
    }

    /// Gives back the places that are still empty, after so many bytes were moved to their last
    /// place.
    ///
    /// # Errors
    /// A limit error when there is no room for the move.
    pub(crate) fn close(self, cx: &Cx, taken: usize, moved: u64) -> Result<(), EvalError> {
        cx.beside(moved)?;
        cx.release(Self::bytes(self.places.saturating_sub(taken)));
        Ok(())
    }

    fn bytes(places: usize) -> u64 {
        places as u64 * HELD
    }
}
