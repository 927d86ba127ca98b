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

mod inside;

mod needles;

mod numbers;

pub(super) mod pace;

mod runs;

mod search;

mod sizes;

mod texts;

mod unseen;

mod urls;

mod view;

use std::{borrow::Cow, rc::Rc};

use fmc_expr::{Cx, EvalError, Str, Value};

use pace::Pace;
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
        // Without a budget nothing ends the search.
        self.finds_within(None, text).unwrap_or(true)
    }

    /// [`Mask::finds`], paid from the budget of an attempt.
    ///
    /// # Errors
    /// A limit error when the budget is spent; a stop when the time is over.
    pub(crate) fn finds_within(&self, cx: Option<&Cx>, text: &str) -> Result<bool, EvalError> {
        Ok(!self.search.ranges(text, &Pace::new(cx))?.is_empty())
    }

    /// The text without secrets.
    pub(crate) fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let masked = self.text_within(None, text);
        masked.unwrap_or(Cow::Borrowed(STARS))
    }

    /// [`Mask::text`], paid from the budget of an attempt.
    ///
    /// # Errors
    /// As [`Mask::finds_within`].
    pub(crate) fn text_within<'a>(
        &self,
        cx: Option<&Cx>,
        text: &'a str,
    ) -> Result<Cow<'a, str>, EvalError> {
        self.paced(&Pace::new(cx), text)
    }

    fn paced<'a>(&self, pace: &Pace<'_>, text: &'a str) -> Result<Cow<'a, str>, EvalError> {
        let ranges = self.search.ranges(text, pace)?;
        if ranges.is_empty() {
            return Ok(Cow::Borrowed(text));
        }
        let mut out = String::with_capacity(text.len());
        let mut from = 0;
        for range in ranges {
            out.push_str(text.get(from..range.start).unwrap_or_default());
            out.push_str(STARS);
            from = range.end;
        }
        out.push_str(text.get(from..).unwrap_or_default());
        Ok(Cow::Owned(out))
    }

    /// The value without secrets, in strings and keys. A number that is a secret is replaced too.
    /// The budget of an attempt pays for it, if there is one.
    ///
    /// # Errors
    /// As [`Mask::finds_within`].
    pub(crate) fn value_within(&self, cx: Option<&Cx>, value: &Value) -> Result<Value, EvalError> {
        self.masked(&Pace::new(cx), value, true)
    }

    /// The value without secrets in strings and keys. Numbers stay: here they are facts of the run,
    /// like durations.
    pub(crate) fn strings(&self, value: &Value) -> Value {
        let masked = self.masked(&Pace::new(None), value, false);
        masked.unwrap_or_else(|_| Value::from(STARS))
    }

    fn masked(&self, pace: &Pace<'_>, value: &Value, numbers: bool) -> Result<Value, EvalError> {
        if self.search.is_empty() {
            return Ok(value.clone());
        }
        pace.element()?;
        Ok(match value {
            Value::Str(text) => match self.paced(pace, text)? {
                Cow::Borrowed(_) => value.clone(),
                Cow::Owned(masked) => Value::from(masked),
            },
            Value::List(items) => {
                let masked = items.iter().map(|item| self.masked(pace, item, numbers));
                Value::list(masked.collect::<Result<_, _>>()?)
            }
            Value::Object(entries) => {
                let masked = entries.iter().map(|(key, item)| {
                    let key = Str::from(self.paced(pace, key)?.as_ref());
                    Ok((key, self.masked(pace, item, numbers)?))
                });
                Value::object(masked.collect::<Result<_, EvalError>>()?)
            }
            Value::Int(_) | Value::Float(_) if numbers && self.is_one(&value.to_json()) => {
                Value::from(STARS)
            }
            other @ (Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_)) => {
                other.clone()
            }
        })
    }

    fn is_one(&self, text: &str) -> bool {
        self.secrets.iter().any(|secret| secret == text)
    }
}

#[cfg(test)]
mod tests;
