//! What a run and a check cost in instructions, and how that grows: chains, joins, fan-outs and the
//! list of a loop, of stages that only compute, under callgrind.
//!
//! Run `cargo build --release && cargo bench -p fmc-tests --bench instructions`. It counts
//! instructions and not time, because these are the same in every run on any machine. Without
//! valgrind it is skipped and says so.
//!
//! A stage of a chain cost 20,100 instructions (06eb89c) and costs 5,300; 6,000 is the bound. Where
//! they go: 1,200 for the values of its settings and its output; 900 in the component, which reads
//! them and drops them; 1,040 in the scheduler, when the stage starts and when it ends; 1,200 in the
//! driver, which keeps attempts, summaries and outputs; 270 once for the graph and the cells; 150
//! for one reading of two clocks; the rest before the run, in loading a program that has a table
//! row for each stage. A fifth of all this is malloc.

use std::{error::Error, path::Path, process::Command};

use fmc_tests::{callgrind, graphs, timing};

/// The number of stages of each shape that is run.
const RUN: usize = 2_000;
/// The numbers of stages of each shape that is checked.
const CHECKED: [usize; 2] = [1_000, 8_000];

/// A shape's name, and what makes its pipelines.
type Shape = (&'static str, fn(usize) -> String);

const SHAPES: &[Shape] = &[
    ("chain", graphs::chain),
    ("join", graphs::join),
    ("fan-out", graphs::fan_out),
    ("loop body", graphs::loop_body),
];

fn main() -> Result<(), Box<dyn Error>> {
    // Cargo passes `--bench`, which means nothing here.
    if !callgrind::is_installed() {
        println!("skipped: valgrind is not installed");
        return Ok(());
    }
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    runs(&fmc, folder.path())?;
    checks(&fmc, folder.path())
}

/// Builds and runs pipelines of each shape.
fn runs(fmc: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let measure = |name: &str, pipeline: String| -> Result<u64, Box<dyn Error>> {
        std::fs::write(folder.join("p.json"), pipeline)?;
        let built = Command::new(fmc)
            .args(["build", "p.json", "-o", "built", "--quiet"])
            .current_dir(folder)
            .env("FMC_CACHE_DIR", folder.join("cache"))
            .status()?;
        if !built.success() {
            return Err(format!("`{name}` cannot be built").into());
        }
        let spent = callgrind::instructions(folder.join("built"), &[], folder)?;
        println!("run    {name:<18} {spent:>14} instructions");
        Ok(spent)
    };
    let one = measure("one stage", graphs::chain(1))?;
    let half = measure("chain of 1,000", graphs::chain(RUN / 2))?;
    let chain = measure("chain of 2,000", graphs::chain(RUN))?;
    let join = measure("join of 2,000", graphs::join(RUN))?;
    let fan_out = measure("fan-out of 2,000", graphs::fan_out(RUN))?;
    let times = |spent: u64| spent as f64 / chain as f64;
    println!(
        "a stage of a chain: {} instructions",
        (chain - one) / (RUN as u64 - 1)
    );
    println!(
        "twice the chain: {:.2} times",
        (chain - one) as f64 / (half - one) as f64
    );
    println!(
        "join: {:.2} times the chain, fan-out: {:.2} times",
        times(join),
        times(fan_out)
    );
    Ok(())
}

/// Checks pipelines of each shape.
fn checks(fmc: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    for (name, shape) in SHAPES {
        let mut spent = [0; 2];
        for (count, spent) in CHECKED.iter().zip(&mut spent) {
            std::fs::write(folder.join("p.json"), shape(*count))?;
            *spent = callgrind::instructions(fmc, &["check", "p.json"], folder)?;
            println!("check  {name:<10} of {count:>5} {spent:>14} instructions");
        }
        let [small, large] = spent;
        let times = large as f64 / small as f64;
        println!("check  {name}: eight times the stages, {times:.1} times the instructions");
    }
    Ok(())
}
