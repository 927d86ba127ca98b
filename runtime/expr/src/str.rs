//! Strings that are short and stored in place, are static text of a generated program, or are
//! shared.
//!
//! Enters: `&'static str`, `&str` or `String`. Leaves: a `Str` that derefs to `str` and is cloned
//! without allocating. It hashes and compares like `str`. Must not know values.

use std::{borrow::Borrow, cmp::Ordering, fmt, hash, ops::Deref};

use lean_string::{LeanStr, LeanString};

/// A string that is cheap to clone. Up to 16 bytes are stored in place, without allocation.
#[derive(Clone, Default)]
pub struct Str(LeanStr);

impl Str {
    /// Wraps static text, at no cost. Generated code does this once for each of its literals.
    #[must_use]
    pub const fn from_static(text: &'static str) -> Self {
        Self(LeanStr::from_static_str(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether both are the same text in memory.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        std::ptr::eq(self.as_str(), other.as_str())
    }
}

impl Deref for Str {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl Borrow<str> for Str {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Str {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Self {
        Self(LeanStr::from(text))
    }
}

impl From<String> for Str {
    fn from(text: String) -> Self {
        Self(LeanStr::from(text))
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl hash::Hash for Str {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that grows, and then becomes a [`Str`] without being copied.
#[derive(Debug, Default)]
pub(crate) struct Growing(LeanString);

impl Growing {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self(LeanString::with_capacity(bytes))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn reserve_exact(&mut self, bytes: usize) {
        self.0.reserve_exact(bytes);
    }

    pub(crate) fn push_str(&mut self, text: &str) {
        self.0.push_str(text);
    }

    pub(crate) fn push(&mut self, character: char) {
        self.0.push(character);
    }

    pub(crate) fn finish(self) -> Str {
        Str(self.0.into_lean_str())
    }
}
