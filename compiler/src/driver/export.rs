//! A generated program as a complete cargo crate.
//!
//! Enters: a generated program and a folder. Leaves: `Cargo.toml`, `Cargo.lock`, `src/main.rs`, and
//! the source of the runtime in `runtime/`, so that nothing in it refers to this machine or to
//! `fmc`; or the same without the source, which is then somewhere else. Must not know how a program
//! is generated.

use std::{io, path::Path};

use toml::{Table, Value};

use super::{
    embedded,
    prebuilt::{feature_names, write},
};
use crate::codegen::Program;

/// Writes the crate.
///
/// # Errors
/// The error of the file system.
pub fn write_crate(program: &Program, folder: &Path) -> io::Result<()> {
    write_files(program, folder, "runtime", |_| true)
}

/// Writes the crate without the source of the runtime, which is in the folder `source`: crates that
/// share it also share what cargo makes of it.
///
/// # Errors
/// The error of the file system, or that of a path that no manifest can hold.
pub fn write_beside(program: &Program, folder: &Path, source: &Path) -> io::Result<()> {
    let runtime = source.join("runtime");
    let runtime = runtime
        .to_str()
        .ok_or_else(|| io::Error::other("its path is not valid UTF-8"))?;
    write_files(program, folder, runtime, |path| path == "Cargo.lock")
}

/// Writes the manifest and the program, and of the other embedded files those that are `wanted`.
fn write_files(
    program: &Program,
    folder: &Path,
    runtime: &str,
    wanted: fn(&str) -> bool,
) -> io::Result<()> {
    for (path, text) in embedded::files().map_err(io::Error::other)? {
        if path == "Cargo.toml" {
            let text = manifest(program, &text, runtime).map_err(io::Error::other)?;
            write(&folder.join(path), &text)?;
        } else if wanted(&path) {
            write(&folder.join(path), &text)?;
        }
    }
    write(&folder.join("src/main.rs"), &program.main_rs)
}

/// The name of the crate for a pipeline id.
#[must_use]
pub fn crate_name(id: &str) -> String {
    // Cargo requires a name that starts with a letter and is not a keyword of Rust.
    let name = id.to_ascii_lowercase();
    let letter = name.starts_with(|first: char| first.is_ascii_alphabetic());
    if letter && !RESERVED.contains(&name.as_str()) {
        name
    } else {
        format!("pipeline-{name}")
    }
}

/// Names that cargo refuses, and the names of the crate's dependencies.
const RESERVED: &[&str] = &[
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fmc-expr",
    "fmc-runtime",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// The manifest of the embedded workspace, with the program as its root package. `source` is the
/// folder of the runtime; one that is elsewhere belongs to another workspace.
fn manifest(program: &Program, workspace: &str, source: &str) -> Result<String, String> {
    let mut manifest: Table = workspace.parse().map_err(|error| format!("{error}"))?;
    if Path::new(source).is_absolute() {
        manifest.insert("workspace".to_owned(), Value::Table(Table::new()));
    }
    let text = |text: &str| Value::String(text.to_owned());
    let package: Table = [
        ("name".to_owned(), text(&crate_name(&program.id))),
        ("version".to_owned(), text("0.0.0")),
        ("edition".to_owned(), text("2024")),
        ("publish".to_owned(), Value::Boolean(false)),
    ]
    .into_iter()
    .collect();
    let features = feature_names(&program.features);
    let features = features
        .split(',')
        .filter(|name| !name.is_empty())
        .map(text)
        .collect();
    let runtime: Table = [
        ("path".to_owned(), text(source)),
        ("default-features".to_owned(), Value::Boolean(false)),
        ("features".to_owned(), Value::Array(features)),
    ]
    .into_iter()
    .collect();
    let dependencies = [("fmc-runtime".to_owned(), Value::Table(runtime))];
    manifest.insert("package".to_owned(), Value::Table(package));
    manifest.insert(
        "dependencies".to_owned(),
        Value::Table(dependencies.into_iter().collect()),
    );
    Ok(manifest.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::Feature;

    #[test]
    fn the_manifest_is_whole() {
        let program = Program {
            id: "basic-incident-handler".to_owned(),
            main_rs: "fn main() {}\n".to_owned(),
            features: [Feature::Http, Feature::Dynamic].into(),
            stages: 1,
            loops: false,
        };
        let folder = tempfile::tempdir().unwrap();
        write_crate(&program, folder.path()).unwrap();
        let manifest = std::fs::read_to_string(folder.path().join("Cargo.toml")).unwrap();
        let table: Table = manifest.parse().unwrap();
        assert_eq!(
            table["package"]["name"].as_str(),
            Some("basic-incident-handler")
        );
        let features = table["dependencies"]["fmc-runtime"]["features"]
            .as_array()
            .unwrap();
        assert_eq!(features, &[Value::from("dynamic"), Value::from("http")]);
        for file in [
            "Cargo.lock",
            "src/main.rs",
            "runtime/src/lib.rs",
            "runtime/expr/Cargo.toml",
        ] {
            assert!(folder.path().join(file).is_file(), "{file}");
        }
    }

    #[test]
    fn crate_names_are_cargo_s() {
        assert_eq!(crate_name("Auto-Remediation"), "auto-remediation");
        assert_eq!(crate_name("2nd"), "pipeline-2nd");
        assert_eq!(crate_name("test"), "pipeline-test");
        assert_eq!(crate_name("_x"), "pipeline-_x");
    }
}
