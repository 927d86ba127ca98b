//! Replaces secrets with `***` in everything that a person or a log sees.
//!
//! Enters: the values of secret environment variables, then any text or value. Leaves: the same,
//! with every secret replaced, also if it is encoded, inside longer text, or cut by `…`. Must not
//! be used on the output of a run or on requests.

mod forms;

use std::{borrow::Cow, ops::Range};

use fmc_expr::{Str, Value};

use forms::{Needle, forms};

const STARS: &str = "***";

/// The mark for cut text, which [`crate::base::excerpt::cut`] and `fmc_expr` write.
const CUT: &str = "…";

/// The secrets to replace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mask {
    needles: Vec<Needle>,
}

impl Mask {
    /// Replaces these values and their encoded forms.
    pub(crate) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let secrets = secrets.into_iter().map(str::trim);
        let mut needles: Vec<_> = secrets.flat_map(forms).collect();
        needles.sort_unstable();
        needles.dedup();
        Self { needles }
    }

    /// Whether a text contains a secret.
    pub(crate) fn finds(&self, text: &str) -> bool {
        !self.ranges(text).is_empty()
    }

    /// The text without secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let ranges = self.ranges(text);
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
        if self.needles.is_empty() {
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
        self.needles.iter().any(|needle| needle.text == text)
    }

    /// The ranges of secrets in a text, in order. Overlapping ranges are joined.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let whole = self.needles.iter().flat_map(|needle| needle.find(text));
        let mut found: Vec<_> = whole.collect();
        for (at, _) in text.match_indices(CUT) {
            let before = text.get(..at).unwrap_or_default();
            let begun = self.needles.iter();
            found.extend(begun.filter_map(|needle| needle.find_begun(before)));
        }
        found.sort_unstable_by_key(|range| (range.start, range.end));
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
        for range in found {
            match apart.last_mut().filter(|last| range.start < last.end) {
                Some(last) => last.end = last.end.max(range.end),
                None => apart.push(range),
            }
        }
        apart
    }
}

#[cfg(test)]
mod tests;
