//! Settings that may be left out, with their defaults.
//!
//! Enters: nothing. Leaves: constants with which components read their settings, and rows of them.
//! Each default is written once in the runtime, in the file of its component. The compiler's
//! catalogue documents it, and the test `parity` compares the two. Must not know rendered values.

/// A setting that may be left out or null: its name and its default.
#[derive(Clone, Copy, Debug)]
pub struct Preset<T> {
    pub(crate) name: &'static str,
    pub(crate) usual: T,
}

impl<T> Preset<T> {
    pub(crate) const fn new(name: &'static str, usual: T) -> Self {
        Self { name, usual }
    }
}

impl Preset<bool> {
    pub(crate) const fn row(&self) -> Row {
        Row {
            name: self.name,
            usual: Usual::Flag(self.usual),
        }
    }
}

impl Preset<u64> {
    pub(crate) const fn row(&self) -> Row {
        Row {
            name: self.name,
            usual: Usual::Count(self.usual),
        }
    }
}

/// A setting that takes one of some words, in upper or lower case. It may be left out or null.
#[derive(Clone, Copy, Debug)]
pub struct Choice<T: 'static> {
    pub(crate) name: &'static str,
    pub(crate) words: &'static [&'static str],
    /// The meaning of each word, in the order of the words.
    pub(crate) meanings: &'static [T],
    /// The position of the word that is the default.
    pub(crate) usual: usize,
}

impl<T> Choice<T> {
    pub(crate) const fn row(&self) -> Row {
        Row {
            name: self.name,
            usual: Usual::Word(self.words, self.usual),
        }
    }
}

/// A setting with a default, as a row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The setting's canonical name.
    pub name: &'static str,
    /// Its value when it is left out or null.
    pub usual: Usual,
}

/// The value of a setting that is left out or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// A boolean.
    Flag(bool),
    /// A number.
    Count(u64),
    /// One of these words, by position.
    Word(&'static [&'static str], usize),
}
