//! Writes to standard output and standard error.
//!
//! Enters: texts that went through `fmc_expr::outside`. Leaves: lines. This is the only file of the
//! crate that writes there, and it takes nothing else, so that no text from outside reaches a
//! terminal or a log as it is (`tests/suite/tidy.rs`). Must not know what it writes.

use std::io::{self, IsTerminal as _, Write as _};

use fmc_expr::outside::{Shown, message};

/// Writes a line to standard error. If that does not work, there is no way to say so.
pub(crate) fn error(text: &Shown<'_>) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Writes a line to standard output. False, and a message, if that does not work; but the reader
/// may have closed it.
pub(crate) fn result(text: &Shown<'_>) -> bool {
    let mut out = io::stdout().lock();
    let written = out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(b"\n"))
        .and_then(|()| out.flush());
    match written {
        Err(failure) if failure.kind() != io::ErrorKind::BrokenPipe => {
            let text = format!("cannot write to standard output: {failure}");
            error(&message(&text));
            false
        }
        _ => true,
    }
}

/// Whether standard output is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub(crate) fn errors_on_terminal() -> bool {
    io::stderr().is_terminal()
}
