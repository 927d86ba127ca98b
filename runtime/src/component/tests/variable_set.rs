//! Tests of `variable_set` with many variables.

use std::rc::Rc;

use fmc_expr::cx::Alarm;

use super::*;

/// An alarm that rings.
#[derive(Debug)]
struct Now;

impl Alarm for Now {
    fn rings(&self) -> bool {
        true
    }
}

#[test]
fn making_the_output_ends_when_the_time_is_over() {
    let variables = (0..5_000).map(|nth| (Str::from(nth.to_string()), Value::Int(nth)));
    let variables = Object::from(Map::from_iter(variables));
    let cx = Cx::new();
    output(&cx, &variables).unwrap();
    assert!(cx.spent() >= 5_000, "{}", cx.spent());
    let error = output(&Cx::new().until(Rc::new(Now)), &variables).unwrap_err();
    assert_eq!(error.to_string(), "stopped");
}
