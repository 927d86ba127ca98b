//! `fmc explain CODE`: prints the page of a code.
//!
//! Enters: a code or its name. Leaves: its documentation. Must not know which check finds it.

use clap::Args;
use fmc_expr::outside::layout;

use super::{Global, Outcome};
use crate::diagnostics::Code;

/// Explain a code: why it matters, a bad example, a good one
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  fmc explain FMC0301\n  fmc explain unknown-stage\n  fmc explain --all"
)]
pub(super) struct Arguments {
    /// `FMC0301`, `0301` or `unknown-stage`
    #[arg(required_unless_present = "all")]
    code: Option<String>,
    /// List all codes, one line each
    #[arg(long, conflicts_with = "code")]
    all: bool,
}

/// Prints the page of a code.
pub(super) fn run(arguments: &Arguments, _global: &Global) -> Outcome {
    let Some(word) = arguments.code.as_deref().map(str::trim) else {
        let lines = Code::ALL.iter().map(|code| {
            let severity = code.severity().name();
            format!(
                "{} {severity:7} {}: {}\n",
                code.code(),
                code.name(),
                code.summary()
            )
        });
        return super::print(&layout(&lines.collect::<String>(), false));
    };
    super::print(&layout(Code::find_or_ask(word)?.page(), false))
}
