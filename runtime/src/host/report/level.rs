//! The levels of log lines.
//!
//! Enters: nothing. Leaves: the levels in order, and their names. Must not know who logs.

/// How important an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

/// The words for levels. Other words for the same level come after its name.
pub(crate) const WORDS: [&str; 5] = ["debug", "info", "warning", "warn", "error"];

/// The level of each word.
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
