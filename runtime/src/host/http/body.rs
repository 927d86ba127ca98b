//! Bodies of requests and responses.
//!
//! Enters: a value and the content type of the request, or the bytes of a response and its content
//! type. Leaves: bytes; or JSON or text. Invalid bytes are replaced, never refused. Large bodies are
//! read beside the thread of the run. Must not know requests.

use std::rc::Rc;

use fmc_expr::{
    Cx, ErrorKind, EvalError, Object, Str, Value, builtins::encode::each_pair, cx::Alarm as _,
    json, text::text_within,
};
use hyper::{HeaderMap, body::Bytes, header::CONTENT_TYPE};

use crate::{
    base::percent,
    host::{beside::beside, deadline::Deadline, http::exchange::Body},
};

/// A body with at least so many bytes is read beside the thread of the run.
const LARGE: usize = 64 << 10;

/// A body to send.
#[derive(Debug, PartialEq)]
pub(crate) struct Outgoing {
    pub(crate) bytes: Bytes,
    /// Its content type, if no header names one.
    pub(crate) content_type: Option<&'static str>,
}

/// The body for a value: JSON for lists and objects, form fields for an object if the content type
/// asks for them, text as it is, nothing for null. The attempt pays for what is written.
///
/// # Errors
/// A limit error when the body would be too large; a stop when the time is over.
pub(crate) fn encode(
    cx: &Cx,
    body: &Value,
    content_type: Option<&str>,
) -> Result<Outgoing, EvalError> {
    let is_form =
        content_type.is_some_and(|kind| essence(kind) == "application/x-www-form-urlencoded");
    let (bytes, content_type) = match body {
        Value::Null => (Bytes::new(), None),
        Value::Str(text) => (bytes(text.clone()), None),
        Value::Object(fields) if is_form => (Bytes::from(form(cx, fields)?), None),
        other @ (Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Object(_)) => (bytes(text_within(cx, other)?), Some("application/json")),
    };
    Ok(Outgoing {
        bytes,
        content_type,
    })
}

/// The bytes of a text, which are not copied.
fn bytes(text: Str) -> Bytes {
    struct Owner(Str);
    impl AsRef<[u8]> for Owner {
        fn as_ref(&self) -> &[u8] {
            self.0.as_bytes()
        }
    }
    Bytes::from_owner(Owner(text))
}

fn form(cx: &Cx, fields: &Object) -> Result<String, EvalError> {
    let mut out = String::new();
    each_pair(cx, fields, |key, value| {
        if !out.is_empty() {
            out.push('&');
        }
        percent::push_to_form(cx, &mut out, key)?;
        out.push('=');
        percent::push_to_form(cx, &mut out, value)
    })?;
    Ok(out)
}

/// The body of a response.
#[derive(Debug)]
pub(crate) struct Decoded {
    /// Parsed if it is JSON, otherwise text.
    pub(crate) value: Value,
    /// What could not be kept as it was sent: an integer that is kept as text, or the whole body,
    /// which is text although its content type says that it is JSON.
    pub(crate) complaint: Option<String>,
}

/// The value of a response's body. Its room in memory is given back when it has been read.
pub(crate) async fn decode(body: Body, headers: &HeaderMap, deadline: &Deadline) -> Decoded {
    let Body { bytes, room } = body;
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let charset = charset(content_type);
    let says_json = is_json(&essence(content_type));
    let Some(room) = room.filter(|_| bytes.len() >= LARGE) else {
        return read(bytes, charset, says_json, deadline);
    };
    let turn = room.turn().await;
    let deadline = deadline.clone();
    beside(move || {
        // The stage may have been stopped while it waited for its turn.
        let bytes = if deadline.rings() { Vec::new() } else { bytes };
        let decoded = read(bytes, charset, says_json, &deadline);
        drop((room, turn));
        decoded
    })
    .await
}

fn read(bytes: Vec<u8>, charset: Option<String>, says_json: bool, deadline: &Deadline) -> Decoded {
    let text = text(bytes, charset);
    // A body has a budget of its own, because the one of the stage cannot be used on this thread.
    let cx = Cx::new().until(Rc::new(deadline.clone()));
    let error = match json::read(&cx, text.as_bytes()) {
        Ok(read) => {
            // A body that is no more than a number is text either way.
            let warns = says_json || read.value.as_str().is_none();
            return Decoded {
                complaint: read.warning("body").filter(|_| warns),
                value: read.value,
            };
        }
        Err(error) => error,
    };
    let complaint = match error.kind {
        ErrorKind::Limit => Some(format!(
            "the body is not read as JSON: {error}; it stays text"
        )),
        ErrorKind::Value | ErrorKind::Type if says_json && !text.trim().is_empty() => {
            Some(format!(
                "the body is not JSON, although its content type says so: {error}; it stays text"
            ))
        }
        // When the time is over, the stage fails anyway.
        ErrorKind::Value | ErrorKind::Type | ErrorKind::Stopped => None,
    };
    Decoded {
        value: Value::from(text),
        complaint,
    }
}

/// Whether a media type is one of JSON, like `application/json` or `application/problem+json`.
fn is_json(essence: &str) -> bool {
    matches!(essence, "application/json" | "text/json") || essence.ends_with("+json")
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

/// The text of some bytes, in errors and headers.
pub(crate) fn characters(bytes: &[u8], charset: Option<String>) -> String {
    text(bytes.to_vec(), charset)
}

/// The text of some bytes. If they are valid, nothing is copied.
fn text(bytes: Vec<u8>, charset: Option<String>) -> String {
    match charset.as_deref() {
        Some("iso-8859-1" | "latin1" | "latin-1" | "iso_8859-1" | "windows-1252") => {
            bytes.iter().map(|byte| char::from(*byte)).collect()
        }
        _ => {
            let text = String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            match text.strip_prefix('\u{feff}') {
                Some(text) => text.to_owned(),
                None => text,
            }
        }
    }
}

#[cfg(test)]
#[path = "tests/body.rs"]
mod tests;
