//! The keys that the objects of one text have in common.
//!
//! Enters: the keys of each object, one by one. Leaves: `Keys` that all objects with the same keys
//! in the same order share. Kept as a tree: `{"id": 1, "ok": true}` goes from its root to `id` and
//! on to `ok`; the next object of a list goes the same way and makes nothing new. Must not know
//! values.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::{collections::Keys, str::Str};

/// An object with more keys has keys of its own: it is a table (`{"host-1": …, "host-2": …}`), of
/// which there is one.
const DEEPEST: u32 = 64;
/// No place is added beyond so many: objects of ever new keys would fill memory with a tree that
/// helps none of them.
const MOST: usize = 4_096;

/// What an object's keys so far lead to. The default is the root: no key.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place(u32);

/// Where one more key leads.
pub(super) enum Keyed {
    /// It is new in its object.
    New(Place),
    /// It is the key of the value at this position once more.
    Again(usize),
    /// The object has to have keys of its own from here on.
    Alone(Str),
}

/// All ways seen in one text.
#[derive(Default)]
pub(super) struct Shapes {
    seed: RandomState,
    /// All places but the root: number `n` stands at `n - 1`.
    places: Vec<Step>,
    /// Their numbers, by the place before and the key.
    numbers: HashTable<u32>,
    /// Where the root was left last.
    first: Place,
}

/// One key on the way.
struct Step {
    key: Str,
    before: Place,
    /// How many keys lead here.
    count: u32,
    /// Where this place was left last: of a list of alike objects the next goes the same way.
    next: Place,
    /// The keys on the way, made when the first object ends here.
    keys: Option<Keys>,
}

impl Shapes {
    /// One key further.
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
        if let Some(at) = self.path(from).iter().position(|known| known == key) {
            return Keyed::Again(at);
        }
        let count = self.get(from).map_or(0, |step| step.count) + 1;
        if count > DEEPEST || self.places.len() >= MOST {
            return Keyed::Alone(Str::from(key));
        }
        self.add(hash, from, key, count)
    }

    /// The keys that lead to a place, in order.
    pub(super) fn path(&self, place: Place) -> Vec<Str> {
        let back = std::iter::successors(self.get(place), |step| self.get(step.before));
        let mut path: Vec<Str> = back.map(|step| step.key.clone()).collect();
        path.reverse();
        path
    }

    /// The same, to be shared.
    pub(super) fn keys(&mut self, place: Place) -> Keys {
        if let Some(keys) = self.get(place).and_then(|step| step.keys.clone()) {
            return keys;
        }
        let keys = Keys::of_distinct(self.path(place).into_iter());
        if let Some(step) = self.get_mut(place) {
            step.keys = Some(keys.clone());
        }
        keys
    }

    fn add(&mut self, hash: u64, from: Place, key: &str, count: u32) -> Keyed {
        self.places.push(Step {
            key: Str::from(key),
            before: from,
            count,
            next: Place::default(),
            keys: None,
        });
        // `MOST` of them fit by far.
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

    /// Remembers which way a place was left.
    fn left(&mut self, from: Place, to: Place) -> Keyed {
        match self.get_mut(from) {
            Some(step) => step.next = to,
            None => self.first = to,
        }
        Keyed::New(to)
    }

    /// Whether `to` is where `key` leads from `from`.
    fn leads(&self, to: Place, from: Place, key: &str) -> bool {
        self.get(to)
            .is_some_and(|step| step.before == from && step.key == key)
    }

    /// The step that leads to a place; none to the root.
    fn get(&self, place: Place) -> Option<&Step> {
        self.places.get((place.0 as usize).checked_sub(1)?)
    }

    fn get_mut(&mut self, place: Place) -> Option<&mut Step> {
        self.places.get_mut((place.0 as usize).checked_sub(1)?)
    }
}
