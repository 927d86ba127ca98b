//! Lists that are shared and never change.
//!
//! Enters: a `Vec` of elements. Leaves: a list that derefs to a slice and clones without copying.
//! Must not know what an element is.

use std::{fmt, ops::Deref};

use triomphe::ThinArc;

/// From this many elements on a list keeps the `Vec` it was made of. A short one is copied into
/// one block with its count: `[1]` takes 40 bytes so, and 104 as a shared `Vec`. A long one would
/// stand in memory twice while it is copied: a million numbers, 16 MB each time.
const LONG: usize = 1_024;

/// A shared list. One pointer wide.
#[expect(
    clippy::box_collection,
    reason = "a short list shall not carry the room of a `Vec`"
)]
pub struct List<T>(ThinArc<Option<Box<Vec<T>>>, T>);

impl<T> List<T> {
    /// A list of these elements, in order.
    #[must_use]
    pub fn new(mut items: Vec<T>) -> Self {
        if items.len() < LONG {
            return Self::short(items.into_iter());
        }
        items.shrink_to_fit();
        let none = std::iter::empty();
        Self(ThinArc::from_header_and_iter(Some(Box::new(items)), none))
    }

    /// A list of what an iterator gives.
    #[must_use]
    pub fn of(items: impl ExactSizeIterator<Item = T>) -> Self {
        if items.len() < LONG {
            Self::short(items)
        } else {
            Self::new(items.collect())
        }
    }

    fn short(items: impl ExactSizeIterator<Item = T>) -> Self {
        Self(ThinArc::from_header_and_iter(None, items))
    }

    /// Whether both are one list in memory.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        std::ptr::addr_eq(&raw const *self.0, &raw const *other.0)
    }

    /// The elements.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        match &self.0.header.header {
            Some(long) => long,
            None => &self.0.slice,
        }
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.as_slice()
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self(ThinArc::clone(&self.0))
    }
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl<T: fmt::Debug> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
