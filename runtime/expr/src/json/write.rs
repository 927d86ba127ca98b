//! Writing values as JSON, the way CPython does.
//!
//! Enters: a value. Leaves: compact or indented JSON; floats keep their point (`1.0`, `1e+16`).
//! Within a budget, a text that is too large is refused while it grows. Must not know how JSON is
//! read.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use crate::{builder::Builder, error::EvalError, value::Value};

/// A finite float as Python's `repr` and JSON write it: the fewest digits that read back as the
/// same float.
#[must_use]
pub fn float(value: f64) -> String {
    let text = shortest(value);
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => ("-", text),
        None => ("", text.as_str()),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..16).contains(&exponent) {
        let direction = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{mantissa}e{direction}{:02}", exponent.abs());
    }
    let mut digits = mantissa.replace('.', "");
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent).unwrap_or(0));
        digits.insert_str(0, &zeros);
    }
    let before = usize::try_from(exponent + 1).unwrap_or(0).max(1);
    // Zeros up to the point, and one after it.
    let missing = (before + 1).saturating_sub(digits.len());
    digits.push_str(&"0".repeat(missing));
    digits.insert(before, '.');
    format!("{sign}{digits}")
}

/// The fewest digits that read back as the same float. Sometimes two candidates are equally short
/// and equally near: then Rust takes the larger one and CPython the one with an even last digit.
/// Rounding to that many digits gives the even one.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Candidates with fewer digits are never equally near. (The count includes the digits of the
    // exponent.)
    if digits < 16 {
        return text;
    }
    let mantissa = text.split_once('e').map_or("", |(mantissa, _)| mantissa);
    let decimals = mantissa
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let even = format!("{value:.decimals$e}");
    if even.parse() == Ok(value) {
        even
    } else {
        text
    }
}

/// Writes a quoted JSON string.
pub fn write_string(out: &mut String, text: &str) {
    // A `String` refuses nothing.
    let _ = quoted(out, text);
}

/// Writes a value as JSON: compact, or over several lines with `indent` spaces a level.
pub fn write(out: &mut String, value: &Value, indent: Option<usize>) {
    let _ = Writer { out, indent }.value(value, 0);
}

/// [`write`] within a budget: each value costs a step, and room is made for the text while it
/// grows. Of a text that is refused, `out` has the beginning.
///
/// # Errors
/// A limit error when the text becomes larger than one value may be or the budget is spent; a stop
/// when the alarm rings.
pub(crate) fn write_within(
    out: &mut Builder<'_>,
    value: &Value,
    indent: Option<usize>,
) -> Result<(), EvalError> {
    Writer { out, indent }.value(value, 0)
}

/// Where text is written to: a `String`, or a text within a budget.
trait Sink {
    fn push_str(&mut self, piece: &str) -> Result<(), EvalError>;

    /// Says that a value is written.
    fn begin(&mut self, _: &Value) -> Result<(), EvalError> {
        Ok(())
    }
}

impl Sink for String {
    fn push_str(&mut self, piece: &str) -> Result<(), EvalError> {
        self.push_str(piece);
        Ok(())
    }
}

impl Sink for Builder<'_> {
    fn push_str(&mut self, piece: &str) -> Result<(), EvalError> {
        self.push_str(piece)
    }

    fn begin(&mut self, value: &Value) -> Result<(), EvalError> {
        let cx = self.budget();
        match value {
            Value::Str(text) => cx.charge(1 + text.len() as u64 / 32),
            // Finding the fewest digits of a float takes a while.
            Value::Float(_) => cx.charge(6),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::List(_) | Value::Object(_) => {
                cx.charge(1)
            }
        }
    }
}

fn quoted<S: Sink>(out: &mut S, text: &str) -> Result<(), EvalError> {
    out.push_str("\"")?;
    escaped(out, text)?;
    out.push_str("\"")
}

/// The inside of a JSON string. What needs no escape is copied in one piece.
fn escaped<S: Sink>(out: &mut S, text: &str) -> Result<(), EvalError> {
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < b' ' || byte == b'"' || byte == b'\\')
    {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain)?;
        let mut tail = tail.chars();
        match tail.next() {
            Some('"') => out.push_str("\\\"")?,
            Some('\\') => out.push_str("\\\\")?,
            Some('\n') => out.push_str("\\n")?,
            Some('\r') => out.push_str("\\r")?,
            Some('\t') => out.push_str("\\t")?,
            Some('\u{8}') => out.push_str("\\b")?,
            Some('\u{c}') => out.push_str("\\f")?,
            Some(control) => {
                out.push_str(if control < '\u{10}' {
                    "\\u000"
                } else {
                    "\\u001"
                })?;
                let digit = char::from_digit(u32::from(control) % 16, 16).unwrap_or_default();
                out.push_str(digit.encode_utf8(&mut [0; 4]))?;
            }
            None => {}
        }
        rest = tail.as_str();
    }
    out.push_str(rest)
}

struct Writer<'a, S> {
    out: &'a mut S,
    indent: Option<usize>,
}

impl<S: Sink> Writer<'_, S> {
    fn value(&mut self, value: &Value, level: usize) -> Result<(), EvalError> {
        self.out.begin(value)?;
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Int(number) => self.out.push_str(&number.to_string()),
            Value::Float(number) => self.out.push_str(&float(*number)),
            Value::Str(text) => quoted(self.out, text),
            Value::List(items) => {
                self.out.push_str("[")?;
                for (at, item) in items.iter().enumerate() {
                    self.separate(at, level + 1)?;
                    self.value(item, level + 1)?;
                }
                self.close(items.is_empty(), level, "]")
            }
            Value::Object(entries) => {
                self.out.push_str("{")?;
                for (at, (key, item)) in entries.iter().enumerate() {
                    self.separate(at, level + 1)?;
                    quoted(self.out, key)?;
                    self.out
                        .push_str(if self.indent.is_some() { ": " } else { ":" })?;
                    self.value(item, level + 1)?;
                }
                self.close(entries.is_empty(), level, "}")
            }
        }
    }

    fn separate(&mut self, at: usize, level: usize) -> Result<(), EvalError> {
        if at > 0 {
            self.out.push_str(",")?;
        }
        self.new_line(level)
    }

    fn close(&mut self, empty: bool, level: usize, bracket: &str) -> Result<(), EvalError> {
        if !empty {
            self.new_line(level)?;
        }
        self.out.push_str(bracket)
    }

    fn new_line(&mut self, level: usize) -> Result<(), EvalError> {
        let Some(width) = self.indent else {
            return Ok(());
        };
        self.out.push_str("\n")?;
        for _ in 0..level {
            self.out.push_str(SPACES.get(..width).unwrap_or(SPACES))?;
        }
        Ok(())
    }
}

/// One level is indented by no more than this.
const SPACES: &str = "                ";

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Str(value) => serializer.serialize_str(value),
            Self::List(items) => {
                let mut sequence = serializer.serialize_seq(Some(items.len()))?;
                for item in items.iter() {
                    sequence.serialize_element(item)?;
                }
                sequence.end()
            }
            Self::Object(entries) => {
                let mut map = serializer.serialize_map(Some(entries.len()))?;
                for (key, item) in entries.iter() {
                    map.serialize_entry(key.as_str(), item)?;
                }
                map.end()
            }
        }
    }
}
