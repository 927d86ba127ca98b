//! Which `fmc.toml` applies to a file.
//!
//! Enters: a host and paths. Leaves: the nearest `fmc.toml` above each, up to the folder that git
//! calls the repository. One that somebody else may have put there, as in `/tmp`, does not count.
//! Each folder is looked at once, however many files are below it. Must not know what the file says.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::{host::Host, project::FILE_NAME, repository::GIT};

/// No system has a longer path, in bytes. An editor may name a longer one, and asking about each of
/// its hundred thousand folders would take minutes.
const LONGEST: usize = 4_096;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The `fmc.toml` that applies.
    pub config: Option<PathBuf>,
    /// One line about a nearer one that does not count.
    pub passed_over: Option<String>,
}

/// What was seen of folders so far. Without it, the folders above would be asked about again for
/// each file, and in a chain of a thousand folders that takes half a minute.
#[derive(Debug, Default)]
pub struct Finder {
    folders: HashMap<PathBuf, Seen>,
}

/// What a folder passes on to those in it.
#[derive(Clone, Debug, Default)]
struct Seen {
    /// The nearest `fmc.toml`, in the folder or above it in its repository.
    config: Option<PathBuf>,
    /// Whether the folder is in a repository. Whatever is found is then in it too.
    repository: bool,
}

impl Finder {
    /// Looks for the `fmc.toml` that applies to a file.
    pub fn find(&mut self, host: &dyn Host, path: &Path) -> Found {
        let path = host.absolute(path);
        if path.as_os_str().len() > LONGEST {
            return Found::default();
        }
        let own = path.parent().unwrap_or(&path);
        let Seen { config, repository } = self.seen(host, own);
        let Some(config) = config else {
            return Found::default();
        };
        match host.distrust(&config, own, repository) {
            None => Found {
                config: Some(config),
                passed_over: None,
            },
            Some(why) => Found {
                config: None,
                passed_over: Some(format!("`{}` is not used: {why}", config.display())),
            },
        }
    }

    /// Forgets what was seen, because it may have changed.
    pub fn forget(&mut self) {
        self.folders.clear();
    }

    fn seen(&mut self, host: &dyn Host, own: &Path) -> Seen {
        let mut seen = Seen::default();
        let mut new = Vec::new();
        for folder in own.ancestors() {
            if let Some(known) = self.folders.get(folder) {
                seen = known.clone();
                break;
            }
            let git = folder.join(GIT);
            let repository = host.is_file(&git) || host.is_dir(&git);
            new.push((folder, repository));
            if repository {
                break;
            }
        }
        // From above, so that a nearer one takes the place of those above it.
        for (folder, repository) in new.into_iter().rev() {
            let config = folder.join(FILE_NAME);
            if host.is_file(&config) {
                seen.config = Some(config);
            }
            seen.repository |= repository;
            self.folders.insert(folder.to_owned(), seen.clone());
        }
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::host::Memory;

    fn found(host: &Memory, path: &str) -> Option<String> {
        let found = Finder::default().find(host, Path::new(path));
        assert_eq!(found.passed_over, None);
        found.config.map(|config| config.display().to_string())
    }

    #[test]
    fn the_nearest_one_above_applies() {
        let host = Memory::new();
        host.insert("/a/fmc.toml", "");
        host.insert("/a/b/c/x.json", "");
        host.insert("/a/b/fmc.toml", "");
        let expected = Some("/a/b/fmc.toml".to_owned());
        assert_eq!(found(&host, "/a/b/c/x.json"), expected);
        let expected = Some("/a/fmc.toml".to_owned());
        assert_eq!(found(&host, "/a/y.json"), expected);
        assert_eq!(found(&host, "/y.json"), None);
    }

    #[test]
    fn no_folder_of_a_path_that_cannot_exist_is_asked_about() {
        let host = Memory::new();
        host.insert("/a/fmc.toml", "");
        let below = |folders: usize| format!("/a/{}x.json", "b/".repeat(folders));
        assert!(found(&host, &below(2_000)).is_some());
        assert_eq!(found(&host, &below(LONGEST / 2)), None);
        // This would take minutes.
        assert_eq!(found(&host, &below(1_000_000)), None);
    }

    #[test]
    fn a_repository_ends_the_search() {
        let host = Memory::new();
        host.insert("/a/fmc.toml", "");
        host.insert("/a/b/.git/HEAD", "");
        assert_eq!(found(&host, "/a/b/c/x.json"), None);
        assert!(found(&host, "/a/c/x.json").is_some());
        host.insert("/a/b/fmc.toml", "");
        assert!(found(&host, "/a/b/c/x.json").is_some());
        // A worktree has a file in place of the folder.
        host.insert("/a/d/.git", "gitdir: elsewhere");
        assert_eq!(found(&host, "/a/d/x.json"), None);
    }

    #[test]
    fn each_folder_is_looked_at_once() {
        let host = Memory::new();
        let names: Vec<_> = (0..100)
            .map(|depth| format!("/a/{}x.json", "d/".repeat(depth)))
            .collect();
        for name in &names {
            host.insert(name, "");
        }
        let mut finder = Finder::default();
        for upwards in [false, true] {
            finder.forget();
            host.looks();
            for at in 0..names.len() {
                let at = if upwards { names.len() - 1 - at } else { at };
                let found = finder.find(&host, Path::new(&names[at]));
                assert_eq!(found, Found::default());
            }
            // The root, `/a` and the folders in it. For `.git` a host is asked twice.
            assert_eq!(host.looks(), 3 * (names.len() + 1));
        }
        host.insert("/a/fmc.toml", "");
        finder.forget();
        let found = finder.find(&host, Path::new(&names[99])).config;
        assert_eq!(found, Some(PathBuf::from("/a/fmc.toml")));
    }
}
