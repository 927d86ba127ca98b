//! File access behind a trait, so that the compiler can work on disk or in memory.
//!
//! Enters: paths. Leaves: bytes, and the pipeline files of a folder. Must not know what files
//! contain.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

/// What the driver needs from a file system.
pub trait Host: Sync {
    /// The bytes of a file.
    ///
    /// # Errors
    /// The error of the file system.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Replaces a file atomically: nobody ever sees half of it.
    ///
    /// # Errors
    /// The error of the file system.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Whether something at this path can be read like a file.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is a folder at this path.
    fn is_dir(&self, path: &Path) -> bool;

    /// A value that changes whenever the file does, found without reading it. `None` if that is
    /// unknown.
    fn stamp(&self, path: &Path) -> Option<Stamp>;

    /// The path from the root of the file system, for finding `fmc.toml` above it.
    fn absolute(&self, path: &Path) -> PathBuf;

    /// The `*.json` files in a folder and below, sorted by path, without those that `.gitignore`
    /// excludes.
    ///
    /// # Errors
    /// The error of the file system.
    fn json_files(&self, folder: &Path) -> io::Result<Vec<PathBuf>>;
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
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // A symbolic link stays: the file it leads to is replaced.
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let path = target.as_path();
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
        path.exists() && !path.is_dir()
    }

    fn is_dir(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Stamp::File {
            modified: metadata.modified().ok()?,
            length: metadata.len(),
        })
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
    }

    fn json_files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut paths = Vec::new();
        let walk = ignore::WalkBuilder::new(folder).require_git(false).build();
        for entry in walk {
            let entry = entry.map_err(io::Error::other)?;
            let file = entry.file_type().is_some_and(|kind| kind.is_file());
            if file && is_json(entry.path()) {
                paths.push(entry.into_path());
            }
        }
        paths.sort();
        Ok(paths)
    }
}

/// Files in memory, for tests and editors. It counts how often it is read and listed, so that
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

    fn lock(&self) -> MutexGuard<'_, Files> {
        // The map is consistent between operations, even when another thread panicked.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host for Memory {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
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
        self.lock().files.contains_key(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.lock()
            .files
            .keys()
            .any(|file| file != path && file.starts_with(path))
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        let files = self.lock();
        let (version, _) = files.files.get(path)?;
        Some(Stamp::Version(*version))
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }

    fn json_files(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        let mut files = self.lock();
        files.lists += 1;
        let inside = files
            .files
            .keys()
            .filter(|path| path.starts_with(folder) && is_json(path));
        Ok(inside.cloned().collect())
    }
}

fn is_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
}
