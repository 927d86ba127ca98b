//! The runtime's source, carried inside `fmc`.
//!
//! Enters: the files of the workspace at the time `fmc` was built. Leaves: a small workspace with
//! the two crates of the runtime, whose dependencies are pinned by the same lock file. Must not
//! know how it is compiled.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};
use toml::{Table, Value};

/// Paths in the workspace, written with `/`, and their contents.
pub(super) const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The crates of the embedded workspace.
const MEMBERS: [&str; 2] = ["runtime", "runtime/expr"];

/// Tables of a crate's manifest that only building and testing the whole workspace needs.
const LEFT_OUT: [&str; 5] = ["lints", "dev-dependencies", "bench", "test", "example"];

/// The files of the embedded workspace, sorted by path.
///
/// # Errors
/// A manifest cannot be read. The tests show that this does not happen.
pub fn files() -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    for (path, text) in FILES {
        let text = match *path {
            "Cargo.toml" => root_manifest(text)?,
            path if path.ends_with("Cargo.toml") => member_manifest(text)?,
            _ => (*text).to_owned(),
        };
        files.push(((*path).to_owned(), text));
    }
    Ok(files)
}

/// Identifies the embedded source: its SHA-256 in hexadecimal, shortened.
#[must_use]
pub fn hash() -> &'static str {
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let mut hasher = Sha256::new();
        for (path, text) in FILES {
            for part in [path, text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        super::cache::hexadecimal(&hasher.finalize())
    });
    &HASH
}

/// A setting of the embedded workspace's manifest: the oldest Rust version, or how panics end in a
/// profile.
#[must_use]
pub fn setting(path: &[&str]) -> Option<String> {
    let (_, text) = FILES.iter().find(|(path, _)| *path == "Cargo.toml")?;
    let mut table: &Table = &root_manifest(text).ok()?.parse().ok()?;
    let (last, tables) = path.split_last()?;
    for key in tables {
        table = table.get(*key)?.as_table()?;
    }
    Some(table.get(*last)?.as_str()?.to_owned())
}

fn root_manifest(text: &str) -> Result<String, String> {
    let mut manifest = parse(text)?;
    if let Some(Value::Table(workspace)) = manifest.get_mut("workspace") {
        workspace.remove("default-members");
        workspace.remove("lints");
        let members = MEMBERS.iter().map(|member| Value::from(*member)).collect();
        workspace.insert("members".to_owned(), Value::Array(members));
        if let Some(Value::Table(dependencies)) = workspace.get_mut("dependencies") {
            // Dependencies on crates of the workspace that are not embedded are removed.
            dependencies.retain(|_, dependency| {
                let path = dependency.get("path").and_then(Value::as_str);
                path.is_none_or(|path| MEMBERS.contains(&path))
            });
        }
    }
    if let Some(Value::Table(profiles)) = manifest.get_mut("profile") {
        for (_, profile) in profiles.iter_mut() {
            if let Value::Table(profile) = profile {
                profile.remove("package");
            }
        }
    }
    Ok(manifest.to_string())
}

fn member_manifest(text: &str) -> Result<String, String> {
    let mut manifest = parse(text)?;
    for table in LEFT_OUT {
        manifest.remove(table);
    }
    Ok(manifest.to_string())
}

fn parse(text: &str) -> Result<Table, String> {
    text.parse()
        .map_err(|error| format!("embedded manifest: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_workspace_is_whole() {
        let files = files().unwrap();
        let find = |path: &str| {
            let (_, text) = files.iter().find(|(name, _)| name == path).unwrap();
            text.as_str()
        };
        let root: Table = find("Cargo.toml").parse().unwrap();
        let dependencies = root["workspace"]["dependencies"].as_table().unwrap();
        for member in MEMBERS {
            let manifest: Table = find(&format!("{member}/Cargo.toml")).parse().unwrap();
            for (name, dependency) in manifest["dependencies"].as_table().unwrap() {
                assert_eq!(dependency["workspace"].as_bool(), Some(true), "{name}");
                assert!(dependencies.contains_key(name), "{name}");
            }
            assert!(!manifest.contains_key("dev-dependencies"));
            assert!(find(&format!("{member}/src/lib.rs")).contains("//!"));
        }
        assert!(dependencies.contains_key("fmc-expr"));
        assert!(!dependencies.contains_key("fmc"));
        assert!(find("Cargo.lock").contains("name = \"fmc-runtime\""));
        assert_eq!(hash().len(), 64);
        // A panic in a stage fails the stage. Other profiles unwind unless they say otherwise.
        let panic = |profile| setting(&["profile", profile, "panic"]);
        assert_eq!(panic("release").as_deref(), Some("unwind"));
        assert_eq!(panic("dev"), None);
    }

    /// Folders named `tests` and `benches` are left out by `build.rs`. This test makes sure that no
    /// test is anywhere else: not in a file named after one, and not inside a file that a program
    /// needs.
    #[test]
    fn no_test_travels_inside_fmc() {
        let mut wrong = Vec::new();
        for (path, text) in FILES {
            let named = path.split('/').any(|part| {
                let stem = part.strip_suffix(".rs").unwrap_or(part);
                let mut words = stem.split(['_', '-']);
                words.any(|word| ["test", "tests", "bench", "benches"].contains(&word))
            });
            if named {
                wrong.push(format!("{path}: named after a test"));
            }
            for word in ["#[test]", "proptest!", "insta::", "mod tests {"] {
                if text.contains(word) {
                    wrong.push(format!("{path}: {word}"));
                }
            }
            // Modules only compiled for tests must be in another file, which is not embedded.
            let parts = ["#[cfg(test)]", "#[cfg(all(test"];
            for after in parts.iter().flat_map(|part| text.split(part).skip(1)) {
                let mut lines = after.lines().skip(1).map(str::trim);
                let item = lines
                    .find(|line| !line.starts_with("#["))
                    .unwrap_or_default();
                if !item.ends_with("mod tests;") {
                    wrong.push(format!("{path}: `{item}` is compiled for tests only"));
                }
            }
        }
        assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
        assert!(FILES.len() > 80, "only {} files", FILES.len());
    }
}
