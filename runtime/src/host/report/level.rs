//! How much a log line matters.
//!
//! Enters: nothing. Leaves: levels in their order, and their names. Must not know who logs.

/// How much an event matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

/// The words for levels, aliases after the name.
pub(crate) const WORDS: [&str; 5] = ["debug", "info", "warning", "warn", "error"];

/// What each of the words means.
pub(crate) const LEVELS: [Level; 5] = [
    Level::Debug,
    Level::Info,
    Level::Warning,
    Level::Warning,
    Level::Error,
];

impl Level {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        let mut words = WORDS.iter().zip(LEVELS);
        let word = words.find(|(_, level)| *level == self);
        word.map_or("info", |(word, _)| word)
    }
}
