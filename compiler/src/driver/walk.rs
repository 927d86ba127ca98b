//! The JSON files of a folder.
//!
//! Enters: a folder. Leaves: its `*.json` files, sorted, and what `.gitignore` left out of them, so
//! that nothing is left out in silence. As in git, it has no say about files that are tracked. Links
//! are not followed, and every file is looked at except those in `.git`. Must not know pipelines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

use super::{
    read::{self, Expected, is_json},
    tracked::{self, GIT},
};

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

/// The lines of one file of git's, and of those above it, which have less to say.
struct Rules {
    own: Gitignore,
    above: Option<Arc<Rules>>,
}

/// Lists a folder.
///
/// # Errors
/// The error of the file system, with the path that it is about where that is not the folder.
pub fn json_files(folder: &Path) -> io::Result<Listing> {
    // Rules of folders above are compared with paths from the root of the file system.
    let real = fs::canonicalize(folder)?;
    let mut found = Listing::default();
    // The files that were left out one by one, with the line that says so.
    let mut out: BTreeMap<PathBuf, String> = BTreeMap::new();
    let mut folders = vec![(PathBuf::new(), above(&real)?)];
    while let Some((below, rules)) = folders.pop() {
        let here = real.join(&below);
        let rules = with_own(&here, &folder.join(&below), rules)?;
        let entries = fs::read_dir(&here).map_err(|error| at(&below, error))?;
        for entry in entries {
            let entry = entry.map_err(|error| at(&below, error))?;
            let kind = entry.file_type().map_err(|error| at(&below, error))?;
            let below = below.join(entry.file_name());
            let wanted = kind.is_dir() || kind.is_file() && is_json(&below);
            if !wanted || entry.file_name() == GIT {
                continue;
            }
            match ignored(rules.as_ref(), &real.join(&below), kind.is_dir()) {
                Some(line) if kind.is_dir() => {
                    found.left_out.entry(line).or_default().folders += 1;
                }
                Some(line) => {
                    out.insert(below, line);
                }
                None if kind.is_dir() => folders.push((below, rules.clone())),
                None => found.files.push(folder.join(below)),
            }
        }
    }
    if !out.is_empty() || !found.left_out.is_empty() {
        let tracked = tracked_below(&real)?;
        out.retain(|below, _| !tracked.contains(below));
        let tracked = tracked.into_iter().map(|below| folder.join(below));
        found.files.extend(tracked);
    }
    for line in out.into_values() {
        found.left_out.entry(line).or_default().files += 1;
    }
    found.files.sort();
    found.files.dedup();
    Ok(found)
}

/// The tracked files of the repository in a folder and below, relative to it. What is no longer a
/// file is not among them, nor what lies behind a link.
fn tracked_below(real: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    let Some(root) = repository(real) else {
        return Ok(found);
    };
    tracked::json_files(root, &mut |path| {
        let path = root.join(path);
        let Ok(below) = path.strip_prefix(real) else {
            return;
        };
        let is_file = || fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file());
        let direct = || fs::canonicalize(&path).is_ok_and(|direct| direct == path);
        if !found.contains(below) && is_file() && direct() {
            found.insert(below.to_owned());
        }
    })?;
    Ok(found)
}

/// The folder above, or the folder itself, that git calls the repository.
fn repository(real: &Path) -> Option<&Path> {
    real.ancestors()
        .find(|folder| fs::symlink_metadata(folder.join(GIT)).is_ok())
}

/// An error about something in the folder.
fn at(below: &Path, error: io::Error) -> io::Error {
    if below.as_os_str().is_empty() {
        return error;
    }
    io::Error::new(error.kind(), format!("`{}`: {error}", below.display()))
}

/// The rules of the folders above, up to the one that git calls the repository. Without a repository
/// there are none: a file in `/tmp` has no say about a folder in `/tmp`.
fn above(real: &Path) -> io::Result<Option<Arc<Rules>>> {
    let Some(root) = repository(real) else {
        return Ok(None);
    };
    let exclude = root.join(GIT).join("info/exclude");
    let mut rules = with(root, &exclude, &exclude, None)?;
    let mut between: Vec<&Path> = real
        .ancestors()
        .skip(1)
        .take_while(|folder| folder.starts_with(root))
        .collect();
    between.reverse();
    for folder in between {
        rules = with_own(folder, folder, rules)?;
    }
    Ok(rules)
}

/// The rules for a folder, which may have a `.gitignore` of its own.
fn with_own(
    folder: &Path,
    shown: &Path,
    above: Option<Arc<Rules>>,
) -> io::Result<Option<Arc<Rules>>> {
    let name = ".gitignore";
    with(folder, &folder.join(name), &shown.join(name), above)
}

fn with(
    folder: &Path,
    file: &Path,
    shown: &Path,
    above: Option<Arc<Rules>>,
) -> io::Result<Option<Arc<Rules>>> {
    if fs::symlink_metadata(file).is_err() {
        return Ok(above);
    }
    let named = |error: io::Error| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        io::Error::new(error.kind(), format!("`{name}`: {error}"))
    };
    let bytes = read::file(file, Expected::Settings).map_err(named)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let shown = shown.strip_prefix("./").unwrap_or(shown).display();
    let mut builder = GitignoreBuilder::new(folder);
    for (number, line) in (1..).zip(text.lines()) {
        // Like git, a line that is no glob is passed over.
        let _ = builder.add_line(Some(PathBuf::from(format!("{shown}:{number}"))), line);
    }
    let own = builder
        .build()
        .map_err(|_| named(io::Error::other("its patterns are too many or too long")))?;
    Ok(Some(Arc::new(Rules { own, above })))
}

/// The line that leaves a path out. The nearest rule decides.
fn ignored(rules: Option<&Arc<Rules>>, path: &Path, folder: bool) -> Option<String> {
    let mut rules = rules;
    while let Some(here) = rules {
        match here.own.matched(path, folder) {
            Match::Ignore(glob) => {
                let line = glob.from().unwrap_or(Path::new(".gitignore"));
                return Some(line.display().to_string());
            }
            Match::Whitelist(_) => return None,
            Match::None => rules = here.above.as_ref(),
        }
    }
    None
}
