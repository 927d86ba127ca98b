//! Time and random bytes, as a run asks for them.
//!
//! Enters: nothing. Leaves: the two questions everything in a run asks instead of reading a
//! clock or a random source itself, so that a run can be repeated from a record of the answers.
//! Must not know how they are answered: [`super::clock`] asks the machine.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};

/// A moment: what the wall clock showed, and how long the host had been going by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// For people, and for whoever reads the moment in another process.
    pub(crate) wall: SystemTime,
    /// For measuring: it never goes backwards, whoever sets the wall clock.
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

    /// The moment so many milliseconds later; centuries later where that leaves the calendar.
    pub(crate) fn after(self, ms: u64) -> Self {
        let century = Duration::from_secs(100 * 365 * 86_400);
        let step = Duration::from_millis(ms).min(century);
        Self {
            wall: self.wall.checked_add(step).unwrap_or(self.wall),
            steady: self.steady.saturating_add(step),
        }
    }
}

/// Who says what time it is and rolls the dice: what expressions ask (`now()`, `uuid()`), and
/// moments.
pub(crate) trait World: fmc_expr::cx::World {
    /// This moment.
    fn moment(&self) -> Moment;
}

/// A random number from 0 up to 1, for the jitter of delays: 0.5 where the machine has none.
pub(crate) fn fraction(world: &dyn World) -> f64 {
    let mut bytes = (u32::MAX / 2).to_le_bytes();
    world.fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
}

/// An id that sorts by time: `run-` with the time in hexadecimal milliseconds and 40 random bits.
pub(crate) fn run_id(world: &dyn World) -> String {
    // Without randomness, the process's number: two runs of one process differ by their time.
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

/// Milliseconds from `now` until an HTTP date; zero for the past, none for what is no date.
pub(crate) fn until_http_date(text: &str, now: Moment) -> Option<u64> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    let now = DateTime::<Utc>::from(now.wall);
    let wait = date.with_timezone(&Utc).signed_duration_since(now);
    Some(u64::try_from(wait.num_milliseconds()).unwrap_or(0))
}
