//! How long `fmc build` takes as a whole process: the very first build, another pipeline, an
//! unchanged one, and how the time grows with the stages.
//!
//! Run `cargo build --release && cargo bench -p fmc-tests --bench build`. It uses plain timing and
//! no bench framework, because one build takes seconds and a first build happens only once. `--
//! first` also measures the first build, which compiles the runtime. `-- FMC` alternates with
//! another `fmc`, so that both run on the same machine under the same load: give the one of the
//! commit to compare with. The times of commit 06eb89c (before functions were shared, on 2 quiet
//! cores) are shown too; they cannot be compared with those of another or a busy machine.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use fmc_tests::{
    generate,
    timing::{self, median},
};

/// The number of builds whose median is taken.
const TIMES: usize = 7;

/// The number of builds of a large pipeline whose median is taken.
const FEW: usize = 3;

/// A pipeline of this many stages, and the seconds that its build took at commit 06eb89c, if
/// measured.
type Grown = (&'static str, fn(usize) -> String, usize, Option<f64>);

const GROWN: &[Grown] = &[
    (
        "small transforms",
        generate::small_pipeline,
        200,
        Some(0.40),
    ),
    (
        "small transforms",
        generate::small_pipeline,
        1000,
        Some(1.84),
    ),
    (
        "small transforms",
        generate::small_pipeline,
        2000,
        Some(3.95),
    ),
    ("mixed stages", generate::pipeline, 1000, Some(4.80)),
    ("varied stages", generate::varied_pipeline, 1000, None),
];

struct Bench {
    folder: tempfile::TempDir,
    fmc: PathBuf,
    /// Another `fmc` to compare with.
    other: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`, which means nothing here.
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let bench = Bench {
        folder: tempfile::tempdir()?,
        fmc: timing::program("fmc")?,
        other: arguments
            .iter()
            .map(PathBuf::from)
            .find(|path| path.is_file()),
    };
    let local = generate::local_pipeline(24);
    if arguments.iter().any(|argument| argument == "first") {
        let took = bench.build(&bench.fmc, &local, "first")?;
        show("first ever, 24 stages", took, "");
    }
    bench.build(&bench.fmc, &local, "warm")?;
    let unchanged = median(TIMES, |_| bench.build(&bench.fmc, &local, "warm"))?;
    show("unchanged, 24 stages", unchanged, "");
    for stages in [3, 24] {
        let text = generate::local_pipeline(stages);
        bench.changed(
            &format!("another pipeline, {stages} stages"),
            &text,
            TIMES,
            None,
        )?;
    }
    bench.build(&bench.fmc, &generate::pipeline(3), "warm")?;
    for (what, pipeline, stages, before) in GROWN {
        let what = format!("{stages} {what}");
        bench.changed(&what, &pipeline(*stages), FEW, *before)?;
    }
    Ok(())
}

impl Bench {
    /// Shows how long it takes to build a pipeline that was not built before, next to the figures
    /// to compare with.
    fn changed(&self, what: &str, text: &str, times: usize, before: Option<f64>) -> io::Result<()> {
        let changed = |at: usize| text.replace("payments", &format!("payments-{at}"));
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let mut size = 0;
        for at in 0..times {
            own.push(self.build(&self.fmc, &changed(at), "warm")?);
            size = fs::metadata(self.folder.path().join("built"))?.len() / 1024;
            if let Some(other) = &self.other {
                // The first build with another `fmc` compiles its runtime, so it is not counted.
                if at == 0 {
                    self.build(other, text, "other")?;
                }
                others.push(self.build(other, &changed(at), "other")?);
            }
        }
        let mut beside = String::new();
        if self.other.is_some() {
            let other = median(times, |at| Ok(others.get(at).copied().unwrap_or_default()))?;
            beside.push_str(&format!("  the other {:>6.3} s", other.as_secs_f64()));
        }
        if let Some(before) = before {
            beside.push_str(&format!("  06eb89c {before:>6.2} s"));
        }
        beside.push_str(&format!("  binary {size} KiB"));
        let own = median(times, |at| Ok(own.get(at).copied().unwrap_or_default()))?;
        show(what, own, &beside);
        Ok(())
    }

    fn build(&self, fmc: &Path, text: &str, cache: &str) -> io::Result<Duration> {
        let folder = self.folder.path();
        fs::write(folder.join("pipeline.json"), text)?;
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
}

fn show(what: &str, took: Duration, beside: &str) {
    println!("{what:<36} {:>8.3} s{beside}", took.as_secs_f64());
}
