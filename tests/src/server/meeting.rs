//! Proves that requests overlap: none is answered before all of them have arrived.
//!
//! Enters: requests, each on its own thread. Leaves: whether all of them came in time.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(10);

/// A number of requests that wait for each other.
#[derive(Debug)]
pub struct Meeting {
    expected: usize,
    arrived: Mutex<usize>,
    changed: Condvar,
}

impl Meeting {
    /// A meeting of this many requests.
    #[must_use]
    pub fn of(expected: usize) -> Arc<Self> {
        Arc::new(Self {
            expected,
            arrived: Mutex::new(0),
            changed: Condvar::new(),
        })
    }

    /// Waits for the others. False when they did not all come within ten seconds.
    pub(super) fn join(&self) -> bool {
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        *arrived += 1;
        self.changed.notify_all();
        let waited = self
            .changed
            .wait_timeout_while(arrived, PATIENCE, |arrived| *arrived < self.expected);
        waited.is_ok_and(|(_, timeout)| !timeout.timed_out())
    }
}
