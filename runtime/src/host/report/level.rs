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

/// The names of the levels, aliases after the name.
pub(crate) const LEVELS: [(&str, Level); 5] = [
    ("debug", Level::Debug),
    ("info", Level::Info),
    ("warning", Level::Warning),
    ("warn", Level::Warning),
    ("error", Level::Error),
];

impl Level {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        let row = LEVELS.iter().find(|(_, level)| *level == self);
        row.map_or("info", |(name, _)| name)
    }
}
