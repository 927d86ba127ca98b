//! URLs with contextual escaping (language reference, section 3).
//!
//! Enters: the parts of a templated URL. Leaves: a URL in which a value cannot leave the place
//! it stands in: not its path segment, query key, query value, host or fragment. The first
//! part is the base and goes in as it is; `raw(…)` too.

use fmc_expr::{Value, text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{
    error::{Fault, StageError},
    plan::Outcome,
    settings::cut,
};

/// A part of a templated URL.
#[derive(Clone, Debug)]
pub(crate) enum UrlPart {
    /// Literal text.
    Text(&'static str),
    /// A template's value: the base when it stands first, else percent-encoded.
    Value(Value),
    /// A template's value marked safe by `raw(…)`.
    Raw(Value),
}

/// Everything but RFC 3986's unreserved characters.
const RESERVED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// In a host a port and an IPv6 address stay what they are.
const IN_HOST: AsciiSet = RESERVED.remove(b':').remove(b'[').remove(b']');

/// Percent-encodes text for a path segment, query key or value, or fragment.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, &RESERVED).to_string()
}

/// Joins the parts of a URL.
///
/// # Errors
/// A `ConfigError` when values make a whole path segment `.` or `..`, which no encoding can
/// keep a server from resolving, and when a value would make another host of the one before it.
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

/// Blanks before the base are nothing, as they are for the request.
fn without_leading_blanks(parts: &[UrlPart]) -> &[UrlPart] {
    match parts {
        [UrlPart::Text(blank), rest @ ..] if blank.trim().is_empty() => rest,
        _ => parts,
    }
}

/// How a value is encoded between `://` and the path.
///
/// # Errors
/// A `ConfigError` for one that would change a host or a port which the text before it has.
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

/// Whether literal text says that what stands here are credentials: `@` before the path.
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

/// Whether literal text after a value carries on the name of the host.
fn goes_on(rest: &[UrlPart]) -> bool {
    match rest {
        [_, UrlPart::Text(literal), ..] => literal.starts_with(is_of_host),
        _ => false,
    }
}

fn is_of_host(character: char) -> bool {
    character.is_ascii_alphanumeric() || "-._".contains(character)
}

/// Whether a path segment is `.` or `..`, also when its dots are encoded.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

/// What is written of host and port so far, where they are not over.
fn authority(before: &str) -> Option<&str> {
    let (scheme, rest) = before.split_once("://")?;
    let inside = !scheme.contains(['/', '?', '#']) && !rest.contains(['/', '?', '#', '\\']);
    inside.then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn built(parts: &[UrlPart]) -> String {
        url(parts).map_or_else(|error| error.message, |url| url.to_json())
    }

    fn value(text: &str) -> UrlPart {
        UrlPart::Value(Value::from(text))
    }

    #[test]
    fn values_are_encoded_for_where_they_stand() {
        let hostile = "../../admin?y=1#";
        let cases = [
            vec![value("http://h:1/a?b"), UrlPart::Text("/rest")],
            vec![
                value("http://h"),
                UrlPart::Text("/x/"),
                value(hostile),
                UrlPart::Text("/y"),
            ],
            vec![
                UrlPart::Text("http://"),
                value("a@b/c:80"),
                UrlPart::Text("/x"),
            ],
            vec![
                UrlPart::Text("http://h/?q="),
                value("a&b=c d"),
                UrlPart::Text("&"),
                value("k="),
            ],
            vec![UrlPart::Text("http://h/#"), value("a#b")],
            vec![
                value("http://h/"),
                UrlPart::Raw(Value::from("a/b?c=1")),
                UrlPart::Text("&d="),
                value("/"),
            ],
            vec![
                value("http://h"),
                UrlPart::Text("/"),
                UrlPart::Value(Value::Int(7)),
                UrlPart::Text("/"),
                UrlPart::Value(Value::Null),
            ],
            vec![UrlPart::Text("http://h/"), value(".."), UrlPart::Text("/x")],
            vec![UrlPart::Text("http://h/."), value("."), UrlPart::Text("?x")],
            vec![
                UrlPart::Text("http://h/%2"),
                value("e"),
                UrlPart::Text("./x"),
            ],
            vec![UrlPart::Text("http://h/../"), value("x")],
            vec![UrlPart::Text("http://h/p?path=a/"), value("..")],
            vec![UrlPart::Text(" "), value("http://h"), UrlPart::Text("/p")],
        ];
        let lines: Vec<_> = cases.iter().map(|parts| built(parts)).collect();
        insta::assert_snapshot!(lines.join("\n"), @r##"
        "http://h:1/a?b/rest"
        "http://h/x/..%2F..%2Fadmin%3Fy%3D1%23/y"
        "http://a%40b%2Fc:80/x"
        "http://h/?q=a%26b%3Dc%20d&k%3D"
        "http://h/#a%23b"
        "http://h/a/b?c=1&d=%2F"
        "http://h/7/"
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `%2e.`, which would lead to another path
        "http://h/../x"
        "http://h/p?path=a/.."
        "http://h/p"
        "##);
    }

    #[test]
    fn no_value_changes_the_host_before_it() {
        use UrlPart::Text;
        let cases = [
            vec![value("http://127.0.0.1"), value(":45153")],
            vec![value("https://api.corp"), value(".evil.com"), Text("/x")],
            vec![Text("https://api.corp"), value("m"), Text("/x")],
            vec![value("https://h"), value("/a")],
            vec![Text("https://h:"), value("80@evil")],
            vec![Text("https://h:8"), value("1")],
            vec![Text("https://h:8."), value("evil")],
            vec![value("https://me@h"), Text(":"), value("x")],
            vec![Text("https://a."), value("b/c")],
            vec![Text("https://"), value("a"), value("b"), Text("/")],
        ];
        for parts in cases {
            let message = built(&parts);
            assert!(message.contains("would change it"), "{parts:?} {message}");
        }
        let cases = [
            vec![value("http://h"), value(""), Text("/x")],
            vec![
                value("http://h"),
                Text(":"),
                UrlPart::Value(Value::Int(8080)),
            ],
            vec![Text("http://"), value("a-1"), Text(".corp/x")],
            vec![Text("http://n"), value("1"), Text(".corp/x")],
            vec![
                Text("http://"),
                value("a"),
                Text("."),
                value("corp"),
                Text("/x"),
            ],
            vec![Text("http://"), value("[::1]:80"), Text("/x")],
            vec![Text("http://u:"), value("p@/:"), Text("@h/x")],
            vec![
                Text("http://"),
                value("u"),
                Text(":"),
                value("p"),
                Text("@"),
                value("h:1"),
            ],
        ];
        let lines: Vec<_> = cases.iter().map(|parts| built(parts)).collect();
        insta::assert_snapshot!(lines.join("\n"), @r#"
        "http://h/x"
        "http://h:8080"
        "http://a-1.corp/x"
        "http://n1.corp/x"
        "http://a.corp/x"
        "http://[::1]:80/x"
        "http://u:p%40%2F%3A@h/x"
        "http://u:p@h:1"
        "#);
    }

    proptest! {
        /// A value in a path stays one segment and decodes to what it was.
        #[test]
        fn a_value_stays_in_its_segment(before in "\\PC*", value in "\\PC*") {
            let parts = [
                UrlPart::Text("http://h/"),
                UrlPart::Value(Value::from(before.as_str())),
                UrlPart::Text("/"),
                UrlPart::Value(Value::from(value.as_str())),
                UrlPart::Text("/end?k=v#f"),
            ];
            let dotty = |text: &str| text == "." || text == "..";
            let Ok(url) = url(&parts) else {
                prop_assert!(dotty(&before) || dotty(&value));
                return Ok(());
            };
            let url = url.as_str().unwrap().to_owned();
            let path = url.strip_prefix("http://h/").unwrap();
            let (path, rest) = path.split_once('?').unwrap();
            prop_assert_eq!(rest, "k=v#f");
            let segments: Vec<_> = path.split('/').map(|segment| {
                percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned()
            }).collect();
            prop_assert_eq!(segments, vec![before, value, "end".to_owned()]);
        }

        /// A value in a query stays one value.
        #[test]
        fn a_value_stays_in_its_query(value in "\\PC*") {
            let parts = [
                UrlPart::Text("http://h/?a="),
                UrlPart::Value(Value::from(value.as_str())),
                UrlPart::Text("&b=1"),
            ];
            let url = url(&parts).unwrap();
            let (_, query) = url.as_str().unwrap().split_once('?').unwrap();
            let pairs: Vec<_> = query.split('&').collect();
            prop_assert_eq!(pairs.len(), 2);
            let raw = pairs[0].strip_prefix("a=").unwrap();
            let decoded = percent_encoding::percent_decode_str(raw).decode_utf8().unwrap();
            prop_assert_eq!(decoded.as_ref(), value.as_str());
            prop_assert!(!raw.contains(['#', '=', '?', '/']));
        }
    }
}
