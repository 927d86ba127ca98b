//! Tests of generated source: its text, that it is valid Rust, and that it gives the same results
//! as the interpreter.

mod differential;
mod literal;
mod lower;
mod names;
mod print;
mod source;

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use super::Program;
use crate::driver::export;

/// Builds a program as `fmc build --emit rust` writes it, with warnings as errors, and runs it.
/// Also checks that rustfmt would not change the source.
fn run_denying_warnings(program: &Program) -> Output {
    syn::parse_file(&program.main_rs).unwrap();
    assert_formatted(&program.main_rs);
    let folder = tempfile::tempdir().unwrap();
    export::write_crate(program, folder.path()).unwrap();
    // Next to the binary of this test, so that the runtime is compiled once for all tests.
    let target = std::env::current_exe().unwrap();
    let target = target
        .ancestors()
        .nth(3)
        .unwrap()
        .join("tmp/fmc-cache/target");
    Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--target-dir"])
        .arg(target)
        .current_dir(folder.path())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap()
}

/// Fails and shows the difference when rustfmt would write the source differently.
fn assert_formatted(source: &str) {
    let rustfmt = Command::new("rustfmt")
        .args(["--edition", "2024", "--check", "--color", "never"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut rustfmt) = rustfmt else {
        println!("rustfmt is not here: formatting was not checked");
        return;
    };
    rustfmt
        .stdin
        .take()
        .unwrap()
        .write_all(source.as_bytes())
        .unwrap();
    let output = rustfmt.wait_with_output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
