//! `fmc explain CODE`: the page of a code.
//!
//! Enters: a code or its name. Leaves: its documentation. Must not know what finds it.

use clap::Args;

use super::{Global, Outcome};
use crate::diagnostics::Code;

/// Explain a code: why, a bad example, a good one
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  fmc explain FMC0301\n  fmc explain unknown-stage")]
pub(super) struct Arguments {
    /// `FMC0301`, `0301` or `unknown-stage`
    code: String,
}

/// Prints the page of a code.
pub(super) fn run(arguments: &Arguments, _global: &Global) -> Outcome {
    let word = arguments.code.trim();
    let Some(code) = Code::find(word) else {
        return Err(format!("no code `{word}`"));
    };
    println!("{} {}: {}", code.code(), code.name(), code.summary());
    Ok(0)
}
