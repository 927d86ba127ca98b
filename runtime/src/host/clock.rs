//! The machine's clock, timers and random numbers.
//!
//! Enters: the operating system's answers. Leaves: moments, waits, random bytes. The only file
//! of this crate that reads a clock, sets a timer or asks for random bytes.

use std::time::{Duration, SystemTime};

// The clock that timers go by: tests stop it.
use tokio::time::{self, Instant};

use crate::host::world::{Moment, World};

/// This machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct System {
    /// What steady time counts from.
    begin: Instant,
}

impl System {
    /// The machine from now on.
    pub(crate) fn new() -> Self {
        Self {
            begin: Instant::now(),
        }
    }

    /// Ends at a moment, at once where that has passed.
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
            steady: self.begin.elapsed(),
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

/// What a future gives, unless it takes longer than so many milliseconds.
pub(crate) async fn within<T>(ms: u64, work: impl Future<Output = T>) -> Option<T> {
    time::timeout(Duration::from_millis(ms), work).await.ok()
}

/// Lets everything else that waits on this thread have its turn.
pub(crate) async fn give_way() {
    tokio::task::yield_now().await;
}
