//! Shared lists and objects that take little memory, and the map in which objects are built.
//!
//! Enters: elements and entries in order. Leaves: the same, with one block of memory for each list
//! or object. Objects with the same keys can share them. Must not know what a value is.

mod keys;
mod list;
mod map;
mod object;

pub use keys::Keys;
pub(crate) use list::LONG;
pub use list::List;
pub use map::Map;
pub use object::{Entries, Object};

#[cfg(test)]
mod tests;
