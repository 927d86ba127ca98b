//! What is charged grows as the work does, for each operator and each builtin.

use std::collections::BTreeSet;

use fmc_expr::{Cx, builtins, interp, parse};
use fmc_tests::costs::{BUILTINS, OPERATORS, Row, expression};

/// The steps of an expression, which succeeds.
fn steps(text: &str) -> Result<u64, String> {
    let parsed = parse::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("{text}: {error}"));
    }
    let cx = Cx::new();
    match interp::eval(&parsed.expr, &interp::Names::new(), &cx) {
        Ok(_) => Ok(cx.spent()),
        Err(located) => Err(format!("{text}: {}", located.error)),
    }
}

#[test]
fn every_builtin_has_a_row() {
    let rows: BTreeSet<_> = BUILTINS.iter().map(|(name, ..)| *name).collect();
    let known: BTreeSet<_> = builtins::all()
        .map(|row| row.path.trim_start_matches("builtins::"))
        .collect();
    assert_eq!(rows, known, "`tests/src/costs.rs` lists each builtin once");
}

/// Charges that are too low show here when they do not grow with the work at all. Whether they
/// are as large as the work, the bench `costs` measures in instructions.
#[test]
fn twice_the_work_costs_twice_the_steps() {
    let mut wrong = Vec::new();
    for row in OPERATORS.iter().chain(BUILTINS) {
        let (name, ..): &Row = row;
        let both = steps(&expression(row, 1))
            .and_then(|one| steps(&expression(row, 2)).map(|two| (one, two)));
        match both {
            Ok((one, two)) => {
                let times = two as f64 / one as f64;
                if !(1.8..=2.3).contains(&times) {
                    wrong.push(format!("{name}: {one} and {two} steps, {times:.2} times"));
                }
            }
            Err(error) => wrong.push(format!("{name}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
