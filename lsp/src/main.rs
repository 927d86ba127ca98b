//! `fmc-lsp`: the language server on standard input and output.
//!
//! Enters: messages from an editor, framed as the protocol says. Leaves: messages to the editor. As
//! the protocol says, the exit status is 0 after `shutdown`, else 1. Everything else is in the
//! library. Must not know the protocol.

use std::process::ExitCode;

use fmc::driver::out;
use fmc_expr::outside::{Shown, layout, line};

const USAGE: &str = "\
The language server of fmc, on standard input and output

Usage: fmc-lsp [--stdio]

An editor starts it for JSON files that hold pipelines. It shows what `fmc check` finds, with
the levels of the nearest `fmc.toml`, and offers the fixes.

Options:
      --stdio    Accepted, for editors that pass it; there is no other transport
  -h, --help     Print help
  -V, --version  Print version
";

fn main() -> ExitCode {
    out::watch_panics();
    for argument in std::env::args_os().skip(1) {
        match argument.to_string_lossy().as_ref() {
            "--stdio" => {}
            "-h" | "--help" => {
                return printed(&layout(USAGE, false));
            }
            "-V" | "--version" => {
                let version = line(concat!("fmc-lsp ", env!("CARGO_PKG_VERSION")));
                return printed(&version.ended());
            }
            other => {
                out::say(&format!(
                    "error: unexpected argument `{other}`; `fmc-lsp --help` shows usage"
                ));
                return ExitCode::from(2);
            }
        }
    }
    // Messages are handled one after the other, so one thread is enough. It is the main thread,
    // because checks need its large stack.
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    match runtime {
        Ok(runtime) => {
            let (input, output) = (tokio::io::stdin(), tokio::io::stdout());
            let orderly = runtime.block_on(fmc_lsp::server::serve(input, output));
            // The thread that reads standard input cannot be interrupted, so do not wait for it.
            runtime.shutdown_background();
            ExitCode::from(u8::from(!orderly))
        }
        Err(error) => {
            out::say(&format!("error: cannot start: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Writes a text to standard output, and gives the exit status.
fn printed(text: &Shown<'_>) -> ExitCode {
    match out::result(text) {
        Ok(_) => ExitCode::SUCCESS,
        Err(line) => {
            out::say(&format!("error: {line}"));
            ExitCode::from(2)
        }
    }
}
