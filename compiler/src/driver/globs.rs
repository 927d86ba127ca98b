//! Lists of globs in `fmc.toml`, written as in `.gitignore`.
//!
//! Enters: globs. Leaves: whether they match a path. They are compiled once, however many files are
//! compared with them. Must not know what is done with a file that matches.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// Globs, relative to one folder.
#[derive(Clone, Default)]
pub struct Globs {
    written: Vec<String>,
    /// `None` when there are none, or before [`Globs::below`].
    matcher: Option<Gitignore>,
}

impl Globs {
    /// Globs that match nothing until [`Globs::below`] says where they apply.
    #[must_use]
    pub fn new(written: Vec<String>) -> Self {
        Self {
            written,
            matcher: None,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// Makes them match paths below a folder.
    pub(super) fn below(&mut self, root: &Path) {
        let mut builder = GitignoreBuilder::new(root);
        for glob in &self.written {
            // The glob was checked when it was read.
            let _ = builder.add_line(None, glob);
        }
        self.matcher = builder.build().ok().filter(|_| !self.is_empty());
    }

    /// Whether one of them matches a file or a folder above it.
    #[must_use]
    pub fn matches(&self, path: &Path) -> bool {
        let matcher = self.matcher.as_ref();
        matcher.is_some_and(|globs| globs.matched_path_or_any_parents(path, false).is_ignore())
    }
}

impl fmt::Debug for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

/// Why a text is not a glob.
pub(super) fn mistake(glob: &str) -> Option<String> {
    let mut builder = GitignoreBuilder::new(PathBuf::new());
    builder
        .add_line(None, glob)
        .err()
        .map(|error| error.to_string())
}
