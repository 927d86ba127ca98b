//! What each operator and builtin takes in instructions, for some work and for twice as much, and
//! how many instructions a step of the budget stands for.
//!
//! Run `cargo build --release && cargo bench -p fmc-tests --bench costs`. It fails when twice the
//! work takes more than 2.3 times the instructions, or when a step stands for more than
//! [`MOST`] of them: then something does work that it is not charged for. Without valgrind it is
//! skipped and says so.

use std::{error::Error, path::Path};

use fmc_expr::{Cx, interp, parse};
use fmc_tests::{
    callgrind,
    costs::{BUILTINS, OPERATORS, expression},
    timing,
};

/// How many instructions a step may stand for. Ten million such steps take a second or two.
const MOST: u64 = 700;

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo passes `--bench`, which means nothing here.
    if !callgrind::is_installed() {
        println!("skipped: valgrind is not installed");
        return Ok(());
    }
    let fmc = timing::program("fmc")?;
    let spent = |text: &str| callgrind::instructions(&fmc, &["eval", text], Path::new("."));
    let start = spent("1")?;
    let mut wrong = 0;
    for row in OPERATORS.iter().chain(BUILTINS) {
        let (one, two) = (expression(row, 1), expression(row, 2));
        let steps = steps(&one);
        let (one, two) = (spent(&one)? - start, spent(&two)? - start);
        let times = two as f64 / one as f64;
        let each = one / steps.max(1);
        let bad = times > 2.3 || each > MOST;
        wrong += usize::from(bad);
        let mark = if bad { "  <- too much" } else { "" };
        println!(
            "{:<28} {one:>12} instructions, {times:.2} times for twice the work, {each:>4} a step{mark}",
            row.0
        );
    }
    match wrong {
        0 => Ok(()),
        wrong => Err(format!("{wrong} rows take too much").into()),
    }
}

fn steps(text: &str) -> u64 {
    let cx = Cx::new();
    // A failure shows in the process that is measured.
    let _ = interp::eval(&parse::parse(text).expr, &interp::Names::new(), &cx);
    cx.spent()
}
