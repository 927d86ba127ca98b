//! The clock and random numbers of a run.
//!
//! Enters: nothing. Leaves: RFC 3339 times, elapsed milliseconds, jitter and run ids. The only
//! place of this crate that reads the clock.

use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
// The clock that timers go by: tests stop it.
use tokio::time::Instant;

/// A moment, for display and for measuring from it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    at: DateTime<Utc>,
    instant: Instant,
}

impl Started {
    /// This moment.
    pub(crate) fn now() -> Self {
        Self {
            at: now(),
            instant: Instant::now(),
        }
    }

    /// Like `2025-03-01T12:00:00.000Z`.
    pub(crate) fn rfc3339(&self) -> String {
        format(self.at)
    }

    /// Milliseconds from then until now.
    pub(crate) fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.instant.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// The time now, like `2025-03-01T12:00:00.000Z`.
pub(crate) fn rfc3339() -> String {
    format(now())
}

/// Milliseconds from now until an HTTP date; zero for the past, none for what is no date.
pub(crate) fn until_http_date(text: &str) -> Option<u64> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    let wait = date.with_timezone(&Utc).signed_duration_since(now());
    Some(u64::try_from(wait.num_milliseconds()).unwrap_or(0))
}

/// A random number from 0 up to 1.
pub(crate) fn random() -> f64 {
    // Without randomness there is no jitter: nothing else depends on it.
    let bits = getrandom::u32().unwrap_or(u32::MAX / 2);
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// An id that sorts by time: `run-` with the time in hexadecimal milliseconds and 40 random bits.
pub(crate) fn run_id() -> String {
    let random = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
    let millis = now().timestamp_millis();
    format!("run-{millis:011x}{:010x}", random >> 24)
}

fn now() -> DateTime<Utc> {
    DateTime::from(SystemTime::now())
}

fn format(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// Eight random hexadecimal digits.
pub(crate) fn short_id() -> String {
    format!("{:08x}", getrandom::u32().unwrap_or_default())
}
