//! The `fmc` command. Everything is in the library.

fn main() -> std::process::ExitCode {
    fmc::cli::main()
}
