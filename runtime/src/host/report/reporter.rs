//! Writes lines to standard error.
//!
//! Enters: events and lines. Leaves: lines with secrets masked, for [`crate::host::out`] or for a
//! test. Must not know what the lines say.

use std::{cell::RefCell, rc::Rc};

use fmc_expr::{
    Map, Str, Value,
    outside::{Shown, json},
};

use crate::host::{clock::System, mask::Mask, out, report::level::Level, world::World as _};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object per line.
    Json,
}

/// Where the lines go.
#[derive(Clone, Debug)]
pub(crate) enum Sink {
    /// Standard error.
    Stderr,
    /// A list, for tests.
    #[cfg_attr(not(test), allow(dead_code))]
    Kept(Rc<RefCell<Vec<String>>>),
}

/// Writes lines to standard error.
#[derive(Clone, Debug)]
pub(crate) struct Reporter {
    /// The clock for the times in the lines.
    pub(crate) system: System,
    pub(crate) mask: Mask,
    pub(crate) sink: Sink,
    /// Whether run events are written. Set by `--events`; `event` reads it.
    pub(crate) events: bool,
    pub(crate) format: LogFormat,
    pub(crate) level: Level,
}

impl Reporter {
    /// Writes one run event, if `--events` is given.
    pub(crate) fn event(
        &self,
        name: &'static str,
        fields: impl IntoIterator<Item = (&'static str, Value)>,
    ) {
        if !self.events {
            return;
        }
        let mut record = Map::new();
        record.insert(Str::from_static("event"), Value::from(name));
        record.insert(Str::from_static("at"), Value::from(self.at()));
        for (key, value) in fields {
            record.insert(Str::from_static(key), self.mask.strings(&value));
        }
        self.line(&json(&Value::object(record).to_json()));
    }

    pub(super) fn at(&self) -> String {
        self.system.moment().rfc3339()
    }

    /// Writes one line.
    pub(crate) fn line(&self, text: &Shown<'_>) {
        match &self.sink {
            Sink::Stderr => out::error(text),
            Sink::Kept(lines) => lines.borrow_mut().push(text.to_string()),
        }
    }
}
