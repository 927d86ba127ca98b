//! The `fmc` command.
//!
//! Enters: nothing but what the process was given. Leaves: its exit status. Everything is in
//! the library; this file must stay without logic.

fn main() -> std::process::ExitCode {
    fmc::cli::main()
}
