//! Which `fmc.toml` applies to a file.
//!
//! Enters: a host and a path. Leaves: the nearest `fmc.toml` above it, up to the folder that git
//! calls the repository. One that somebody else may have put there, as in `/tmp`, does not count.
//! Must not know what the file says.

use std::path::{Path, PathBuf};

use super::{host::Host, project::FILE_NAME, repository::repository};

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

/// Looks for the `fmc.toml` that applies to a file.
#[must_use]
pub fn find(host: &dyn Host, path: &Path) -> Found {
    let path = host.absolute(path);
    if path.as_os_str().len() > LONGEST {
        return Found::default();
    }
    let own = path.parent().unwrap_or(&path);
    // Whatever is found is in the repository, because the search ends there.
    let exists = |path: &Path| host.is_file(path) || host.is_dir(path);
    let repository = repository(own, exists);
    for folder in own.ancestors() {
        let config = folder.join(FILE_NAME);
        if host.is_file(&config) {
            return match host.distrust(&config, own, repository.is_some()) {
                None => Found {
                    config: Some(config),
                    passed_over: None,
                },
                Some(why) => Found {
                    config: None,
                    passed_over: Some(format!("`{}` is not used: {why}", config.display())),
                },
            };
        }
        if repository == Some(folder) {
            break;
        }
    }
    Found::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::host::Memory;

    fn found(host: &Memory, path: &str) -> Option<String> {
        let found = find(host, Path::new(path));
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
}
