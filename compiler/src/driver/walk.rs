//! The JSON files of a folder.
//!
//! Enters: a folder. Leaves: its `*.json` files, sorted, and what `.gitignore` left out of them, so
//! that nothing is left out in silence. As in git, it has no say about files that are tracked, and a
//! repository inside has rules of its own. Links are not followed, and every file is looked at
//! except those in `.git`. Must not know pipelines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    read::is_json,
    repository::{GIT, repository},
    rules::Rules,
    tracked::{Indexes, has_own_index},
};

/// How many files and folders are looked at. A link that a person named may lead to the root of the
/// file system.
const MOST: usize = 1_000_000;

/// The files of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The `*.json` files in the folder and below, sorted by path.
    pub files: Vec<PathBuf>,
    /// What was left out, by the line that says so: `.gitignore:3`.
    pub left_out: BTreeMap<String, LeftOut>,
}

/// What one line left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// `*.json` files.
    pub files: usize,
    /// Folders, with all that is in them.
    pub folders: usize,
}

/// A walk through a folder.
struct Walk<'a> {
    /// The folder as it was named.
    named: &'a Path,
    /// The same from the root of the file system, without links.
    real: PathBuf,
    /// Folders to look into, from `real`, and the rules above them.
    open: Vec<(PathBuf, Rules)>,
    /// The repositories that were met.
    repositories: BTreeSet<PathBuf>,
    /// The files that were left out one by one, with the line that says so.
    out: BTreeMap<PathBuf, String>,
    /// How many files and folders may still be looked at.
    left: usize,
    found: Listing,
}

/// Lists a folder.
///
/// # Errors
/// The error of the file system, with the path that it is about where that is not the folder.
pub fn json_files(folder: &Path) -> io::Result<Listing> {
    listed(folder, MOST)
}

fn listed(folder: &Path, most: usize) -> io::Result<Listing> {
    // Rules of folders above are compared with paths from the root of the file system.
    let real = fs::canonicalize(folder)?;
    let root = repository(&real, is_there).map(Path::to_owned);
    let rules = match &root {
        Some(root) => Rules::above(root, &real)?,
        None => Rules::default(),
    };
    let mut walk = Walk {
        named: folder,
        real,
        open: vec![(PathBuf::new(), rules)],
        repositories: root.into_iter().collect(),
        out: BTreeMap::new(),
        left: most,
        found: Listing::default(),
    };
    while let Some((below, rules)) = walk.open.pop() {
        walk.folder(&below, rules)?;
    }
    walk.ended()
}

impl Walk<'_> {
    fn folder(&mut self, below: &Path, rules: Rules) -> io::Result<()> {
        let here = self.real.join(below);
        let at = |error| at(below, error);
        let inner = !below.as_os_str().is_empty() && is_there(&here.join(GIT));
        let rules = if inner {
            self.repositories.insert(here.clone());
            Rules::default().of_repository(&here)?
        } else {
            rules
        };
        let rules = rules.of_folder(&here, &self.named.join(below))?;
        for entry in fs::read_dir(&here).map_err(at)? {
            let entry = entry.map_err(at)?;
            self.entry(below, &entry, &rules)?;
        }
        Ok(())
    }

    fn entry(&mut self, folder: &Path, entry: &fs::DirEntry, rules: &Rules) -> io::Result<()> {
        self.left = self.left.checked_sub(1).ok_or_else(|| {
            io::Error::other(format!(
                "it has more than {MOST} files and folders: name a smaller one"
            ))
        })?;
        let kind = entry.file_type().map_err(|error| at(folder, error))?;
        let below = folder.join(entry.file_name());
        let wanted = kind.is_dir() || kind.is_file() && is_json(&below);
        if !wanted || entry.file_name() == GIT {
            return Ok(());
        }
        match rules.ignored(&self.real.join(&below), kind.is_dir())? {
            Some(line) if kind.is_dir() => {
                self.found.left_out.entry(line).or_default().folders += 1;
            }
            Some(line) => {
                self.out.insert(below, line);
            }
            None if kind.is_dir() => self.open.push((below, rules.clone())),
            None => self.found.files.push(self.named.join(below)),
        }
        Ok(())
    }

    /// Takes back what was left out although it is tracked.
    fn ended(mut self) -> io::Result<Listing> {
        let mut out = std::mem::take(&mut self.out);
        if !out.is_empty() || !self.found.left_out.is_empty() {
            let tracked = self.tracked()?;
            out.retain(|below, _| !tracked.contains(below));
            let tracked = tracked.into_iter().map(|below| self.named.join(below));
            self.found.files.extend(tracked);
        }
        for line in out.into_values() {
            self.found.left_out.entry(line).or_default().files += 1;
        }
        self.found.files.sort();
        self.found.files.dedup();
        Ok(self.found)
    }

    /// The tracked files in the folder and below, relative to it. What is no longer a file is not
    /// among them, nor what lies behind a link.
    fn tracked(&self) -> io::Result<BTreeSet<PathBuf>> {
        let mut found = BTreeSet::new();
        let mut indexes = Indexes::default();
        // Those first whose index is their own: no `.git` file elsewhere can take it from them.
        let (own, named): (Vec<_>, Vec<_>) = self
            .repositories
            .iter()
            .partition(|root| has_own_index(root));
        for root in own.into_iter().chain(named) {
            indexes.json_files(root, &mut |path| {
                let path = root.join(path);
                let Ok(below) = path.strip_prefix(&self.real) else {
                    return;
                };
                let is_file = || fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
                let direct = || fs::canonicalize(&path).is_ok_and(|direct| direct == path);
                if !found.contains(below) && is_file() && direct() {
                    found.insert(below.to_owned());
                }
            })?;
        }
        Ok(found)
    }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// An error about something in the folder.
fn at(below: &Path, error: io::Error) -> io::Error {
    if below.as_os_str().is_empty() {
        return error;
    }
    io::Error::new(error.kind(), format!("`{}`: {error}", below.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_ends_after_so_many_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("sub")).unwrap();
        for name in ["a.json", "b.txt", "sub/c.json"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        assert_eq!(listed(folder.path(), 4).unwrap().files.len(), 2);
        let error = listed(folder.path(), 3).unwrap_err().to_string();
        assert!(error.starts_with("it has more than"), "{error}");
    }
}
