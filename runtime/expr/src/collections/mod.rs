//! Lists and objects of any value: shared ones that take little memory, and the map they are built in.
//!
//! Enters: elements and entries in order. Leaves: the same, in one block of memory a list and one
//! an object; objects that have the same keys can share them. Must not know what a value is.

mod keys;
mod list;
mod map;
mod object;

pub use keys::Keys;
pub use list::List;
pub use map::Map;
pub use object::{Entries, Object};

#[cfg(test)]
mod tests;
