//! Which files of a project are read, and how often.
//!
//! The host counts reads and listings, so that "costs nothing" is a number and not a time.

use std::path::Path;

use fmc::{
    diagnostics::suppress::{Level, Levels},
    driver::{host::Memory, workspace::Workspace},
};

/// How many pipelines the project has, not counting those that the tests add.
const FILES: usize = 300;

fn logger(message: &str) -> String {
    format!(
        r#"{{"name": "n", "description": "{message}", "stages": [
            {{"id": "a", "component_type": "logger", "config": {{"message": "{message}"}}}}]}}"#
    )
}

fn runs(id: &str) -> String {
    format!(
        r#"{{"name": "n", "stages": [
            {{"id": "a", "component_type": "subpipeline", "config": {{"pipeline_id": "{id}"}}}}]}}"#
    )
}

fn host() -> Memory {
    let host = Memory::default();
    host.insert("/p/fmc.toml", "");
    for number in 0..FILES {
        host.insert(format!("/p/pipelines/p{number}.json"), logger("m"));
    }
    host
}

/// The codes of the findings in a file.
fn codes(workspace: &mut Workspace, host: &Memory, path: &str) -> Vec<&'static str> {
    let checked = workspace.check_file(host, Path::new(path)).unwrap();
    let findings = checked.checked.findings();
    findings.iter().map(|found| found.code.code()).collect()
}

#[test]
fn words_in_a_description_cause_no_reading_of_other_files() {
    let host = host();
    let words = "this one extends nothing, and has no pipeline_id of a subpipeline";
    host.insert("/p/words.json", logger(words));
    let mut workspace = Workspace::default();
    assert!(codes(&mut workspace, &host, "/p/words.json").is_empty());
    // The file and `fmc.toml`.
    assert_eq!(host.counts(), (2, 0));
}

#[test]
fn ids_are_read_once_per_project_and_only_when_needed() {
    let host = host();
    host.insert("/p/good.json", runs("p7"));
    host.insert("/p/bad.json", runs("p-seven"));
    // A key written with escapes counts like any other key.
    let escaped = r#"{"name": "n", "ext\u0065nds": "p-seven", "stages": []}"#;
    host.insert("/p/child.json", escaped);
    let mut workspace = Workspace::default();
    assert!(codes(&mut workspace, &host, "/p/good.json").is_empty());
    assert_eq!(host.counts(), (2 + FILES + 3, 1));
    assert_eq!(codes(&mut workspace, &host, "/p/bad.json"), ["FMC0311"]);
    let child = codes(&mut workspace, &host, "/p/child.json");
    assert_eq!(child, ["FMC0901", "FMC0311"]);
    assert_eq!(host.counts(), (2, 0));
}

#[test]
fn after_a_change_only_what_changed_is_read() {
    let host = host();
    host.insert("/p/own.json", runs("late"));
    let mut workspace = Workspace::default();
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    host.counts();
    host.insert("/p/late.json", logger("m"));
    host.insert("/p/pipelines/p0.json", logger("other"));
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 0), "nobody has said that files changed");
    workspace.relist();
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
    assert_eq!(host.counts(), (3, 1));
    host.remove(Path::new("/p/late.json"));
    workspace.relist();
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 1));
}

#[test]
fn an_edit_that_changes_an_id_is_reported() {
    let host = host();
    host.insert("/p/own.json", runs("p0"));
    let zero = Path::new("/p/pipelines/p0.json");
    let mut workspace = Workspace::default();
    assert!(!workspace.edited(&host, zero), "nobody knows the ids yet");
    assert_eq!(host.counts(), (0, 0));
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
    host.counts();
    host.insert(zero, logger("other"));
    assert!(!workspace.edited(&host, zero));
    let renamed = logger("m").replacen('{', r#"{"id": "zero", "#, 1);
    host.insert(zero, renamed);
    assert!(workspace.edited(&host, zero));
    assert_eq!(host.counts(), (2, 0));
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 0));
}

#[test]
fn a_configuration_is_read_again_when_it_has_changed() {
    let host = Memory::default();
    let unknown = logger("m").replacen('{', r#"{"nmae": 1, "#, 1);
    host.insert("/p/q/own.json", unknown);
    let mut workspace = Workspace::default();
    let path = "/p/q/own.json";
    let severity = |workspace: &mut Workspace| {
        let checked = workspace.check_file(&host, Path::new(path)).unwrap();
        let findings = checked.checked.findings();
        findings.iter().map(|found| found.severity.name()).next()
    };
    assert_eq!(severity(&mut workspace), Some("warning"));
    host.insert("/p/fmc.toml", "[lints]\nunknown-key = 'error'");
    assert_eq!(severity(&mut workspace), Some("warning"), "not told yet");
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
    host.counts();
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
    assert_eq!(host.counts(), (1, 0), "unchanged, so not read again");
    // A nearer `fmc.toml`.
    host.insert("/p/q/fmc.toml", "[lints]\nunknown-key = 'allow'");
    workspace.refresh();
    assert_eq!(severity(&mut workspace), None);
    host.remove(Path::new("/p/q/fmc.toml"));
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
}

#[test]
fn the_levels_of_the_command_line_beat_those_of_the_project() {
    let host = Memory::default();
    let unknown = logger("m").replacen('{', r#"{"nmae": 1, "#, 1);
    host.insert("/p/own.json", unknown);
    host.insert("/p/fmc.toml", "[lints]\nunknown-key = 'error'");
    let mut levels = Levels::default();
    levels.set("unknown-key", Level::Allow).unwrap();
    let mut workspace = Workspace::new(levels);
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
}

#[test]
fn a_project_has_the_pipelines_it_selects() {
    let host = Memory::default();
    host.insert("/p/fmc.toml", "[project]\npipelines = ['pipelines/*.json']");
    host.insert("/p/pipelines/base.json", r#"{"stages": []}"#);
    host.insert("/p/pipelines/b.c.json", r#"{"id": "named", "stages": []}"#);
    host.insert("/p/pipelines/package.json", "{}");
    host.insert("/p/other/one two.json", r#"{"stages": ["#);
    let mut workspace = Workspace::default();
    for (id, expected) in [
        ("base", &[][..]),
        ("named", &[]),
        ("package", &["FMC0311"]),
        ("one two", &["FMC0311"]),
    ] {
        host.insert("/p/pipelines/own.json", runs(id));
        let found = codes(&mut workspace, &host, "/p/pipelines/own.json");
        assert_eq!(found, expected, "{id}");
    }
}

#[test]
fn without_a_configuration_other_files_are_not_read() {
    let host = Memory::default();
    host.insert("/home/own.json", runs("nobody"));
    host.insert("/home/other.json", logger("m"));
    let mut workspace = Workspace::default();
    assert!(codes(&mut workspace, &host, "/home/own.json").is_empty());
    assert_eq!(host.counts(), (1, 0));
}
