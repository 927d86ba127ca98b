//! The JSON files that git tracks, read from git's index.
//!
//! Enters: the folder of a repository. Leaves: paths. `.gitignore` has no say about files that are
//! tracked, in git as here: otherwise one line in it would take a pipeline out of its own check.
//! Git itself is not started, because a repository can name programs for it to run. Must not know
//! why a file was left out.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Component, Path, PathBuf},
};

use super::{
    read::{self, Expected, is_json},
    repository::GIT,
};

/// What comes before the name of an entry: times, ids, mode and size, then a hash, then flags.
const HEAD: usize = 40;
const FLAGS: usize = 2;

/// How long hashes are: SHA-1, SHA-256. The index does not say which it has.
const HASHES: [usize; 2] = [20, 32];

/// The flag that says that two more bytes follow.
const LONGER: u8 = 0x40;

/// The longest name that is read. No system has longer paths.
const LONGEST: usize = 4_096;

/// How many bytes all indexes of one walk may have. A folder may hold thousands of repositories, and
/// each `.git` file may name any index on the disk.
const MOST: u64 = 128 << 20;

/// The indexes that one walk reads, each of them once.
#[derive(Debug)]
pub(super) struct Indexes {
    /// Those that were read, without links in their paths.
    read: BTreeSet<PathBuf>,
    /// How many bytes may still be read.
    left: u64,
}

impl Default for Indexes {
    fn default() -> Self {
        Self::of_bytes(MOST)
    }
}

impl Indexes {
    fn of_bytes(left: u64) -> Self {
        let read = BTreeSet::new();
        Self { read, left }
    }

    /// Calls `found` with each tracked `*.json` file of a repository, relative to its folder. There
    /// are none without an index, when it is in a form that this does not know, or when it is that
    /// of a repository before.
    ///
    /// # Errors
    /// The index cannot be read, or all of them are too large.
    pub(super) fn json_files(
        &mut self,
        root: &Path,
        found: &mut dyn FnMut(&Path),
    ) -> io::Result<()> {
        let Some(index) = index(root)? else {
            return Ok(());
        };
        let Ok(metadata) = fs::symlink_metadata(&index) else {
            return Ok(());
        };
        let real = fs::canonicalize(&index).unwrap_or_else(|_| index.clone());
        if !self.read.insert(real) {
            return Ok(());
        }
        let named = |error: io::Error| {
            let index = index.strip_prefix(root).unwrap_or(&index).display();
            io::Error::new(
                error.kind(),
                format!("`{index}`, git's list of files: {error}"),
            )
        };
        if metadata.len() <= Expected::Index.limit() {
            self.left = self.left.checked_sub(metadata.len()).ok_or_else(|| {
                named(io::Error::other(
                    "it and those of the repositories before are larger than 128 MB, the most \
                     that is read: name a smaller folder",
                ))
            })?;
        }
        let bytes = read::file(&index, Expected::Index).map_err(named)?;
        // What comes before a mistake in it was read all the same. With the wrong length it finds
        // no names of files.
        let _ = HASHES.iter().find_map(|hash| entries(&bytes, *hash, found));
        Ok(())
    }
}

/// Whether the index of a repository lies in it, and not where a `.git` file says.
pub(super) fn has_own_index(root: &Path) -> bool {
    fs::symlink_metadata(root.join(GIT)).is_ok_and(|git| git.is_dir())
}

/// The path of the index. In a worktree `.git` is a file that names the folder.
fn index(root: &Path) -> io::Result<Option<PathBuf>> {
    let git = root.join(GIT);
    let kind = fs::symlink_metadata(&git)?;
    if kind.is_dir() {
        return Ok(Some(git.join("index")));
    }
    if !kind.is_file() {
        return Ok(None);
    }
    let text = read::file(&git, Expected::Settings)?;
    let text = String::from_utf8_lossy(&text);
    let folder = text.trim_end().strip_prefix("gitdir: ");
    Ok(folder.map(|folder| root.join(folder).join("index")))
}

/// Calls `found` with each `*.json` file of an index. `None` where it is not one, or cut short.
fn entries(bytes: &[u8], hash: usize, found: &mut dyn FnMut(&Path)) -> Option<()> {
    let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let version = number(4)?;
    if !bytes.starts_with(b"DIRC") || !(2..=4).contains(&version) {
        return None;
    }
    let (mut name, mut before): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let flags = HEAD + hash;
    let mut at = 12;
    for _ in 0..number(8)? {
        let start = at;
        let longer = *bytes.get(at + flags)? & LONGER != 0;
        at += flags + FLAGS + if longer { 2 } else { 0 };
        if version == 4 {
            // The name begins like the one before it, less so many bytes.
            let (less, behind) = varint(bytes, at)?;
            at = behind;
            name.truncate(name.len().checked_sub(less)?);
        } else {
            name.clear();
        }
        let rest = bytes.get(at..)?;
        let length = rest.iter().position(|byte| *byte == 0)?;
        name.extend(rest.get(..length)?);
        // Git sorts them. A file in conflict has several entries; all others have one, so that
        // each costs one look at the disk.
        if name.len() > LONGEST || name < before {
            return None;
        }
        let is_new = name != before;
        before.clone_from(&name);
        at += length + 1;
        if version != 4 {
            // Entries are filled up with zeros to a multiple of eight bytes.
            at = start + (at - start).next_multiple_of(8);
        }
        if let Some(path) = path(&name).filter(|path| is_new && is_json(path)) {
            found(path);
        }
    }
    Some(())
}

/// A number of git's: seven bits in each byte, the last one without its highest bit.
fn varint(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let mut at = at;
    let mut value = 0_usize;
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        value = value.checked_shl(7)? | usize::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            return Some((value, at));
        }
        value = value.checked_add(1).filter(|value| *value < 1 << 28)?;
    }
}

/// A name as a path below the repository. Git writes no other; somebody else may.
fn path(name: &[u8]) -> Option<&Path> {
    let path = Path::new(std::str::from_utf8(name).ok()?);
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    path.components().all(plain).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of entries: how much of the name before is kept, and what follows.
    fn index(version: u32, hash: usize, names: &[(u8, &str)]) -> Vec<u8> {
        let mut bytes = b"DIRC".to_vec();
        bytes.extend(version.to_be_bytes());
        bytes.extend(u32::try_from(names.len()).unwrap().to_be_bytes());
        for (less, more) in names {
            let start = bytes.len();
            bytes.extend(vec![0; HEAD + hash + FLAGS]);
            bytes.extend((version == 4).then_some(*less));
            bytes.extend(more.as_bytes());
            bytes.push(0);
            while version != 4 && !(bytes.len() - start).is_multiple_of(8) {
                bytes.push(0);
            }
        }
        bytes
    }

    fn names(bytes: &[u8], hash: usize) -> Vec<String> {
        let mut found = Vec::new();
        let _ = entries(bytes, hash, &mut |path| {
            found.push(path.display().to_string());
        });
        found
    }

    #[test]
    fn names_of_json_files_below_the_folder_are_read() {
        let all = [
            (0, "../out.json"),
            (0, "/abs.json"),
            (0, "a.json"),
            (0, "a.json"),
            (0, "a.txt"),
            (0, "b/c d.json"),
            (0, "z.json"),
        ];
        for hash in HASHES {
            let whole = index(2, hash, &all);
            assert_eq!(names(&whole, hash), ["a.json", "b/c d.json", "z.json"]);
            assert!(names(&index(5, hash, &all), hash).is_empty());
        }
        // Names that are not sorted are not git's.
        let wrong = index(2, 20, &[(0, "b.json"), (0, "a.json")]);
        assert_eq!(names(&wrong, 20), ["b.json"]);
    }

    #[test]
    fn the_fourth_form_shares_the_beginnings_of_names() {
        let bytes = index(4, 20, &[(0, "b/one.json"), (8, "two.json"), (8, "two.txt")]);
        assert_eq!(names(&bytes, 20), ["b/one.json", "b/two.json"]);
    }

    #[test]
    fn an_index_that_is_cut_or_changed_does_no_harm() {
        for version in [2, 3, 4] {
            let whole = index(version, 20, &[(0, "a.json"), (0, "b/c.json")]);
            for at in 0..whole.len() {
                names(&whole[..at], 20);
                for byte in [0, 1, 0x7F, 0x80, 0xFF] {
                    let mut changed = whole.clone();
                    changed[at] = byte;
                    for hash in HASHES {
                        names(&changed, hash);
                    }
                }
            }
        }
    }

    #[test]
    fn each_index_is_read_once_and_all_of_them_have_a_limit() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let bytes = index(2, 20, &[(0, "a.json")]);
        for own in ["own/.git", "other/.git"] {
            fs::create_dir_all(at(own)).unwrap();
            fs::write(at(own).join("index"), &bytes).unwrap();
        }
        for (name, git) in [("x", "../own/.git"), ("y", "../x/../own/.git")] {
            fs::create_dir(at(name)).unwrap();
            fs::write(at(name).join(GIT), format!("gitdir: {git}\n")).unwrap();
        }
        let mut indexes = Indexes::of_bytes(bytes.len() as u64);
        let mut read = |name: &str| {
            let mut names = 0;
            let result = indexes.json_files(&at(name), &mut |_| names += 1);
            result.map(|()| names).map_err(|error| error.to_string())
        };
        assert_eq!(read("x"), Ok(1));
        assert_eq!(read("y"), Ok(0));
        assert_eq!(read("own"), Ok(0));
        let error = read("other").unwrap_err();
        assert!(error.contains("larger than"), "{error}");
        assert!(has_own_index(&at("own")) && !has_own_index(&at("x")));
    }
}
