//! Replaces secrets with `***` in everything that a person or a log sees.
//!
//! Enters: the values of secret environment variables, then any text or value. Leaves: the same,
//! with every secret replaced, also if it is encoded up to three times, inside longer text, or cut
//! off. Encodings are undone rather than listed: a server may write a character in a dozen ways.
//! Must not be used on the output of a run or on requests.

mod automaton;

mod begun;

mod compose;

mod escapes;

mod needles;

mod numbers;

mod runs;

mod search;

mod texts;

mod unseen;

mod view;

use std::{borrow::Cow, rc::Rc};

use fmc_expr::{Str, Value};

use search::Search;

const STARS: &str = "***";

/// The secrets to replace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    search: Rc<Search>,
    /// The secrets as they are.
    secrets: Rc<[String]>,
}

impl Mask {
    /// Replaces these values, however they are written.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().map(str::trim);
        let secrets: Rc<[String]> = secrets.map(str::to_owned).collect();
        let mut needles: Vec<_> = secrets
            .iter()
            .flat_map(|secret| needles::of(secret))
            .collect();
        needles.sort_unstable();
        needles.dedup();
        Self {
            search: Rc::new(Search::new(&needles)),
            secrets,
        }
    }

    /// Whether a text contains a secret.
    pub(crate) fn finds(&self, text: &str) -> bool {
        !self.search.ranges(text).is_empty()
    }

    /// The text without secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let ranges = self.search.ranges(text);
        if ranges.is_empty() {
            return Cow::Borrowed(text);
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in ranges {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(STARS);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(out)
    }

    /// The value without secrets, in strings and keys. A number that is a secret is replaced too.
    pub(crate) fn value(&self, value: &Value) -> Value {
        self.masked(value, true)
    }

    /// The value without secrets in strings and keys. Numbers stay: here they are facts of the run,
    /// like durations.
    pub(crate) fn strings(&self, value: &Value) -> Value {
        self.masked(value, false)
    }

    fn masked(&self, value: &Value, numbers: bool) -> Value {
        if self.search.is_empty() {
            return value.clone();
        }
        match value {
            Value::Str(text) => match self.text(text) {
                Cow::Borrowed(_) => value.clone(),
                Cow::Owned(masked) => Value::from(masked),
            },
            Value::List(items) => {
                let masked = items.iter().map(|item| self.masked(item, numbers));
                Value::list(masked.collect())
            }
            Value::Object(entries) => {
                let masked = entries.iter().map(|(key, item)| {
                    let key = Str::from(self.text(key).as_ref());
                    (key, self.masked(item, numbers))
                });
                Value::object(masked.collect())
            }
            Value::Int(_) | Value::Float(_) if numbers && self.is_one(&value.to_json()) => {
                Value::from(STARS)
            }
            other @ (Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
                other.clone()
            }
        }
    }

    fn is_one(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| secret == text)
    }
}

#[cfg(test)]
mod tests;
