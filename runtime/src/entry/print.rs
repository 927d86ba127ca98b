//! Writes the result of a command.
//!
//! Enters: the output of a run or of a command. Leaves: one line on standard output, and the exit
//! status. Must not know what it writes.

use std::process::ExitCode;

use fmc_expr::outside::Shown;

use crate::host::out;

/// Writes a line to standard output.
pub(crate) fn print(text: &Shown<'_>) -> ExitCode {
    if out::result(text) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
