//! Lists the runtime's source for `driver/embedded.rs`, so that `fmc` carries it inside itself.
//!
//! Enters: the workspace in which this crate is built. Leaves: a Rust table of paths and contents.
//! What is done with them is decided in `driver/embedded.rs`, where it can be tested. Must not know
//! the runtime.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

/// Names of folders with nothing that a built program needs.
const LEFT_OUT: [&str; 4] = ["tests", "benches", "examples", "snapshots"];

fn main() -> io::Result<()> {
    let missing = |name: &str| io::Error::other(format!("{name} is not set"));
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| missing("CARGO_MANIFEST_DIR"))?;
    let workspace = Path::new(&manifest)
        .parent()
        .ok_or_else(|| missing("the workspace"))?
        .to_owned();
    let mut files = vec![workspace.join("Cargo.lock"), workspace.join("Cargo.toml")];
    collect(&workspace.join("runtime"), &mut files)?;
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&workspace).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let path = format!("/../{name}");
        table.push_str(&format!(
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {path:?}))),\n"
        ));
    }
    table.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| missing("OUT_DIR"))?;
    fs::write(Path::new(&out).join("embedded.rs"), table)?;
    // Relative to this crate, because two checkouts may share a target folder: what one of them
    // changes must be seen there too.
    for watched in ["runtime", "Cargo.lock", "Cargo.toml"] {
        println!("cargo::rerun-if-changed=../{watched}");
    }
    Ok(())
}

/// The manifests and sources below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if !LEFT_OUT.contains(&name.as_ref())
                && !name.starts_with(['.', '_'])
                && name != "target"
            {
                collect(&path, files)?;
            }
        } else if name.ends_with(".rs") || name == "Cargo.toml" || in_source(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether a file is in a source folder, where modules may include it.
fn in_source(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "src")
}
