//! Proof that requests overlap: none is answered before all have arrived.
//!
//! Enters: requests on threads of their own. Leaves: whether everyone came in time.

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
    /// A meeting of so many requests.
    #[must_use]
    pub fn of(expected: usize) -> Arc<Self> {
        Arc::new(Self {
            expected,
            arrived: Mutex::new(0),
            changed: Condvar::new(),
        })
    }

    /// Waits for the others; false when they did not come within ten seconds.
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
