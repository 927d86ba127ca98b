//! URLs with contextual escaping (language reference, section 3).
//!
//! Enters: the parts of a templated URL. Leaves: a URL in which a value cannot leave the place
//! it stands in: not its path segment, query key, query value, host or fragment. The first
//! part is the base and goes in as it is; `raw(…)` too.

use fmc_expr::{Value, text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::{error::StageError, plan::Outcome};

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
/// keep a server from resolving.
pub(crate) fn url(parts: &[UrlPart]) -> Outcome {
    let mut out = String::new();
    let mut values = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part {
            UrlPart::Text(literal) => out.push_str(literal),
            UrlPart::Raw(value) => text::write_text(&mut out, value),
            UrlPart::Value(value) if at == 0 => text::write_text(&mut out, value),
            UrlPart::Value(value) => {
                let start = out.len();
                let text = text::text(value);
                let set = if place(&out) == Place::Host {
                    &IN_HOST
                } else {
                    &RESERVED
                };
                out.extend(utf8_percent_encode(&text, set));
                values.push(start..out.len());
            }
        }
    }
    let mut start = 0;
    for segment in out.split('/') {
        let end = start + segment.len();
        let from_value = values
            .iter()
            .any(|value| value.start < end && start < value.end && value.start < value.end);
        let path = segment.split(['?', '#']).next().unwrap_or_default();
        if from_value && is_dot_segment(path) {
            return Err(StageError::config(format!(
                "field `url`: a value makes the path segment `{path}`, which would lead to another path"
            )));
        }
        start = end + 1;
    }
    Ok(Value::from(out))
}

/// Whether a path segment is `.` or `..`, also when its dots are encoded.
fn is_dot_segment(segment: &str) -> bool {
    let plain = segment.replace("%2e", ".").replace("%2E", ".");
    plain == "." || plain == ".."
}

/// The part of a URL that comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Host,
    Other,
}

fn place(before: &str) -> Place {
    let authority = match before.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', '#']) => rest,
        _ => return Place::Other,
    };
    if authority.contains(['/', '?', '#', '\\']) {
        Place::Other
    } else {
        Place::Host
    }
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
        "##);
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
