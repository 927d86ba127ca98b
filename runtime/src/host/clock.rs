//! The clock, timers and random numbers of this machine.
//!
//! Enters: the operating system. Leaves: moments, waits, random bytes. This is the only file of the
//! crate that reads a clock, sets a timer or asks for random bytes. Must not know runs.

use std::time::{Duration, SystemTime};

// The clock that timers use. Tests can stop it.
use tokio::time::{self, Instant};

use crate::host::world::{Moment, World};

/// This machine's clock and random numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct System {
    /// The start of steady time.
    begin: Instant,
}

impl System {
    /// Starts steady time now.
    pub(crate) fn new() -> Self {
        Self {
            begin: Instant::now(),
        }
    }

    /// The time since the start.
    pub(crate) fn steady(self) -> Duration {
        self.begin.elapsed()
    }

    /// Waits until a moment. If it has passed, returns at once.
    pub(crate) async fn rest(self, until: Moment) {
        if let Some(end) = self.begin.checked_add(until.steady) {
            time::sleep_until(end).await;
        } else {
            std::future::pending().await
        }
    }
}

impl World for System {
    fn moment(&self) -> Moment {
        Moment {
            wall: SystemTime::now(),
            steady: self.steady(),
        }
    }
}

impl fmc_expr::cx::World for System {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn fill(&self, bytes: &mut [u8]) -> bool {
        getrandom::fill(bytes).is_ok()
    }
}

/// The result of a future; `None` when it takes longer than `ms` milliseconds.
pub(crate) async fn within<T>(ms: u64, work: impl Future<Output = T>) -> Option<T> {
    time::timeout(Duration::from_millis(ms), work).await.ok()
}

/// Lets all other work on this thread have its turn.
pub(crate) async fn give_way() {
    tokio::task::yield_now().await;
}
