//! Where a program is written.
//!
//! Enters: a place that a person named, or a folder and the name that the pipeline asks for. Leaves:
//! the program there, whole, or one line that says why not. A pipeline chooses its own name, so that
//! name alone never replaces anything but a program that fmc built, and is never written through a
//! link. Must not know how a program is built.

use std::{
    fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// What the help text of every built program says (`runtime/src/entry/args.rs`).
pub const MARK: &str = "This program was built by fmc from a pipeline.";

/// How programs begin: ELF, Mach-O, and those of Windows.
const PROGRAMS: [&[u8]; 4] = [
    b"\x7fELF",
    &[0xCF, 0xFA, 0xED, 0xFE],
    &[0xCA, 0xFE, 0xBA, 0xBE],
    b"MZ",
];

/// No program of ours is larger; more is not read to look for the mark.
const LARGEST: u64 = 256 << 20;

/// The place of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A person named the file.
    Named(PathBuf),
    /// The pipeline's name, in a folder.
    Called(PathBuf),
}

impl Place {
    /// The file to write: where a link that a person named leads to, else the place itself.
    ///
    /// # Errors
    /// One line: something is there that must not be replaced.
    pub fn target(&self, pipeline: &Path) -> Result<PathBuf, String> {
        let (Self::Named(place) | Self::Called(place)) = self;
        let refused = |why: &str| Err(format!("cannot write `{}`: {why}", place.display()));
        // This fails when nothing is there yet; then there is no link to follow.
        let real = fs::canonicalize(place).unwrap_or_else(|_| place.clone());
        if real.exists() && !real.is_file() {
            return refused("it is not a regular file");
        }
        if fs::canonicalize(pipeline).is_ok_and(|pipeline| pipeline == real) {
            return refused("it is the pipeline itself");
        }
        if matches!(self, Self::Named(_)) {
            return Ok(real);
        }
        match fs::symlink_metadata(place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(place.clone()),
            Err(error) => refused(&error.to_string()),
            Ok(metadata) if metadata.is_symlink() => {
                refused("it is a link; remove it, or name another file with `-o`")
            }
            Ok(_) if is_ours(place) => Ok(place.clone()),
            Ok(_) => refused(
                "the file there is not a program that fmc built; remove it, or name another file \
                 with `-o`",
            ),
        }
    }
}

/// Whether a file is a program that fmc built.
fn is_ours(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    read.is_ok()
        && PROGRAMS.iter().any(|start| bytes.starts_with(start))
        && bytes
            .windows(MARK.len())
            .any(|part| part == MARK.as_bytes())
}

/// Copies a program to its target. Nobody ever sees half of it, even when the old one is running.
///
/// # Errors
/// The error of the file system.
pub fn place(built: &Path, target: &Path) -> io::Result<()> {
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let copy = tempfile::Builder::new()
        .prefix(".fmc-")
        .tempfile_in(folder)?;
    fs::copy(built, copy.path())?;
    // Otherwise a crash of the machine could leave an empty file under the new name.
    copy.as_file().sync_all()?;
    copy.persist(target)?;
    Ok(())
}

/// The first part of a path below a folder that is a link: `bin` of `bin/new` below the project.
#[must_use]
pub fn link_in(root: &Path, below: &Path) -> Option<PathBuf> {
    let mut path = root.to_owned();
    for part in below.components() {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
            return Some(path);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_in_the_help_of_programs() {
        let (_, text) = super::super::embedded::FILES
            .iter()
            .find(|(path, _)| *path == "runtime/src/entry/args.rs")
            .unwrap();
        assert!(text.contains(MARK));
    }

    #[test]
    fn a_name_of_a_pipeline_replaces_programs_of_ours_only() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let pipeline = at("p.json");
        for (name, bytes) in [
            ("text", MARK.as_bytes().to_vec()),
            ("other", b"\x7fELF and so on".to_vec()),
            ("ours", [b"\x7fELF and ", MARK.as_bytes()].concat()),
        ] {
            fs::write(at(name), bytes).unwrap();
        }
        let called = |name: &str| Place::Called(at(name)).target(&pipeline);
        assert_eq!(called("ours"), Ok(at("ours")));
        assert_eq!(called("new"), Ok(at("new")));
        for name in ["text", "other"] {
            let why = called(name).unwrap_err();
            assert!(why.contains("not a program that fmc built"), "{why}");
        }
        let named = Place::Named(at("text")).target(&pipeline);
        assert_eq!(named, Ok(fs::canonicalize(at("text")).unwrap()));
    }
}
