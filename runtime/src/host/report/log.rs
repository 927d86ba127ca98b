//! Log events: those of `logger` stages, and warnings of the runtime.
//!
//! Enters: a level, a message, data. Leaves: one line, for people or as JSON. Control characters in
//! a message cannot start another line. Must not know stages.

use fmc_expr::{
    Cx, EvalError, Map, Str, Value,
    outside::{Shown, json_paid, layout, line},
};

use crate::host::{
    mask::pace::Pace,
    report::{
        level::Level,
        reporter::{LogFormat, Reporter},
    },
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
        // Without a budget nothing ends the work.
        let _ = self.log_within(None, entry);
    }

    /// [`Reporter::log`], paid from the budget of an attempt. When that ends the work, nothing is
    /// written.
    ///
    /// # Errors
    /// A limit error when the budget is spent; a stop when the time is over.
    pub(crate) fn log_within(&self, cx: Option<&Cx>, entry: &Entry<'_>) -> Result<(), EvalError> {
        if entry.level < self.level {
            return Ok(());
        }
        let text = match self.format {
            LogFormat::Json => self.record(cx, entry)?,
            LogFormat::Text => self.text(cx, entry)?,
        };
        if let Some(cx) = cx {
            cx.scan(text.len())?;
        }
        match self.format {
            LogFormat::Json => self.line(&harmless(cx, &text)?),
            LogFormat::Text => self.line(&layout(&text, false)),
        }
        Ok(())
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

    fn record(&self, cx: Option<&Cx>, entry: &Entry<'_>) -> Result<String, EvalError> {
        let masked = |value: &Value| self.mask.value_within(cx, value);
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
        put("message", masked(&Value::from(entry.message))?);
        put("data", masked(&entry.data)?);
        put("tags", masked(&entry.tags)?);
        put("log_id", Value::from(entry.id));
        Ok(Value::object(record).to_json())
    }

    fn text(&self, cx: Option<&Cx>, entry: &Entry<'_>) -> Result<String, EvalError> {
        let level = entry.level.name().to_uppercase();
        let mut text = format!(
            "{} {level:<7} {}: {}",
            self.at(),
            line(entry.stage),
            line(&self.mask.text_within(cx, entry.message)?)
        );
        for value in [&entry.data, &entry.tags] {
            if !value.is_null() {
                text.push(' ');
                let value = self.mask.value_within(cx, value)?;
                text.push_str(&harmless(cx, &value.to_json())?);
            }
        }
        Ok(text)
    }
}

/// A document of JSON for the log. The budget of an attempt pays, if there is one.
fn harmless<'d>(cx: Option<&Cx>, document: &'d str) -> Result<Shown<'d>, EvalError> {
    let pace = Pace::new(cx);
    json_paid(document, |bytes| pace.read(bytes))
}

#[cfg(test)]
#[path = "tests/log.rs"]
mod tests;
