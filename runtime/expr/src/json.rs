//! JSON in and out of values.
//!
//! Enters: JSON text through serde, or a value. Leaves: a value, or JSON as CPython writes it
//! (floats keep their point, `1e+16`). Must not know operators.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};

use crate::{
    str::Str,
    value::{Map, Value},
};

impl Value {
    /// Reads JSON. Of doubled keys the last wins.
    ///
    /// # Errors
    /// What `serde_json` says, with line and column; integers beyond 64 bits and text nested
    /// deeper than 128 too.
    pub fn from_json(text: &[u8]) -> Result<Self, String> {
        let value = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        match wide_integer(text) {
            None => Ok(value),
            Some(error) => Err(error),
        }
    }

    /// Compact JSON, as the text form has it.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write(&mut out, self, None);
        out
    }

    /// JSON over several lines, two blanks a level.
    #[must_use]
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        write(&mut out, self, Some(2));
        out
    }
}

/// A finite float as Python's `repr` and JSON write it: shortest digits that read back.
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
    // Zeros up to the point, and one behind it.
    let missing = (before + 1).saturating_sub(digits.len());
    digits.push_str(&"0".repeat(missing));
    digits.insert(before, '.');
    format!("{sign}{digits}")
}

/// The shortest digits that read back. Where two are as short and as near, Rust takes the
/// larger and CPython the even one, which rounding to as many digits gives.
fn shortest(value: f64) -> String {
    let text = format!("{value:e}");
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    // Fewer digits are never halfway between two: the exponent's are counted too.
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
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Writes a value as JSON: compact, or over lines with `indent` blanks a level.
pub fn write(out: &mut String, value: &Value, indent: Option<usize>) {
    write_at(out, value, indent, 0);
}

fn write_at(out: &mut String, value: &Value, indent: Option<usize>, level: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Int(number) => out.push_str(&number.to_string()),
        Value::Float(number) => out.push_str(&float(*number)),
        Value::Str(text) => write_string(out, text),
        Value::List(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                separate(out, at, indent, level + 1);
                write_at(out, item, indent, level + 1);
            }
            close(out, items.is_empty(), indent, level, ']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (at, (key, item)) in entries.iter().enumerate() {
                separate(out, at, indent, level + 1);
                write_string(out, key);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write_at(out, item, indent, level + 1);
            }
            close(out, entries.is_empty(), indent, level, '}');
        }
    }
}

fn separate(out: &mut String, at: usize, indent: Option<usize>, level: usize) {
    if at > 0 {
        out.push(',');
    }
    new_line(out, indent, level);
}

fn close(out: &mut String, empty: bool, indent: Option<usize>, level: usize, bracket: char) {
    if !empty {
        new_line(out, indent, level);
    }
    out.push(bracket);
}

fn new_line(out: &mut String, indent: Option<usize>, level: usize) {
    if let Some(width) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', width * level));
    }
}

/// Digits of an integer shown.
const SHOWN: usize = 40;

fn too_wide(digits: &str) -> String {
    let shown: String = digits.chars().take(SHOWN).collect();
    let more = if shown.len() < digits.len() {
        "…"
    } else {
        ""
    };
    format!("the integer `{shown}{more}` does not fit 64 bits")
}

/// Refuses the first integer beyond 64 bits in text that is JSON: `serde_json` makes floats of
/// those, which lose digits.
fn wide_integer(text: &[u8]) -> Option<String> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let length = match byte {
            b'"' => string_length(rest),
            b'-' | b'0'..=b'9' => number_length(rest),
            _ => 1,
        };
        let number = rest.get(..length).filter(|_| byte != b'"');
        let number = number.and_then(|number| str::from_utf8(number).ok());
        if let Some(number) = number.filter(|number| is_wide(number)) {
            let before = text.get(..at).unwrap_or_default();
            let line = before.split(|byte| *byte == b'\n').count();
            let column = before
                .iter()
                .rev()
                .take_while(|byte| **byte != b'\n')
                .count()
                + length;
            return Some(format!(
                "{} at line {line} column {column}",
                too_wide(number)
            ));
        }
        at += length;
    }
    None
}

fn is_wide(number: &str) -> bool {
    number.len() > 18 && !number.contains(['.', 'e', 'E']) && number.parse::<i64>().is_err()
}

fn number_length(text: &[u8]) -> usize {
    let part = |byte: &&u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    text.iter().take_while(part).count()
}

/// Bytes of a string, its quotes counted.
fn string_length(text: &[u8]) -> usize {
    let mut escaped = false;
    let inner = text.iter().skip(1).take_while(|byte| {
        let ends = **byte == b'"' && !escaped;
        escaped = **byte == b'\\' && !escaped;
        !ends
    });
    inner.count() + 2
}

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

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value)
            .map(Value::Int)
            .map_err(|_| E::custom(too_wide(&value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Value::list(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some((key, item)) = access.next_entry::<String, Value>()? {
            entries.insert(Str::from(key), item);
        }
        Ok(Value::object(entries))
    }
}

#[cfg(test)]
#[path = "tests/json.rs"]
mod tests;
