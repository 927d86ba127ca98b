//! URLs in which each value is escaped for its position (language reference, section 3).
//!
//! Enters: the parts of a templated URL. Leaves: a URL in which a value stays in its part: its path
//! segment, query key, query value, host or fragment. The first part is the base and is not
//! escaped, nor is `raw(…)`. Must not know requests.

use fmc_expr::{Value, text};
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
    Text(&'static str),
    /// The value of a template. It is the base if it comes first, otherwise it is percent-encoded.
    Value(Value),
    /// The value of a template in `raw(…)`.
    Raw(Value),
}

/// In a host, the characters of a port and of an IPv6 address are not escaped.
const IN_HOST: AsciiSet = RESERVED.remove(b':').remove(b'[').remove(b']');

/// Joins the parts of a URL.
///
/// # Errors
/// A `ConfigError` if values make a whole path segment `.` or `..`, because servers resolve these
/// however they are encoded; or if a value would change the host before it.
pub(crate) fn url(parts: &[UrlPart]) -> Outcome {
    let mut out = String::new();
    let mut values = Vec::new();
    let parts = without_leading_blanks(parts);
    for (at, part) in parts.iter().enumerate() {
        match part {
            UrlPart::Text(literal) => out.push_str(literal),
            UrlPart::Raw(value) => text::write_text(&mut out, value),
            UrlPart::Value(value) if at == 0 => text::write_text(&mut out, value),
            UrlPart::Value(value) => {
                let start = out.len();
                let text = text::text(value);
                let set = match authority(&out) {
                    Some(authority) => {
                        let (before, after) = parts.split_at_checked(at).unwrap_or((parts, &[]));
                        in_authority(authority, before.last(), after, &text)?
                    }
                    None => &RESERVED,
                };
                out.extend(utf8_percent_encode(&text, set));
                values.push(start..out.len());
            }
        }
    }
    let path = out.find(['?', '#']).unwrap_or(out.len());
    let mut start = 0;
    for segment in out.get(..path).unwrap_or_default().split('/') {
        let end = start + segment.len();
        let from_value = values
            .iter()
            .any(|value| value.start < end && start < value.end && value.start < value.end);
        if from_value && is_dot_segment(segment) {
            return Err(StageError::config(format!(
                "field `url`: a value makes the path segment `{segment}`, which would lead to another path"
            )));
        }
        start = end + 1;
    }
    Ok(Value::from(out))
}

/// Removes white space before the base. The request ignores it too.
fn without_leading_blanks(parts: &[UrlPart]) -> &[UrlPart] {
    match parts {
        [UrlPart::Text(blank), rest @ ..] if blank.trim().is_empty() => rest,
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
    let literal = match last {
        Some(UrlPart::Text(literal)) => *literal,
        _ => "",
    };
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
        let UrlPart::Text(literal) = part else {
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
    match rest {
        [_, UrlPart::Text(literal), ..] => literal.starts_with(is_of_host),
        _ => false,
    }
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
