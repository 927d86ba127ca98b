//! The peak memory of whole processes, for benches.
//!
//! Enters: a command. Leaves: what GNU time reports. Must not know what is measured.

use std::{ffi::OsStr, process::Command};

/// The most bytes that a program held at one time; `None` when GNU time is not installed.
#[must_use]
pub fn peak<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: &[A]) -> Option<u64> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M"])
        .arg(program)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stderr).ok()?;
    let kibibytes: u64 = text.lines().last()?.trim().parse().ok()?;
    Some(kibibytes * 1_024)
}
