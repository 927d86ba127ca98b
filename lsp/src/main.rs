//! `fmc-lsp`: the language server on standard input and output.
//!
//! Enters: messages from an editor, framed as the protocol says. Leaves: messages to the editor. As
//! the protocol says, the exit status is 0 after `shutdown`, else 1. Everything else is in the
//! library. Must not know the protocol.

use std::process::ExitCode;

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
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--stdio" => {}
            "-h" | "--help" => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            "-V" | "--version" => {
                println!("fmc-lsp {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            other => {
                eprintln!("error: unexpected argument `{other}`; `fmc-lsp --help` shows usage");
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
            eprintln!("error: cannot start: {error}");
            ExitCode::from(2)
        }
    }
}
