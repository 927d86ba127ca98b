//! Time and random bytes for a run.
//!
//! Enters: nothing. Leaves: the trait through which everything in a run gets the time and random
//! bytes, so that a run can be repeated from a record of them. Must not know where they come from;
//! [`super::clock`] gets them from the machine.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

/// A moment: the time of the wall clock, and the time since the host started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For people, and for other processes.
    pub(crate) wall: SystemTime,
    /// For measuring: it never goes backwards, even if somebody changes the wall clock.
    pub(crate) steady: Duration,
}

impl Moment {
    /// Like `2025-03-01T12:00:00.000Z`.
    pub(crate) fn rfc3339(self) -> String {
        DateTime::<Utc>::from(self.wall).to_rfc3339_opts(SecondsFormat::Millis, true)
    }

    /// Milliseconds of the wall clock since 1970.
    pub(crate) fn unix_ms(self) -> i64 {
        DateTime::<Utc>::from(self.wall).timestamp_millis()
    }

    /// Milliseconds from an earlier moment to this one.
    pub(crate) fn since(self, earlier: Self) -> u64 {
        let passed = self.steady.saturating_sub(earlier.steady);
        u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
    }

    /// The moment `ms` milliseconds later, but never more than a century later, so that it is a
    /// valid date.
    pub(crate) fn after(self, ms: u64) -> Self {
        let century = Duration::from_secs(100 * 365 * 86_400);
        let step = Duration::from_millis(ms).min(century);
        Self {
            wall: self.wall.checked_add(step).unwrap_or(self.wall),
            steady: self.steady.saturating_add(step),
        }
    }
}

/// Gives the time and random bytes: moments, and what the builtins `now()` and `uuid()` need.
pub(crate) trait World: fmc_expr::cx::World {
    /// This moment.
    fn moment(&self) -> Moment;
}

/// A random number from 0 up to, but not including, 1, for the jitter of delays. It is 0.5 when
/// there are no random bytes.
pub(crate) fn fraction(world: &dyn World) -> f64 {
    let mut bytes = (u32::MAX / 2).to_le_bytes();
    world.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

/// An id that sorts by time: `run-`, the milliseconds in hexadecimal, and 40 random bits.
pub(crate) fn run_id(world: &dyn World) -> String {
    // Without random bytes these are the id of the process. Two runs of one process still differ in
    // time.
    let mut bytes = (u64::from(std::process::id()) << 24).to_le_bytes();
    world.fill(&mut bytes);
    let millis = world.moment().unix_ms();
    format!("run-{millis:011x}{:010x}", u64::from_le_bytes(bytes) >> 24)
}

/// Eight random hexadecimal digits.
pub(crate) fn short_id(world: &dyn World) -> String {
    let mut bytes = [0; 4];
    world.fill(&mut bytes);
    format!("{:08x}", u32::from_le_bytes(bytes))
}

/// Milliseconds from `now` until an HTTP date; zero when it has passed, `None` when the text is not
/// a date.
pub(crate) fn until_http_date(text: &str, now: Moment) -> Option<u64> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    let now = DateTime::<Utc>::from(now.wall);
    let wait = date.with_timezone(&Utc).signed_duration_since(now);
    Some(u64::try_from(wait.num_milliseconds()).unwrap_or(0))
}
