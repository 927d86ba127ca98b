//! Writes to standard output and standard error.
//!
//! Enters: texts that went through `fmc_expr::outside`. Leaves: output. This is the only file of
//! the crate that writes there, and it takes nothing else, so that no text from outside reaches a
//! terminal or a log as it is (`tests/suite/tidy.rs`). Must not know what it writes.

use std::{
    backtrace::{Backtrace, BacktraceStatus},
    io::{ErrorKind, IsTerminal as _, Write as _, stderr, stdout},
    panic,
};

use fmc_expr::outside::{self, Shown};

/// Where people report bugs.
const REPORT: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/issues");

/// Writes a text and a line end to standard error. If that does not work, there is no way to say
/// so.
pub fn error(text: &Shown<'_>) {
    let _ = writeln!(stderr().lock(), "{text}");
}

/// Writes a message on one line to standard error.
pub fn say(text: &str) {
    error(&outside::message(text));
}

/// Writes a text to standard output. False when the reader wants no more, like that of
/// `fmc check | head`; that is no mistake.
///
/// # Errors
/// One line when it could not be written, perhaps on a full disk: a result must not be lost in
/// silence.
pub fn result(text: &Shown<'_>) -> Result<bool, String> {
    let mut out = stdout().lock();
    let written = out.write_all(text.as_bytes());
    match written.and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(format!("cannot write to standard output: {error}")),
    }
}

/// Whether standard output is a terminal.
#[must_use]
pub fn is_terminal() -> bool {
    stdout().is_terminal()
}

/// Whether standard error is a terminal.
#[must_use]
pub fn errors_on_terminal() -> bool {
    stderr().is_terminal()
}

/// From now on a panic, which is a bug of fmc, says so on one line: its text may quote a file.
pub fn watch_panics() {
    panic::set_hook(Box::new(|info| {
        let what = info.payload();
        let what = match (what.downcast_ref::<&str>(), what.downcast_ref::<String>()) {
            (Some(text), _) => text,
            (None, Some(text)) => text.as_str(),
            (None, None) => "no message",
        };
        let place = info.location();
        let place = place.map(|place| format!(" at {}:{}", place.file(), place.line()));
        let place = place.unwrap_or_default();
        say(&format!(
            "this is a bug in fmc, please report it at {REPORT}: {what}{place}"
        ));
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            error(&outside::layout(&trace.to_string(), false));
        }
    }));
}
