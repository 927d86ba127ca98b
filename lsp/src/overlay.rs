//! The texts that are open in the editor, in place of the files on disk.
//!
//! Enters: texts by path, as the editor changes them. Leaves: a [`Host`] that returns an open text
//! instead of the file on disk, so that the compiler's loader sees what the editor shows. Must not
//! know what the texts mean.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use fmc::driver::{
    host::{Disk, Host, Stamp},
    read::Expected,
    walk::Listing,
};

/// The disk, with open texts in place of some files.
pub struct Overlay {
    disk: Box<dyn Host + Send>,
    /// The open texts. Each has a number that no other text has had.
    open: BTreeMap<PathBuf, (u64, String)>,
    /// How many texts have been opened so far.
    texts: u64,
}

impl Default for Overlay {
    fn default() -> Self {
        Self::over(Box::new(Disk))
    }
}

impl Overlay {
    /// An overlay over the files of a host, without open texts.
    #[must_use]
    pub fn over(disk: Box<dyn Host + Send>) -> Self {
        Self {
            disk,
            open: BTreeMap::new(),
            texts: 0,
        }
    }

    /// Shows a text at a path, whatever is on disk there.
    pub fn open(&mut self, path: PathBuf, text: String) {
        self.texts += 1;
        self.open.insert(path, (self.texts, text));
    }

    /// Shows the file on disk again.
    pub fn close(&mut self, path: &Path) {
        self.open.remove(path);
    }
}

impl Host for Overlay {
    fn read(&self, path: &Path, expected: Expected) -> io::Result<Vec<u8>> {
        match self.open.get(path) {
            Some((_, text)) => Ok(text.clone().into_bytes()),
            None => self.disk.read(path, expected),
        }
    }

    fn write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        // Only the editor writes files.
        Err(io::Error::from(io::ErrorKind::PermissionDenied))
    }

    fn is_file(&self, path: &Path) -> bool {
        self.open.contains_key(path) || self.disk.is_file(path)
    }

    fn is_dir(&self, path: &Path) -> bool {
        self.disk.is_dir(path)
    }

    fn is_link(&self, path: &Path) -> bool {
        self.disk.is_link(path)
    }

    fn stamp(&self, path: &Path) -> Option<Stamp> {
        match self.open.get(path) {
            Some((version, _)) => Some(Stamp::Version(*version)),
            None => self.disk.stamp(path),
        }
    }

    fn absolute(&self, path: &Path) -> PathBuf {
        self.disk.absolute(path)
    }

    fn distrust(&self, config: &Path, folder: &Path, repository: bool) -> Option<String> {
        self.disk.distrust(config, folder, repository)
    }

    fn json_files(&self, folder: &Path) -> io::Result<Listing> {
        self.disk.json_files(folder)
    }
}
