//! Bodies of requests and responses.
//!
//! Enters: a value and the content type of the request, or the bytes of a response and its content
//! type. Leaves: bytes; or JSON or text. Invalid bytes are replaced, never refused. Must not know
//! requests.

use fmc_expr::{Object, Value, builtins::encode::pairs};
use hyper::{HeaderMap, body::Bytes, header::CONTENT_TYPE};

use crate::base::percent;

/// A body to send.
#[derive(Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) bytes: Bytes,
    /// Its content type, if no header names one.
    pub(crate) content_type: Option<&'static str>,
}

/// The body for a value: JSON for lists and objects, form fields for an object if the content type
/// asks for them, text as it is, nothing for null.
pub(crate) fn encode(body: &Value, content_type: Option<&str>) -> Outgoing {
    let is_form =
        content_type.is_some_and(|kind| essence(kind) == "application/x-www-form-urlencoded");
    let (text, content_type) = match body {
        Value::Null => (String::new(), None),
        Value::Str(text) => (text.to_string(), None),
        Value::Object(fields) if is_form => (form(fields), None),
        other @ (Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Object(_)) => (other.to_json(), Some("application/json")),
    };
    Outgoing {
        bytes: Bytes::from(text),
        content_type,
    }
}

fn form(fields: &Object) -> String {
    let pairs = pairs(fields);
    let encode = |text: &str| percent::encode(text).replace("%20", "+");
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The value of a response's body: parsed if it is JSON, otherwise text.
pub(crate) fn decode(bytes: &[u8], headers: &HeaderMap) -> Value {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let text = characters(bytes, charset(content_type));
    Value::from_json(text.as_bytes()).unwrap_or_else(|_| Value::from(text))
}

/// The media type of a header, without parameters, in lower case.
fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn charset(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let mut found = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, charset) = found.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(charset.trim().trim_matches('"').to_ascii_lowercase())
}

/// The text of some bytes, in errors and bodies.
pub(crate) fn characters(bytes: &[u8], charset: Option<String>) -> String {
    match charset.as_deref() {
        Some("iso-8859-1" | "latin1" | "latin-1" | "iso_8859-1" | "windows-1252") => {
            bytes.iter().map(|byte| char::from(*byte)).collect()
        }
        _ => {
            let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            String::from_utf8_lossy(bytes).into_owned()
        }
    }
}

#[cfg(test)]
#[path = "tests/body.rs"]
mod tests;
