//! Lines on standard error.
//!
//! Enters: events and lines. Leaves: the lines, secrets masked; nothing here ever writes to
//! standard output. Must not know what the lines say.

use std::{cell::RefCell, io::Write, rc::Rc};

use fmc_expr::{Map, Str, Value};

use crate::host::{clock::System, mask::Mask, report::level::Level, world::World as _};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// A line for people.
    Text,
    /// A JSON object a line.
    Json,
}

/// Where lines go.
#[derive(Clone, Debug)]
pub(crate) enum Sink {
    /// Standard error.
    Stderr,
    /// Kept, for tests.
    #[cfg_attr(not(test), allow(dead_code))]
    Kept(Rc<RefCell<Vec<String>>>),
}

/// Writes lines to standard error.
#[derive(Clone, Debug)]
pub(crate) struct Reporter {
    /// The clock of the lines' times.
    pub(crate) system: System,
    pub(crate) mask: Mask,
    pub(crate) sink: Sink,
    pub(crate) events: bool,
    pub(crate) format: LogFormat,
    pub(crate) level: Level,
}

impl Reporter {
    /// Writes one run event, when events are asked for.
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
            // Nothing can be told when standard error itself is gone.
            Sink::Stderr => drop(writeln!(std::io::stderr().lock(), "{text}")),
            Sink::Kept(lines) => lines.borrow_mut().push(text.to_owned()),
        }
    }
}
