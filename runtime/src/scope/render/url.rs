//! URLs in which each value is escaped for its position (language reference, section 3).
//!
//! Enters: the parts of a templated URL. Leaves: a URL in which a value stays in its part: its path
//! segment, query key, query value, host or fragment. The first part is the base and is not
//! escaped, nor is `raw(…)`. Must not know requests.

use std::ops::Range;

use fmc_expr::{Cx, EvalError, Str, Value, ops, text};
use percent_encoding::{AsciiSet, utf8_percent_encode};

use crate::base::{
    excerpt::cut,
    fault::{Fault, Outcome, StageError},
    percent::RESERVED,
};

/// A part of a templated URL.
#[derive(Clone, Debug)]
pub(crate) enum UrlPart {
    /// Literal text.
    Text(Str),
    /// The value of a template, and its text. It is the base if it comes first, otherwise it is
    /// percent-encoded.
    Value(Value, &'static str),
    /// The same, of a template that calls a function with several values. As the base, it may not
    /// lead to another path.
    Mixed(Value, &'static str),
    /// The value of a template in `raw(…)`, and its text.
    Raw(Value, &'static str),
}

impl UrlPart {
    /// The text, if the author wrote it.
    fn literal(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Value(..) | Self::Mixed(..) | Self::Raw(..) => None,
        }
    }
}

/// Where a value is in the URL.
struct Place<'a> {
    at: Range<usize>,
    part: &'a UrlPart,
    is_host: bool,
}

/// In a host, the characters of a port and of an IPv6 address are not escaped.
const IN_HOST: AsciiSet = RESERVED.remove(b':').remove(b'[').remove(b']');

/// Joins the parts of a URL.
///
/// # Errors
/// A `ConfigError` if values make a whole path segment `.` or `..`, because servers resolve these
/// however they are encoded; if an empty value is a whole path segment, because servers leave such
/// a segment out; or if a value would change the host before it.
pub(crate) fn url(parts: &[UrlPart]) -> Outcome {
    let mut out = String::new();
    let mut places = Vec::new();
    let parts = without_leading_blanks(parts);
    for (at, part) in parts.iter().enumerate() {
        let start = out.len();
        let host = authority(&out);
        let is_host = host.is_some();
        match part {
            UrlPart::Text(literal) => out.push_str(literal),
            UrlPart::Raw(value, _) => text::write_text(&mut out, value),
            UrlPart::Value(value, _) | UrlPart::Mixed(value, _) if at == 0 => {
                text::write_text(&mut out, value);
            }
            UrlPart::Value(value, _) | UrlPart::Mixed(value, _) => {
                let text = text::text(value);
                let set = match host {
                    Some(host) => {
                        let (before, after) = parts.split_at_checked(at).unwrap_or((parts, &[]));
                        in_authority(host, before.last(), after, &text)?
                    }
                    None => &RESERVED,
                };
                out.extend(utf8_percent_encode(&text, set));
            }
        }
        if at > 0 || matches!(part, UrlPart::Mixed(..)) {
            let at = start..out.len();
            places.push(Place { at, part, is_host });
        }
    }
    let end = out.find(['?', '#']).unwrap_or(out.len());
    let path = out.get(..end).unwrap_or_default();
    no_dots(path, &places)?;
    no_gap(path, &places)?;
    Ok(Value::from(out))
}

/// The parts of a text that an expression puts together, and the text itself, or the value if it
/// is none. Generated code writes a part as a list of its kind and its value: `[0, literal]`,
/// `[1, value]` in `raw(…)`, `[2, value]`, `[3, [part, …]]`, or `[4, value]` of a function that may
/// have put several values together. The parts are added as the
/// expression would add them, so that what cannot be added is refused.
///
/// # Errors
/// What `+` says about parts that cannot be added.
pub(crate) fn sum(
    cx: &Cx,
    part: &Value,
    name: &'static str,
    parts: &mut Vec<UrlPart>,
) -> Result<Value, EvalError> {
    let (kind, value) = match part.as_list() {
        Some([Value::Int(kind), value]) => (*kind, value),
        _ => (2, part),
    };
    match (kind, value) {
        (0, Value::Str(text)) => parts.push(UrlPart::Text(text.clone())),
        (1, value) => parts.push(UrlPart::Raw(value.clone(), name)),
        (4, value) => parts.push(UrlPart::Mixed(value.clone(), name)),
        (3, Value::List(inner)) => {
            let mut whole = None;
            for part in inner.iter() {
                let value = sum(cx, part, name, parts)?;
                whole = Some(match whole {
                    None => value,
                    Some(before) => ops::add(cx, &before, &value)?,
                });
            }
            return Ok(whole.unwrap_or_default());
        }
        (_, value) => parts.push(UrlPart::Value(value.clone(), name)),
    }
    Ok(value.clone())
}

/// Refuses values that make a whole path segment `.` or `..`.
fn no_dots(path: &str, places: &[Place<'_>]) -> Result<(), Fault> {
    let values = || {
        let values = places.iter();
        values.filter(|place| matches!(place.part, UrlPart::Value(..) | UrlPart::Mixed(..)))
    };
    let mut start = 0;
    for segment in path.split('/') {
        let end = start + segment.len();
        let inside = |at: &Range<usize>| at.start < end && start < at.end && !at.is_empty();
        if is_dot_segment(segment) && values().any(|place| inside(&place.at)) {
            return Err(StageError::config(format!(
                "field `url`: a value makes the path segment `{segment}`, which would lead to another path"
            )));
        }
        start = end + 1;
    }
    Ok(())
}

/// Refuses an empty value that is a whole path segment.
fn no_gap(path: &str, places: &[Place<'_>]) -> Result<(), Fault> {
    let is_gap = |at: usize| {
        let before = path.get(..at).is_some_and(|before| before.ends_with('/'));
        let after = path.get(at..);
        before && after.is_some_and(|after| after.is_empty() || after.starts_with('/'))
    };
    for place in places {
        if place.is_host || !place.at.is_empty() || !is_gap(place.at.start) {
            continue;
        }
        let (UrlPart::Value(value, name) | UrlPart::Mixed(value, name) | UrlPart::Raw(value, name)) =
            place.part
        else {
            continue;
        };
        let what = if value.is_null() { "null" } else { "empty" };
        return Err(StageError::config(format!(
            "field `url`: in `{}` a value is {what}, which would remove a path segment",
            cut(name, 60)
        )));
    }
    Ok(())
}

/// Removes white space before the base. The request ignores it too.
fn without_leading_blanks(parts: &[UrlPart]) -> &[UrlPart] {
    match parts {
        [first, rest @ ..] if first.literal().is_some_and(|text| text.trim().is_empty()) => rest,
        _ => parts,
    }
}

/// How to encode a value between `://` and the path.
///
/// # Errors
/// A `ConfigError` if the value would change a host or port that the text before it has.
fn in_authority(
    before: &str,
    last: Option<&UrlPart>,
    rest: &[UrlPart],
    text: &str,
) -> Result<&'static AsciiSet, Fault> {
    if names_user(rest) {
        return Ok(&RESERVED);
    }
    let host = before.rsplit_once('@').map_or(before, |(_, host)| host);
    let literal = last.and_then(UrlPart::literal).unwrap_or_default();
    let fits = |allowed: fn(char) -> bool| text.chars().all(allowed);
    let is_part_of_name = literal.ends_with(['.', '-']) || goes_on(rest);
    if host.is_empty()
        || text.is_empty()
        || (literal.ends_with(':') && fits(|character| character.is_ascii_digit()))
        || (is_part_of_name && !host.contains(':') && fits(is_of_host))
    {
        return Ok(&IN_HOST);
    }
    let host = cut(host, 60);
    Err(StageError::config(format!(
        "field `url`: a value after the host `{host}` would change it; expected `/` between them, `:` and digits, or `raw(…)`"
    )))
}

/// Whether the text at this position is credentials: literal text has an `@` before the path.
fn names_user(rest: &[UrlPart]) -> bool {
    for part in rest {
        let Some(literal) = part.literal() else {
            continue;
        };
        if let Some(at) = literal.find(['@', '/', '?', '#', '\\']) {
            return literal.get(at..).is_some_and(|rest| rest.starts_with('@'));
        }
    }
    false
}

/// Whether the literal text after a value continues the name of the host.
fn goes_on(rest: &[UrlPart]) -> bool {
    let next = rest.get(1).and_then(UrlPart::literal);
    next.is_some_and(|literal| literal.starts_with(is_of_host))
}

fn is_of_host(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._".contains(character)
}

/// Whether a path segment is `.` or `..`, also if its dots are encoded.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

/// The text of host and port so far; `None` when they have ended.
fn authority(before: &str) -> Option<&str> {
    let (scheme, rest) = before.split_once("://")?;
    let inside = !scheme.contains(['/', '?', '#']) && !rest.contains(['/', '?', '#', '\\']);
    inside.then_some(rest)
}

#[cfg(test)]
#[path = "tests/url.rs"]
mod tests;
