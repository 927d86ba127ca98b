//! `fmc check` as a process: which files are checked, formats, levels, fixes, exit statuses.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use crate::support::folder;

const CLEAN: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m"}}]}"#;
const BROKEN: &str = r#"{"name": "P", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m",}}]}"#;
const WARNED: &str = r#"{"name": "P", "team": "x", "stages": [{"id": "s", "component_type": "logger", "config": {"message": "m"}}]}"#;

struct Run {
    status: i32,
    out: String,
    err: String,
}

fn fmc_with(folder: &Path, arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fmc"))
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that does not read its input may have ended before this write.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    let output = child.wait_with_output().unwrap();
    Run {
        status: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn fmc(folder: &Path, arguments: &[&str]) -> Run {
    fmc_with(folder, arguments, b"")
}

#[test]
fn statuses_are_zero_one_and_two() {
    let folder = folder(&[
        ("clean.json", CLEAN),
        ("broken.json", BROKEN),
        ("warned.json", WARNED),
    ]);
    let check = |arguments: &[&str]| fmc(folder.path(), arguments).status;
    assert_eq!(check(&["check", "clean.json"]), 0);
    assert_eq!(check(&["check", "broken.json"]), 1);
    assert_eq!(check(&["check", "warned.json"]), 0);
    assert_eq!(check(&["check", "warned.json", "--deny", "warnings"]), 1);
    assert_eq!(check(&["check", "warned.json", "--deny", "unknown-key"]), 1);
    assert_eq!(
        check(&["check", "clean.json", "--allow", "trailing-comma"]),
        2
    );
    assert_eq!(check(&["check", "clean.json", "--allow", "nonsense"]), 2);
    assert_eq!(check(&["check", "--no-such-flag"]), 2);
    let missing = fmc(folder.path(), &["check", "missing.json"]);
    assert_eq!(missing.status, 2);
    assert_eq!(missing.err, "fmc: no file or folder `missing.json`\n");
    assert_eq!(missing.out, "");
}

#[test]
fn in_folders_gitignore_applies_and_only_pipelines_are_checked() {
    let folder = folder(&[
        (".gitignore", "ignored/\n"),
        ("ignored/a.json", BROKEN),
        ("b/a.json", BROKEN),
        ("b/package.json", "{\"name\": \"x\",}"),
        ("b/list.json", "[1,]"),
        ("a.json", BROKEN),
        ("notes.txt", BROKEN),
    ]);
    let run = fmc(folder.path(), &["check", "--format", "oneline"]);
    let lines: Vec<_> = run
        .out
        .lines()
        .map(|line| line.split(':').next().unwrap())
        .collect();
    assert_eq!(lines, ["a.json", "b/a.json"]);
    assert_eq!(run.status, 1);
    // A file that is named is checked whatever it holds.
    assert_eq!(fmc(folder.path(), &["check", "b/list.json"]).status, 1);
    assert_eq!(fmc(folder.path(), &["check", "ignored/a.json"]).status, 1);
}

#[test]
fn the_nearest_fmc_toml_applies() {
    let folder = folder(&[
        (
            "fmc.toml",
            "[lints]\nunknown-key = \"error\"\n[project]\nexclude = [\"old\"]\n",
        ),
        ("a.json", WARNED),
        ("old/a.json", BROKEN),
        ("inner/fmc.toml", "[lints]\nunknown-key = \"allow\"\n"),
        ("inner/a.json", WARNED),
    ]);
    let run = fmc(folder.path(), &["check", "--format", "oneline"]);
    assert_eq!(
        run.out,
        "a.json:1:16: error[FMC0412 unknown-key]: a pipeline has no key `team`\n"
    );
    fs::write(folder.path().join("fmc.toml"), "[lint]\n").unwrap();
    let run = fmc(folder.path(), &["check", "a.json", "--format", "oneline"]);
    assert!(
        run.out
            .starts_with("fmc.toml:1:2: error[FMC0001 unknown-setting]"),
        "{}",
        run.out
    );
    assert_eq!(run.status, 1);
}

#[test]
fn standard_input_has_the_name_it_is_given() {
    let folder = folder(&[("sub/fmc.toml", "[lints]\nunknown-key = \"allow\"\n")]);
    let arguments = [
        "check",
        "-",
        "--stdin-path",
        "sub/x.json",
        "--format",
        "oneline",
    ];
    let run = fmc_with(folder.path(), &arguments, BROKEN.as_bytes());
    assert!(run.out.starts_with("sub/x.json:1:"), "{}", run.out);
    let run = fmc_with(folder.path(), &arguments, WARNED.as_bytes());
    assert_eq!((run.status, run.out.as_str()), (0, ""));
}

#[test]
fn other_pipelines_are_looked_for_in_the_project() {
    const CALLS: &str = r#"{"name": "C", "stages": [{"id": "s", "component_type": "subpipeline", "config": {"pipeline_id": "base"}}]}"#;
    let folder = folder(&[
        ("p/fmc.toml", "[project]\nexclude = [\"old\"]\n"),
        ("p/.gitignore", "hidden/\n"),
        ("p/lib/base.json", WARNED),
        ("p/old/past.json", WARNED),
        ("p/hidden/secret.json", WARNED),
        ("p/a/calls.json", CALLS),
        ("alone/calls.json", CALLS),
        ("alone/fmc.toml", ""),
        ("nowhere/calls.json", CALLS),
    ]);
    let check = |arguments: &[&str], stdin: &str| {
        let start = ["check", "--allow", "unknown-key", "--format", "oneline"];
        let arguments = [&start, arguments].concat();
        fmc_with(folder.path(), &arguments, stdin.as_bytes()).out
    };
    assert_eq!(check(&["p"], ""), "");
    assert_eq!(check(&["nowhere"], ""), "");
    let found = check(&["alone"], "");
    assert!(found.contains("alone/calls.json:1:"), "{found}");
    assert!(found.contains("FMC0311"), "{found}");
    let stdin = ["-", "--stdin-path", "p/new.json"];
    assert_eq!(check(&stdin, CALLS), "");
    for unknown in ["past", "secret"] {
        let found = check(&stdin, &CALLS.replace("base", unknown));
        assert!(found.contains("FMC0311"), "{found}");
    }
    let build = fmc(folder.path(), &["build", "alone/calls.json"]);
    assert!(build.err.contains("FMC0311"), "{}", build.err);
}

#[test]
fn json_is_the_documented_object_and_nothing_else() {
    let text = "\u{FEFF}{\"name\": \"é\", \"stages\": [{\"id\": \"s\", \"component_type\": \"logger\", \"config\": {\"message\": \"m\"}}], \"name\": \"日本\",}";
    let folder = folder(&[("a.json", text)]);
    let run = fmc(folder.path(), &["check", "a.json", "--format", "json"]);
    assert_eq!(run.err, "");
    let objects: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // Offsets count the bytes of the file, including its byte-order mark.
    for object in &objects {
        let offset = |end: &str| object["range"][end]["offset"].as_u64().unwrap() as usize;
        assert!(
            ["name", ","].contains(&&text[offset("start")..offset("end")]),
            "{object}"
        );
    }
    insta::assert_snapshot!(serde_json::to_string_pretty(&objects).unwrap());
}

#[test]
fn fixes_are_applied_reported_and_written_atomically() {
    let text = "\u{FEFF}{'name': \"P\", \"stages\": [{\"id\": \"s\", \"component_type\": \"logger\", \"config\": {\"message\": \"m\", \"data\": True,}}], // why\n}";
    let folder = folder(&[("a.json", text)]);
    let run = fmc(
        folder.path(),
        &["check", "a.json", "--fix", "--format", "oneline"],
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("a.json")).unwrap(),
        "\u{FEFF}{\"name\": \"P\", \"stages\": [{\"id\": \"s\", \"component_type\": \"logger\", \"config\": {\"message\": \"m\", \"data\": true}}] // why\n}"
    );
    for fixed in ["FMC0104", "FMC0117", "FMC0102: remove the comma (2 times)"] {
        assert!(run.err.contains(fixed), "{}", run.err);
    }
    // Removing a comment loses its words, so `--fix` must not do it.
    assert!(
        run.out.contains("FMC0103") && run.out.lines().count() == 1,
        "{}",
        run.out
    );
    assert_eq!(run.status, 1);
}

#[test]
fn two_runs_give_identical_bytes() {
    let files: Vec<(String, String)> = (0..40)
        .map(|n| {
            (
                format!("{n:02}.json"),
                BROKEN.replace("\"s\"", &format!("\"s {n}\"")),
            )
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, text)| (&**name, &**text))
        .collect();
    let folder = folder(&files);
    let first = fmc(folder.path(), &["check"]);
    for _ in 0..3 {
        assert_eq!(fmc(folder.path(), &["check"]).out, first.out);
    }
    assert_eq!(first.out.matches("FMC0102").count(), 40);
}

#[test]
fn explain_knows_codes_and_names() {
    let folder = folder(&[]);
    let by_code = fmc(folder.path(), &["explain", "FMC0102"]);
    assert!(
        by_code.out.starts_with("# FMC0102 trailing-comma\n"),
        "{}",
        by_code.out
    );
    assert_eq!(
        fmc(folder.path(), &["explain", "trailing_comma"]).out,
        by_code.out
    );
    let unknown = fmc(folder.path(), &["explain", "trailing-coma"]);
    assert_eq!(unknown.status, 2);
    assert_eq!(
        unknown.err,
        "fmc: there is no finding with the code or name `trailing-coma`: did you mean `trailing-comma`?\n"
    );
}

#[test]
fn nothing_in_a_file_controls_the_terminal() {
    let text = CLEAN.replace("\"name\"", "\"\\u001b[31m\\u202e\": 1, \"name\"");
    let folder = folder(&[("a.json", &text)]);
    for format in ["oneline", "github", "human"] {
        let run = fmc(folder.path(), &["check", "a.json", "--format", format]);
        assert!(run.out.contains("FMC0412"), "{}", run.out);
        assert!(
            !run.out.contains(['\u{1b}', '\u{202e}']),
            "{format}: {}",
            run.out
        );
    }
}

#[test]
fn many_unknown_ids_are_checked_quickly() {
    let stages: Vec<String> = (0..1500)
        .map(|n| {
            format!(r#"{{"id": "stage-{n}", "component_type": "logger", "depends_on": ["other-{n}"], "config": {{"message": "m"}}}}"#)
        })
        .collect();
    let text = format!(r#"{{"name": "P", "stages": [{}]}}"#, stages.join(","));
    let folder = folder(&[("a.json", &text)]);
    let start = std::time::Instant::now();
    let run = fmc(folder.path(), &["check", "a.json", "--format", "oneline"]);
    assert_eq!(run.out.lines().count(), 201);
    assert!(run.out.contains(" 1300 more findings "), "{}", run.out);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

#[test]
fn of_many_findings_the_first_are_shown_and_the_rest_is_counted() {
    let text = format!(r#"{{"name": "P", "stages": [{}1]}}"#, "1,".repeat(9_999));
    let folder = folder(&[("p.json", &*text)]);
    let run = fmc(folder.path(), &["check", "p.json", "--format", "json"]);
    let lines: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!((run.status, lines.len()), (1, 201));
    let last = &lines[200];
    assert_eq!(
        (&last["code"], &last["severity"]),
        (&"FMC0006".into(), &"note".into())
    );
    let message = "9800 more findings in this file: 9800 errors";
    assert_eq!(last["message"], message);
    let run = fmc(folder.path(), &["check", "p.json"]);
    assert!(run.err.contains("10000 errors, 0 warnings"), "{}", run.err);
    assert!(run.out.contains(message) && run.out.len() < 200_000);
}
