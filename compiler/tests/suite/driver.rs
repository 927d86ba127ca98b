//! The driver with a real toolchain: what is built once, what is built again, what survives a kill.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant, SystemTime},
};

use fmc::{
    codegen::Program,
    driver::{Progress, cache::Cache, export, prebuilt, program, project::Profile},
};

use crate::support::{building, cache, nobody_builds};

fn shared() -> Cache {
    Cache::at(cache())
}

/// A program that prints something computed by the runtime's expression crate.
fn program(id: &str, says: &str) -> Program {
    Program {
        id: id.to_owned(),
        main_rs: format!(
            "#![deny(warnings)]\nuse fmc_runtime::expr::{{Cx, Value, ops}};\n\nfn main() {{\n    \
             let joined = ops::add(&Cx::new(), &Value::from({says:?}), &Value::from(\"!\"));\n    \
             println!(\"{{}}\", joined.unwrap_or_default().to_json());\n}}\n"
        ),
        features: Default::default(),
        stages: 1,
        loops: false,
    }
}

fn build(cache: &Cache, program: &Program) -> Result<PathBuf, String> {
    let _building = building();
    build_now(cache, program)
}

/// Builds, for callers that hold [`building`] already.
fn build_now(cache: &Cache, program: &Program) -> Result<PathBuf, String> {
    program::build(cache, program, Profile::Dev, &mut Progress::new(true))
}

fn says(binary: &Path) -> String {
    let output = Command::new(binary).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_same_source_is_built_once() {
    let cache = shared();
    let first = build(&cache, &program("one", "hello")).unwrap();
    assert_eq!(says(&first), "\"hello!\"\n");
    let changed = fs::metadata(&first).unwrap().modified().unwrap();
    // The time does not include waiting for other builds.
    let building = building();
    let started = Instant::now();
    assert_eq!(
        build_now(&cache, &program("one", "hello")),
        Ok(first.clone())
    );
    let hit = started.elapsed();
    drop(building);
    assert_eq!(fs::metadata(&first).unwrap().modified().unwrap(), changed);
    assert!(hit.as_millis() < 200, "{hit:?}");
    let other = build(&cache, &program("one", "bye")).unwrap();
    assert_eq!(says(&other), "\"bye!\"\n");
    assert_eq!(says(&first), "\"hello!\"\n");
}

#[test]
fn concurrent_builds_do_not_disturb_each_other() {
    // Nothing is compiled for either of them yet, so both want to compile the runtime.
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("cache"));
    cache.open().unwrap();
    // What both need from the network is put into the shared target folder first.
    build(&shared(), &program("warm", "warm")).unwrap();
    let quiet = nobody_builds();
    copy(&shared().path("target", ""), &cache.path("target", ""));
    drop(quiet);
    let threads: Vec<_> = ["a", "a", "b"]
        .into_iter()
        .map(|says| {
            let cache = cache.clone();
            thread::spawn(move || build(&cache, &program("same-id", says)))
        })
        .collect();
    let built: Vec<_> = threads
        .into_iter()
        .map(|one| one.join().unwrap().unwrap())
        .collect();
    let said: Vec<_> = built.iter().map(|binary| says(binary)).collect();
    assert_eq!(said, ["\"a!\"\n", "\"a!\"\n", "\"b!\"\n"]);
    assert_eq!(built[0], built[1]);
    let left: Vec<_> = fs::read_dir(cache.path("programs", ""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// Copies a folder with its modification times, which cargo relies on.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    let status = Command::new("cp")
        .arg("-a")
        .arg(from)
        .arg(to)
        .status()
        .unwrap();
    assert!(status.success());
}

#[test]
fn a_killed_build_leaves_nothing_that_breaks_the_next() {
    let cache = shared();
    build(&cache, &program("survivor", "before")).unwrap();
    // What a kill at the worst moments leaves behind: an unfinished program folder, an unfinished
    // record, an unfinished copy of the runtime's source.
    for (folder, name) in [("programs", ".new-killed"), ("runtime", ".new-killed")] {
        fs::create_dir_all(cache.path(folder, name)).unwrap();
        fs::write(cache.path(folder, name).join("main.rs"), "half of a fi").unwrap();
    }
    for entry in fs::read_dir(cache.path("prebuilt", "")).unwrap() {
        fs::write(entry.unwrap().path(), "{\"runtime\": \"/hal").unwrap();
    }
    for entry in fs::read_dir(cache.path("toolchains", "")).unwrap() {
        fs::write(entry.unwrap().path(), "").unwrap();
    }
    let after = build(&cache, &program("survivor", "after")).unwrap();
    assert_eq!(says(&after), "\"after!\"\n");
}

#[test]
fn a_program_that_is_missing_or_damaged_is_made_again() {
    let cache = shared();
    let program = program("healed", "whole");
    let binary = build(&cache, &program).unwrap();
    let sum = binary.with_file_name("sum.txt");
    for kind in ["missing", "empty", "cut short", "changed", "a folder"] {
        for path in [&binary, &sum] {
            damage(path, kind);
            assert_eq!(build(&cache, &program), Ok(binary.clone()), "{kind}");
            assert_eq!(says(&binary), "\"whole!\"\n", "{kind}");
        }
    }
}

fn damage(path: &Path, kind: &str) {
    let mut bytes = fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::remove_file(path).unwrap();
    match kind {
        "missing" => {}
        "a folder" => fs::create_dir(path).unwrap(),
        "empty" => fs::write(path, "").unwrap(),
        "cut short" => fs::write(path, &bytes[..middle]).unwrap(),
        _ => fs::write(path, &bytes).unwrap(),
    }
}

#[test]
fn libraries_and_source_that_are_damaged_are_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let cache = Cache::at(folder.path().join("cache"));
    build(&shared(), &program("warm", "warm")).unwrap();
    let quiet = nobody_builds();
    cache.open().unwrap();
    copy(&shared().path("target", ""), &cache.path("target", ""));
    drop(quiet);
    build(&cache, &program("one", "first")).unwrap();
    let record = fs::read_dir(cache.path("prebuilt", ""))
        .unwrap()
        .next()
        .unwrap();
    let record = fs::read_to_string(record.unwrap().path()).unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    let files = record["sums"].as_array().unwrap().iter();
    let files: Vec<_> = files
        .map(|pair| PathBuf::from(pair[0].as_str().unwrap()))
        .collect();
    let find = |start: &str, end: &str| {
        let name = |path: &&PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
        let found = files
            .iter()
            .find(|path| name(path).starts_with(start) && name(path).ends_with(end));
        found.unwrap()
    };
    // Cut short, missing, and of the right length.
    fs::write(find("libmemchr-", ".rlib"), "").unwrap();
    fs::remove_file(find("libserde_json-", ".rlib")).unwrap();
    let runtime = find("libfmc_runtime-", ".rlib");
    let length = usize::try_from(fs::metadata(runtime).unwrap().len()).unwrap();
    fs::write(runtime, vec![0; length]).unwrap();
    let source = fs::read_dir(cache.path("runtime", ""))
        .unwrap()
        .next()
        .unwrap();
    let source = source.unwrap().path();
    fs::write(source.join("runtime/src/lib.rs"), "").unwrap();
    fs::write(source.join("runtime/build.rs"), "fn main() { panic!() }").unwrap();
    let second = build(&cache, &program("two", "second")).unwrap();
    assert_eq!(says(&second), "\"second!\"\n");
    assert!(!source.join("runtime/build.rs").exists());
}

#[test]
fn source_that_does_not_compile_is_an_error_and_is_not_cached() {
    let cache = shared();
    let broken = Program {
        main_rs: "fn main() { this is not rust }\n".to_owned(),
        ..program("broken", "")
    };
    let error = build(&cache, &broken).unwrap_err();
    assert!(error.contains("cannot be compiled"), "{error}");
    assert!(build(&cache, &broken).is_err());
}

#[test]
fn the_exported_crate_builds_with_cargo_alone() {
    let folder = tempfile::tempdir().unwrap();
    export::write_crate(&program("exported", "standing alone"), folder.path()).unwrap();
    let _building = building();
    // The shared target folder has the dependencies; any other one would compile them again.
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--target-dir"])
        .arg(shared().path("target", ""))
        .current_dir(folder.path())
        .env_remove("RUSTFLAGS")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "\"standing alone!\"\n"
    );
}

#[test]
fn sources_are_new_to_cargo_whenever_the_runtime_is_compiled() {
    let folder = tempfile::tempdir().unwrap();
    let old = SystemTime::now() - Duration::from_secs(86_400);
    let paths = ["Cargo.toml", "runtime/src/lib.rs", "runtime/expr/src/cx.rs"];
    let paths = paths.map(|path| folder.path().join(path));
    for path in &paths {
        prebuilt::write(path, "text").unwrap();
        let file = fs::File::options().append(true).open(path).unwrap();
        file.set_modified(old).unwrap();
    }
    let compiled_by_another_version = SystemTime::now() - Duration::from_secs(3_600);
    prebuilt::renew(folder.path()).unwrap();
    for path in &paths {
        let modified = fs::metadata(path).unwrap().modified().unwrap();
        assert!(modified > compiled_by_another_version, "{}", path.display());
        assert_eq!(fs::read_to_string(path).unwrap(), "text");
    }
}
