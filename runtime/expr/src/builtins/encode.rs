//! JSON, hashes and encodings.
//!
//! Enters: values or text. Leaves: encoded text, or what an encoded text contains. Must not know
//! stages.

use base64::{Engine, prelude::BASE64_STANDARD};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest, Sha256};

use super::{
    arguments::{given, maybe_integer, string, value},
    signature::{Args, Returns, opt, req, rows},
};
use crate::{
    builder::Builder,
    cx::Cx,
    error::{ErrorKind, EvalError},
    json,
    kinds::Kinds,
    text,
    value::{Object, Value},
};

type Outcome = Result<Value, EvalError>;

const STR: Returns = Returns::Kinds(Kinds::STR);

rows! { "encode";
    "tojson", tojson(req("x", Kinds::ANY), opt("indent", Kinds::INTEGER.or(Kinds::NULL))) -> STR,
        "JSON text: compact, or indented by `indent` spaces a level.", "tojson([1, {'a': None}])" => "\"[1,{\\\"a\\\":null}]\"";
    "fromjson", fromjson(req("s", Kinds::STR)) -> Returns::Any, "The value of a JSON text.", "fromjson('[1]')" => "[1]";
    "sha256", sha256(req("s", Kinds::STR)) -> STR, "The SHA-256 of the text in hexadecimal.",
        "sha256('')[:8]" => "\"e3b0c442\"";
    "base64_encode", base64_encode(req("s", Kinds::STR)) -> STR, "Base64 of the text's UTF-8.", "base64_encode('hé')" => "\"aMOp\"";
    "base64_decode", base64_decode(req("s", Kinds::STR)) -> STR, "The text that Base64 encodes.", "base64_decode('aMOp')" => "\"hé\"";
    "urlencode", urlencode(req("x", Kinds::ANY)) -> STR,
        "Text, percent-encoded; an object as `key=value` pairs, where a list repeats its key and null is left out.",
        "urlencode({'a': 'b c', 'd': [1, None, 2], 'e': None})" => "\"a=b%20c&d=1&d=2\"";
    "uuid", uuid() -> STR, impure, "A random UUID (version 4).", "len(uuid())" => "36";
}

/// `tojson(x, indent=None)`
pub fn tojson(cx: &Cx, args: Args<'_>) -> Outcome {
    let indent = maybe_integer("tojson", args, 1)?;
    // CPython takes any width; a huge one would only make huge text.
    let indent = indent.map(|width| usize::try_from(width.clamp(0, 16)).unwrap_or(0));
    let mut out = Builder::new(cx);
    json::write_within(&mut out, &value(args, 0), indent)?;
    out.finish()
}

/// `fromjson(s)`
pub fn fromjson(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "fromjson", args, 0)?;
    cx.charge(text.len() as u64 / 4)?;
    json::read_exact(cx, text.as_bytes()).map_err(|error| match error.kind {
        ErrorKind::Value => {
            EvalError::value_error(format!("`fromjson` cannot read JSON: {}", error.message))
        }
        ErrorKind::Type | ErrorKind::Limit | ErrorKind::Stopped => error,
    })
}

/// How many bytes are hashed at one time.
const HASHED: usize = 64 << 10;

/// `sha256(s)`
pub fn sha256(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "sha256", args, 0)?;
    cx.charge(16)?;
    let mut hash = Sha256::new();
    // In pieces, so that a time limit can end it. To hash a byte takes longer than to read it.
    for piece in text.as_bytes().chunks(HASHED) {
        cx.charge(piece.len() as u64 / 32)?;
        hash.update(piece);
    }
    Ok(Value::from(
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>(),
    ))
}

/// How many bytes are encoded at one time. Three bytes give four characters.
const PIECE: usize = 3 * 1_024;

/// `base64_encode(s)`
pub fn base64_encode(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "base64_encode", args, 0)?;
    let mut out = Builder::with_capacity(cx, text.len().div_ceil(3).saturating_mul(4))?;
    for piece in text.as_bytes().chunks(PIECE) {
        out.push_str(&BASE64_STANDARD.encode(piece))?;
    }
    out.finish()
}

/// `base64_decode(s)`
pub fn base64_decode(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "base64_decode", args, 0)?;
    let room = text.len() as u64;
    cx.reserve(room)?;
    let bytes = BASE64_STANDARD.decode(text.trim()).map_err(|error| {
        EvalError::value_error(format!("`base64_decode` cannot read Base64: {error}"))
    })?;
    let decoded = String::from_utf8(bytes)
        .map_err(|_| EvalError::value_error("`base64_decode` found bytes that are not UTF-8"))?;
    let mut out = Builder::with_capacity(cx, decoded.len())?;
    out.push_str(&decoded)?;
    drop(decoded);
    cx.release(room);
    out.finish()
}

/// All characters except those that RFC 3986 calls unreserved are escaped.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Gives fields as pairs of text, for query parameters and forms. Null values are left out; a list
/// gives one pair for each element, with the same key. Each pair is paid.
///
/// # Errors
/// A limit error when the budget is spent; a stop when the alarm rings; what `pair` refuses.
pub fn each_pair(
    cx: &Cx,
    fields: &Object,
    mut pair: impl FnMut(&str, &str) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    for (key, value) in fields {
        cx.charge(1)?;
        let values = value
            .as_list()
            .unwrap_or_else(|| std::slice::from_ref(value));
        for value in values {
            cx.charge(1)?;
            if value.is_null() {
                continue;
            }
            let before = cx.alive();
            let text = text::text_within(cx, value)?;
            let own = cx.alive().saturating_sub(before);
            pair(key, &text)?;
            cx.release(own);
        }
    }
    Ok(())
}

/// `urlencode(x)`
pub fn urlencode(cx: &Cx, args: Args<'_>) -> Outcome {
    let mut out = Builder::new(cx);
    match given(args, 0) {
        Some(Value::Object(fields)) => {
            for (key, value) in fields {
                let values = value
                    .as_list()
                    .unwrap_or_else(|| std::slice::from_ref(value));
                for value in values {
                    cx.charge(1)?;
                    if value.is_null() {
                        continue;
                    }
                    if out.len() > 0 {
                        out.push('&')?;
                    }
                    encode(cx, &mut out, key)?;
                    out.push('=')?;
                    encode_value(cx, &mut out, value)?;
                }
            }
        }
        Some(value) => encode_value(cx, &mut out, value)?,
        None => {}
    }
    out.finish()
}

fn encode_value(cx: &Cx, out: &mut Builder<'_>, value: &Value) -> Result<(), EvalError> {
    let before = cx.alive();
    let text = text::text_within(cx, value)?;
    let own = cx.alive().saturating_sub(before);
    encode(cx, out, &text)?;
    cx.release(own);
    Ok(())
}

/// Each byte that is escaped is a piece of its own.
fn encode(cx: &Cx, out: &mut Builder<'_>, text: &str) -> Result<(), EvalError> {
    cx.charge(text.len() as u64 / 4)?;
    for piece in utf8_percent_encode(text, RESERVED) {
        out.push_str(piece)?;
    }
    Ok(())
}

/// `uuid()`
pub fn uuid(cx: &Cx, _: Args<'_>) -> Outcome {
    cx.charge(16)?;
    let mut bytes = [0_u8; 16];
    cx.fill(&mut bytes)?;
    // RFC 9562: sets the bits of version 4 and of the variant.
    let number =
        u128::from_be_bytes(bytes) & !(0xF << 76) & !(0x3 << 62) | (0x4 << 76) | (0x2 << 62);
    let hex = format!("{number:032x}");
    let groups = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    let parts: Vec<_> = groups
        .iter()
        .filter_map(|&(from, to)| hex.get(from..to))
        .collect();
    Ok(Value::from(parts.join("-")))
}
