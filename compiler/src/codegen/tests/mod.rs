//! Tests of generated source: what it looks like, that it parses, that it computes what the
//! interpreter computes.

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

/// Builds a program as the crate `fmc build --emit rust` writes, where a warning is an error,
/// and runs it. The source is as rustfmt would have it.
fn run_denying_warnings(program: &Program) -> Output {
    syn::parse_file(&program.main_rs).unwrap();
    assert_formatted(&program.main_rs);
    let folder = tempfile::tempdir().unwrap();
    export::write_crate(program, folder.path()).unwrap();
    // Beside the test's own binary: the runtime is compiled once for all tests.
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

/// Fails with the difference where rustfmt would write the source otherwise.
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
