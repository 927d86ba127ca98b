//! Stages that wait for each other, own each other, and read each other.
//!
//! Enters: a size. Leaves: pipelines. Must not know the rules of the order.

use super::{Made, list, log, staged};

pub(super) const SHAPES: &[Made] = &[
    ("chain", |size| {
        staged(size, 110, |at, _| log(&format!("s{at}"), &before(at)))
    }),
    ("chain-from-the-end", |size| {
        staged(size, 110, |at, count| {
            log(&format!("s{at}"), &before(count - at - 1).replace('s', "t"))
        })
    }),
    ("circle", |size| {
        staged(size, 110, |at, count| {
            log(&format!("s{at}"), &named((at + 1) % count))
        })
    }),
    ("pairs", |size| {
        staged(size, 90, |at, _| log(&format!("s{at}"), &named(at ^ 1)))
    }),
    ("each-waits-for-all-before", |size| {
        squared(size, |at, _| list(at, named))
    }),
    ("each-waits-for-all", |size| {
        squared(size, |_, count| list(count, named))
    }),
    ("nested-loops", |size| {
        owners(size, "foreach", "loop_stages", |at, _| named(at + 1))
    }),
    ("nested-tries", |size| {
        owners(size, "trycatch", "try_stages", |at, _| named(at + 1))
    }),
    ("nested-choices", |size| {
        owners(size, "conditional", "true_branch_stages", |at, _| {
            named(at + 1)
        })
    }),
    ("circle-of-owners", |size| {
        owners(size, "foreach", "loop_stages", |at, count| {
            named((at + 1) % count)
        })
    }),
    ("one-stage-of-many", |size| {
        owners(size, "foreach", "loop_stages", |_, count| named(count - 1))
    }),
    ("each-owns-two", |size| {
        owners(size, "trycatch", "try_stages", |at, count| {
            format!(
                "{},{}",
                named((2 * at + 1) % count),
                named((2 * at + 2) % count)
            )
        })
    }),
    ("one-loop-of-all", |size| {
        let count = size / 100;
        staged(size, 100, |at, _| match at {
            0 => owner(
                0,
                "foreach",
                "loop_stages",
                &list(count - 1, |at| named(at + 1)),
            ),
            _ => log(&format!("s{at}"), ""),
        })
    }),
    ("one-waits-for-all", |size| {
        staged(size, 90, |at, count| match at {
            0 => log("s0", &list(count - 1, |at| named(at + 1))),
            _ => log(&format!("s{at}"), ""),
        })
    }),
    ("nested-loops-with-reads", |size| {
        let reads = "{{context.none}}{{item}}{{nam}}".repeat(size / 2 / 31);
        nested_with(size / 2, &reads)
    }),
    ("nested-loops-with-stage-reads", |size| {
        nested_with(
            size / 2,
            &"{{upstream.s0.x}}{{error.x}}".repeat(size / 2 / 28),
        )
    }),
    ("doubled-outputs", |size| {
        staged(size, 200, |at, _| {
            let last = at.saturating_sub(1);
            format!(
                r#"{{"id":"s{at}","component_type":"json-transform","config":{{"data":{{"a":"{{{{upstream.s{last}.result}}}}","b":"{{{{upstream.s{last}.result}}}}"}}}},"depends_on":[{}]}}"#,
                before(at)
            )
        })
    }),
];

fn named(at: usize) -> String {
    format!(r#""s{at}""#)
}

fn before(at: usize) -> String {
    at.checked_sub(1).map(named).unwrap_or_default()
}

/// Stages whose lists of dependencies make up most of the text.
fn squared(size: usize, depends_on: impl Fn(usize, usize) -> String) -> String {
    let count = (((size / 6) as f64).sqrt() as usize).max(2);
    staged(count, 1, |at, _| {
        log(&format!("s{at}"), &depends_on(at, count))
    })
}

/// A stage with a list of others.
fn owner(at: usize, component: &str, key: &str, members: &str) -> String {
    let first = match component {
        "foreach" => r#""items":[1],"#,
        "conditional" => r#""condition_expression":"True","#,
        _ => "",
    };
    format!(
        r#"{{"id":"s{at}","component_type":"{component}","config":{{{first}"{key}":[{members}]}}}}"#
    )
}

fn owners(
    size: usize,
    component: &str,
    key: &str,
    members: impl Fn(usize, usize) -> String,
) -> String {
    staged(size, 100, |at, count| {
        match at + 1 == count && !members(at, count).contains("s0\"") {
            true => log(&format!("s{at}"), ""),
            false => owner(at, component, key, &members(at, count)),
        }
    })
}

/// Loops inside each other, the innermost of which writes a message.
fn nested_with(size: usize, message: &str) -> String {
    let text = owners(size, "foreach", "loop_stages", |at, _| named(at + 1));
    text.replace(r#""message":"m""#, &format!(r#""message":"{message}""#))
}
