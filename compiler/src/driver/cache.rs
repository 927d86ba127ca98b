//! The build cache: where it is, its folders, locks and whole-or-nothing writes.
//!
//! Enters: the environment. Leaves: paths below one folder that `fmc clean` may empty. Nothing
//! in it is needed: whatever is missing or unfinished is made again.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

/// Marks the folder as ours, and as a cache for backup programs (bford.info/cachedir).
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
                        # The build cache of fmc; `fmc clean` removes it.\n";

/// What `fmc` puts there; `fmc clean` removes exactly these.
const FOLDERS: [&str; 6] = [
    "locks",
    "prebuilt",
    "programs",
    "runtime",
    "target",
    "toolchains",
];

/// Programs kept; the ones not used for longest go first.
const KEPT_PROGRAMS: usize = 200;

/// The build cache.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `FMC_CACHE_DIR`, else the platform's folder for caches.
    ///
    /// # Errors
    /// One line: no folder is known.
    pub fn locate() -> Result<Self, String> {
        let root = root(&|name| std::env::var_os(name).filter(|value| !value.is_empty()))
            .ok_or("no folder for the build cache: neither `FMC_CACHE_DIR` nor `HOME` is set")?;
        Ok(Self::at(root))
    }

    /// A cache in a given folder.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self {
            root: std::path::absolute(&root).unwrap_or(root),
        }
    }

    /// Makes the folder where it is missing.
    ///
    /// # Errors
    /// One line: it cannot be made, or holds something else.
    pub fn open(&self) -> Result<(), String> {
        if self.is_ours() {
            return Ok(());
        }
        fs::create_dir_all(&self.root).map_err(|error| self.refused(&error))?;
        let mut entries = fs::read_dir(&self.root).map_err(|error| self.refused(&error))?;
        // Another process may be making the same folder: its files can be there before its tag.
        let foreign = entries.any(|entry| {
            let name = entry.map(|entry| entry.file_name()).unwrap_or_default();
            let name = name.to_string_lossy();
            name != TAG && !name.starts_with('.') && !FOLDERS.contains(&name.as_ref())
        });
        if foreign {
            return Err(self.not_ours());
        }
        let tag = self.root.join(TAG);
        self.write(&tag, TAG_TEXT.as_bytes())
            .map_err(|error| self.refused(&error))
    }

    fn is_ours(&self) -> bool {
        fs::read(self.root.join(TAG)).is_ok_and(|text| text == TAG_TEXT.as_bytes())
    }

    fn not_ours(&self) -> String {
        format!(
            "`{}` is not a build cache of fmc: `FMC_CACHE_DIR` must name an empty or missing folder",
            self.root.display()
        )
    }

    /// A path in the cache; `folder` is one of [`FOLDERS`].
    #[must_use]
    pub fn path(&self, folder: &str, name: &str) -> PathBuf {
        debug_assert!(FOLDERS.contains(&folder), "{folder}");
        self.root.join(folder).join(name)
    }

    /// The line for an error of the file system.
    #[must_use]
    pub fn refused(&self, error: &io::Error) -> String {
        format!(
            "cannot use the build cache `{}`: {error}; set `FMC_CACHE_DIR` to use another folder",
            self.root.display()
        )
    }

    /// Writes a file as a whole: it is never seen half-written.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        file.persist(path)?;
        Ok(())
    }

    /// A new folder beside where its content will stand; gone again unless it is kept.
    ///
    /// # Errors
    /// What the file system says.
    pub fn temporary(&self, folder: &str) -> io::Result<tempfile::TempDir> {
        let parent = self.path(folder, "");
        fs::create_dir_all(&parent)?;
        tempfile::Builder::new().prefix(".new-").tempdir_in(parent)
    }

    /// Gives a finished folder its name. Where another build was first, that one stays.
    ///
    /// # Errors
    /// What the file system says.
    pub fn keep(&self, made: tempfile::TempDir, path: &Path) -> io::Result<()> {
        match fs::rename(made.path(), path) {
            Ok(()) => {
                // It has another name now: nothing is left to remove.
                let _ = made.keep();
                Ok(())
            }
            Err(_) if path.is_dir() => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Waits until no other process holds the lock. Dropping the file gives it back, and so does
    /// the end of the process, however it ends.
    ///
    /// # Errors
    /// What the file system says.
    pub fn lock(&self, name: &str, waiting: impl FnOnce()) -> io::Result<File> {
        let path = self.path("locks", name);
        fs::create_dir_all(path.parent().unwrap_or(&self.root))?;
        let file = File::options().create(true).append(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock()?;
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
        Ok(file)
    }

    /// Removes what `fmc` put there; says how many bytes.
    ///
    /// # Errors
    /// One line: the folder is not ours, or something in it cannot be removed.
    pub fn clean(&self) -> Result<u64, String> {
        if !self.root.exists() {
            return Ok(0);
        }
        if !self.is_ours() {
            return Err(self.not_ours());
        }
        let mut bytes = 0;
        for folder in FOLDERS {
            let path = self.root.join(folder);
            bytes += size(&path);
            match fs::remove_dir_all(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(self.refused(&error));
                }
                _ => {}
            }
        }
        // The tag goes last, and the folder only when nothing of others' is in it.
        let _ = fs::remove_file(self.root.join(TAG));
        let _ = fs::remove_dir(&self.root);
        Ok(bytes)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Drops the programs that were not used for longest, and what killed builds left behind.
    pub fn prune_programs(&self) {
        let Ok(entries) = fs::read_dir(self.path("programs", "")) else {
            return;
        };
        let mut programs: Vec<_> = entries
            .flatten()
            .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
            .collect();
        programs.sort();
        let excess = programs.len().saturating_sub(KEPT_PROGRAMS);
        for (_, path) in programs.into_iter().take(excess) {
            // Whoever runs it keeps it open; whoever builds it next makes it again.
            let _ = fs::remove_dir_all(path);
        }
    }
}

/// The cache's folder, from the environment.
fn root(variable: &dyn Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    if let Some(folder) = variable("FMC_CACHE_DIR") {
        return Some(PathBuf::from(folder));
    }
    let absolute = |name: &str| {
        variable(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let folder = if let Some(caches) = absolute("XDG_CACHE_HOME") {
        caches
    } else if cfg!(windows) {
        absolute("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        absolute("HOME")?.join("Library/Caches")
    } else {
        absolute("HOME")?.join(".cache")
    };
    Some(folder.join("fmc"))
}

fn size(path: &Path) -> u64 {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return 0;
    };
    if !metadata.is_dir() {
        return metadata.len();
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    entries.map(|entry| size(&entry.path())).sum()
}

/// Names a thing by everything that decides what it is.
#[must_use]
pub fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut name = hexadecimal(&hasher.finalize());
    // 128 bits: short paths, no collisions.
    name.truncate(32);
    name
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_environment() {
        let environment = |pairs: &'static [(&str, &str)]| {
            root(&move |name| {
                let found = pairs.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| OsString::from(value))
            })
        };
        assert_eq!(
            environment(&[("FMC_CACHE_DIR", "here"), ("XDG_CACHE_HOME", "/x")]),
            Some("here".into())
        );
        assert_eq!(
            environment(&[("XDG_CACHE_HOME", "/x")]),
            Some("/x/fmc".into())
        );
        assert_eq!(environment(&[]), None);
        #[cfg(all(unix, not(target_os = "macos")))]
        {
            let relative = &[("XDG_CACHE_HOME", "x"), ("HOME", "/home/a")];
            assert_eq!(environment(relative), Some("/home/a/.cache/fmc".into()));
        }
    }

    #[test]
    fn clean_removes_only_what_is_ours() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        fs::create_dir(folder.path().join("target")).unwrap();
        assert!(cache.clean().unwrap_err().contains("is not a build cache"));
        assert!(folder.path().join("target").exists());
        cache.open().unwrap();
        cache
            .write(&cache.path("programs", "a/b"), b"12345")
            .unwrap();
        fs::write(folder.path().join("mine.txt"), "keep").unwrap();
        assert_eq!(cache.clean(), Ok(5));
        assert!(folder.path().join("mine.txt").is_file());
        assert!(!folder.path().join("programs").exists());
    }

    #[test]
    fn a_folder_with_other_things_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.txt"), "keep").unwrap();
        let refused = Cache::at(folder.path()).open().unwrap_err();
        assert!(refused.contains("is not a build cache"), "{refused}");
        assert!(!folder.path().join(TAG).exists());
    }

    #[test]
    fn the_second_to_finish_keeps_the_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let path = cache.path("programs", "x");
        for text in ["first", "second"] {
            let made = cache.temporary("programs").unwrap();
            fs::write(made.path().join("out"), text).unwrap();
            cache.keep(made, &path).unwrap();
        }
        assert_eq!(fs::read_to_string(path.join("out")).unwrap(), "first");
        assert_eq!(fs::read_dir(cache.path("programs", "")).unwrap().count(), 1);
    }

    #[test]
    fn keys_tell_parts_apart() {
        let of = |parts: &[&str]| key(parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab"]).len(), 32);
    }
}
