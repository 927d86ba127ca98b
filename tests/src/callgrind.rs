//! The instructions of whole processes, for benches.
//!
//! Enters: a program and its arguments. Leaves: how many instructions it executed, which is the
//! same in every run on any machine. Must not know what is measured.

use std::{ffi::OsStr, io, path::Path, process::Command};

/// Whether valgrind is installed.
#[must_use]
pub fn is_installed() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok()
}

/// The instructions of one run in a folder.
///
/// # Errors
/// valgrind does not start, or the program does not succeed.
pub fn instructions(program: impl AsRef<OsStr>, args: &[&str], folder: &Path) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(args)
        .current_dir(folder)
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let count = said
        .lines()
        .find_map(|line| line.split("Collected :").nth(1))
        .and_then(|count| count.trim().parse().ok())
        .filter(|_| output.status.success());
    count.ok_or_else(|| io::Error::other(format!("callgrind did not count: {said}")))
}
