//! Reads the rendered settings of a component, with the conversions of language reference, section
//! 5.
//!
//! Enters: the object that a generated function rendered. Leaves: typed values. A numeric string is
//! accepted for a number, a number or boolean for a string, JSON text for a list or object. Any
//! other value is a `ConfigError` with the field, what was expected and what was found. Null counts
//! as left out. JSON text is read within the budget of the attempt. Must not know components.

use fmc_expr::{Cx, ErrorKind, List, Object, Str, Value, json, text};

use crate::base::{
    excerpt::{excerpt, short},
    fault::{Fault, StageError},
    preset::{Choice, Preset},
};

/// No number has a longer text, with blanks.
const NUMERAL: usize = 4 << 10;

/// Rendered settings.
#[derive(Clone, Debug)]
pub(crate) struct Settings(Value);

impl Settings {
    /// Wraps a rendered object.
    pub(crate) fn new(rendered: Value) -> Self {
        Self(rendered)
    }

    /// All fields.
    pub(crate) fn whole(&self) -> &Value {
        &self.0
    }

    /// The value of a field; `None` when it is left out or null.
    pub(crate) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    /// A field of any type; null when it is left out.
    pub(crate) fn any(&self, field: &str) -> Value {
        self.get(field).cloned().unwrap_or_default()
    }

    /// A string field.
    pub(crate) fn text(&self, field: &'static str) -> Result<Option<Str>, Fault> {
        self.read(field, "string", string)
    }

    /// A string field that cannot be left out.
    pub(crate) fn required_text(&self, field: &'static str) -> Result<Str, Fault> {
        self.text(field)?.ok_or_else(|| missing(field, "string"))
    }

    /// An integer field.
    pub(crate) fn integer(&self, field: &'static str) -> Result<Option<i64>, Fault> {
        self.read(field, "int", integer)
    }

    /// An integer field that cannot be negative.
    pub(crate) fn count(&self, field: &'static str) -> Result<Option<u64>, Fault> {
        let natural = |value: &Value| u64::try_from(integer(value)?).ok();
        self.read(field, "int of 0 or more", natural)
    }

    /// An integer field of at least one.
    pub(crate) fn positive(&self, field: &'static str) -> Result<Option<u64>, Fault> {
        let positive = |value: &Value| u64::try_from(integer(value)?).ok().filter(|one| *one > 0);
        self.read(field, "int of 1 or more", positive)
    }

    /// A number field.
    pub(crate) fn number(&self, field: &'static str) -> Result<Option<f64>, Fault> {
        self.read(field, "number", number)
    }

    /// A boolean field.
    pub(crate) fn boolean(&self, field: &'static str) -> Result<Option<bool>, Fault> {
        self.read(field, "bool", |value| {
            let Value::Bool(value) = value else {
                return None;
            };
            Some(*value)
        })
    }

    /// A list field.
    pub(crate) fn list(&self, cx: &Cx, field: &'static str) -> Result<Option<List>, Fault> {
        self.read_structure(cx, field, "list", |_, structure| match structure {
            Some(Value::List(items)) => Some(items),
            _ => None,
        })
    }

    /// A list field that cannot be left out.
    pub(crate) fn required_list(&self, cx: &Cx, field: &'static str) -> Result<List, Fault> {
        self.list(cx, field)?.ok_or_else(|| missing(field, "list"))
    }

    /// An object field.
    pub(crate) fn object(&self, cx: &Cx, field: &'static str) -> Result<Option<Object>, Fault> {
        self.read_structure(cx, field, "object", |_, structure| match structure {
            Some(Value::Object(entries)) => Some(entries),
            _ => None,
        })
    }

    /// A list of strings. A single string counts as a list with one element.
    pub(crate) fn texts(&self, cx: &Cx, field: &'static str) -> Result<Option<Vec<String>>, Fault> {
        self.read_structure(cx, field, "list of strings", |value, structure| {
            if let Some(items) = structure.as_ref().and_then(Value::as_list) {
                return items
                    .iter()
                    .map(|item| string(item).map(|text| text.to_string()))
                    .collect();
            }
            value.as_str().map(|text| vec![text.to_owned()])
        })
    }

    /// A boolean field with a default.
    pub(crate) fn flag(&self, field: Preset<bool>) -> Result<bool, Fault> {
        Ok(self.boolean(field.name)?.unwrap_or(field.usual))
    }

    /// An integer field of 0 or more with a default.
    pub(crate) fn count_or(&self, field: Preset<u64>) -> Result<u64, Fault> {
        Ok(self.count(field.name)?.unwrap_or(field.usual))
    }

    /// An integer field of 1 or more with a default.
    pub(crate) fn positive_or(&self, field: Preset<u64>) -> Result<u64, Fault> {
        Ok(self.positive(field.name)?.unwrap_or(field.usual))
    }

    /// The meaning of the word in a field, in upper or lower case. If it is left out, the meaning
    /// of the default.
    pub(crate) fn choice<T: Clone>(&self, field: &Choice<T>) -> Result<T, Fault> {
        let given = self.text(field.name)?;
        let at = match &given {
            None => Some(field.usual),
            Some(text) => {
                let is = |word: &&str| word.eq_ignore_ascii_case(text.trim());
                field.words.iter().position(is)
            }
        };
        let meaning = at.and_then(|at| field.meanings.get(at));
        meaning.cloned().ok_or_else(|| {
            let words: Vec<_> = field.words.iter().map(|word| format!("`{word}`")).collect();
            let found = short(given.as_deref().unwrap_or_default());
            StageError::config(format!(
                "field `{}`: expected one of {}, found `{found}`",
                field.name,
                words.join(", ")
            ))
        })
    }

    fn read<T>(
        &self,
        field: &'static str,
        expected: &str,
        convert: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        convert(value)
            .map(Some)
            .ok_or_else(|| unfit(field, expected, value))
    }

    /// Reads a field from its value and from the list or object that the value is or holds.
    fn read_structure<T>(
        &self,
        cx: &Cx,
        field: &'static str,
        expected: &str,
        convert: impl FnOnce(&Value, Option<Value>) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let Some(value) = self.get(field) else {
            return Ok(None);
        };
        let structure = structure(cx, field, value)?;
        self.read(field, expected, |value| convert(value, structure))
    }
}

/// The error for a field whose value does not fit.
pub(crate) fn unfit(field: &str, expected: &str, found: &Value) -> Fault {
    let kind = found.kind_name();
    StageError::config(format!(
        "field `{field}`: expected `{expected}`, found `{kind}` {}",
        excerpt(found)
    ))
}

/// The error for a required field that is null or left out.
pub(crate) fn missing(field: &str, expected: &str) -> Fault {
    StageError::config(format!(
        "field `{field}`: expected `{expected}`, found `null`"
    ))
}

fn string(value: &Value) -> Option<Str> {
    match value {
        Value::Str(text) => Some(text.clone()),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) => Some(text::text(value)),
        Value::Null | Value::List(_) | Value::Object(_) => None,
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Float(number) => whole(*number),
        Value::Str(text) => {
            let text = numeral(text)?;
            text.parse().ok().or_else(|| whole(text.parse().ok()?))
        }
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => None,
    }
}

fn whole(number: f64) -> Option<i64> {
    // 2^53: beyond it, a float may stand for several integers.
    (number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0).then_some(number as i64)
}

/// A text that may be a number, without the blanks around it. Reading a long one would take a while,
/// for which nobody pays.
fn numeral(text: &str) -> Option<&str> {
    (text.len() <= NUMERAL).then(|| text.trim())
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Int(number) => *number as f64,
        Value::Float(number) => *number,
        Value::Str(text) => numeral(text)?.parse().ok()?,
        Value::Null | Value::Bool(_) | Value::List(_) | Value::Object(_) => return None,
    };
    number.is_finite().then_some(number)
}

/// A list or object; also if it is given as JSON text. The text may come from outside and be large,
/// so the attempt pays for reading it.
fn structure(cx: &Cx, field: &str, value: &Value) -> Result<Option<Value>, Fault> {
    let text = match value {
        Value::List(_) | Value::Object(_) => return Ok(Some(value.clone())),
        Value::Str(text) => text,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => return Ok(None),
    };
    let read = cx
        .charge(text.len() as u64 / 4)
        .and_then(|()| json::read_exact(cx, text.as_bytes()));
    match read {
        Ok(value) => Ok(Some(value)),
        // It is no JSON.
        Err(error) if error.kind == ErrorKind::Value => Ok(None),
        Err(error) => Err(StageError::expression(format!("field `{field}`: {error}"))),
    }
}

#[cfg(test)]
#[path = "tests/settings.rs"]
mod tests;
