//! Simple timing of whole processes, for benches.
//!
//! Enters: the name of a program, and something to do. Leaves: the path of the program, and the
//! median of the times. Must not know what is measured.

use std::{
    env, io,
    path::{Path, PathBuf},
    time::Duration,
};

/// The path of a program that was built before the bench, with the same profile.
///
/// # Errors
/// The program has not been built.
pub fn program(name: &str) -> io::Result<PathBuf> {
    let bench = env::current_exe()?;
    let folder = bench.parent().and_then(Path::parent).unwrap_or(&bench);
    let program = folder.join(format!("{name}{}", env::consts::EXE_SUFFIX));
    if program.is_file() {
        return Ok(program);
    }
    let why = format!("{name} is not built: `cargo build --release` first");
    Err(io::Error::other(why))
}

/// The median of this many times. `one` is given how often it was called before.
///
/// # Errors
/// The first error of `one`.
pub fn median(
    times: usize,
    one: impl FnMut(usize) -> io::Result<Duration>,
) -> io::Result<Duration> {
    let mut took = (0..times).map(one).collect::<io::Result<Vec<_>>>()?;
    took.sort();
    Ok(took.get(times / 2).copied().unwrap_or_default())
}
