//! The prompt of `fmc eval`: expressions typed on a terminal, with editing and history.
//!
//! Enters: lines. Leaves: the answer to each line, until the end of input (Ctrl-D). The prompt is
//! written to the terminal itself, so that standard output has only the answers. Must not know
//! expressions.

use rustyline::{Behavior, Config, DefaultEditor, error::ReadlineError};

use super::Outcome;

const PROMPT: &str = "> ";

/// Answers every line. A line that fails does not end the prompt and does not change its exit
/// status.
pub(super) fn run(answer: impl Fn(&str) -> Outcome) -> Outcome {
    let config = Config::builder()
        .auto_add_history(true)
        .behavior(Behavior::PreferTerm)
        .build();
    let failed = |error: ReadlineError| format!("cannot read the terminal: {error}");
    let mut editor = DefaultEditor::with_config(config).map_err(failed)?;
    loop {
        match editor.readline(PROMPT) {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                answer(&line)?;
            }
            // Ctrl-C cancels the line.
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(0),
            Err(error) => return Err(failed(error)),
        }
    }
}
