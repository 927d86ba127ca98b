//! The peak memory and the processor time of whole processes, for benches.
//!
//! Enters: a command. Leaves: what GNU time reports. Must not know what is measured.

use std::{ffi::OsStr, process::Command};

/// What a process took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds of processor time.
    pub seconds: f64,
    /// The most bytes that it held at one time.
    pub peak: u64,
}

/// The most bytes that a program held at one time; `None` when GNU time is not installed.
#[must_use]
pub fn peak<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: &[A]) -> Option<u64> {
    cost(program, arguments).map(|cost| cost.peak)
}

/// What a program took; `None` when GNU time is not installed.
#[must_use]
pub fn cost<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: &[A]) -> Option<Cost> {
    let output = Command::new("/usr/bin/time")
        .args(["-f", "%M %U %S"])
        .arg(program)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let numbers = text.lines().last()?.split(' ').map(str::parse);
    let numbers: Vec<f64> = numbers.collect::<Result<_, _>>().ok()?;
    let [kibibytes, user, system] = *numbers.as_slice() else {
        return None;
    };
    Some(Cost {
        seconds: user + system,
        peak: kibibytes as u64 * 1_024,
    })
}
