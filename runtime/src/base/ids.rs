//! Maps whose keys are small numbers that this program made itself.
//!
//! Enters: keys that consist of stage and frame numbers. Leaves: hash maps that need one
//! multiplication for a key. The hash of the standard library is safe against keys that an attacker
//! chose. Nobody can choose these keys, and each stage of a run needs about thirty lookups. Must
//! not be used for names or texts.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// A map whose keys are stages, frames or instances.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Mixes numbers by multiplication (Fibonacci hashing).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdHasher(u64);

impl IdHasher {
    fn mix(&mut self, number: u64) {
        // 2^64 divided by the golden ratio. Keys that are close get hashes that are far apart, and
        // the upper bits, with which the map tells entries apart, depend on every bit of the key.
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        // The map chooses the place of an entry by the lower bits, which a multiplication hardly
        // mixes.
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mix(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.mix(u64::from(number));
    }
}
