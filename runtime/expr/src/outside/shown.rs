//! A text that may be shown.
//!
//! Enters: what the functions of [`super`] made harmless. Leaves: text for the writers of the
//! command lines, which take no other. Must not know what is escaped.

use std::{borrow::Cow, fmt, ops::Deref};

/// A text in which nothing steers what it is shown on. Only the functions of this module make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown<'t>(pub(super) Cow<'t, str>);

impl Shown<'_> {
    /// The text, and a line end.
    #[must_use]
    pub fn ended(self) -> Shown<'static> {
        let mut text = self.0.into_owned();
        text.push('\n');
        Shown(Cow::Owned(text))
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl Deref for Shown<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.pad(&self.0)
    }
}

impl<'t> FromIterator<Shown<'t>> for Shown<'static> {
    fn from_iter<I: IntoIterator<Item = Shown<'t>>>(parts: I) -> Self {
        let text: String = parts.into_iter().map(|part| part.0).collect();
        Self(Cow::Owned(text))
    }
}
