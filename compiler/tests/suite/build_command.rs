//! `fmc build`, `run`, `env` and `clean` as processes: results, messages, exit statuses.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use crate::support::{building, cache, command, folder};

const DOUBLE: &str = r#"{"id": "double", "name": "Double", "sample_input": {"n": 21}, "stages": [
  {"id": "log", "component_type": "logger", "config": {"message": "doubling {{input.n}}"}},
  {"id": "twice", "component_type": "json-transform", "depends_on": ["log"],
   "config": {"template": {"n": "{{input.n * 2}}", "region": "{{env.REGION or 'none'}}"}}}
]}"#;

const BROKEN: &str = r#"{"id": "broken", "name": "Broken", "stages": [
  {"id": "a", "component_type": "logger", "config": {"message": "{{upstream.b.x}}"}}
]}"#;

const FAILING: &str = r#"{"id": "failing", "name": "Failing", "stages": [
  {"id": "a", "component_type": "json-transform", "config": {"template": "{{1 / input.zero}}"}}
]}"#;

struct Ran {
    status: i32,
    out: String,
    err: String,
}

fn ran(output: Output) -> Ran {
    Ran {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

fn fmc(folder: &Path, arguments: &[&str]) -> Ran {
    let _building = building();
    ran(command(folder, arguments).output().unwrap())
}

/// The names in a folder, sorted, including hidden ones.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn the_binary_is_called_as_the_pipeline_and_needs_nothing_else() {
    let here = folder(&[("p.json", DOUBLE)]);
    let built = fmc(here.path(), &["build", "p.json", "--profile", "dev"]);
    assert_eq!(built.status, 0, "{}", built.err);
    assert_eq!(built.out, "");
    assert_eq!(names(here.path()), ["double", "p.json"]);
    fs::remove_file(here.path().join("p.json")).unwrap();
    let output = Command::new(here.path().join("double"))
        .args(["run", "--input", "{\"n\": 4}"])
        .env_clear()
        .output()
        .unwrap();
    let ran = ran(output);
    assert_eq!(
        (ran.status, ran.out.trim()),
        (0, r#"{"n":8,"region":"none"}"#)
    );
    assert!(ran.err.contains("doubling 4"), "{}", ran.err);
}

#[test]
fn run_uses_the_sample_and_passes_flags_and_status_on() {
    let here = folder(&[
        ("p.json", DOUBLE),
        ("f.json", FAILING),
        ("x.env", "REGION=eu\n"),
    ]);
    let sample = fmc(here.path(), &["run", "--profile", "dev", "p.json"]);
    assert_eq!(
        (sample.status, sample.out.trim()),
        (0, r#"{"n":42,"region":"none"}"#)
    );
    let flags = [
        "--input",
        "{\"n\": 1}",
        "--env-file",
        "x.env",
        "--log-level",
        "error",
    ];
    let given = fmc(
        here.path(),
        &[&["run", "--profile", "dev", "p.json"], &flags[..]].concat(),
    );
    assert_eq!(
        (given.status, given.out.trim()),
        (0, r#"{"n":2,"region":"eu"}"#)
    );
    assert!(!given.err.contains("doubling"), "{}", given.err);
    let failed = fmc(
        here.path(),
        &[
            "run",
            "--profile",
            "dev",
            "f.json",
            "--input",
            "{\"zero\": 0}",
        ],
    );
    assert_eq!((failed.status, failed.out.as_str()), (1, ""));
    assert!(failed.err.contains("division by zero"), "{}", failed.err);
    let usage = fmc(
        here.path(),
        &["run", "--profile", "dev", "p.json", "--nonsense"],
    );
    assert_eq!(usage.status, 2, "{}", usage.err);
}

#[test]
fn nothing_is_built_while_an_error_stands() {
    let here = folder(&[("b.json", BROKEN)]);
    for arguments in [
        &["build", "b.json"][..],
        &["run", "b.json"],
        &["env", "b.json"],
        &["build", "b.json", "--emit", "rust"],
        &["build", "b.json", "--emit", "ir"],
    ] {
        let refused = fmc(here.path(), arguments);
        assert_eq!(refused.status, 1, "{arguments:?}");
        assert!(
            refused.err.contains("FMC0301"),
            "{arguments:?}: {}",
            refused.err
        );
        let checked = fmc(here.path(), &["check", "b.json"]);
        assert_eq!(refused.err, checked.out);
        assert_eq!(refused.out, "");
    }
    assert_eq!(names(here.path()), ["b.json"]);
}

#[test]
fn what_cannot_be_built_yet_is_a_finding_at_its_place() {
    let critic = r#"{"id": "c", "name": "C", "stages": [
      {"id": "judge", "component_type": "critic", "config": {"content": "{{input.x}}"}}
    ]}"#;
    let here = folder(&[("c.json", critic)]);
    assert_eq!(fmc(here.path(), &["check", "c.json"]).status, 0);
    let refused = fmc(here.path(), &["build", "c.json"]);
    assert_eq!(refused.status, 1, "{}", refused.err);
    assert!(refused.err.contains("FMC0901"), "{}", refused.err);
    assert!(refused.err.contains("c.json:2:42"), "{}", refused.err);
}

#[test]
fn bad_paths_are_one_line_and_status_2() {
    let here = folder(&[("p.json", DOUBLE), ("file", "")]);
    for (arguments, says) in [
        (&["build", "missing.json"][..], "cannot read `missing.json`"),
        (&["run", "missing.json"], "cannot read `missing.json`"),
        (&["env", "."], "cannot read `.`"),
        (
            &["build", "p.json", "--profile", "dev", "-o", "file/x"],
            "cannot write `file/x`",
        ),
        (
            &["build", "p.json", "--emit", "rust", "-o", "."],
            "`.` is not empty",
        ),
    ] {
        let refused = fmc(here.path(), arguments);
        assert_eq!(refused.status, 2, "{arguments:?}: {}", refused.err);
        let line = refused.err.lines().last().unwrap_or_default();
        assert!(
            line.starts_with("fmc: ") && line.contains(says),
            "{arguments:?}: {line}"
        );
    }
    assert_eq!(names(here.path()), ["file", "p.json"]);
}

#[test]
fn all_builds_every_pipeline_of_the_project() {
    let project = "[project]\npipelines = [\"pipelines/*.json\"]\n[build]\nprofile = \"dev\"\nout-dir = \"bin\"\n";
    let other = DOUBLE.replace("\"double\"", "\"other\"");
    let here = folder(&[
        ("fmc.toml", project),
        ("pipelines/a.json", DOUBLE),
        ("pipelines/b.json", &other),
        ("pipelines/data.json", "{\"no\": \"stages\"}"),
        ("elsewhere/c.json", BROKEN),
    ]);
    let built = fmc(&here.path().join("pipelines"), &["build", "--all"]);
    assert_eq!(built.status, 0, "{}{}", built.out, built.err);
    let says = "built 2 pipelines; left out: 1 JSON file by ../fmc.toml";
    let says = says.replace(
        "../fmc.toml",
        &here.path().join("fmc.toml").display().to_string(),
    );
    assert!(built.err.contains(&says), "{}", built.err);
    assert_eq!(names(&here.path().join("bin")), ["double", "other"]);
    let elsewhere = fmc(here.path(), &["build", "--all", "-o", "out", "--quiet"]);
    assert_eq!((elsewhere.status, elsewhere.err.as_str()), (0, ""));
    assert_eq!(names(&here.path().join("out")), ["double", "other"]);
}

#[test]
fn a_build_of_nothing_fails_and_says_what_was_left_out() {
    let here = folder(&[
        (".git/HEAD", ""),
        (".gitignore", "secret/\n"),
        ("data.json", "{\"no\": \"stages\"}"),
        ("secret/p.json", DOUBLE),
    ]);
    let built = fmc(here.path(), &["build", "--all"]);
    assert_eq!((built.status, built.out.as_str()), (2, ""));
    let says = "no pipelines found among 1 JSON file (left out: 1 folder by ";
    assert!(built.err.contains(says), "{}", built.err);
    assert!(built.err.contains(".gitignore:1)"), "{}", built.err);
}

#[test]
fn env_lists_what_is_read() {
    let pipeline = r#"{"id": "e", "name": "E", "stages": [
  {"id": "a", "component_type": "logger", "config": {"message": "{{env.REGION or 'eu'}} {{env.HOST}}",
   "data": "{{env.API_TOKEN}} {{env.HOST}}"}}
]}"#;
    let here = folder(&[("e.json", pipeline)]);
    let text = fmc(here.path(), &["env", "e.json"]);
    assert_eq!(text.status, 0, "{}", text.err);
    insta::assert_snapshot!(format!("{pipeline}\n---\n{}", text.out));
    let json = fmc(here.path(), &["env", "e.json", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json[0]["name"], "API_TOKEN");
    assert_eq!(json[0]["secret"], true);
    assert_eq!(json[1]["reads"].as_array().map(Vec::len), Some(2));
    assert_eq!(json[2]["required"], false);
}

#[test]
fn emitted_ir_is_the_dump() {
    let here = folder(&[("p.json", DOUBLE)]);
    let dumped = fmc(here.path(), &["build", "p.json", "--emit", "ir"]);
    assert_eq!(dumped.status, 0);
    assert!(dumped.out.contains("twice"), "{}", dumped.out);
    assert_eq!(names(here.path()), ["p.json"]);
}

#[cfg(unix)]
#[test]
fn only_regular_files_are_replaced() {
    use std::os::unix::{fs::symlink, net::UnixListener};
    let folder = folder(&[("double.json", DOUBLE), ("bin/old", "old")]);
    let at = |name: &str| folder.path().join(name);
    let _socket = UnixListener::bind(at("socket")).unwrap();
    for (target, why) in [
        ("double.json", "it is the pipeline itself"),
        ("./bin/../double.json", "it is the pipeline itself"),
        ("socket", "it is not a regular file"),
    ] {
        for emit in [&[][..], &["--emit", "ir"]] {
            let ran = fmc(
                folder.path(),
                &[&["build", "double.json", "-o", target], emit].concat(),
            );
            let line = format!("fmc: cannot write `{target}`: {why}\n");
            assert_eq!((ran.status, ran.err), (2, line));
        }
    }
    assert_eq!(fs::read_to_string(at("double.json")).unwrap(), DOUBLE);
    assert!(UnixListener::bind(at("socket")).is_err());
    symlink("bin/old", at("link")).unwrap();
    let ran = fmc(folder.path(), &["build", "double.json", "-o", "link"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(fs::symlink_metadata(at("link")).unwrap().is_symlink());
    assert!(fs::read(at("bin/old")).unwrap().len() > 1000);
}

#[test]
fn an_emitted_crate_builds_with_cargo_alone_and_behaves_the_same() {
    let here = folder(&[("p.json", DOUBLE)]);
    // What is in the shared target folder already need not be compiled again.
    assert_eq!(
        fmc(here.path(), &["build", "p.json", "--profile", "dev"]).status,
        0
    );
    let emitted = fmc(here.path(), &["build", "p.json", "--emit", "rust"]);
    assert_eq!(emitted.status, 0, "{}", emitted.err);
    let krate = here.path().join("double-rust");
    assert_eq!(
        names(&krate),
        ["Cargo.lock", "Cargo.toml", "runtime", "src"]
    );
    let source = fs::read_to_string(krate.join("src/main.rs")).unwrap();
    assert!(!source.contains(here.path().to_str().unwrap()));
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--target-dir"])
        .arg(cache().join("target"))
        .args(["--", "run", "--input", "{\"n\": 4}"])
        .current_dir(&krate)
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let by_cargo = ran(output);
    assert_eq!(by_cargo.status, 0, "{}", by_cargo.err);
    let built = Command::new(here.path().join("double"))
        .args(["run", "--input", "{\"n\": 4}"])
        .output()
        .unwrap();
    assert_eq!(by_cargo.out, ran(built).out);
}

#[test]
fn clean_empties_the_cache_and_nothing_else() {
    let here = folder(&[("mine/target/x", "keep"), ("cache/.keep", "")]);
    let run = |cache: &str| {
        let output = command(here.path(), &["clean"])
            .env("FMC_CACHE_DIR", cache)
            .output();
        ran(output.unwrap())
    };
    let refused = run("mine");
    assert_eq!(refused.status, 2, "{}", refused.err);
    assert!(here.path().join("mine/target/x").is_file());
    assert_eq!(run("missing").status, 0);
}

#[test]
fn a_variable_is_required_where_null_would_fail() {
    let cases = [
        ("env.X or 'y'", false),
        ("env.X | default('y')", false),
        ("env.X == null", false),
        ("'a' if env.X == 'true' else 'b'", false),
        ("env.X.strip() if env.X != null else 'b'", false),
        ("env.X.strip() or 'y'", true),
        ("env.X + 'a' or 'y'", true),
        ("env.X == 'a'", true),
        ("env.X", true),
    ];
    let stages: Vec<String> = cases
        .iter()
        .enumerate()
        .map(|(at, (text, _))| {
            let text = text.replace("env.X", &format!("env.V{at}"));
            format!(
                r#"{{"id": "s{at}", "component_type": "logger", "config": {{"message": "m", "data": "{{{{ {text} }}}}"}}}}"#
            )
        })
        .collect();
    let pipeline = format!(
        r#"{{"id": "e", "name": "E", "stages": [{}]}}"#,
        stages.join(",")
    );
    let here = folder(&[("e.json", &pipeline)]);
    let json = fmc(here.path(), &["env", "e.json", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    for (variable, (text, required)) in json.as_array().unwrap().iter().zip(cases) {
        assert_eq!(variable["required"], required, "{text}");
    }
    assert_eq!(json.as_array().unwrap().len(), cases.len());
}
