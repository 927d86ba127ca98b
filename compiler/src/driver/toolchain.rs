//! The Rust toolchain: the real `rustc` and `cargo`, also behind rustup's shims.
//!
//! Enters: the environment. Leaves: paths and an identity. What the shim answered is remembered, so
//! that a cached build starts no process. Must not know what is built.

use std::{
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::UNIX_EPOCH,
};

use serde_json::{Value, json};

use super::{
    cache::{Cache, key},
    tools::{self, is_executable, on_path},
};

/// What to do when there is no toolchain.
const GET_RUST: &str = "building needs Rust (https://rustup.rs)";

/// A toolchain.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler itself, not rustup's shim.
    pub rustc: PathBuf,
    /// Cargo of the same toolchain, where it has one.
    pub cargo: PathBuf,
    /// Changes whenever the compiler changes.
    pub id: String,
}

/// Finds the toolchain that the user has chosen. The current folder has no say: a toolchain file in
/// it would name a program to run.
///
/// # Errors
/// One line: there is none, it does not start, or it is too old.
pub fn find(cache: &Cache) -> Result<Toolchain, String> {
    let shim = on_path("rustc").ok_or_else(|| match on_path("cargo") {
        None => format!("neither `cargo` nor `rustc` found on PATH: {GET_RUST}"),
        Some(_) => format!("`rustc` not found on PATH: {GET_RUST}"),
    })?;
    let remembered = cache.path("toolchains", &format!("{}.json", identity(&shim)));
    if let Some(toolchain) = recall(&remembered) {
        return Ok(toolchain);
    }
    let (record, toolchain) = ask(&shim)?;
    // If this fails, the next build asks again.
    let _ = cache.write(&remembered, record.to_string().as_bytes());
    Ok(toolchain)
}

/// Everything that decides which compiler the shim starts.
fn identity(shim: &Path) -> String {
    let chosen = tools::toolchain().unwrap_or_default();
    let home = env::var_os("RUSTUP_HOME").unwrap_or_default();
    let parts = [
        shim.display().to_string(),
        stamp(shim),
        chosen.to_string_lossy().into_owned(),
        home.to_string_lossy().into_owned(),
    ];
    key(parts.iter().map(|part| part.as_bytes()))
}

/// The length and modification time; empty for a missing file.
fn stamp(path: &Path) -> String {
    let Ok(metadata) = fs::metadata(path) else {
        return String::new();
    };
    let changed = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    format!(
        "{}-{}",
        metadata.len(),
        changed.unwrap_or_default().as_nanos()
    )
}

fn recall(path: &Path) -> Option<Toolchain> {
    let record: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let text = |name: &str| record.get(name)?.as_str();
    let (rustc, cargo) = (PathBuf::from(text("rustc")?), PathBuf::from(text("cargo")?));
    let known = text("stamp")?;
    // The stamp notices a toolchain that was updated in place.
    (stamp(&rustc) == known && is_executable(&cargo)).then(|| Toolchain {
        id: id(text("version").unwrap_or_default(), &rustc),
        rustc,
        cargo,
    })
}

fn id(version: &str, rustc: &Path) -> String {
    let (rustc, stamp) = (rustc.display().to_string(), stamp(rustc));
    key([version.as_bytes(), rustc.as_bytes(), stamp.as_bytes()])
}

fn ask(shim: &Path) -> Result<(Value, Toolchain), String> {
    let sysroot = PathBuf::from(output(shim, &["--print", "sysroot"])?.trim());
    let version = output(shim, &["-vV"])?;
    enough(&version)?;
    let tool = |name: &str| {
        let path = sysroot
            .join("bin")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX));
        is_executable(&path).then_some(path)
    };
    // Without rustup there is no shim: what is on `PATH` is the compiler itself.
    let rustc = tool("rustc").unwrap_or_else(|| shim.to_owned());
    let cargo = tool("cargo")
        .or_else(|| on_path("cargo"))
        .ok_or_else(|| format!("`cargo` not found on PATH: {GET_RUST}"))?;
    let record = json!({
        "rustc": rustc.to_string_lossy(),
        "cargo": cargo.to_string_lossy(),
        "stamp": stamp(&rustc),
        "version": version,
    });
    Ok((
        record,
        Toolchain {
            id: id(&version, &rustc),
            rustc,
            cargo,
        },
    ))
}

fn output(program: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = tools::command(program)
        .args(arguments.iter().map(OsStr::new))
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot start `{}`: {error}", program.display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or("it says nothing");
    Err(format!(
        "`{}` does not work: {}",
        program.display(),
        line.trim()
    ))
}

/// Refuses a compiler that is older than the source of the runtime requires.
fn enough(version: &str) -> Result<(), String> {
    let oldest = super::embedded::setting(&["workspace", "package", "rust-version"]);
    let found = version
        .lines()
        .find_map(|line| line.strip_prefix("release: "));
    let (Some(oldest), Some(found)) = (oldest, found) else {
        return Ok(());
    };
    let numbers = |text: &str| -> Vec<u32> {
        let digits = text.split(['.', '-']).take(2);
        digits.map(|part| part.parse().unwrap_or(0)).collect()
    };
    if numbers(found) >= numbers(&oldest) {
        return Ok(());
    }
    Err(format!(
        "Rust {found} found, building needs {oldest} or later: `rustup update` gets it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_compilers_are_refused() {
        assert!(
            enough("rustc 1.9\nrelease: 1.9.0\n")
                .unwrap_err()
                .contains("1.9.0 found")
        );
        assert_eq!(enough("release: 1.90.0"), Ok(()));
        assert_eq!(enough("release: 2.0.0-nightly"), Ok(()));
    }

    #[test]
    fn the_answer_of_the_shim_is_remembered_until_the_compiler_changes() {
        let folder = tempfile::tempdir().unwrap();
        let shim = on_path("rustc").unwrap();
        let (mut record, asked) = ask(&shim).unwrap();
        let file = folder.path().join("record.json");
        fs::write(&file, record.to_string()).unwrap();
        let recalled = recall(&file).unwrap();
        assert_eq!((recalled.rustc, recalled.id), (asked.rustc, asked.id));
        record["stamp"] = json!("1-1");
        fs::write(&file, record.to_string()).unwrap();
        assert!(recall(&file).is_none());
    }
}
