//! How long whole processes take: `fmc check` of a reference pipeline, and a built binary with
//! three stages that need no network, compared with starting an empty process.
//!
//! Run `cargo build --release && cargo bench -p fmc-tests --bench process`. It uses plain timing
//! and no bench framework, because the whole process is measured, from start to end. On Linux, the
//! peak memory of the binary is shown too.

use std::{
    io,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fmc_tests::{
    generate, memory,
    timing::{self, median},
    tree,
};

/// The number of runs whose median is taken.
const TIMES: usize = 101;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`, which means nothing here.
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("p.json"), generate::local_pipeline(3))?;
    let cache = folder.path().join("cache");
    let built = Command::new(&fmc)
        .args(["build", "p.json", "-o", "built", "--quiet"])
        .current_dir(folder.path())
        .env("FMC_CACHE_DIR", &cache)
        .status()?;
    if !built.success() {
        return Err("the build failed".into());
    }
    let binary = folder.path().join("built");

    let baseline = median(TIMES, |_| timed(Command::new("true").arg("")))?;
    show("baseline: `true`", baseline, baseline);
    for name in ["basic-incident-handler", "auto-remediation"] {
        let path = format!("fixtures/reference/{name}/pipeline.json");
        let path = tree::root().join(path);
        let took = median(TIMES, |_| timed(Command::new(&fmc).arg("check").arg(&path)))?;
        show(&format!("fmc check {name}"), took, baseline);
    }
    let took = median(TIMES, |_| timed(&mut Command::new(&binary)))?;
    show("binary, three stages", took, baseline);
    println!(
        "{:<36} {:>8} KiB",
        "binary, size",
        std::fs::metadata(&binary)?.len() / 1024
    );
    if let Some(peak) = memory::peak(&binary, &[""; 0]) {
        println!("{:<36} {:>8} KiB", "binary, peak memory", peak / 1_024);
    }
    Ok(())
}

fn timed(command: &mut Command) -> io::Result<Duration> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let status = command.status()?;
    let took = started.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(io::Error::other(format!("{command:?}: {status}")))
    }
}

fn show(what: &str, took: Duration, baseline: Duration) {
    let ratio = took.as_secs_f64() / baseline.as_secs_f64();
    let took = took.as_secs_f64() * 1e3;
    println!("{what:<36} {took:>8.2} ms {ratio:>7.1}x");
}
