//! The text form of a value: how it looks inside text (language reference, section 4, difference
//! 6).
//!
//! Enters: values. Leaves: text: `true` or `false`, nothing for null, numbers, lists and objects as
//! JSON. It is the same in `str()`, f-strings and joined templates. Must not know templates.

use crate::{cx::Cx, error::EvalError, json, str::Str, value::Value};

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

/// Joins the parts of a template into one text.
///
/// # Errors
/// A limit error when the text would be too large.
pub fn join(cx: &Cx, parts: &[Value]) -> Result<Value, EvalError> {
    let mut out = String::new();
    for part in parts {
        cx.check_size(part)?;
        let before = out.len();
        write_text(&mut out, part);
        cx.allocate((out.len() - before) as u64)?;
    }
    Ok(Value::from(out))
}

/// `repr`, as `!r` gives it: strings in quotes as Python writes them, null as `None`, booleans as
/// `True` and `False`, everything else as the text form.
#[must_use]
pub fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Str(text) => repr_str(text),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(repr).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|(key, item)| format!("{}: {}", repr_str(key), repr(item)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
        Value::Int(_) | Value::Float(_) => value.to_json(),
    }
}

/// Adds a character as `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, whichever is shortest.
pub(crate) fn push_escape(out: &mut String, character: char) {
    let code = u32::from(character);
    out.push_str(&match code {
        0..0x100 => format!("\\x{code:02x}"),
        0x100..0x1_0000 => format!("\\u{code:04x}"),
        _ => format!("\\U{code:08x}"),
    });
}

fn repr_str(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from(quote);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            same if same == quote => {
                out.push('\\');
                out.push(same);
            }
            hidden if hidden.is_control() => push_escape(&mut out, hidden),
            other => out.push(other),
        }
    }
    out.push(quote);
    out
}
