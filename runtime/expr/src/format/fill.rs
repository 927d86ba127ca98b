//! `str.format`: a text whose fields are filled.
//!
//! Enters: a text with fields such as `{name[0]:>8}`, and the arguments. Leaves: text; or a refusal,
//! where CPython refuses. Must not know specifications.

use super::spec::push_field;
use crate::{
    builder::Builder,
    cx::Cx,
    error::{EvalError, excerpt},
    ops,
    value::Value,
};

/// `template.format(*positional, **keywords)`.
///
/// # Errors
/// A template with a mistake, a missing argument, or a specification that does not fit its value.
pub fn str_format(
    cx: &Cx,
    template: &str,
    positional: &[Option<Value>],
    keywords: Option<&Value>,
) -> Result<Value, EvalError> {
    let mut next = 0;
    cx.scan(template.len())?;
    fill(cx, template, positional, keywords, &mut next, 0)?.finish()
}

fn fill<'a>(
    cx: &'a Cx,
    template: &str,
    positional: &[Option<Value>],
    keywords: Option<&Value>,
    next: &mut usize,
    depth: usize,
) -> Result<Builder<'a>, EvalError> {
    let wrong = |what: &str| {
        let template = excerpt(template);
        EvalError::value_error(format!("{what} in format text `{template}`"))
    };
    if depth > 2 {
        return Err(wrong("fields nested too deep"));
    }
    let mut out = Builder::new(cx);
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        cx.charge(1)?;
        out.push_str(before)?;
        if let Some(tail) = tail.strip_prefix("{{") {
            out.push('{')?;
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix("}}") {
            out.push('}')?;
            rest = tail;
        } else if let Some(tail) = tail.strip_prefix('{') {
            let end = closing(tail).ok_or_else(|| wrong("`{` without `}`"))?;
            let field = tail.get(..end).unwrap_or_default();
            rest = tail.get(end + 1..).unwrap_or_default();
            let (head, spec) = split_field(field);
            let (name, conversion) = match head.rsplit_once('!') {
                Some((name, conversion)) => (name, conversion.chars().next()),
                None => (head, None),
            };
            let value = argument(cx, name, positional, keywords, next)?;
            let held = cx.alive();
            let spec = fill(cx, spec, positional, keywords, next, depth + 1)?.into_str()?;
            let scratch = cx.alive().saturating_sub(held);
            push_field(cx, &mut out, &value, conversion, &spec)?;
            cx.release(scratch);
        } else {
            return Err(wrong("single `}`"));
        }
    }
    out.push_str(rest)?;
    Ok(out)
}

fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Splits a field at the first colon outside brackets; the specification comes after it.
fn split_field(field: &str) -> (&str, &str) {
    let mut bracket = false;
    for (at, character) in field.char_indices() {
        match character {
            '[' => bracket = true,
            ']' => bracket = false,
            ':' if !bracket => {
                return (
                    field.get(..at).unwrap_or_default(),
                    field.get(at + 1..).unwrap_or_default(),
                );
            }
            _ => {}
        }
    }
    (field, "")
}

fn argument(
    cx: &Cx,
    name: &str,
    positional: &[Option<Value>],
    keywords: Option<&Value>,
    next: &mut usize,
) -> Result<Value, EvalError> {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut path) = name.split_at_checked(end).unwrap_or((name, ""));
    let missing = || {
        let first = excerpt(first);
        EvalError::value_error(format!("no argument `{first}` for the format text"))
    };
    let mut value = if first.is_empty() {
        *next += 1;
        positional.get(*next - 1).cloned().flatten()
    } else if let Ok(at) = first.parse::<usize>() {
        positional.get(at).cloned().flatten()
    } else {
        keywords.and_then(|keywords| keywords.get(first)).cloned()
    }
    .ok_or_else(missing)?;
    while !path.is_empty() {
        if let Some(tail) = path.strip_prefix('.') {
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            let (name, after) = tail.split_at_checked(end).unwrap_or((tail, ""));
            value = ops::member(&value, name)?;
            path = after;
        } else if let Some((key, after)) = path.strip_prefix('[').and_then(|t| t.split_once(']')) {
            let key = key.parse().map_or_else(|_| Value::from(key), Value::Int);
            value = ops::index(cx, &value, &key)?;
            path = after;
        } else {
            let name = excerpt(name);
            return Err(EvalError::value_error(format!("bad field name `{name}`")));
        }
    }
    Ok(value)
}
