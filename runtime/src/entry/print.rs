//! Standard output.
//!
//! Enters: a run's output, or what a command says. Leaves: one line, and the exit status. The
//! only file of this crate that writes to standard output.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Writes a line to standard output. That nobody reads it any more is no failure.
pub(crate) fn print(text: &str) -> ExitCode {
    let mut out = io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(io::stderr(), "cannot write to standard output: {error}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
