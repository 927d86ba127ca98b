//! Log events: those of `logger` stages, and warnings of the runtime.
//!
//! Enters: a level, a message, data. Leaves: one line, for people or as JSON. Control characters in
//! a message cannot start another line. Must not know stages.

use fmc_expr::{
    Map, Str, Value,
    outside::{json, layout, line},
};

use crate::host::report::{
    level::Level,
    reporter::{LogFormat, Reporter},
};

/// One log event.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) level: Level,
    pub(crate) stage: &'a str,
    pub(crate) run_id: &'a str,
    pub(crate) message: &'a str,
    pub(crate) data: Value,
    pub(crate) tags: Value,
    pub(crate) id: &'a str,
}

impl Reporter {
    /// Writes a log event, unless its level is below `--log-level`.
    pub(crate) fn log(&self, entry: &Entry<'_>) {
        if entry.level < self.level {
            return;
        }
        match self.format {
            LogFormat::Json => self.line(&json(&self.record(entry))),
            LogFormat::Text => self.line(&layout(&self.text(entry), false)),
        }
    }

    /// Writes a warning of the runtime about a stage, or about the whole pipeline.
    pub(crate) fn warn(&self, run_id: &str, stage: &str, message: &str) {
        self.log(&Entry {
            level: Level::Warning,
            stage,
            run_id,
            message,
            data: Value::Null,
            tags: Value::Null,
            id: "",
        });
    }

    fn record(&self, entry: &Entry<'_>) -> String {
        let mut record = Map::new();
        let mut put = |key, value: Value| {
            if !value.is_null() && value.as_str() != Some("") {
                record.insert(Str::from_static(key), value);
            }
        };
        put("event", Value::from("log"));
        put("at", Value::from(self.at()));
        put("level", Value::from(entry.level.name()));
        put("run_id", Value::from(entry.run_id));
        put("stage", Value::from(entry.stage));
        put("message", self.mask.value(&Value::from(entry.message)));
        put("data", self.mask.value(&entry.data));
        put("tags", self.mask.value(&entry.tags));
        put("log_id", Value::from(entry.id));
        Value::object(record).to_json()
    }

    fn text(&self, entry: &Entry<'_>) -> String {
        let level = entry.level.name().to_uppercase();
        let mut text = format!(
            "{} {level:<7} {}: {}",
            self.at(),
            line(entry.stage),
            line(&self.mask.text(entry.message))
        );
        for value in [&entry.data, &entry.tags] {
            if !value.is_null() {
                text.push(' ');
                text.push_str(&json(&self.mask.value(value).to_json()));
            }
        }
        text
    }
}

#[cfg(test)]
#[path = "tests/log.rs"]
mod tests;
