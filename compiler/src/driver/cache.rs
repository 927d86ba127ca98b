//! The build cache: its location, its folders, locks, and atomic writes.
//!
//! Enters: the environment. Leaves: paths in one folder, which `fmc clean` may empty. Anything
//! missing or unfinished in it is made again. Must not know what is stored.

use std::{
    ffi::OsString,
    fs::{self, File, TryLockError},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::owner;

/// Marks the folder as ours, and as a cache that backup programs skip (bford.info/cachedir).
const TAG: &str = "CACHEDIR.TAG";
const TAG_TEXT: &str = "Signature: 8a477f597d28d172789f06886806bc55\n\
                        # The build cache of fmc; `fmc clean` removes it.\n";

/// The folders that `fmc` makes; `fmc clean` removes exactly these.
const FOLDERS: [&str; 6] = [
    "locks",
    "prebuilt",
    "programs",
    "runtime",
    "target",
    "toolchains",
];

/// How many programs are kept. Those unused for longest are removed first.
const KEPT_PROGRAMS: usize = 200;

/// The build cache.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache in `FMC_CACHE_DIR`, else in the platform's folder for caches.
    ///
    /// # Errors
    /// One line: no such folder is known.
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

    /// Makes the folder if it is missing. Only its owner may read and write it.
    ///
    /// # Errors
    /// One line: it cannot be made, it contains something else, or others may write to it, so that
    /// they could choose what is executed.
    pub fn open(&self) -> Result<(), String> {
        self.make().map_err(|error| self.refused(&error))?;
        if let Some(why) = self.others() {
            return Err(format!(
                "cannot use the build cache: {why}; set `FMC_CACHE_DIR` to use another folder"
            ));
        }
        if self.is_ours() {
            return Ok(());
        }
        let mut entries = fs::read_dir(&self.root).map_err(|error| self.refused(&error))?;
        // Another process may be making the same folder: its files may exist before its tag does.
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

    fn make(&self) -> io::Result<()> {
        if self.root.is_dir() {
            return Ok(());
        }
        if let Some(above) = self.root.parent() {
            fs::create_dir_all(above)?;
        }
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt as _;
            builder.mode(0o700);
        }
        match builder.create(&self.root) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            made => made,
        }
    }

    /// Why others than the user could change what is in the cache.
    fn others(&self) -> Option<String> {
        let folders = FOLDERS.iter().map(|name| self.root.join(name));
        owner::others_write(&self.root)
            .or_else(|| owner::open_above(&self.root))
            .or_else(|| {
                folders
                    .into_iter()
                    .find_map(|folder| owner::others_write(&folder))
            })
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

    /// The message for an error of the file system.
    #[must_use]
    pub fn refused(&self, error: &io::Error) -> String {
        format!(
            "cannot use the build cache `{}`: {error}; set `FMC_CACHE_DIR` to use another folder",
            self.root.display()
        )
    }

    /// Writes a file atomically: nobody ever sees half of it.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(bytes)?;
        // Otherwise a crash of the machine could leave an empty file under the new name.
        file.as_file().sync_all()?;
        file.persist(path)?;
        sync_folder(folder);
        Ok(())
    }

    /// Makes a new folder next to its final location. It is removed again unless [`Cache::keep`] is
    /// called.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn temporary(&self, folder: &str) -> io::Result<tempfile::TempDir> {
        let parent = self.path(folder, "");
        fs::create_dir_all(&parent)?;
        tempfile::Builder::new().prefix(".new-").tempdir_in(parent)
    }

    /// Moves a finished folder to its final name. If another build made it first, that one stays, if
    /// it is `whole`; otherwise it makes room.
    ///
    /// # Errors
    /// The error of the file system.
    pub fn keep(
        &self,
        made: tempfile::TempDir,
        path: &Path,
        whole: impl FnOnce(&Path) -> bool,
    ) -> io::Result<()> {
        // So that nobody removes what somebody else has just put there.
        let _lock = self.lock("keep", || {})?;
        if fs::symlink_metadata(path).is_ok() {
            if whole(path) {
                return Ok(());
            }
            remove(path)?;
        }
        fs::rename(made.path(), path)?;
        // The folder has its new name, so there is nothing to remove.
        let _ = made.keep();
        sync_folder(path.parent().unwrap_or(&self.root));
        Ok(())
    }

    /// Waits until no other process holds the lock. Dropping the file releases it, and so does the
    /// end of the process, however it ends.
    ///
    /// # Errors
    /// The error of the file system.
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

    /// Removes what `fmc` made and returns how many bytes that freed.
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
        // The tag is removed last, and the folder only if it contains nothing else.
        let _ = fs::remove_file(self.root.join(TAG));
        let _ = fs::remove_dir(&self.root);
        Ok(bytes)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Removes the programs that were unused for longest, and what killed builds left behind.
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
            // A running program keeps its file open; the next build of it makes it again.
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

/// Makes sure that the names in a folder survive a crash of the machine, where the system can.
pub(super) fn sync_folder(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// Removes a file or a folder.
fn remove(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
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

/// A name for something, made from everything that decides what it is.
#[must_use]
pub fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut name = hexadecimal(&hasher.finalize());
    // 128 bits: short paths, and no collisions in practice.
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
    fn the_second_to_finish_keeps_the_first_if_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path());
        let path = cache.path("programs", "x");
        for (text, whole, kept) in [
            ("first", true, "first"),
            ("second", true, "first"),
            ("third", false, "third"),
        ] {
            let made = cache.temporary("programs").unwrap();
            fs::write(made.path().join("out"), text).unwrap();
            cache.keep(made, &path, |_| whole).unwrap();
            assert_eq!(fs::read_to_string(path.join("out")).unwrap(), kept);
            assert_eq!(fs::read_dir(cache.path("programs", "")).unwrap().count(), 1);
        }
        fs::remove_dir_all(&path).unwrap();
        fs::write(&path, "a file").unwrap();
        let made = cache.temporary("programs").unwrap();
        cache.keep(made, &path, |path| path.is_dir()).unwrap();
        assert!(path.is_dir());
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_of_others_is_refused() {
        use std::os::unix::fs::{PermissionsExt as _, chown};

        let outer = tempfile::tempdir().unwrap();
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let root = outer.path().join("above/cache");
        let cache = Cache::at(&root);
        cache.open().unwrap();
        assert_eq!(
            fs::metadata(&root).unwrap().permissions().mode() & 0o777,
            0o700
        );
        let programs = cache.path("programs", "");
        fs::create_dir(&programs).unwrap();
        for folder in [&root, &programs] {
            for open in [0o720, 0o702, 0o1777] {
                mode(folder, open);
                let why = cache.open().unwrap_err();
                assert!(why.contains("other users may write to"), "{why}");
            }
            mode(folder, 0o755);
            cache.open().unwrap();
            // Only the administrator can give a folder away, so this part needs one.
            if chown(folder, Some(65_534), None).is_ok() {
                let why = cache.open().unwrap_err();
                assert!(why.contains("belongs to another user"), "{why}");
                chown(folder, Some(0), None).unwrap();
            }
        }
        let above = outer.path().join("above");
        mode(&above, 0o777);
        let why = cache.open().unwrap_err();
        assert!(why.contains("every user may write to"), "{why}");
        // As `/tmp` is.
        mode(&above, 0o1777);
        cache.open().unwrap();
    }

    #[test]
    fn keys_distinguish_the_parts() {
        let of = |parts: &[&str]| key(parts.iter().map(|part| part.as_bytes()));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_eq!(of(&["ab"]).len(), 32);
    }
}
