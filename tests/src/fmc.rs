//! The real programs, built once per test process.
//!
//! Enters: the path of this process's own executable. Leaves: `fmc` and `fmc-lsp`. They are built
//! with the profile and in the target folder of the tests. Their build cache is there too, so that
//! the runtime is compiled once and repeated runs are fast. Must not know what is asserted.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use crate::tree;

/// The folder of this profile: `target/debug`.
fn profile_folder() -> PathBuf {
    let exe = env::current_exe().unwrap();
    let folder = exe.parent().unwrap();
    // Tests are in `deps`, programs in the folder above it.
    let folder = match folder.file_name() {
        Some(name) if name == "deps" => folder.parent().unwrap(),
        _ => folder,
    };
    folder.to_owned()
}

fn target_folder() -> PathBuf {
    profile_folder().parent().unwrap().to_owned()
}

/// A folder in the target folder for things that tests make and may use again.
#[must_use]
pub fn scratch(name: &str) -> PathBuf {
    target_folder().join("tmp").join(name)
}

/// The `fmc` program. The first call builds it, which is quick after a build of the workspace.
#[must_use]
pub fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build("fmc"))
}

/// The `fmc-lsp` program, built in the same way.
#[must_use]
pub fn language_server() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| build("fmc-lsp"))
}

fn build(program: &str) -> PathBuf {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let folder = profile_folder();
    let profile = match folder.file_name().unwrap().to_str() {
        Some("debug") => "dev",
        other => other.unwrap(),
    };
    let output = Command::new(cargo)
        .args(["build", "--quiet", "--workspace", "--bin", program])
        .args(["--profile", profile, "--target-dir"])
        .arg(target_folder())
        .current_dir(tree::root())
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{program} cannot be built:\n{said}"
    );
    folder.join(format!("{program}{}", env::consts::EXE_SUFFIX))
}

/// `fmc` with the build cache of the tests, ready for arguments.
#[must_use]
pub fn command() -> Command {
    let mut command = Command::new(path());
    command.env("FMC_CACHE_DIR", scratch("fmc-cache"));
    command
}
