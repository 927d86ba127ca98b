//! Tests of the moments at which work must stop.

use fmc_expr::cx::Alarm as _;

use super::{Deadline, Limits, Passed};
use crate::host::{clock::System, world::World as _};

#[test]
fn an_alarm_rings_at_the_first_of_its_moments() {
    let system = System::new();
    let limits = Limits::new(system);
    let now = system.moment();
    let later = now.after(3_600_000);
    let (passed, open) = (
        Deadline::new(&limits, Some(now)),
        Deadline::new(&limits, Some(later)),
    );
    // Microseconds have passed since `now`, sooner or later.
    while system.moment().steady.as_micros() == now.steady.as_micros() {}
    assert!(passed.rings() && !open.rings());

    limits.end_run_at(now);
    assert!(open.rings());
    assert_eq!(limits.passed(system.moment()), Passed::Run);
    limits.run_has_ended();
    assert!(!open.rings());
    assert_eq!(limits.passed(system.moment()), Passed::Nothing);

    limits.end_grace_at(later);
    assert!(!open.rings());
    limits.end_grace_at(now);
    limits.end_grace_in(3_600_000);
    assert!(open.rings(), "the earlier end stays");
    assert_eq!(limits.passed(system.moment()), Passed::Grace);
}

#[test]
fn a_second_signal_stops_work_that_has_no_limit() {
    let limits = Limits::new(System::new());
    let alarm = Deadline::new(&limits, None);
    assert!(!alarm.rings());
    limits.end_at_once();
    assert!(alarm.rings());
}
