//! The text form of a value: how it looks inside text (language reference, section 4, difference
//! 6).
//!
//! Enters: values. Leaves: text: `true` or `false`, nothing for null, numbers, lists and objects as
//! JSON. It is the same in `str()`, f-strings and joined templates. Must not know templates.

use crate::{builder::Builder, cx::Cx, error::EvalError, json, str::Str, value::Value};

/// The text form of a value.
#[must_use]
pub fn text(value: &Value) -> Str {
    match value {
        Value::Str(text) => text.clone(),
        Value::Null => Str::from_static(""),
        Value::Bool(true) => Str::from_static("true"),
        Value::Bool(false) => Str::from_static("false"),
        Value::Int(_) | Value::Float(_) | Value::List(_) | Value::Object(_) => {
            Str::from(value.to_json())
        }
    }
}

/// Appends the text form of a value.
pub fn write_text(out: &mut String, value: &Value) {
    match value {
        Value::Str(text) => out.push_str(text),
        Value::Null => {}
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) | Value::Object(_) => {
            json::write(out, value, None);
        }
    }
}

/// The text form of a value, within a budget: each value costs a step, and room is made for the
/// text while it grows.
///
/// # Errors
/// A limit error when the text would be too large.
pub fn text_within(cx: &Cx, value: &Value) -> Result<Str, EvalError> {
    if !matches!(value, Value::List(_) | Value::Object(_)) {
        // Finding the fewest digits of a float takes a while.
        let steps = if matches!(value, Value::Float(_)) {
            6
        } else {
            1
        };
        cx.charge(steps)?;
        return Ok(text(value));
    }
    let mut out = Builder::new(cx);
    json::write_within(&mut out, value, None)?;
    out.into_str()
}

/// Appends the text form of a value, within a budget.
///
/// # Errors
/// A limit error when the text becomes too large.
pub(crate) fn push_text(cx: &Cx, out: &mut Builder<'_>, value: &Value) -> Result<(), EvalError> {
    if let Value::Str(text) = value {
        cx.charge(1)?;
        return out.push_str(text);
    }
    if let Value::List(_) | Value::Object(_) = value {
        return json::write_within(out, value, None);
    }
    let before = cx.alive();
    let text = text_within(cx, value)?;
    let own = cx.alive().saturating_sub(before);
    out.push_str(&text)?;
    cx.release(own);
    Ok(())
}

/// Joins the parts of a template into one text.
///
/// # Errors
/// A limit error when the text would be too large.
pub fn join(cx: &Cx, parts: &[Value]) -> Result<Value, EvalError> {
    let mut out = Builder::new(cx);
    for part in parts {
        push_text(cx, &mut out, part)?;
    }
    out.finish()
}

/// `repr`, as `!r` gives it: strings in quotes as Python writes them, null as `None`, booleans as
/// `True` and `False`, everything else as the text form.
///
/// # Errors
/// A limit error when the text would be too large.
pub fn repr(cx: &Cx, value: &Value) -> Result<Str, EvalError> {
    let mut out = Builder::new(cx);
    push_repr(cx, &mut out, value)?;
    out.into_str()
}

/// [`repr`] with only characters of ASCII, as `!a` gives it.
///
/// # Errors
/// A limit error when the text would be too large.
pub fn ascii(cx: &Cx, value: &Value) -> Result<Value, EvalError> {
    let text = repr(cx, value)?;
    let mut out = Builder::new(cx);
    cx.scan(text.len())?;
    for character in text.chars() {
        if character.is_ascii() {
            out.push(character)?;
        } else {
            cx.charge(1)?;
            out.push_str(&escape(character))?;
        }
    }
    out.finish()
}

fn push_repr(cx: &Cx, out: &mut Builder<'_>, value: &Value) -> Result<(), EvalError> {
    cx.charge(1)?;
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Str(text) => push_repr_str(cx, out, text),
        Value::List(items) => {
            out.push('[')?;
            for (at, item) in items.iter().enumerate() {
                out.push_str(separator(at))?;
                push_repr(cx, out, item)?;
            }
            out.push(']')
        }
        Value::Object(entries) => {
            out.push('{')?;
            for (at, (key, item)) in entries.iter().enumerate() {
                out.push_str(separator(at))?;
                push_repr_str(cx, out, key)?;
                out.push_str(": ")?;
                push_repr(cx, out, item)?;
            }
            out.push('}')
        }
        Value::Int(_) | Value::Float(_) => out.push_str(&value.to_json()),
    }
}

fn separator(at: usize) -> &'static str {
    if at > 0 { ", " } else { "" }
}

/// A character as `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, whichever is shortest.
pub(crate) fn escape(character: char) -> String {
    let code = u32::from(character);
    match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    }
}

fn push_repr_str(cx: &Cx, out: &mut Builder<'_>, text: &str) -> Result<(), EvalError> {
    cx.scan(text.len().saturating_mul(2))?;
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    out.push(quote)?;
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\")?,
            '\n' => out.push_str("\\n")?,
            '\r' => out.push_str("\\r")?,
            '\t' => out.push_str("\\t")?,
            same if same == quote => {
                out.push('\\')?;
                out.push(same)?;
            }
            hidden if hidden.is_control() => {
                cx.charge(1)?;
                out.push_str(&escape(hidden))?;
            }
            other => out.push(other)?,
        }
    }
    out.push(quote)
}
