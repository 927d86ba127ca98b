//! `fmc build --emit rust`: cargo can build the crate without `fmc`, and it behaves the same.

use std::{fs, process::Command};

use fmc_tests::{fmc, run::assert_matches, tree};

#[test]
fn an_emitted_reference_pipeline_is_built_by_cargo_and_does_the_same() {
    let fixture = tree::root().join("fixtures/reference/execute-runbook");
    let krate = fmc::scratch("emitted").join("execute-runbook");
    let _ = fs::remove_dir_all(&krate);
    let emitted = fmc::command()
        .args(["build", "--quiet", "--emit", "rust", "-o"])
        .arg(&krate)
        .arg(fixture.join("pipeline.json"))
        .output()
        .unwrap();
    assert!(
        emitted.status.success(),
        "{}",
        String::from_utf8_lossy(&emitted.stderr)
    );
    // The crate itself makes warnings errors. Its dependencies are already in the target folder of
    // the build cache.
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--release", "--target-dir"])
        .arg(fmc::scratch("fmc-cache").join("target"))
        .args(["--", "run", "--input"])
        .arg(fixture.join("input.json"))
        .arg("--mock")
        .arg(fixture.join("mock.json"))
        .current_dir(&krate)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let actual = serde_json::from_slice(&output.stdout).unwrap();
    assert_matches(
        &actual,
        &tree::json("fixtures/reference/execute-runbook/expected.json"),
    );
}
