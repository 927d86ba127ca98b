//! What a run tells people and machines: log events, run events, the report of a failure.
//!
//! Enters: facts of a run. Leaves: lines on standard error, secrets masked; nothing here ever
//! writes to standard output. Must not decide anything about the run.

pub(crate) mod failure;

pub(crate) mod log;

use std::{cell::RefCell, io::Write, rc::Rc};

use fmc_expr::{Map, Str, Value};

use crate::{clock, mask::Mask};

pub(crate) use log::Level;

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
        record.insert(Str::from_static("at"), Value::from(clock::rfc3339()));
        for (key, value) in fields {
            record.insert(Str::from_static(key), self.mask.strings(&value));
        }
        self.line(&Value::object(record).to_json());
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
