//! Changes bytes at random, for the searches that feed another process.
//!
//! Enters: bytes, and words that have broken something before. Leaves: other bytes. Coverage cannot
//! see into another process, so these searches only change what they begin with. Must not know what
//! the bytes mean.

use fmc_test_expressions::Random;

/// Never makes more bytes than this.
const MAX: usize = 17 << 20;

/// The bytes with a few things in them changed; `others` may give pieces of themselves.
#[must_use]
pub fn changed(random: &mut Random, bytes: &[u8], others: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        match random.below(8) {
            0 => drop(bytes.splice(at..at, [random.below(256) as u8])),
            1 => {
                let end = (at + 1 + random.below(8)).min(bytes.len());
                drop(bytes.splice(at..end, []));
            }
            2..=4 => {
                let word = words[random.below(words.len())];
                drop(bytes.splice(at..at, word.bytes()));
            }
            5 => {
                let other = &others[random.below(others.len())];
                let from = random.below(other.len() + 1);
                let to = (from + random.below(64)).min(other.len());
                drop(bytes.splice(at..at, other[from..to].iter().copied()));
            }
            6 => bytes.truncate(at),
            _ => repeated(random, &mut bytes, at),
        }
    }
    bytes.truncate(MAX);
    bytes
}

/// Repeats a piece, sometimes very often: what is quick once may be slow a million times.
fn repeated(random: &mut Random, bytes: &mut Vec<u8>, at: usize) {
    let end = (at + 1 + random.below(24)).min(bytes.len());
    let piece = bytes[at..end].to_vec();
    let most = 10_usize.pow(random.below(7) as u32);
    let times = (1 + random.below(most)).min(MAX / piece.len().max(1));
    drop(bytes.splice(at..at, piece.repeat(times)));
}
