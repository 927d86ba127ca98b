//! How long to wait before another attempt (language reference, section 7).
//!
//! Enters: the policy, the number of the failed attempt, the server's wish. Leaves:
//! milliseconds. Must not know clocks: the random number comes from the caller.

/// What a failed stage leads to (language reference, sections 2 and 7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnError {
    /// The failure goes up.
    Fail,
    /// The stage counts as succeeded with its fallback output, else null.
    Continue,
    /// Further attempts, then the failure goes up.
    Retry {
        /// Attempts after the first.
        max_retries: u32,
        /// Before the second attempt, in milliseconds.
        delay_ms: u64,
        /// Times this for each further attempt.
        multiplier: f64,
        /// At most this, in milliseconds.
        max_delay_ms: Option<u64>,
    },
}

/// A server's `Retry-After` counts up to this where `max_delay` is not set.
const LONGEST_WISH_MS: u64 = 60_000;

/// The delay after failed attempt `attempt` (from 1); none when no further attempt follows.
/// `random` is from 0 up to 1.
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
    if let Some(wish) = retry_after_ms {
        return Some(wish.min(max_delay_ms.unwrap_or(LONGEST_WISH_MS)));
    }
    let power = i32::try_from(attempt.saturating_sub(1)).unwrap_or(i32::MAX);
    let longest = max_delay_ms.map_or(f64::MAX, |max| max as f64);
    let base = (delay_ms as f64 * multiplier.max(0.0).powi(power)).min(longest);
    let jittered = (base * (0.9 + 0.2 * random)).min(longest);
    Some(jittered.round() as u64)
}

#[cfg(test)]
#[path = "tests/retry.rs"]
mod tests;
