//! From generated source to a native binary: one small crate and one link.
//!
//! Enters: a generated program. Leaves: a binary in the cache, always the same one for the same
//! source, and as it was made: one that is missing or cut short is made again. `rustc` is called directly and links the prebuilt runtime; where that does not work,
//! cargo builds the same crate. Must not know pipelines.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, SystemTime},
};

use super::{
    cache::{Cache, key, sync_folder},
    embedded, export,
    prebuilt::{self, Prebuilt, profile_name},
    process,
    progress::Progress,
    project::Profile,
    sum,
    toolchain::{self, Toolchain},
    tools,
};
use crate::codegen::Program;

/// A program with more stages is not optimised, because that would dominate the build time.
const LARGE: usize = 100;

/// Nor is one whose source has more bytes; a usual stage has 2,000.
const LONG: usize = 400_000;

/// How precisely the last use is remembered, so that a cached build usually writes nothing.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The level of optimisation of the generated crate. Its functions do little but call the runtime,
/// which is always built at the level of the profile, so this matters more for build time than for
/// run time.
///
/// Measured on 2 cores with rustc 1.95, medians of 40 (CPU time of a run; build of 24 stages):
///
/// | level | 24 stages | 1,000,000 comprehension elements | build with comprehensions |
/// |---|---|---|---|
/// | 0 | 1.13 ms | 96.9 ms | 0.21 s |
/// | 1 | 1.10 ms | 87.0 ms | 0.49 s |
/// | 2 | 1.10 ms | 86.8 ms | 0.36 s |
/// | 3 | 1.11 ms | 87.1 ms | 0.35 s |
///
/// Without comprehensions, level 0 is within 5 % of level 3. With comprehensions it is not; level 1
/// is, but it takes longer to build than level 2.
fn opt_level(profile: Profile, program: &Program) -> &'static str {
    match profile {
        Profile::Release if program.loops && !is_large(program) => "2",
        Profile::Release | Profile::Dev => "0",
    }
}

/// Whether optimisation would dominate the build time.
fn is_large(program: &Program) -> bool {
    program.stages > LARGE || program.main_rs.len() > LONG
}

/// The binary of a program, in the cache.
///
/// # Errors
/// One line; before it, what the tools said is on standard error.
pub fn build(
    cache: &Cache,
    program: &Program,
    profile: Profile,
    progress: &mut Progress,
) -> Result<PathBuf, String> {
    process::watch_interrupts();
    cache.open()?;
    let toolchain = toolchain::find(cache)?;
    let features = prebuilt::feature_names(&program.features);
    let level = opt_level(profile, program);
    let name = key([
        env!("CARGO_PKG_VERSION"),
        embedded::hash(),
        &toolchain.id,
        profile_name(profile),
        &features,
        level,
        &program.id,
        &program.main_rs,
    ]
    .map(str::as_bytes));
    let folder = cache.path("programs", &name);
    let binary = folder.join(file_name(&program.id));
    // The name is made from everything that the binary depends on, so an existing one is right, if it
    // is as it was made.
    let name = file_name(&program.id);
    if is_whole(&folder, &name) {
        note_use(&folder);
        return Ok(binary);
    }
    let prebuilt = prebuilt::get(cache, &toolchain, &program.features, profile, progress)?;
    let made = cache
        .temporary("programs")
        .map_err(|error| cache.refused(&error))?;
    let source = made.path().join("main.rs");
    fs::write(&source, &program.main_rs).map_err(|error| cache.refused(&error))?;
    let target = made.path().join(&name);
    let mut command = rustc(&toolchain, &prebuilt, profile, level, made.path(), &target);
    let finished = process::run(&mut command, |_| {})?;
    // For example a linker that only cargo's configuration names. If cargo fails as well, both
    // messages are shown.
    if !finished.status.success() {
        by_cargo(cache, &toolchain, program, profile, &target, progress)
            .map_err(|line| format!("{line}\n{}", finished.stderr.trim_end()))?;
    }
    seal(made.path(), &name).map_err(|error| cache.refused(&error))?;
    cache.prune_programs();
    cache
        .keep(made, &folder, |folder| is_whole(folder, &name))
        .map_err(|error| cache.refused(&error))?;
    Ok(binary)
}

/// The file beside a binary that holds its length and hash.
const SUM: &str = "sum.txt";

/// Writes down what the binary in a folder is, and makes sure that it is on disk.
fn seal(folder: &Path, name: &str) -> std::io::Result<()> {
    let binary = folder.join(name);
    fs::File::open(&binary)?.sync_all()?;
    let mut sum = fs::File::create(folder.join(SUM))?;
    sum.write_all(sum::of(&binary)?.as_bytes())?;
    sum.sync_all()?;
    sync_folder(folder);
    Ok(())
}

/// Whether the binary in a folder is as it was made.
fn is_whole(folder: &Path, name: &str) -> bool {
    let sum = fs::read_to_string(folder.join(SUM));
    sum.is_ok_and(|sum| sum::holds(&folder.join(name), &sum))
}

/// The file name of a binary on this platform.
#[must_use]
pub fn file_name(id: &str) -> String {
    format!("{id}{}", std::env::consts::EXE_SUFFIX)
}

fn note_use(folder: &Path) {
    let modified = fs::metadata(folder).and_then(|folder| folder.modified());
    let age = modified.ok().and_then(|time| time.elapsed().ok());
    // The folder's time says when the program was last used.
    if age.is_some_and(|age| age > DAY)
        && let Ok(folder) = fs::File::open(folder)
    {
        // This only decides what is removed first from the cache.
        let _ = folder.set_modified(SystemTime::now());
    }
}

fn rustc(
    toolchain: &Toolchain,
    prebuilt: &Prebuilt,
    profile: Profile,
    level: &str,
    folder: &Path,
    target: &Path,
) -> Command {
    let mut command = tools::command(&toolchain.rustc);
    let name = profile_name(profile);
    let panic = embedded::setting(&["profile", name, "panic"]);
    let panic = panic.as_deref().unwrap_or("unwind");
    command
        .args([
            "--crate-name",
            "pipeline",
            "--edition",
            "2024",
            "--crate-type",
            "bin",
        ])
        // A new lint of a later compiler must not stop a build.
        .args(["--cap-lints", "allow", "--emit", "link"])
        .arg("-Ccodegen-units=1")
        .arg(format!("-Copt-level={level}"))
        .arg(format!("-Cpanic={panic}"));
    if profile == Profile::Release {
        command.arg("-Cstrip=symbols");
    }
    for native in &prebuilt.native {
        command.args(["-L", native]);
    }
    for dependencies in &prebuilt.folders {
        command.arg("-L").arg(flag("dependency=", dependencies));
    }
    command
        .arg("--extern")
        .arg(flag("fmc_runtime=", &prebuilt.runtime))
        .arg("-o")
        .arg(target)
        .arg("main.rs")
        .current_dir(folder);
    command
}

fn flag(name: &str, path: &Path) -> std::ffi::OsString {
    let mut flag = std::ffi::OsString::from(name);
    flag.push(path);
    flag
}

/// Builds the same crate with cargo, which supports configurations that rustc alone does not. All
/// programs share one source and one target folder, so that the runtime is compiled for the first
/// of them only. Nobody else builds meanwhile: cargo tells programs with the same id apart by the
/// times of their files.
fn by_cargo(
    cache: &Cache,
    toolchain: &Toolchain,
    program: &Program,
    profile: Profile,
    target: &Path,
    progress: &mut Progress,
) -> Result<(), String> {
    progress.step("rustc alone cannot build it here; building with cargo");
    let folder = cache
        .temporary("programs")
        .map_err(|error| cache.refused(&error))?;
    let _lock = cache
        .lock("runtime", || {
            progress.step("waiting for another build of the runtime")
        })
        .map_err(|error| cache.refused(&error))?;
    let source = prebuilt::source(cache)?;
    export::write_beside(program, folder.path(), &source).map_err(|error| cache.refused(&error))?;
    let mut command = prebuilt::cargo(toolchain, cache);
    command
        .arg("--manifest-path")
        .arg(folder.path().join("Cargo.toml"))
        .args(["--bin", &export::crate_name(&program.id)])
        .args(["--profile", profile_name(profile)]);
    let built = prebuilt::build(&mut command, progress)?;
    let crates = if built.compiled == 1 {
        "crate"
    } else {
        "crates"
    };
    progress.step(&format!("compiled {} {crates} with cargo", built.compiled));
    let made = built.executable.ok_or("cargo did not name the program")?;
    fs::copy(made, target).map_err(|error| cache.refused(&error))?;
    Ok(())
}
