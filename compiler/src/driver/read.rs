//! Reading a file that somebody else may have put there.
//!
//! Enters: a path, and what is expected at it. Leaves: the bytes of a regular file of a bounded
//! size, or an error that names what is there instead. A folder from outside may hold a link to
//! `/dev/zero`, to a file of passwords or to a pipe that nobody writes to, under any name. Must not
//! know what files contain.

use std::{
    fs::{self, File, FileType, Metadata},
    io::{self, Read},
    path::Path,
};

/// What is expected at a path. It decides how large the file may be, and whether a link is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A `fmc.toml` or a `.gitignore`: no link, at most 1 MB.
    Settings,
    /// Git's list of the files of a repository: no link, at most 64 MB.
    Index,
    /// A pipeline that was found in a folder: no link, at most 32 MB.
    Found,
    /// A pipeline that a person named. The shell may have written the name, for `*.json`, so a link
    /// is followed only to another `.json` file.
    Named,
}

/// The largest pipeline, in bytes.
pub const LARGEST_PIPELINE: u64 = 32 << 20;

impl Expected {
    /// The largest file, in bytes.
    pub(super) fn limit(self) -> u64 {
        match self {
            Self::Settings => 1 << 20,
            Self::Index => 64 << 20,
            Self::Found | Self::Named => LARGEST_PIPELINE,
        }
    }
}

/// Reads a regular file.
///
/// # Errors
/// The error of the file system, or what is at the path instead of such a file.
pub fn file(path: &Path, expected: Expected) -> io::Result<Vec<u8>> {
    // The kind is looked at before anything is opened: opening some devices does something.
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        if expected != Expected::Named {
            return refused("it is a link, which fmc does not follow here");
        }
        let target = fs::canonicalize(path)?;
        if !is_json(&target) {
            return refused("it is a link to a file whose name does not end in `.json`");
        }
        return regular(&target, &fs::symlink_metadata(&target)?, expected);
    }
    regular(path, &metadata, expected)
}

fn regular(path: &Path, metadata: &Metadata, expected: Expected) -> io::Result<Vec<u8>> {
    check(metadata, expected)?;
    let file = open(path)?;
    // Something else may have taken its place.
    check(&file.metadata()?, expected)?;
    stream(file, expected.limit())
}

fn check(metadata: &Metadata, expected: Expected) -> io::Result<()> {
    if !metadata.is_file() {
        return refused(&format!(
            "it is {}, not a regular file",
            kind(metadata.file_type())
        ));
    }
    if metadata.len() > expected.limit() {
        return Err(too_large(expected.limit()));
    }
    Ok(())
}

/// Opens without waiting for the other end of a pipe, and without following a link.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;

        use rustix::fs::OFlags;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::NOCTTY;
        options.custom_flags(flags.bits().cast_signed());
    }
    options.open(path)
}

/// Reads to the end of something that a person named, like standard input, but not for ever.
///
/// # Errors
/// The error of the source, or that it holds more than `limit` bytes.
pub fn stream(source: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

fn kind(found: FileType) -> &'static str {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if found.is_fifo() {
            return "a pipe";
        }
        if found.is_socket() {
            return "a socket";
        }
        if found.is_char_device() || found.is_block_device() {
            return "a device";
        }
    }
    if found.is_dir() {
        "a folder"
    } else {
        "something else"
    }
}

fn too_large(limit: u64) -> io::Error {
    let megabytes = limit >> 20;
    io::Error::other(format!(
        "it is larger than {megabytes} MB, the most that is read"
    ))
}

fn refused<T>(why: &str) -> io::Result<T> {
    Err(io::Error::other(why))
}

/// Whether a name ends in `.json`.
#[must_use]
pub fn is_json(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "json")
}
