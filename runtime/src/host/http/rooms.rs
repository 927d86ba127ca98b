//! Room in memory for the bodies of responses, shared by all requests of the process.
//!
//! Enters: how many bytes a body has. Leaves: room for them, after a wait if others hold too much.
//! Nobody waits for ever: one body at a time may take more room than there is, so that one of those
//! that wait can always go on. Must not know what the bodies are.

use std::sync::Arc;

use futures_util::future::{self, Either};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// How many bytes of bodies may be in memory at the same time, besides the one that may take more.
const MOST: usize = 256 << 20;
/// How many bodies may be parsed at the same time.
const PARSERS: usize = 2;
/// The piece in which room is given.
const PIECE: usize = 64 << 10;

/// The room that there is.
#[derive(Clone, Debug)]
pub(crate) struct Rooms {
    pieces: Arc<Semaphore>,
    /// Who holds this one need not wait any more.
    beyond: Arc<Semaphore>,
    parsers: Arc<Semaphore>,
}

impl Default for Rooms {
    fn default() -> Self {
        Self::new(MOST)
    }
}

impl Rooms {
    /// Room for so many bytes.
    fn new(bytes: usize) -> Self {
        Self {
            pieces: Arc::new(Semaphore::new(bytes / PIECE)),
            beyond: Arc::new(Semaphore::new(1)),
            parsers: Arc::new(Semaphore::new(PARSERS)),
        }
    }

    /// Room for one body, which is still empty.
    pub(crate) fn room(&self) -> Room {
        Room {
            rooms: self.clone(),
            held: None,
            beyond: None,
        }
    }
}

/// The room of one body. Dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Room {
    rooms: Rooms,
    held: Option<OwnedSemaphorePermit>,
    beyond: Option<OwnedSemaphorePermit>,
}

impl Room {
    /// Waits until there is room for so many bytes altogether.
    pub(crate) async fn grow(&mut self, bytes: usize) {
        let pieces = bytes.div_ceil(PIECE);
        let held = self.held.as_ref().map_or(0, |held| held.num_permits());
        let more = pieces.saturating_sub(held);
        if more == 0 || self.beyond.is_some() {
            return;
        }
        let more = u32::try_from(more).unwrap_or(u32::MAX);
        if let Ok(permit) = Arc::clone(&self.rooms.pieces).try_acquire_many_owned(more) {
            return self.hold(permit);
        }
        let permit = Box::pin(Arc::clone(&self.rooms.pieces).acquire_many_owned(more));
        let beyond = Box::pin(Arc::clone(&self.rooms.beyond).acquire_owned());
        match future::select(permit, beyond).await {
            Either::Left((permit, _)) => {
                if let Ok(permit) = permit {
                    self.hold(permit);
                }
            }
            Either::Right((beyond, _)) => self.beyond = beyond.ok(),
        }
    }

    fn hold(&mut self, permit: OwnedSemaphorePermit) {
        match &mut self.held {
            Some(held) => held.merge(permit),
            held @ None => *held = Some(permit),
        }
    }

    /// Waits for its turn to be parsed.
    pub(crate) async fn turn(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        Arc::clone(&self.rooms.parsers).acquire_owned().await
    }
}

#[cfg(test)]
#[path = "tests/rooms.rs"]
mod tests;
