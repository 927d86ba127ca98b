//! What the searches share that feed another process: changed bytes, and what a process took.
//!
//! Enters: bytes, and words that have broken something before; the number of a process. Leaves:
//! other bytes; processor time and memory. Coverage cannot see into another process, so these
//! searches only change what they begin with. Must not know what the bytes mean.

use std::{fs, time::Duration};

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

/// The processor time that a running process has taken, and the most memory that it has held, in
/// KiB. A machine that does other work changes neither. `None` where there is no `/proc`.
#[must_use]
pub fn taken(process: u32) -> Option<(Duration, u64)> {
    // The name in brackets may hold spaces. Times are in ticks of 10 ms on every Linux.
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let peak = peak.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some((Duration::from_millis((user + system) * 10), peak))
}
