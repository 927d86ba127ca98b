//! The `fmc` command.
//!
//! Enters: the arguments and environment of the process. Leaves: its exit status. All logic is in
//! the library; this file must contain none.

fn main() -> std::process::ExitCode {
    fmc::cli::main()
}
