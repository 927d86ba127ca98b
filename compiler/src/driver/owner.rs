//! Who may have written a file.
//!
//! Enters: paths. Leaves: why what is there must not be trusted. Must not know what the file says.

use std::path::Path;

/// The right of every user to change what is in a folder.
#[cfg(unix)]
const ANYBODY_WRITES: u32 = 0o002;

/// The same right of the users of a group.
#[cfg(unix)]
const GROUP_WRITES: u32 = 0o020;

/// In such a folder everybody may put files, and nobody may remove those of others.
#[cfg(unix)]
const SHARED: u32 = 0o1000;

/// Why a `fmc.toml` on disk does not count: somebody else than the user wrote it, or could have.
/// `own` is the folder of the file that it would apply to; `repository` says that both are in one
/// repository, whose files stand and fall together.
#[cfg(unix)]
pub(super) fn distrust(config: &Path, own: &Path, repository: bool) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;

    let owner = std::fs::symlink_metadata(config).ok()?.uid();
    let owners = [
        Some(rustix::process::geteuid().as_raw()),
        // The administrator.
        Some(0),
        // Who owns the pipelines may configure them.
        std::fs::metadata(own).ok().map(|folder| folder.uid()),
    ];
    if !owners.contains(&Some(owner)) {
        return Some("it belongs to another user".to_owned());
    }
    let mode = std::fs::metadata(config.parent()?).ok()?.mode();
    let open = mode & ANYBODY_WRITES != 0 && (mode & SHARED != 0 || !repository);
    open.then(|| "every user may write to its folder".to_owned())
}

/// Elsewhere than on Unix, nothing is known about owners.
#[cfg(not(unix))]
pub(super) fn distrust(_: &Path, _: &Path, _: bool) -> Option<String> {
    None
}

/// Why others than the user could put files into a folder. `None` when it is missing.
#[cfg(unix)]
pub(super) fn others_write(folder: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = std::fs::metadata(folder).ok()?;
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Some(format!("`{}` belongs to another user", folder.display()));
    }
    if metadata.mode() & (ANYBODY_WRITES | GROUP_WRITES) != 0 {
        return Some(format!(
            "other users may write to `{0}` (`chmod go-w {0}` ends that)",
            folder.display()
        ));
    }
    None
}

/// A folder above another in which every user may put another one in its place.
#[cfg(unix)]
pub(super) fn open_above(folder: &Path) -> Option<String> {
    use std::os::unix::fs::MetadataExt as _;

    let open = folder.ancestors().skip(1).find(|above| {
        let mode = std::fs::metadata(above).map_or(0, |metadata| metadata.mode());
        mode & ANYBODY_WRITES != 0 && mode & SHARED == 0
    })?;
    Some(format!(
        "every user may write to `{}` above it",
        open.display()
    ))
}

/// Elsewhere than on Unix, nothing is known about the rights of others.
#[cfg(not(unix))]
pub(super) fn others_write(_: &Path) -> Option<String> {
    None
}

/// Elsewhere than on Unix, nothing is known about the rights of others.
#[cfg(not(unix))]
pub(super) fn open_above(_: &Path) -> Option<String> {
    None
}
