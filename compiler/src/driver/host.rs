//! File access behind a trait, so that the compiler can work on disk or in memory.
//!
//! Enters: paths. Leaves: bytes, and the pipeline files of a folder. Must not know what files
//! contain.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::{
    owner,
    read::{self, Expected, is_json},
    walk::{self, Listing},
};

/// What the driver needs from a file system.
pub trait Host: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// The error of the file system, or what is there instead of such a file.
    fn read(&self, path: &Path, expected: Expected) -> io::Result<Vec<u8>>;

    /// Replaces a file atomically: nobody ever sees half of it. A link is not followed.
    ///
    /// # Errors
    /// The error of the file system.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Whether there is something at this path that is not a folder. It may be a pipe, or a link
    /// that leads nowhere; reading it says so.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is a folder at this path.
    fn is_dir(&self, path: &Path) -> bool;

    /// Whether there is a link at this path, wherever it leads.
    fn is_link(&self, path: &Path) -> bool;

    /// A value that changes whenever the file does, found without reading it. `None` if that is
    /// unknown.
    fn stamp(&self, path: &Path) -> Option<Stamp>;

    /// The path from the root of the file system, for finding `fmc.toml` above it.
    fn absolute(&self, path: &Path) -> PathBuf;

    /// Why a `fmc.toml` does not count for the files of a folder. `repository` says that both are
    /// in one repository.
    fn distrust(&self, config: &Path, folder: &Path, repository: bool) -> Option<String>;

    /// The `*.json` files in a folder and below, and what `.gitignore` left out.
    ///
    /// # Errors
    /// The error of the file system.
    fn json_files(&self, folder: &Path) -> io::Result<Listing>;
}

/// Tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stamp {
    /// For a file on disk.
    File {
        /// When it was last modified.
        modified: SystemTime,
        /// Its length in bytes.
        length: u64,
    },
    /// For a text in memory: a number that no other text of the same host has.
    Version(u64),
}

/// The disk.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

impl Host for Disk {
    fn read(&self, path: &Path, expected: Expected) -> io::Result<Vec<u8>> {
        read::file(path, expected)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if self.is_link(path) {
            return Err(io::Error::other(
                "it is a link, which fmc does not follow here",
            ));
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        // The full error would name a temporary file that the user does not know, so only its kind
        // is kept.
        let mut file = tempfile::NamedTempFile::new_in(folder)
            .map_err(|error| io::Error::from(error.kind()))?;
        file.write_all(bytes)?;
        if let Ok(old) = std::fs::metadata(path) {
            file.as_file().set_permissions(old.permissions())?;
        }
        file.persist(path)?;
        Ok(())
    }

    fn is_file(&self, path: &Path) -> bool {
        std::fs::symlink_metadata(path).is_ok() && !path.is_dir()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn is_link(&self, path: &Path) -> bool {
        std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Stamp::File {
            modified: metadata.modified().ok()?,
            length: metadata.len(),
        })
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let upwards = absolute
            .components()
            .any(|part| part == Component::ParentDir);
        // Otherwise the folders above `a/../b/p.json` would seem to be `a/../b`, `a/..` and `a`.
        match (absolute.parent(), absolute.file_name()) {
            (Some(folder), Some(name)) if upwards => match folder.canonicalize() {
                Ok(folder) => folder.join(name),
                Err(_) => absolute,
            },
            _ => absolute,
        }
    }

    fn distrust(&self, config: &Path, folder: &Path, repository: bool) -> Option<String> {
        owner::distrust(config, folder, repository)
    }

    fn json_files(&self, folder: &Path) -> io::Result<Listing> {
        walk::json_files(folder)
    }
}

/// Files in memory, for tests and editors. It counts how often it is read, listed and looked at, so that
/// "costs nothing" is a number and not a time. A clone is the same files.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: Arc<Mutex<Files>>,
}

#[derive(Debug, Default)]
struct Files {
    /// The bytes of each file, with its version.
    files: BTreeMap<PathBuf, (u64, Vec<u8>)>,
    /// How many files have ever been inserted.
    versions: u64,
    /// How many files were read since somebody asked.
    reads: usize,
    /// How many folders were listed since somebody asked.
    lists: usize,
    /// How often somebody asked what is at a path, since somebody asked for this number.
    looks: usize,
}

impl Memory {
    /// No files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds or replaces a file.
    pub fn insert(&self, path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) {
        let mut files = self.lock();
        files.versions += 1;
        let file = (files.versions, bytes.into());
        files.files.insert(path.into(), file);
    }

    /// Removes a file.
    pub fn remove(&self, path: &Path) {
        self.lock().files.remove(path);
    }

    /// How many files were read and how many folders listed since the last call, which starts the
    /// count anew.
    pub fn counts(&self) -> (usize, usize) {
        let mut files = self.lock();
        let reads = std::mem::take(&mut files.reads);
        (reads, std::mem::take(&mut files.lists))
    }

    /// How often [`Host::is_file`] and [`Host::is_dir`] were asked since the last call, which starts
    /// the count anew.
    pub fn looks(&self) -> usize {
        std::mem::take(&mut self.lock().looks)
    }

    fn lock(&self) -> MutexGuard<'_, Files> {
        // The map is consistent between operations, even when another thread panicked.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Memory {
    fn read(&self, path: &Path, _: Expected) -> io::Result<Vec<u8>> {
        let mut files = self.lock();
        files.reads += 1;
        let found = files.files.get(path).map(|(_, bytes)| bytes.clone());
        found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.insert(path, bytes);
        Ok(())
    }

    fn is_file(&self, path: &Path) -> bool {
        let mut files = self.lock();
        files.looks += 1;
        files.files.contains_key(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        let mut files = self.lock();
        files.looks += 1;
        files
            .files
            .keys()
            .any(|file| file != path && file.starts_with(path))
    }

    fn is_link(&self, _: &Path) -> bool {
        false
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let files = self.lock();
        let (version, _) = files.files.get(path)?;
        Some(Stamp::Version(*version))
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn distrust(&self, _: &Path, _: &Path, _: bool) -> Option<String> {
        None
    }

    fn json_files(&self, folder: &Path) -> io::Result<Listing> {
        let mut files = self.lock();
        files.lists += 1;
        let inside = files
            .files
            .keys()
            .filter(|path| path.starts_with(folder) && is_json(path));
        Ok(Listing {
            files: inside.cloned().collect(),
            ..Listing::default()
        })
    }
}
