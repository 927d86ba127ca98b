//! Lists that are shared and never change.
//!
//! Enters: a `Vec` of elements. Leaves: a list that derefs to a slice and is cloned without
//! copying. Must not know what an element is.

use std::{fmt, ops::Deref};

use triomphe::ThinArc;

/// A list with at least this many elements keeps the `Vec` it was made of. A shorter one is copied
/// into one block of memory, together with its reference count: `[1]` takes 40 bytes like this and
/// 104 as a shared `Vec`. While it is copied, a list is in memory twice, so long ones are not
/// copied: a million numbers take 16 MB.
pub(crate) const LONG: usize = 1_024;

/// A shared list. It is as large as one pointer.
#[expect(
    clippy::box_collection,
    reason = "a short list shall not carry the room of a `Vec`"
)]
pub struct List<T>(ThinArc<Option<Box<Vec<T>>>, T>);

impl<T> List<T> {
    /// Makes a list of these elements, in order.
    #[must_use]
    pub fn new(mut items: Vec<T>) -> Self {
        if items.len() < LONG {
            return Self::short(items.into_iter());
        }
        items.shrink_to_fit();
        let none = std::iter::empty();
        Self(ThinArc::from_header_and_iter(Some(Box::new(items)), none))
    }

    /// Makes a list of the items of an iterator.
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

    /// Whether both are the same list in memory.
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
