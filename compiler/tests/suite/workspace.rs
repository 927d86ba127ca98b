//! Which files of a project are read, and how often.
//!
//! A host counts reads and listings, so that "costs nothing" is a number and not a time.

use std::{
    io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use fmc::{
    diagnostics::suppress::{Level, Levels},
    driver::{
        host::{Host, Memory, Stamp},
        workspace::Workspace,
    },
};

/// Files in memory, with counts of reads and listings.
#[derive(Default)]
struct Counting {
    files: Memory,
    reads: AtomicUsize,
    lists: AtomicUsize,
}

impl Counting {
    /// The numbers of reads and listings since the last call.
    fn counts(&self) -> (usize, usize) {
        let take = |count: &AtomicUsize| count.swap(0, Ordering::Relaxed);
        (take(&self.reads), take(&self.lists))
    }
}

impl Host for Counting {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.files.read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.files.write(path, bytes)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.files.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.files.is_dir(path)
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.files.stamp(path)
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.files.absolute(path)
    }

    fn json_files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        self.lists.fetch_add(1, Ordering::Relaxed);
        self.files.json_files(folder)
    }
}

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

fn host() -> Counting {
    let host = Counting::default();
    host.files.insert("/p/fmc.toml", "");
    for number in 0..FILES {
        host.files
            .insert(format!("/p/pipelines/p{number}.json"), logger("m"));
    }
    host
}

/// The codes of the findings in a file.
fn codes(workspace: &mut Workspace, host: &Counting, path: &str) -> Vec<&'static str> {
    let checked = workspace.check_file(host, Path::new(path)).unwrap();
    let findings = checked.checked.findings();
    findings.iter().map(|found| found.code.code()).collect()
}

#[test]
fn words_in_a_description_cause_no_reading_of_other_files() {
    let host = host();
    let words = "this one extends nothing, and has no pipeline_id of a subpipeline";
    host.files.insert("/p/words.json", logger(words));
    let mut workspace = Workspace::default();
    assert!(codes(&mut workspace, &host, "/p/words.json").is_empty());
    // The file and `fmc.toml`.
    assert_eq!(host.counts(), (2, 0));
}

#[test]
fn ids_are_read_once_per_project_and_only_when_needed() {
    let host = host();
    host.files.insert("/p/good.json", runs("p7"));
    host.files.insert("/p/bad.json", runs("p-seven"));
    // A key written with escapes counts like any other key.
    let escaped = r#"{"name": "n", "ext\u0065nds": "p-seven", "stages": []}"#;
    host.files.insert("/p/child.json", escaped);
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
    host.files.insert("/p/own.json", runs("late"));
    let mut workspace = Workspace::default();
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    host.counts();
    host.files.insert("/p/late.json", logger("m"));
    host.files.insert("/p/pipelines/p0.json", logger("other"));
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 0), "nobody has said that files changed");
    workspace.relist();
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
    assert_eq!(host.counts(), (3, 1));
    host.files.remove(Path::new("/p/late.json"));
    workspace.relist();
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 1));
}

#[test]
fn an_edit_that_changes_an_id_is_reported() {
    let host = host();
    host.files.insert("/p/own.json", runs("p0"));
    let zero = Path::new("/p/pipelines/p0.json");
    let mut workspace = Workspace::default();
    assert!(!workspace.edited(&host, zero), "nobody knows the ids yet");
    assert_eq!(host.counts(), (0, 0));
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
    host.counts();
    host.files.insert(zero, logger("other"));
    assert!(!workspace.edited(&host, zero));
    let renamed = logger("m").replacen('{', r#"{"id": "zero", "#, 1);
    host.files.insert(zero, renamed);
    assert!(workspace.edited(&host, zero));
    assert_eq!(host.counts(), (2, 0));
    assert_eq!(codes(&mut workspace, &host, "/p/own.json"), ["FMC0311"]);
    assert_eq!(host.counts(), (1, 0));
}

#[test]
fn a_configuration_is_read_again_when_it_has_changed() {
    let host = Counting::default();
    let unknown = logger("m").replacen('{', r#"{"nmae": 1, "#, 1);
    host.files.insert("/p/q/own.json", unknown);
    let mut workspace = Workspace::default();
    let path = "/p/q/own.json";
    let severity = |workspace: &mut Workspace| {
        let checked = workspace.check_file(&host, Path::new(path)).unwrap();
        let findings = checked.checked.findings();
        findings.iter().map(|found| found.severity.name()).next()
    };
    assert_eq!(severity(&mut workspace), Some("warning"));
    host.files
        .insert("/p/fmc.toml", "[lints]\nunknown-key = 'error'");
    assert_eq!(severity(&mut workspace), Some("warning"), "not told yet");
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
    host.counts();
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
    assert_eq!(host.counts(), (1, 0), "unchanged, so not read again");
    // A nearer `fmc.toml`.
    host.files
        .insert("/p/q/fmc.toml", "[lints]\nunknown-key = 'allow'");
    workspace.refresh();
    assert_eq!(severity(&mut workspace), None);
    host.files.remove(Path::new("/p/q/fmc.toml"));
    workspace.refresh();
    assert_eq!(severity(&mut workspace), Some("error"));
}

#[test]
fn the_levels_of_the_command_line_beat_those_of_the_project() {
    let host = Counting::default();
    let unknown = logger("m").replacen('{', r#"{"nmae": 1, "#, 1);
    host.files.insert("/p/own.json", unknown);
    host.files
        .insert("/p/fmc.toml", "[lints]\nunknown-key = 'error'");
    let mut levels = Levels::default();
    levels.set("unknown-key", Level::Allow).unwrap();
    let mut workspace = Workspace::new(levels);
    assert!(codes(&mut workspace, &host, "/p/own.json").is_empty());
}

#[test]
fn a_project_has_the_pipelines_it_selects() {
    let host = Counting::default();
    host.files
        .insert("/p/fmc.toml", "[project]\npipelines = ['pipelines/*.json']");
    host.files
        .insert("/p/pipelines/base.json", r#"{"stages": []}"#);
    host.files
        .insert("/p/pipelines/b.c.json", r#"{"id": "named", "stages": []}"#);
    host.files.insert("/p/pipelines/package.json", "{}");
    host.files
        .insert("/p/other/one two.json", r#"{"stages": ["#);
    let mut workspace = Workspace::default();
    for (id, expected) in [
        ("base", &[][..]),
        ("named", &[]),
        ("package", &["FMC0311"]),
        ("one two", &["FMC0311"]),
    ] {
        host.files.insert("/p/pipelines/own.json", runs(id));
        let found = codes(&mut workspace, &host, "/p/pipelines/own.json");
        assert_eq!(found, expected, "{id}");
    }
}

#[test]
fn without_a_configuration_other_files_are_not_read() {
    let host = Counting::default();
    host.files.insert("/home/own.json", runs("nobody"));
    host.files.insert("/home/other.json", logger("m"));
    let mut workspace = Workspace::default();
    assert!(codes(&mut workspace, &host, "/home/own.json").is_empty());
    assert_eq!(host.counts(), (1, 0));
}
