//! What a run costs in instructions: chains, a join and a fan-out of pure stages, as built binaries
//! under callgrind.
//!
//! Run `cargo build --release && cargo bench -p fmc-tests --bench instructions`. It counts
//! instructions and not time, because these are the same in every run on any machine. Without
//! valgrind it is skipped and says so.
//!
//! A chain stage cost 20,100 instructions, then 11,600, and costs 5,800; 6,000 is the bound. Where
//! they go: 3,060 in the values of its settings and its output, as rendered and read by the
//! component (two thirds of that are allocations and hashes of `fmc-expr`); 1,040 in the scheduler,
//! as the stage starts and ends; 900 in the driver, which keeps attempts, summaries and outputs;
//! 270 once for the graph and the cells; 150 for one reading of two clocks; 380 before the run, in
//! loading and checking a program that has a table row for each stage.

use std::{path::Path, process::Command};

use fmc_tests::timing;
use serde_json::{Value, json};

/// The number of stages of each shape.
const STAGES: usize = 2_000;

fn stage(id: &str, after: &[String]) -> Value {
    json!({"id": id, "component_type": "json-transform", "depends_on": after,
           "config": {"data": {}, "template": {"n": 1}}})
}

fn id(number: usize) -> String {
    format!("s{number}")
}

/// Each stage depends on the one before it.
fn chain(count: usize) -> Vec<Value> {
    let before = |number: usize| number.checked_sub(1).map(id);
    (0..count)
        .map(|number| stage(&id(number), &Vec::from_iter(before(number))))
        .collect()
}

/// One stage depends on all others.
fn join() -> Vec<Value> {
    let mut stages: Vec<_> = (0..STAGES).map(|number| stage(&id(number), &[])).collect();
    stages.push(stage("end", &(0..STAGES).map(id).collect::<Vec<_>>()));
    stages
}

/// All other stages depend on one.
fn fan_out() -> Vec<Value> {
    let mut stages = vec![stage("first", &[])];
    stages.extend((0..STAGES).map(|number| stage(&id(number), &["first".to_owned()])));
    stages
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`, which means nothing here.
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind is not installed");
        return Ok(());
    }
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    let measure = |name: &str, stages: Vec<Value>| -> Result<u64, Box<dyn std::error::Error>> {
        let count = stages.len();
        let pipeline = json!({"id": name, "name": name, "stages": stages});
        std::fs::write(folder.path().join("p.json"), pipeline.to_string())?;
        let built = Command::new(&fmc)
            .args(["build", "p.json", "-o", name, "--quiet"])
            .current_dir(folder.path())
            .env("FMC_CACHE_DIR", folder.path().join("cache"))
            .status()?;
        if !built.success() {
            return Err(format!("`{name}` cannot be built").into());
        }
        let spent = instructions(folder.path(), name)?;
        println!("{name:<10} {count:>6} stages {spent:>14} instructions");
        Ok(spent)
    };
    let one = measure("one", chain(1))?;
    let half = measure("half", chain(STAGES / 2))?;
    let chain = measure("chain", chain(STAGES))?;
    let join = measure("join", join())?;
    let fan_out = measure("fan-out", fan_out())?;
    let times = |spent: u64| spent as f64 / chain as f64;
    println!(
        "a stage of a chain: {} instructions",
        (chain - one) / (STAGES as u64 - 1)
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

fn instructions(folder: &Path, name: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=profile"])
        .arg(folder.join(name))
        .current_dir(folder)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said
        .lines()
        .find_map(|line| line.split("Collected :").nth(1));
    Ok(line.ok_or("callgrind did not count")?.trim().parse()?)
}
