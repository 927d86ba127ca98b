//! How paths are shown to users.
//!
//! Enters: paths. Leaves: text for findings and messages. Must not read files.

use std::path::Path;

use super::host::Host;

/// A path with `/` as the separator on every system, as findings show it.
#[must_use]
pub fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// A path as findings show it: relative to the current folder when it is inside.
#[must_use]
pub fn shown(host: &dyn Host, path: &Path) -> String {
    let here = host.absolute(Path::new("."));
    slashes(path.strip_prefix(&here).unwrap_or(path))
}

/// The message for a file or folder that cannot be read.
#[must_use]
pub fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", path.display())
}
