//! Every reference folder is complete: its input and mocks give its expected output.

use std::collections::BTreeSet;

use fmc_tests::{fmc, run::assert_matches, tree};

#[test]
fn every_folder_gives_its_expected_output() {
    let folders: BTreeSet<String> = tree::files("fixtures/reference", "pipeline.json")
        .into_iter()
        .map(|(path, _)| path.replace("/pipeline.json", ""))
        .collect();
    assert_eq!(folders.len(), 9, "six pipelines and three fragments");
    for folder in folders {
        let output = fmc::command()
            .args(["run", "--quiet"])
            .args([
                "pipeline.json",
                "--input",
                "input.json",
                "--mock",
                "mock.json",
            ])
            .current_dir(tree::root().join(&folder))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{folder}: {said}");
        let actual = serde_json::from_slice(&output.stdout).unwrap();
        assert_matches(&actual, &tree::json(&format!("{folder}/expected.json")));
    }
}
