//! The structural rules of the architecture, checked on the files of the repository.
//!
//! Enters: the files that git tracks. Leaves: nothing, or every place that breaks a rule, all at
//! once. Must not know how anything works: these are statements about text.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use fmc::diagnostics::Code;
use fmc_tests::tree;

/// A package, how its use looks in source, and the only places that may use it.
const DOORS: &[(&str, &[&str])] = &[
    ("ariadne::", &["compiler/src/diagnostics/render/"]),
    ("petgraph::", &["compiler/src/ir/graph/cycles.rs"]),
    (
        "strsim::",
        &[
            "compiler/src/diagnostics/suggest.rs",
            "runtime/src/entry/args.rs",
        ],
    ),
    ("clap::", &["compiler/src/cli/"]),
    ("tower_lsp::", &["lsp/src/server"]),
    ("rustyline::", &["compiler/src/cli/eval/prompt.rs"]),
    ("syn::", &["compiler/src/codegen/"]),
    ("ctrlc::", &["compiler/src/driver/"]),
    ("toml::", &["compiler/src/driver/"]),
    ("rustix::", &["compiler/src/driver/"]),
    ("indicatif::", &["compiler/src/driver/progress.rs"]),
    (
        "hyper::",
        &["runtime/src/component/", "runtime/src/host/http/"],
    ),
    ("hyper_util::", &["runtime/src/host/http/"]),
    ("rustls::", &["runtime/src/host/http/"]),
    (
        "chrono::",
        &[
            "runtime/src/host/world.rs",
            "runtime/expr/src/builtins/time.rs",
        ],
    ),
    ("regex_automata::", &["runtime/expr/src/builtins/regex/"]),
    ("chumsky::", &["runtime/expr/src/parse/grammar/"]),
];

/// What the crate `codegen` exports. Its name alone is not enough, because our module has the same
/// name.
const WRITER: &[&str] = &[
    "Scope", "Function", "Block", "Struct", "Enum", "Impl", "Module", "Type",
];

/// What reads or changes the world outside.
const OUTSIDE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::process",
    "std::net",
    "SystemTime::now",
    "Instant::now",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
    "dbg!",
];

/// Clocks, timers, random bytes, sockets and files. In the runtime only these places may use them;
/// all other code asks the trait in `runtime/src/executor/drive/effects.rs`.
const SEAM: &[(&str, &[&str])] = &[
    (
        "SystemTime::now",
        &["runtime/src/host/clock.rs", "runtime/expr/src/cx.rs"],
    ),
    (
        "Instant::now",
        &["runtime/src/host/clock.rs", "runtime/src/entry/signals.rs"],
    ),
    ("Utc::now", &[]),
    ("Local::now", &[]),
    (
        "getrandom::",
        &["runtime/src/host/clock.rs", "runtime/expr/src/cx.rs"],
    ),
    (
        "tokio::time",
        &["runtime/src/host/clock.rs", "runtime/src/entry/signals.rs"],
    ),
    ("tokio::net", &["runtime/src/host/http/"]),
    ("tokio::signal", &["runtime/src/entry/signals.rs"]),
    (
        "tokio::task",
        &["runtime/src/host/clock.rs", "runtime/src/host/beside.rs"],
    ),
    ("std::net", &[]),
    ("thread::sleep", &[]),
    ("std::fs", &["runtime/src/entry/input.rs"]),
    (
        "std::env",
        &[
            "runtime/src/entry/mod.rs",
            "runtime/src/host/environment.rs",
        ],
    ),
    (
        "std::process",
        &["runtime/src/entry/", "runtime/src/host/world.rs"],
    ),
    ("time::sleep(", &[]),
    ("time::sleep_until(", &["runtime/src/host/clock.rs"]),
];

/// Where the name nearest to a misspelt one is needed for more than a finding: understanding goes on
/// with it, it is kept until all uses are known, or it becomes part of a longer text. All other
/// code uses `Diagnostic::meant`.
const GUESSES: &[&str] = &[
    "compiler/src/analysis/names/unknown_pipeline.rs",
    "compiler/src/ast/error_handling.rs",
    "compiler/src/ast/lower.rs",
    "compiler/src/ast/read.rs",
    "compiler/src/catalogue/mod.rs",
    "compiler/src/infer/nearest.rs",
    "compiler/src/resolve/ids.rs",
    "compiler/src/resolve/settings.rs",
    "compiler/src/schema/check.rs",
];

/// The files that git tracks; all files when there is no git.
fn tracked(ending: &str) -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(tree::root())
        .output()
        .ok()
        .filter(|output| output.status.success());
    let Some(listed) = listed else {
        let files = tree::files("", ending);
        return files.into_iter().map(|(path, _)| path).collect();
    };
    String::from_utf8(listed.stdout)
        .unwrap()
        .split('\0')
        .filter(|path| !path.is_empty() && path.ends_with(ending))
        .filter(|path| tree::root().join(path).is_file())
        .map(str::to_owned)
        .collect()
}

pub(crate) fn rust() -> Vec<String> {
    let files = tracked(".rs");
    assert!(files.len() > 100, "only {} Rust files", files.len());
    files
}

/// Whether a file is compiled for tests only.
pub(crate) fn of_tests(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "benches")
        || path.ends_with("tests.rs")
}

/// The text of a source file without comments and without tests. A test module inside a file is
/// always at its end.
pub(crate) fn code(path: &str) -> String {
    let text = tree::text(path);
    let inline = text.find("#[cfg(test)]\nmod tests {");
    let text = inline.map_or(text.as_str(), |at| &text[..at]);
    let lines = text.lines().map(|line| line.trim_start());
    let lines: Vec<_> = lines.filter(|line| !line.starts_with("//")).collect();
    lines.join("\n")
}

/// Whether a path or macro is used: its first segment is at the start of a word that does not
/// follow `::` and is not inside a string.
fn uses(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = &code[..at];
        let absolute = before.strip_suffix("::").unwrap_or(before);
        let outer = |c: char| c.is_alphanumeric() || c == '_' || c == ':' || c == '>' || c == '"';
        !absolute.ends_with(outer)
    })
}

pub(crate) fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_longer_than_600_lines() {
    let mut wrong = Vec::new();
    for path in rust() {
        let lines = tree::text(&path).lines().count();
        if lines > 600 {
            wrong.push(format!("{path}: {lines} lines"));
        }
    }
    nothing(&wrong);
}

#[test]
fn every_source_file_says_what_it_is() {
    let mut wrong = Vec::new();
    for path in rust() {
        let text = tree::text(&path);
        let header = text.lines().take_while(|line| line.starts_with("//!"));
        let header: Vec<_> = header.collect();
        let needed = if of_tests(&path) { 1 } else { 3 };
        if header.len() < needed {
            wrong.push(format!("{path}: {} of {needed} lines", header.len()));
        }
        if header.iter().any(|line| line.contains("placeholder")) {
            wrong.push(format!("{path}: a placeholder"));
        }
    }
    nothing(&wrong);
}

#[test]
fn each_package_has_one_door() {
    let mut wrong = Vec::new();
    for path in rust() {
        if !path.contains("/src/") || of_tests(&path) || path.starts_with("tests/") {
            continue;
        }
        let code = code(&path);
        for (name, doors) in DOORS {
            if uses(&code, name) && !doors.iter().any(|door| path.starts_with(door)) {
                wrong.push(format!("{path}: {name} belongs to {doors:?}"));
            }
        }
        if !path.starts_with("compiler/src/codegen/print/") {
            let written = WRITER.iter().map(|item| format!("codegen::{item}"));
            let written = written.chain(["use codegen::{".to_owned()]);
            wrong.extend(
                written
                    .filter(|item| uses(&code, item))
                    .map(|item| format!("{path}: {item} belongs to compiler/src/codegen/print/")),
            );
        }
    }
    nothing(&wrong);
}

#[test]
fn each_permitted_place_uses_its_package() {
    // If nothing is found here, a name above is misspelt and the previous test proves nothing.
    let files: Vec<_> = rust();
    let all = |start: &str| {
        let files = files.iter().filter(|path| path.starts_with(start));
        files.map(|path| code(path)).collect::<Vec<_>>().join("\n")
    };
    for (name, doors) in DOORS {
        if *name != "syn::" {
            let used = doors.iter().any(|door| uses(&all(door), name));
            assert!(used, "{name} is not used in {doors:?}");
        }
    }
    assert!(uses(&all("compiler/src/codegen/"), "codegen::Scope"));
}

#[test]
fn only_diagnostics_ask_did_you_mean() {
    let mut wrong = Vec::new();
    let mut guessing = Vec::new();
    for path in rust() {
        let checked = ["compiler/src/", "lsp/src/"];
        if !checked.iter().any(|folder| path.starts_with(folder))
            || path.starts_with("compiler/src/diagnostics/")
            || of_tests(&path)
        {
            continue;
        }
        let code = code(&path);
        if code.to_lowercase().contains("did you mean") {
            wrong.push(format!("{path}: did you mean"));
        }
        let searches = ["suggest::nearest", " nearest(", "earches.nearest("];
        if searches.iter().any(|search| code.contains(search)) {
            guessing.push(path);
        }
    }
    nothing(&wrong);
    // A file too many should use `Diagnostic::meant`; a file too few is to be removed above.
    assert_eq!(guessing, GUESSES);
}

#[test]
fn only_the_driver_and_the_command_line_do_io() {
    let mut wrong = Vec::new();
    for path in rust() {
        let edge = ["driver/", "cli/", "main.rs"];
        let Some(rest) = path.strip_prefix("compiler/src/") else {
            continue;
        };
        if of_tests(&path) || edge.iter().any(|edge| rest.starts_with(edge)) {
            continue;
        }
        let code = code(&path);
        let touched = OUTSIDE.iter().filter(|name| uses(&code, name));
        wrong.extend(touched.map(|name| format!("{path}: {name}")));
        for module in ["fs", "env", "process", "net"] {
            let grouped = format!("use std::{{{module}");
            if code.contains(&grouped) || code.contains(&format!("\n{module}::")) {
                wrong.push(format!("{path}: std::{module}"));
            }
        }
    }
    nothing(&wrong);
}

/// The files of the compiler and the language server that open files: `read.rs` those of others, the
/// rest those of the cache, of the toolchain, and what a person named.
const READERS: &[&str] = &[
    "compiler/src/cli/eval.rs",
    "compiler/src/driver/cache.rs",
    "compiler/src/driver/place.rs",
    "compiler/src/driver/prebuilt.rs",
    "compiler/src/driver/program.rs",
    "compiler/src/driver/read.rs",
    "compiler/src/driver/sum.rs",
    "compiler/src/driver/toolchain.rs",
    "compiler/src/driver/tools.rs",
];

#[test]
fn files_of_others_are_read_through_one_door() {
    let opening = [
        "fs::read(",
        "fs::read_to_string(",
        "File::open(",
        "File::options(",
    ];
    let reads = |path: &String| {
        let code = code(path);
        opening.iter().any(|call| code.contains(call))
    };
    let ours = |path: &String| {
        ["compiler/src/", "lsp/src/"]
            .iter()
            .any(|start| path.starts_with(start))
            && !of_tests(path)
    };
    let found: Vec<_> = rust().into_iter().filter(ours).filter(reads).collect();
    // A file too many should use `driver/read.rs`; a file too few is to be removed above.
    assert_eq!(found, READERS);
}

#[test]
fn a_run_reaches_the_outside_through_one_trait() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in rust() {
        if !path.starts_with("runtime/") || !path.contains("src/") || of_tests(&path) {
            continue;
        }
        let code = code(&path);
        // This also finds `use std::{env, fs}` and `use tokio::{net, time}` that are wrapped over
        // lines.
        let flat = code.replace('\n', " ");
        for (name, places) in SEAM {
            let grouped = name.split_once("::").is_some_and(|(first, rest)| {
                let begin = format!("use {first}::{{");
                let lists = flat.split(&begin).skip(1);
                let mut lists = lists.filter_map(|list| list.split(';').next());
                lists.any(|list| {
                    list.split([',', '{', '}', ' '])
                        .any(|word| word == rest || word.starts_with(&format!("{rest}::")))
                })
            });
            if !grouped && !uses(&code, name) {
                continue;
            }
            seen.insert(*name);
            if !places.iter().any(|place| path.starts_with(place)) {
                wrong.push(format!("{path}: {name} belongs to {places:?}"));
            }
        }
    }
    nothing(&wrong);
    // If nothing is found here, a name above is misspelt and this test proves nothing.
    for (name, places) in SEAM {
        assert!(
            places.is_empty() || seen.contains(name),
            "{name} is not used"
        );
    }
}

/// What writes to standard output or standard error, and the only files that may use it. Their
/// functions take a `Shown`, which only `runtime/expr/src/outside` makes.
const WRITERS: &[&str] = &["compiler/src/driver/out.rs", "runtime/src/host/out.rs"];

/// The language server speaks its protocol on standard output.
const PROTOCOL: (&str, &str) = ("lsp/src/main.rs", "tokio::io::stdout()");

/// How standard output and standard error are named.
const STREAMS: &[&str] = &[
    "print!",
    "println!",
    "eprint!",
    "eprintln!",
    "dbg!",
    "stdout()",
    "stderr()",
    "error.print()",
];

#[test]
fn one_file_of_each_crate_writes_to_the_terminal() {
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for path in rust() {
        if !is_product(&path) {
            continue;
        }
        let mut code = code(&path);
        if path == PROTOCOL.0 {
            code = code.replace(PROTOCOL.1, "");
        }
        let found = STREAMS.iter().filter(|name| {
            code.match_indices(*name)
                .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        });
        for name in found {
            if WRITERS.contains(&path.as_str()) {
                seen.insert(path.clone());
            } else {
                wrong.push(format!("{path}: {name} belongs to {WRITERS:?}"));
            }
        }
    }
    nothing(&wrong);
    assert_eq!(seen.len(), WRITERS.len(), "{seen:?}");
}

/// Whether a file is part of a program that people run.
fn is_product(path: &str) -> bool {
    path.contains("src/") && !path.starts_with("tests/") && !of_tests(path)
}

/// Only the module of texts from outside says which characters are harmless.
#[test]
fn one_module_says_what_is_escaped() {
    let mut wrong = Vec::new();
    for path in rust() {
        let product = path.starts_with("runtime/")
            && path.contains("src/")
            && !path.starts_with("tests/")
            && !of_tests(&path);
        if !product || path.starts_with("runtime/expr/src/outside/") {
            continue;
        }
        let code = code(&path);
        let names = ["{202E}", "{202e}", "{2066}", "escape_default"];
        let found = names.iter().filter(|name| code.contains(**name));
        wrong.extend(found.map(|name| format!("{path}: {name}")));
    }
    nothing(&wrong);
}

#[test]
fn the_scheduler_knows_neither_the_world_nor_the_driver() {
    let mut files = 0;
    let mut wrong = Vec::new();
    for path in rust() {
        if !path.starts_with("runtime/src/executor/schedule/") || of_tests(&path) {
            continue;
        }
        files += 1;
        let code = code(&path);
        for name in ["host", "component", "scope", "drive", "entry"] {
            if code.contains(&format!("{name}::")) {
                wrong.push(format!("{path}: {name}"));
            }
        }
        for package in ["tokio::", "futures_util::"] {
            if uses(&code, package) {
                wrong.push(format!("{path}: {package}"));
            }
        }
    }
    nothing(&wrong);
    assert!(files >= 6, "{files} files");
}

#[test]
fn every_package_keeps_the_lints() {
    let manifest = tree::text("Cargo.toml");
    for lint in [
        "unwrap_used",
        "expect_used",
        "panic",
        "indexing_slicing",
        "string_slice",
    ] {
        assert!(manifest.contains(&format!("\n{lint} = \"deny\"")), "{lint}");
    }
    assert!(manifest.contains("\nunsafe_code = \"forbid\""));
    let mut packages = 0;
    for path in tracked("Cargo.toml") {
        let text = tree::text(&path);
        // A workspace of its own cannot inherit our lints. That is the fuzz targets, a few lines
        // each.
        if text.contains("[package]") && !text.contains("\n[workspace]\n") {
            packages += 1;
            assert!(text.contains("\n[lints]\nworkspace = true"), "{path}");
        }
    }
    assert!(packages >= 6, "{packages} packages");
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let codes: BTreeSet<_> = Code::ALL
        .iter()
        .map(|code| code.code().to_owned())
        .collect();
    assert_eq!(codes.len(), Code::ALL.len(), "a code is declared twice");
    let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
    assert_eq!(names.len(), Code::ALL.len(), "a name is declared twice");
    let folder = tree::root().join("compiler/src/diagnostics/docs");
    let pages = fs::read_dir(folder).unwrap();
    let pages: BTreeSet<_> = pages
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".md").unwrap_or(&name).to_owned())
        .collect();
    assert_eq!(pages, codes);
}

#[test]
fn every_code_has_its_examples_and_no_example_is_left_over() {
    // A file with more findings than are shown is too long for an example.
    let codes = Code::ALL.iter();
    let codes = codes.filter(|code| **code != Code::MoreFindings);
    let expected: BTreeSet<_> = codes
        .map(|code| format!("{}-{}", code.code().trim_start_matches("FMC"), code.name()))
        .collect();
    let folders = fs::read_dir(tree::root().join("fixtures/err")).unwrap();
    let folders: BTreeSet<_> = folders
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, expected);
}

/// Paths that exist only on the machines where this is developed.
fn machine_paths() -> Vec<String> {
    let mut paths: Vec<String> = ["work", "home/user", "Users", "root"]
        .map(|folder| format!("/{folder}/"))
        .into();
    paths.push(format!("{}/", tree::root().display()));
    paths
}

#[test]
fn no_tracked_file_names_a_path_of_a_machine() {
    let mut wrong = Vec::new();
    for path in tracked("") {
        let Ok(text) = fs::read_to_string(tree::root().join(&path)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            let named = machine_paths().into_iter().any(|machine| {
                line.match_indices(&machine).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|c| !c.is_alphanumeric() && !".-_}*>/".contains(c))
                })
            });
            if named {
                wrong.push(format!("{path}:{}: {line}", number + 1));
            }
        }
    }
    nothing(&wrong);
}

#[test]
fn the_patterns_of_this_file_match_what_they_should() {
    assert!(uses("use ariadne::Report;", "ariadne::"));
    assert!(uses("let a = ::ariadne::x();", "ariadne::"));
    assert!(!uses("use crate::toml::x;", "toml::"));
    assert!(!uses("use my_toml::x;", "toml::"));
    assert!(Path::new(tree::root()).join("Cargo.toml").is_file());
}
