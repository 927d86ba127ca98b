//! Writes lines to standard error.
//!
//! Enters: events and lines. Leaves: lines with secrets masked. Nothing here writes to standard
//! output. Must not know what the lines say.

use std::{cell::RefCell, io::Write, rc::Rc};

use fmc_expr::{Map, Str, Value};

use crate::host::{clock::System, mask::Mask, report::level::Level, world::World as _};

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
        self.line(&Value::object(record).to_json());
    }

    pub(super) fn at(&self) -> String {
        self.system.moment().rfc3339()
    }

    /// Writes one line as it is.
    pub(crate) fn line(&self, text: &str) {
        match &self.sink {
            // If standard error does not work, there is no way to say so.
            Sink::Stderr => drop(writeln!(std::io::stderr().lock(), "{text}")),
            Sink::Kept(lines) => lines.borrow_mut().push(text.to_owned()),
        }
    }
}
