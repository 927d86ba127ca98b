//! How long to wait before another attempt (language reference, section 7).
//!
//! Enters: the policy, the number of the failed attempt, the server's wish. Leaves:
//! milliseconds. Must not know clocks: the random number comes from the caller.

use crate::plan::OnError;

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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const POLICY: OnError = OnError::Retry {
        max_retries: 4,
        delay_ms: 100,
        multiplier: 3.0,
        max_delay_ms: Some(1000),
    };

    #[test]
    fn delays_grow_up_to_the_longest() {
        let delays: Vec<_> = (1..=5)
            .map(|attempt| delay_ms(POLICY, attempt, None, 0.5))
            .collect();
        assert_eq!(delays, [Some(100), Some(300), Some(900), Some(1000), None]);
        assert_eq!(delay_ms(OnError::Fail, 1, None, 0.5), None);
        assert_eq!(delay_ms(OnError::Continue, 1, None, 0.5), None);
    }

    #[test]
    fn a_servers_wish_wins_within_the_longest_delay() {
        assert_eq!(delay_ms(POLICY, 1, Some(700), 0.0), Some(700));
        assert_eq!(delay_ms(POLICY, 1, Some(0), 0.0), Some(0));
        assert_eq!(delay_ms(POLICY, 1, Some(90_000), 0.0), Some(1000));
        let open = OnError::Retry {
            max_retries: 1,
            delay_ms: 1,
            multiplier: 1.0,
            max_delay_ms: None,
        };
        assert_eq!(
            delay_ms(open, 1, Some(7_200_000), 0.0),
            Some(LONGEST_WISH_MS)
        );
        assert_eq!(delay_ms(POLICY, 5, Some(1), 0.0), None);
    }

    proptest! {
        #[test]
        fn jitter_stays_within_a_tenth(
            attempt in 1..60_u32,
            delay in 0..1_000_000_u64,
            multiplier in 0.0..10.0_f64,
            max in prop::option::of(0..1_000_000_u64),
            random in 0.0..1.0_f64,
        ) {
            let policy = OnError::Retry { max_retries: 100, delay_ms: delay, multiplier, max_delay_ms: max };
            let exact = delay_ms(policy, attempt, None, 0.5).unwrap() as f64;
            let jittered = delay_ms(policy, attempt, None, random).unwrap() as f64;
            prop_assert!((jittered - exact).abs() <= exact * 0.112 + 1.0, "{exact} {jittered}");
            prop_assert!(max.is_none_or(|max| jittered <= max as f64));
        }
    }
}
