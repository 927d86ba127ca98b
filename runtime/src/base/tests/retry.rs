//! Tests of `retry`.

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
fn a_server_may_ask_for_a_longer_wait_up_to_the_longest_delay() {
    assert_eq!(delay_ms(POLICY, 1, Some(700), 0.0), Some(700));
    // It cannot ask for a shorter one.
    assert_eq!(delay_ms(POLICY, 1, Some(0), 0.5), Some(100));
    assert_eq!(delay_ms(POLICY, 3, Some(700), 0.5), Some(900));
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

#[test]
fn without_a_delay_there_is_none_after_many_attempts() {
    let policy = OnError::Retry {
        max_retries: 1000,
        delay_ms: 0,
        multiplier: 10.0,
        max_delay_ms: None,
    };
    // 10^399 is more than a float can hold.
    assert_eq!(delay_ms(policy, 400, None, 0.5), Some(0));
}

proptest! {
    #[test]
    fn jitter_changes_a_delay_by_at_most_a_tenth(
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
