//! How long `fmc build` takes, whole process: first ever, another pipeline, an unchanged one,
//! and pipelines of 100 and 1,000 stages.
//!
//! `cargo build --release && cargo bench -p fmc-tests --bench build`. Plain timing rather than a
//! bench framework: one build is seconds, and the first happens once.

use std::{
    fs, io,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fmc_tests::{
    generate,
    timing::{self, median},
};

/// Builds whose median is taken.
const TIMES: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`; there is nothing to choose from.
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    let build = |text: &str, cache: &str| build(&fmc, folder.path(), text, cache);

    let local = generate::local_pipeline(24);
    if std::env::args().any(|argument| argument == "first") {
        show("first ever, 24 stages", build(&local, "first")?);
    }
    build(&local, "warm")?;
    let unchanged = median(TIMES, |_| build(&local, "warm"))?;
    show("unchanged, 24 stages", unchanged);
    for stages in [3, 24, 100, 1000] {
        let text = generate::local_pipeline(stages);
        let changed = |at: usize| text.replace("payments", &format!("payments-{at}"));
        let took = median(TIMES, |at| build(&changed(at), "warm"))?;
        show(&format!("another pipeline, {stages} stages"), took);
    }
    Ok(())
}

fn build(fmc: &Path, folder: &Path, text: &str, cache: &str) -> io::Result<Duration> {
    let pipeline = folder.join("pipeline.json");
    fs::write(&pipeline, text)?;
    let started = Instant::now();
    let status = Command::new(fmc)
        .args(["build", "pipeline.json", "-o", "built", "--quiet"])
        .current_dir(folder)
        .env("FMC_CACHE_DIR", folder.join(cache))
        .stdin(Stdio::null())
        .status()?;
    let took = started.elapsed();
    if status.success() {
        Ok(took)
    } else {
        Err(io::Error::other("the build failed"))
    }
}

fn show(what: &str, took: Duration) {
    println!("{what:<36} {:>8.3} s", took.as_secs_f64());
}
