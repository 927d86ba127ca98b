//! Decompresses deflate data (RFC 1951) in its two wrappings, gzip (RFC 1952) and zlib (RFC 1950).
//!
//! Enters: compressed bytes, and how many bytes may come out. Leaves: the bytes, or what is wrong.
//! The work is in proportion to the bytes that enter and leave, whatever they hold. Must not know
//! HTTP.

use std::io::Read as _;

use flate2::bufread::GzDecoder;
use miniz_oxide::inflate::{
    TINFLStatus, decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit,
};

/// Why data cannot be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is not what it says, or is cut short.
    Invalid,
    /// More bytes would come out than may.
    TooLarge,
}

type Step<T> = Result<T, Broken>;

/// The first bytes of each member of a gzip file.
const MEMBER: [u8; 2] = [0x1f, 0x8b];

/// Decompresses all members of a gzip file.
///
/// # Errors
/// The data is broken, or gives more than `most` bytes.
pub(crate) fn gzip(data: &[u8], most: usize) -> Step<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = data;
    loop {
        let mut member = GzDecoder::new(rest);
        // One byte more than may come out shows that there is more. At the end of a member its sum
        // and its length are compared.
        let room = most.saturating_sub(out.len()) as u64 + 1;
        let read = member.by_ref().take(room).read_to_end(&mut out);
        read.map_err(|_| Broken::Invalid)?;
        if out.len() > most {
            return Err(Broken::TooLarge);
        }
        rest = member.into_inner();
        // What follows and is no other member is padding.
        if !rest.starts_with(&MEMBER) {
            return Ok(out);
        }
    }
}

/// Decompresses what HTTP calls `deflate`: zlib data, or bare deflate data, which some servers send.
///
/// # Errors
/// The data is broken, or gives more than `most` bytes.
pub(crate) fn deflate(data: &[u8], most: usize) -> Step<Vec<u8>> {
    let unpack = match is_zlib(data) {
        true => decompress_to_vec_zlib_with_limit,
        false => decompress_to_vec_with_limit,
    };
    unpack(data, most).map_err(|failure| {
        if failure.status == TINFLStatus::HasMoreOutput {
            Broken::TooLarge
        } else {
            Broken::Invalid
        }
    })
}

/// Whether bytes begin zlib data without a dictionary.
fn is_zlib(data: &[u8]) -> bool {
    let [first, second, ..] = *data else {
        return false;
    };
    let both = u16::from_be_bytes([first, second]);
    first & 0x0f == 8 && first >> 4 <= 7 && both.is_multiple_of(31) && second & 0x20 == 0
}

#[cfg(test)]
#[path = "tests/inflate.rs"]
mod tests;
