//! Writes to standard output.
//!
//! Enters: the output of a run or of a command. Leaves: one line, and the exit status. This is the
//! only file of the crate that writes to standard output. Must not know what it writes.

use std::{
    io::{self, Write},
    process::ExitCode,
};

/// Writes a line to standard output. It is not an error if the reader has closed it.
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
