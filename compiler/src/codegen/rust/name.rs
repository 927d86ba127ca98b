//! Identifiers, paths and keywords.
//!
//! Enters: our own words, and ids and variable names of a pipeline, of which only letters and
//! digits are kept. Leaves: names that are valid in source. Must not know what they name.

use std::{borrow::Cow, fmt};

/// A name or a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::codegen) struct Name(Cow<'static, str>);

impl Name {
    /// One of our own names, like `cx` or `ops::add`.
    pub(in crate::codegen) const fn new(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// `stem` and a number: `v3`.
    pub(in crate::codegen) fn numbered(stem: &'static str, number: usize) -> Self {
        Self(Cow::Owned(format!("{stem}{number}")))
    }

    /// A variable of a generated function: `v3`.
    pub(in crate::codegen) fn variable(number: usize) -> Self {
        Self::numbered("v", number)
    }

    /// Whether this is the name of such a variable. No other name is a `v` and digits: names from a
    /// pipeline have a suffix.
    pub(in crate::codegen) fn is_variable(&self) -> bool {
        let number = self.0.strip_prefix('v').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether this is an item of a type or module of ours.
    pub(in crate::codegen) fn is_in(&self, path: &str) -> bool {
        let item = self.0.strip_prefix(path);
        item.is_some_and(|item| item.starts_with("::"))
    }

    /// The same name with another number at its end.
    #[must_use]
    pub(in crate::codegen) fn renumbered(&self, number: usize) -> Self {
        let stem = self.0.trim_end_matches(|end: char| end.is_ascii_digit());
        Self(Cow::Owned(format!("{stem}{number}")))
    }

    /// `path::item`
    pub(in crate::codegen) fn within(path: &'static str, item: &'static str) -> Self {
        Self(Cow::Owned(format!("{path}::{item}")))
    }

    /// A text in snake case: its letters and digits in lower case, with one `_` for everything
    /// between them. `None` when it has no letter or digit. The result may be a keyword, so add a
    /// suffix.
    pub(in crate::codegen) fn snake(text: &str) -> Option<Self> {
        let words: Vec<_> = text
            .split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_ascii_lowercase)
            .collect();
        let name = words.join("_");
        match name.chars().next() {
            None => None,
            Some(first) if first.is_ascii_digit() => Some(Self(Cow::Owned(format!("n{name}")))),
            Some(_) => Some(Self(Cow::Owned(name))),
        }
    }

    /// `name_suffix`
    #[must_use]
    pub(in crate::codegen) fn with(&self, suffix: &'static str) -> Self {
        Self(Cow::Owned(format!("{}_{suffix}", self.0)))
    }

    /// `name_number`
    #[must_use]
    pub(in crate::codegen) fn with_number(&self, number: u32) -> Self {
        Self(Cow::Owned(format!("{}_{number}", self.0)))
    }

    /// `_name`, for something that is never read.
    #[must_use]
    pub(in crate::codegen) fn unread(&self) -> Self {
        Self(Cow::Owned(format!("_{}", self.0)))
    }

    /// Whether this is such a name.
    pub(in crate::codegen) fn is_unread(&self) -> bool {
        self.0.starts_with('_')
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
