//! The keys that the objects of one text have in common.
//!
//! Enters: the keys of each object, one by one. Leaves: `Keys` that all objects with the same keys
//! in the same order share. They are a tree: `{"id": 1, "ok": true}` leads from the root to `id`
//! and from there to `ok`. The next object of the list follows the same path, and nothing new is
//! stored. Must not know values.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::{collections::Keys, str::Str};

/// An object with more keys than this does not share them. It is most likely a table that exists
/// once, like `{"host-1": …, "host-2": …}`.
const DEEPEST: u32 = 256;
/// The tree does not grow beyond this many places. Objects that all have different keys would
/// otherwise fill memory with a tree that helps none of them.
const MOST: usize = 4_096;

/// A node of the tree: the keys of an object so far. The default is the root, no keys.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place(u32);

/// What one more key of an object means.
pub(super) enum Keyed {
    /// The key is new in this object, and leads to this place.
    New(Place),
    /// The key was in this object before: its value is at this position.
    Again(usize),
    /// From here on the object cannot share its keys. This is the key that was read.
    Alone(Str),
}

/// The tree of all keys seen in one text.
#[derive(Default)]
pub(super) struct Shapes {
    seed: RandomState,
    /// All places except the root. Place `n` is at `n - 1`.
    places: Vec<Step>,
    /// Finds a place by the place before it and the key that leads to it.
    numbers: HashTable<u32>,
    /// The place that the last object went to from the root.
    first: Place,
}

/// One place of the tree.
struct Step {
    key: Str,
    before: Place,
    /// How many keys lead here from the root.
    count: u32,
    /// The place that the last object went to from here. Objects in a list usually have the same
    /// keys, so the next object is expected to go there too.
    next: Place,
    /// The keys that lead here. Made when the first object ends here.
    keys: Option<Keys>,
}

impl Shapes {
    /// Adds one more key to the keys of `from`.
    pub(super) fn step(&mut self, from: Place, key: &str) -> Keyed {
        let guess = self.get(from).map_or(self.first, |step| step.next);
        if self.leads(guess, from, key) {
            return Keyed::New(guess);
        }
        let hash = self.seed.hash_one((from.0, key));
        let same = |number: &u32| self.leads(Place(*number), from, key);
        if let Some(number) = self.numbers.find(hash, same) {
            return self.left(from, Place(*number));
        }
        if let Some(known) = self.back(from).find(|step| step.key == key) {
            return Keyed::Again(known.count as usize - 1);
        }
        let count = self.get(from).map_or(0, |step| step.count) + 1;
        if count > DEEPEST || self.places.len() >= MOST {
            return Keyed::Alone(Str::from(key));
        }
        self.add(hash, from, key, count)
    }

    /// The keys that lead to a place, in order.
    pub(super) fn path(&self, place: Place) -> Vec<Str> {
        let mut path: Vec<Str> = self.back(place).map(|step| step.key.clone()).collect();
        path.reverse();
        path
    }

    /// The steps from a place back to the root.
    fn back(&self, place: Place) -> impl Iterator<Item = &Step> {
        std::iter::successors(self.get(place), |step| self.get(step.before))
    }

    /// The keys that lead to a place, as one allocation that objects share; and whether it is new.
    pub(super) fn keys(&mut self, place: Place) -> (Keys, bool) {
        if let Some(keys) = self.get(place).and_then(|step| step.keys.clone()) {
            return (keys, false);
        }
        let keys = Keys::of_distinct(self.path(place).into_iter());
        if let Some(step) = self.get_mut(place) {
            step.keys = Some(keys.clone());
        }
        (keys, true)
    }

    fn add(&mut self, hash: u64, from: Place, key: &str, count: u32) -> Keyed {
        self.places.push(Step {
            key: Str::from(key),
            before: from,
            count,
            next: Place::default(),
            keys: None,
        });
        // `MOST` fits, so the conversion never fails.
        let number = u32::try_from(self.places.len()).unwrap_or_default();
        let Self {
            seed,
            places,
            numbers,
            ..
        } = self;
        numbers.insert_unique(hash, number, |number| {
            let step = places.get((*number as usize).wrapping_sub(1));
            step.map_or(0, |step| seed.hash_one((step.before.0, &*step.key)))
        });
        self.left(from, Place(number))
    }

    /// Remembers which place was reached from `from`, as a guess for the next object.
    fn left(&mut self, from: Place, to: Place) -> Keyed {
        match self.get_mut(from) {
            Some(step) => step.next = to,
            None => self.first = to,
        }
        Keyed::New(to)
    }

    /// Whether `key` leads from `from` to `to`.
    fn leads(&self, to: Place, from: Place, key: &str) -> bool {
        self.get(to)
            .is_some_and(|step| step.before == from && step.key == key)
    }

    /// The data of a place; `None` for the root.
    fn get(&self, place: Place) -> Option<&Step> {
        self.places.get((place.0 as usize).checked_sub(1)?)
    }

    fn get_mut(&mut self, place: Place) -> Option<&mut Step> {
        self.places.get_mut((place.0 as usize).checked_sub(1)?)
    }
}
