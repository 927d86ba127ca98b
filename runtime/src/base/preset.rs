//! Settings that may be left out, with what they then are.
//!
//! Enters: nothing. Leaves: constants that components read their settings by, and rows of them.
//! A default stands once in the runtime, in the component's own file; the compiler's catalogue
//! documents it, and the test `parity` compares the two. Must not know rendered values.

/// A setting that may be left out or null: its name, and what it then is.
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

/// A setting that takes one of some words, in any case, and may be left out or null.
#[derive(Clone, Copy, Debug)]
pub struct Choice<T: 'static> {
    pub(crate) name: &'static str,
    pub(crate) words: &'static [&'static str],
    /// What each word means, in the order of the words.
    pub(crate) meanings: &'static [T],
    /// The position of the word that is meant where none is given.
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

/// A setting that may be left out, as a row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The setting's canonical name.
    pub name: &'static str,
    /// What it is where it is not given, or null.
    pub usual: Usual,
}

/// What a setting is where it is not given, or null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usual {
    /// A truth.
    Flag(bool),
    /// A number.
    Count(u64),
    /// One of these words, by position.
    Word(&'static [&'static str], usize),
}
