//! `fmc build` in a folder that somebody else wrote: it starts no program of that folder and writes
//! nothing outside it. Planted programs leave a trace when they are started.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use crate::support::{building, cache, command, folder, nobody_builds};

const PIPELINE: &str = r#"{"id": "ours", "name": "P", "stages": [
  {"id": "a", "component_type": "json-transform", "config": {"template": {"x": "{{1 + 1}}"}}}
]}"#;

/// The exit status and standard error.
fn outcome(command: &mut Command) -> (i32, String) {
    let _building = building();
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap_or(-1), said)
}

fn build(folder: &Path, more: &[&str]) -> (i32, String) {
    let arguments = [&["build", "p.json", "--profile", "dev"], more].concat();
    outcome(&mut command(folder, &arguments))
}

/// Plants a program that leaves a trace and then fails.
fn plant(path: &Path, trace: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let text = format!("#!/bin/sh\necho \"$0 $*\" >> {}\nexit 1\n", trace.display());
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// Plants everything by which a folder could choose a tool.
fn plant_all(folder: &Path, trace: &Path) {
    let evil = folder.join("evil");
    for name in ["bin/rustc", "bin/cargo", "wrapper", "linker"] {
        plant(&evil.join(name), trace);
    }
    for name in ["rustc", "cargo", "cc", "ld", "rustup"] {
        plant(&folder.join(name), trace);
    }
    let shown = evil.display();
    let toolchain = format!("[toolchain]\npath = \"{shown}\"\n");
    fs::write(folder.join("rust-toolchain.toml"), toolchain).unwrap();
    let configuration = format!(
        "[build]\nrustc = \"{shown}/bin/rustc\"\nrustc-wrapper = \"{shown}/wrapper\"\n\
         rustc-workspace-wrapper = \"{shown}/wrapper\"\n[target.'cfg(all())']\n\
         linker = \"{shown}/linker\"\nrunner = \"{shown}/wrapper\"\n"
    );
    fs::create_dir_all(folder.join(".cargo")).unwrap();
    fs::write(folder.join(".cargo/config.toml"), configuration).unwrap();
}

#[test]
fn nothing_of_the_folder_or_above_the_cache_is_started() {
    let outer = folder(&[("middle/inner/p.json", PIPELINE), ("own/cache/.keep", "")]);
    let trace = outer.path().join("trace");
    let inner = outer.path().join("middle/inner");
    // The folder, one above it, and one above the cache.
    for planted in [&inner, outer.path(), &outer.path().join("own")] {
        plant_all(planted, &trace);
    }
    // The older form of a toolchain file.
    let old = outer.path().join("middle/rust-toolchain");
    fs::write(old, inner.join("evil").display().to_string()).unwrap();
    let own = outer.path().join("own/cache");
    // The crates of others need not be compiled again; those of the runtime are, by cargo.
    assert_eq!(build(&inner, &["-o", "warm"]).0, 0);
    {
        let _quiet = nobody_builds();
        let copied = Command::new("cp")
            .arg("-a")
            .args([cache().join("target"), own.join("target")])
            .status();
        assert!(copied.unwrap().success());
    }
    let path = std::env::var_os("PATH").unwrap();
    let relative = [".", "", "evil/bin"].map(PathBuf::from).into_iter();
    let path = std::env::join_paths(relative.chain(std::env::split_paths(&path))).unwrap();
    let wrapper = inner.join("evil/wrapper");
    let (status, said) = outcome(
        command(&inner, &["build", "p.json", "--profile", "dev"])
            .env("FMC_CACHE_DIR", &own)
            .env("PATH", path)
            .env_remove("RUSTUP_TOOLCHAIN")
            .env("RUSTC_WRAPPER", &wrapper)
            .env("CARGO_BUILD_RUSTC_WRAPPER", &wrapper)
            .env("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", &wrapper),
    );
    let trace = fs::read_to_string(&trace).unwrap_or_default();
    assert_eq!((status, trace.as_str()), (0, ""), "{said}");
    assert!(said.contains("compiling the runtime"), "{said}");
    assert!(inner.join("ours").is_file());
}

#[test]
fn an_out_dir_stays_in_the_project() {
    for (out_dir, why) in [
        ("/tmp", "it is an absolute path"),
        ("../elsewhere", "it leads out of the folder"),
        ("bin/../../elsewhere", "it leads out of the folder"),
        ("./.git/hooks", "git's own folder"),
    ] {
        let text = format!("[build]\nout-dir = \"{out_dir}\"\n");
        let here = folder(&[("p.json", PIPELINE), ("fmc.toml", &text)]);
        for arguments in [&["build", "p.json"][..], &["check", "p.json"]] {
            let output = command(here.path(), arguments).output().unwrap();
            let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("FMC0002") && said.contains(why), "{said}");
            assert!(said.contains("fmc.toml:2:11"), "{said}");
        }
        assert_eq!(fs::read_dir(here.path()).unwrap().count(), 2);
    }
}

#[test]
fn an_out_dir_does_not_lead_through_a_link() {
    let outer = folder(&[
        ("ws/p.json", PIPELINE),
        ("ws/fmc.toml", "[build]\nout-dir = \"a/b/c\"\n"),
        ("ws/a/.keep", ""),
        ("home/.keep", ""),
    ]);
    let here = outer.path().join("ws");
    symlink("../../home", here.join("a/b")).unwrap();
    let (status, said) = build(&here, &[]);
    assert_eq!(status, 1, "{said}");
    assert!(said.contains("`a/b` is one"), "{said}");
    assert!(said.contains("fmc.toml:2:11"), "{said}");
    assert_eq!(fs::read_dir(outer.path().join("home")).unwrap().count(), 1);
}

#[test]
fn the_name_of_a_pipeline_replaces_nothing_but_its_own_program() {
    let outer = folder(&[("ws/p.json", PIPELINE), ("home/.bashrc", "mine")]);
    let here = outer.path().join("ws");
    let ours = here.join("ours");
    for leads_to in ["../home/.bashrc", "../home/new", "../home"] {
        symlink(leads_to, &ours).unwrap();
        for arguments in [&[][..], &["-o", "."]] {
            let (status, said) = build(&here, arguments);
            assert_eq!(status, 2, "{said}");
            assert!(said.contains("cannot write `"), "{said}");
        }
        assert!(fs::symlink_metadata(&ours).unwrap().is_symlink());
        fs::remove_file(&ours).unwrap();
    }
    let bashrc = fs::read_to_string(outer.path().join("home/.bashrc"));
    assert_eq!(bashrc.unwrap(), "mine");
    assert_eq!(fs::read_dir(outer.path().join("home")).unwrap().count(), 1);

    fs::write(&ours, "all:\n\techo a file of the project\n").unwrap();
    let (status, said) = build(&here, &[]);
    assert_eq!(status, 2, "{said}");
    assert!(said.contains("not a program that fmc built"), "{said}");
    assert!(fs::read_to_string(&ours).unwrap().starts_with("all:"));
    // A person who names the file means it.
    assert_eq!(build(&here, &["-o", "ours"]).0, 0);
    assert!(fs::read(&ours).unwrap().starts_with(b"\x7fELF"));
    // And what fmc built is built again without a question.
    assert_eq!(build(&here, &[]), (0, String::new()));
}

#[test]
fn a_cache_to_which_others_may_write_is_refused() {
    let outer = folder(&[("ws/p.json", PIPELINE), ("cache/.keep", "")]);
    let planted = outer.path().join("cache");
    fs::remove_file(planted.join(".keep")).unwrap();
    fs::set_permissions(&planted, fs::Permissions::from_mode(0o777)).unwrap();
    for verb in ["build", "run"] {
        let mut command = command(&outer.path().join("ws"), &[verb, "p.json"]);
        let (status, said) = outcome(command.env("FMC_CACHE_DIR", &planted));
        assert_eq!(status, 2, "{said}");
        assert!(said.contains("other users may write to"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    assert_eq!(fs::read_dir(&planted).unwrap().count(), 0);
}
