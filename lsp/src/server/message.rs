//! One message of the editor, made readable.
//!
//! Enters: the bytes of a message. Leaves: a message that the protocol accepts: the same one, with
//! U+FFFD for what is no text (bytes that are not UTF-8, halves of surrogate pairs), or a request
//! to answer with an error. Must not know streams.

use std::borrow::Cow;

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};

/// The method of the request that stands for a message that cannot be read.
pub(super) const REFUSED: &str = "$/refused";

/// Why a message is refused.
pub(super) struct Refusal {
    code: ErrorCode,
    why: String,
    id: Value,
}

impl Refusal {
    /// The message is not JSON, or its length is not known.
    pub(super) fn parse(why: impl Into<String>) -> Self {
        Self {
            code: ErrorCode::ParseError,
            why: why.into(),
            id: Value::Null,
        }
    }

    /// The message is JSON but no message of the protocol.
    fn invalid(why: impl Into<String>, id: Value) -> Self {
        Self {
            code: ErrorCode::InvalidRequest,
            why: why.into(),
            id,
        }
    }
}

/// The request that stands for a refused message.
pub(super) fn refused(refusal: Refusal) -> String {
    let params = json!({"code": refusal.code.code(), "message": refusal.why});
    json!({"jsonrpc": "2.0", "id": refusal.id, "method": REFUSED, "params": params}).to_string()
}

/// The answer to such a request.
pub(super) fn answer(request: &Request) -> Response {
    let params = request.params().unwrap_or(&Value::Null);
    let code = params.get("code").and_then(Value::as_i64);
    let message = params.get("message").and_then(Value::as_str);
    let error = Error {
        code: code.map_or(ErrorCode::ParseError, ErrorCode::from),
        message: Cow::Owned(message.unwrap_or("the message cannot be read").to_owned()),
        data: None,
    };
    Response::from_error(request.id().cloned().unwrap_or(Id::Null), error)
}

/// The message as the protocol can read it.
pub(super) fn clean(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = whole_pairs(&text).unwrap_or_else(|| text.into_owned());
    let Err(problem) = serde_json::from_str::<Response>(&text) else {
        return text;
    };
    if problem.is_data() && serde_json::from_str::<Request>(&text).is_ok() {
        return text;
    }
    // Whatever is read here is a JSON value.
    refused(match serde_json::from_str::<Value>(&text) {
        Err(problem) => Refusal::parse(problem.to_string()),
        Ok(value) => {
            let id = value.get("id").filter(|id| id.is_i64() || id.is_string());
            let why = "a message is an object with `jsonrpc`, `method` and `params`";
            Refusal::invalid(why, id.cloned().unwrap_or(Value::Null))
        }
    })
}

/// The text with `\ufffd` for every escape of half a surrogate pair; `None` when there is none.
fn whole_pairs(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut done = 0;
    let mut rest = text;
    while let Some(found) = rest.find('\\') {
        let at = text.len() - rest.len() + found;
        let escape = text.get(at..)?;
        let length = match unit(escape) {
            Some(0xD800..0xDC00) if escape.get(6..).and_then(unit).is_some_and(is_low) => 12,
            Some(0xD800..0xE000) => {
                out.push_str(text.get(done..at)?);
                out.push_str("\\ufffd");
                done = at + 6;
                6
            }
            // Also `\\`, whose second half starts no escape.
            _ => 1 + escape.get(1..)?.chars().next().map_or(0, char::len_utf8),
        };
        rest = escape.get(length..)?;
    }
    if done == 0 {
        return None;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

fn is_low(unit: u32) -> bool {
    (0xDC00..0xE000).contains(&unit)
}

/// The number of an escape like `\ud83d` at the start of a text.
fn unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::{clean, whole_pairs};

    #[test]
    fn halves_of_pairs_are_replaced() {
        let cases = [
            (r#""\ud83d""#, Some(r#""\ufffd""#)),
            (r#""\ud83d\ude00""#, None),
            (r#""\ude00\ud83d""#, Some(r#""\ufffd\ufffd""#)),
            (r#""\ud83d\ud83d\ude00""#, Some(r#""\ufffd\ud83d\ude00""#)),
            (r#""\\ud83d""#, None),
            (r#""\\\uD83D é""#, Some(r#""\\\ufffd é""#)),
            (r#""\u00e9\n""#, None),
            (r#""\ud8"#, None),
            ("\"\\", None),
        ];
        for (text, expected) in cases {
            assert_eq!(whole_pairs(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_message_becomes_a_request_to_refuse_it() {
        let same = [
            r#"{"jsonrpc":"2.0","method":"exit"}"#,
            r#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}"#,
            r#"{"jsonrpc":"2.0","id":1,"result":null}"#,
        ];
        for text in same {
            assert_eq!(clean(text.as_bytes()), text);
        }
        let deep = "[".repeat(100_000);
        for bad in ["{", "", "nul", "{\"a\":}", &deep] {
            let cleaned = clean(bad.as_bytes());
            assert!(
                cleaned.contains("-32700") && cleaned.contains("\"id\":null"),
                "{cleaned}"
            );
        }
        let bad = [
            "[]",
            "1",
            r#"{"id":7,"method":"x"}"#,
            r#"{"jsonrpc":"1.0","id":7,"method":"x"}"#,
            r#"{"jsonrpc":"2.0","id":[],"method":"x"}"#,
            r#"{"jsonrpc":"2.0","id":7,"method":5}"#,
        ];
        for bad in bad {
            let cleaned = clean(bad.as_bytes());
            assert!(cleaned.contains("-32600"), "{bad} gives {cleaned}");
            assert_eq!(
                cleaned.contains("\"id\":7"),
                bad.contains("\"id\":7"),
                "{cleaned}"
            );
        }
        assert!(clean(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}").contains('\u{fffd}'));
    }
}
