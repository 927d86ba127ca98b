//! Maps by small numbers that this program gave out itself.
//!
//! Enters: keys made of stage and frame numbers. Leaves: hash maps that spend a multiplication on
//! a key. The standard library's hash resists keys that an attacker chose; nobody chooses these,
//! and a stage of a run looks things up some thirty times. Must not be used for names or texts.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

/// A map by stages, frames or instances.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// Mixes numbers by multiplication (Fibonacci hashing).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct IdHasher(u64);

impl IdHasher {
    fn mix(&mut self, number: u64) {
        // 2^64 divided by the golden ratio: neighbours land far from each other, and the upper
        // bits, by which the map tells entries apart, depend on every bit of the key.
        self.0 = (self.0.rotate_left(29) ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        // The map takes its place from the lower bits, which a multiplication hardly mixes.
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
