//! The files of the workspace, for tests of its structure.
//!
//! Enters: nothing. Leaves: paths and texts, sorted. Must not know what is asserted.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The folder of the workspace.
#[must_use]
pub fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the workspace holds this package")
}

/// Every file in a folder of the workspace and below whose name has this ending, with its path from
/// the workspace on, written with `/`. Hidden folders and `target*` are left out.
#[must_use]
pub fn files(folder: &str, ending: &str) -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    collect(&root().join(folder), ending, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, ending: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !name.starts_with('.') && !name.starts_with("target") {
                collect(&path, ending, found);
            }
        } else if name.ends_with(ending) {
            let short = path.strip_prefix(root()).unwrap();
            found.push((short.to_string_lossy().replace('\\', "/"), path));
        }
    }
}

/// The text of a file of the workspace.
#[must_use]
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A JSON file of the workspace.
#[must_use]
pub fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&text(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}
