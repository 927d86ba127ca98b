//! How long to wait before another attempt (language reference, section 7).
//!
//! Enters: the policy, the number of the failed attempt, the wait that the server asked for.
//! Leaves: milliseconds. Must not know clocks; the caller gives the random number.

/// What happens when a stage failed (language reference, sections 2 and 7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnError {
    /// The failure is passed on.
    Fail,
    /// The stage counts as succeeded. Its output is its fallback, or null.
    Continue,
    /// The stage is tried again; after the last attempt the failure is passed on.
    Retry {
        /// How many attempts may follow the first.
        max_retries: u32,
        /// The wait before the second attempt, in milliseconds.
        delay_ms: u64,
        /// The factor by which the wait grows with each further attempt.
        multiplier: f64,
        /// The longest wait, in milliseconds.
        max_delay_ms: Option<u64>,
    },
}

/// The longest `Retry-After` that is obeyed when `max_delay` is not set.
const LONGEST_WISH_MS: u64 = 60_000;

/// The wait after failed attempt `attempt` (counted from 1), in milliseconds; `None` when no
/// further attempt follows. `random` is from 0 up to, but not including, 1.
pub(crate) fn delay_ms(
    policy: OnError,
    attempt: u32,
    retry_after_ms: Option<u64>,
    random: f64,
) -> Option<u64> {
    let OnError::Retry {
        max_retries,
        delay_ms,
        multiplier,
        max_delay_ms,
    } = policy
    else {
        return None;
    };
    if attempt > max_retries {
        return None;
    }
    let power = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
    // Jitter of ±10 %, so that stages that failed together do not all try again together.
    let longest = max_delay_ms.map_or(f64::MAX, |max| max as f64);
    let factor = multiplier.max(0.0).powi(power);
    // Without a delay there is none, however large the factor: zero times infinity is no number.
    let base = if delay_ms == 0 {
        0.0
    } else {
        (delay_ms as f64 * factor).min(longest)
    };
    let jittered = (base * (0.9 + 0.2 * random)).min(longest);
    let own = jittered.round() as u64;
    // A peer may ask for a longer wait, but never for a shorter one: with `Retry-After: 0` it would
    // be asked again and again without a pause.
    let wish = retry_after_ms.unwrap_or(0);
    Some(own.max(wish.min(max_delay_ms.unwrap_or(LONGEST_WISH_MS))))
}

#[cfg(test)]
#[path = "tests/retry.rs"]
mod tests;
