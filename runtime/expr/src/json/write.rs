//! Writing values as JSON, the way CPython does.
//!
//! Enters: a value. Leaves: compact or indented JSON; floats keep their point (`1.0`, `1e+16`).
//! Must not know how JSON is read.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};

use crate::value::Value;

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

/// Writes a value as JSON: compact, or over several lines with `indent` spaces a level.
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
