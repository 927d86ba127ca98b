//! Where a repository of git's begins.
//!
//! Enters: a folder. Leaves: the folder above it, or itself, that has a `.git`. What that is, a folder, a
//! file or a link, makes no difference: git would look no further either. Must not know what is
//! searched in the repository.

use std::path::Path;

/// The folder in which git keeps a repository, or the file that names it.
pub(super) const GIT: &str = ".git";

/// The repository that a folder is in. `exists` says whether there is anything at a path.
pub(super) fn repository(folder: &Path, exists: impl Fn(&Path) -> bool) -> Option<&Path> {
    folder.ancestors().find(|folder| exists(&folder.join(GIT)))
}
