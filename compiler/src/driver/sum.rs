//! Whether files of the cache are as they were made.
//!
//! Enters: a file. Leaves: its length and the SHA-256 of its bytes, as one word. What is executed or
//! linked is compared with the word that was written when it was made: a crash of the machine can
//! cut a file short, and a tool that tidies up can remove it. Must not know what files hold.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use sha2::{Digest as _, Sha256};

use super::cache::hexadecimal;

/// How much is read at once.
const PIECE: usize = 1 << 16;

/// The length and hash of a file.
///
/// # Errors
/// The error of the file system.
pub fn of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut length = 0_u64;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece)?;
        let Some(bytes) = piece.get(..read).filter(|bytes| !bytes.is_empty()) else {
            let hash = hexadecimal(&hasher.finalize());
            return Ok(format!("{length}-{hash}"));
        };
        length += bytes.len() as u64;
        hasher.update(bytes);
    }
}

/// Whether a file has the length and hash that it had.
#[must_use]
pub fn holds(path: &Path, sum: &str) -> bool {
    // The length is known at once, and tells most damage.
    let length = path.metadata().map(|metadata| metadata.len());
    length.is_ok_and(|length| sum.starts_with(&format!("{length}-")))
        && of(path).is_ok_and(|found| found == sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        let bytes = vec![7; PIECE + 5];
        std::fs::write(&file, &bytes).unwrap();
        let sum = of(&file).unwrap();
        assert!(holds(&file, &sum));
        let mut other = bytes.clone();
        other[PIECE] = 8;
        for changed in [&other[..], &bytes[1..], &[]] {
            std::fs::write(&file, changed).unwrap();
            assert!(!holds(&file, &sum));
        }
        std::fs::remove_file(&file).unwrap();
        assert!(!holds(&file, &sum));
    }
}
