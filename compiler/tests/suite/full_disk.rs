//! Every command whose result cannot be written says so. Only Linux has a file that is always full.

use std::{fs::OpenOptions, process::Stdio};

use crate::support::{command, folder};

/// One warning and no error, so that the exit status alone would be 0.
const PIPELINE: &str = r#"{"id": "p", "name": "P", "team": "x",
  "stages": [{"id": "s", "component_type": "logger", "config": {"message": "{{env.A}}"}}]}"#;

const RESULTS: &[&[&str]] = &[
    &["check", "p.json"],
    &["check", "--format", "json", "p.json"],
    &["check", "--format", "oneline", "p.json"],
    &["check", "--format", "github", "p.json"],
    &["check", "--format", "sarif", "p.json"],
    &["env", "p.json"],
    &["eval", "1 + 1"],
    &["explain", "FMC0108"],
    &["build", "--emit", "ir", "p.json"],
    &["--help"],
    &["--version"],
];

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_a_mistake() {
    let folder = folder(&[("p.json", PIPELINE)]);
    for arguments in RESULTS {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command(folder.path(), arguments)
            .stdout(Stdio::from(full))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(
            said.contains("fmc: cannot write to standard output: No space left"),
            "{arguments:?}: {said}"
        );
    }
}
