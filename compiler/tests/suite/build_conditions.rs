//! `fmc build` as a process under bad conditions: no toolchain, no network, no writable folder,
//! interrupted, killed; and when there is nothing to do.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::support::{building, cache};

const PIPELINE: &str = r#"{"id": "p", "name": "P", "stages": [
  {"id": "a", "component_type": "json-transform", "config": {"template": {"x": "{{1 + 1}}"}}}
]}"#;

fn here() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.json"), PIPELINE).unwrap();
    folder
}

fn build(folder: &Path, cache: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fmc"));
    command
        .args(["build", "p.json", "--profile", "dev"])
        .current_dir(folder)
        .env("FMC_CACHE_DIR", cache)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The exit status and standard error.
fn outcome(command: &mut Command) -> (i32, String) {
    let _building = building();
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap_or(-1), said)
}

#[test]
fn without_a_toolchain() {
    let here = here();
    let empty = here.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let (status, said) = outcome(build(here.path(), &cache()).env("PATH", &empty));
    assert_eq!(status, 2);
    assert_eq!(
        said,
        "fmc: neither `cargo` nor `rustc` found on PATH: building needs Rust (https://rustup.rs)\n"
    );
    // A `rustc` that does not work does not count as a toolchain.
    script(
        &empty.join("rustc"),
        "echo 'no default toolchain is set' >&2; exit 1",
    );
    let (status, said) = outcome(build(here.path(), &cache()).env("PATH", &empty));
    assert_eq!(status, 2);
    assert!(
        said.ends_with("does not work: no default toolchain is set\n"),
        "{said}"
    );
    assert!(!here.path().join("p").exists());
}

fn script(path: &Path, text: &str) {
    fs::write(path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn without_dependencies_and_network() {
    let here = here();
    let home = here.path().join("cargo-home");
    let rustup = std::env::var_os("RUSTUP_HOME");
    let rustup = rustup.map_or_else(
        || std::env::home_dir().unwrap().join(".rustup"),
        PathBuf::from,
    );
    let (status, said) = outcome(
        build(here.path(), &here.path().join("cache"))
            .env("CARGO_HOME", &home)
            .env("RUSTUP_HOME", rustup)
            .env("CARGO_NET_OFFLINE", "true"),
    );
    assert_eq!(status, 2, "{said}");
    let last = said.lines().last().unwrap();
    assert!(
        last.starts_with("fmc: the runtime's dependencies are not on this machine"),
        "{said}"
    );
    assert!(!here.path().join("p").exists());
}

#[test]
fn without_a_folder_for_the_cache() {
    let here = here();
    let file = here.path().join("file");
    fs::write(&file, "").unwrap();
    let (status, said) = outcome(&mut build(here.path(), &file.join("cache")));
    assert_eq!(status, 2);
    assert!(
        said.starts_with("fmc: cannot use the build cache"),
        "{said}"
    );
    assert!(
        said.contains("set `FMC_CACHE_DIR` to use another folder"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn an_unchanged_pipeline_starts_no_process() {
    let here = here();
    let tools = here.path().join("tools");
    fs::create_dir(&tools).unwrap();
    let log = here.path().join("log");
    let real = which("rustc");
    let script_text = format!(
        "echo called >> {}\nexec {} \"$@\"",
        log.display(),
        real.display()
    );
    script(&tools.join("rustc"), &script_text);
    let path = std::env::join_paths(
        std::iter::once(tools).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    )
    .unwrap();
    let calls = || fs::read_to_string(&log).map_or(0, |log| log.lines().count());
    let (status, said) = outcome(build(here.path(), &cache()).env("PATH", &path));
    assert_eq!(status, 0, "{said}");
    let first = calls();
    assert!(first > 0);
    let (status, said) = outcome(build(here.path(), &cache()).env("PATH", &path));
    assert_eq!((status, said.as_str()), (0, ""));
    assert_eq!(calls(), first);
}

fn which(name: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .unwrap()
}

/// Waits until the child says that it compiles the runtime. Its later output is read and dropped.
fn compiling(child: &mut Child) -> thread::JoinHandle<String> {
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    assert!(line.starts_with("compiling the runtime"), "{line}");
    thread::spawn(move || {
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        rest
    })
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn interrupted_and_killed_builds_leave_nothing_that_breaks_the_next() {
    let here = here();
    let cache = here.path().join("cache");

    let mut interrupted = build(here.path(), &cache).spawn().unwrap();
    let rest = compiling(&mut interrupted);
    thread::sleep(Duration::from_millis(700));
    signal(&interrupted, "-INT");
    assert_eq!(interrupted.wait().unwrap().code(), Some(2));
    assert_eq!(rest.join().unwrap(), "fmc: interrupted\n");
    assert!(!here.path().join("p").exists());

    let mut killed = build(here.path(), &cache).spawn().unwrap();
    let rest = compiling(&mut killed);
    thread::sleep(Duration::from_millis(700));
    signal(&killed, "-KILL");
    assert_eq!(killed.wait().unwrap().code(), None);
    drop(rest);
    assert!(!here.path().join("p").exists());

    let (status, said) = outcome(&mut build(here.path(), &cache));
    assert_eq!(status, 0, "{said}");
    let output = Command::new(here.path().join("p")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), r#"{"x":2}"#);
    let hidden = fs::read_dir(cache.join("programs")).unwrap();
    let hidden = hidden.filter(|entry| {
        entry
            .as_ref()
            .unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with('.')
    });
    assert_eq!(hidden.count(), 0);
}

/// A `PATH` with a toolchain that does something before the real tools are started.
fn path_with(folder: &Path, rustc: &str, cargo: &str) -> std::ffi::OsString {
    let tools = folder.join("bin");
    fs::create_dir_all(&tools).unwrap();
    let sysroot = format!(
        "case \"$*\" in '--print sysroot') echo '{}'; exit;; esac\n{rustc}",
        folder.display()
    );
    for (tool, text) in [("rustc", sysroot.as_str()), ("cargo", cargo)] {
        let real = which(tool);
        let text = format!("{text}\nexec {} \"$@\"", real.display());
        script(&tools.join(tool), &text);
    }
    let path = std::env::var_os("PATH").unwrap();
    let folders = std::iter::once(tools).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap()
}

#[test]
fn programs_that_only_cargo_can_build_share_the_runtime() {
    let here = here();
    // As with a linker that only the configuration of cargo names.
    let refuses =
        "case \"$*\" in *'--crate-name pipeline '*) echo 'error: no linker' >&2; exit 1;; esac";
    let path = path_with(&here.path().join("tools"), refuses, "");
    let built = |number: usize| {
        let text = PIPELINE.replace("1 + 1", &format!("1 + {number}"));
        fs::write(here.path().join("p.json"), text).unwrap();
        let (status, said) = outcome(build(here.path(), &cache()).env("PATH", &path));
        assert_eq!(status, 0, "{said}");
        assert!(said.contains("building with cargo"), "{said}");
        let output = Command::new(here.path().join("p")).output().unwrap();
        let expected = format!(r#"{{"x":{}}}"#, 1 + number);
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected);
        said
    };
    built(1);
    // Other tests may compile the runtime in between; then it is made once more.
    let compiled = |said: &String| said.contains("compiled 1 crate with cargo");
    let mut said = Vec::new();
    let shares = (2..12).map(built).any(|words| {
        said.push(words);
        said.last().is_some_and(compiled)
    });
    assert!(shares, "{said:?}");
}

#[test]
fn what_cargo_says_is_repeated() {
    for (says, expected) in [
        (
            "echo 'error: failed to write `x`: No space left on device' >&2; exit 101",
            "fmc: cargo failed: failed to write `x`: No space left on device",
        ),
        (
            "echo 'killed' >&2; exit 1",
            "fmc: cargo failed; see its output above",
        ),
    ] {
        let here = here();
        let path = path_with(&here.path().join("tools"), "", says);
        let cache = here.path().join("cache");
        let (status, said) = outcome(build(here.path(), &cache).env("PATH", &path));
        assert_eq!(status, 2, "{said}");
        assert_eq!(said.lines().last(), Some(expected), "{said}");
        assert!(!here.path().join("p").exists());
        let kept = fs::read_dir(cache.join("prebuilt")).map_or(0, Iterator::count);
        assert_eq!(kept, 0, "a record of what was not built");
    }
}
