//! Decompresses the bodies of responses.
//!
//! Enters: the bytes of a body and its headers. Leaves: the bytes as they were before the server
//! compressed them, or why they cannot be had. Must not know requests.

use hyper::{HeaderMap, header::CONTENT_ENCODING};

use crate::{
    base::{
        excerpt::cut,
        inflate::{self, Broken},
    },
    host::{beside::beside, http::rooms::Room},
};

/// What requests say that they accept.
pub(crate) const ACCEPTED: &str = "gzip, deflate";

/// A body with at least so many bytes, which may become a thousand times as many, is decompressed beside the thread of the run.
const LARGE: usize = 1 << 10;
/// How often a body may have been compressed.
const LAYERS: usize = 3;

/// Why a body cannot be decompressed.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It has more bytes than the stage takes.
    TooLarge,
    /// What is wrong, to follow "answered with a body".
    Wrong(String),
}

/// Undoes what `Content-Encoding` names. At most `most` bytes come out.
///
/// # Errors
/// An encoding that is not known, broken data, or too many bytes.
pub(crate) async fn unpack(
    body: Vec<u8>,
    headers: &HeaderMap,
    most: usize,
    room: &mut Room,
) -> Result<Vec<u8>, Refused> {
    let encodings = encodings(headers);
    // A response without a body may still say how it would have been compressed.
    if encodings.is_empty() || body.is_empty() {
        return Ok(body);
    }
    if encodings.len() > LAYERS {
        return Err(Refused::Wrong(format!(
            "that was compressed {} times, expected at most {LAYERS}",
            encodings.len()
        )));
    }
    let size = body.len();
    let undo = move || {
        // The last encoding was applied last.
        encodings.iter().rev().try_fold(body, |body, encoding| {
            let undone = match encoding.as_str() {
                "gzip" | "x-gzip" => inflate::gzip(&body, most),
                "deflate" => inflate::deflate(&body, most),
                other => {
                    let other = cut(other, 40);
                    return Err(Refused::Wrong(format!(
                        "in the encoding `{other}`, expected {ACCEPTED} or none"
                    )));
                }
            };
            undone.map_err(|broken| match broken {
                Broken::TooLarge => Refused::TooLarge,
                Broken::Invalid => Refused::Wrong(format!("that is not valid `{encoding}`")),
            })
        })
    };
    let body = if size < LARGE {
        undo()
    } else {
        beside(undo).await
    }?;
    room.grow(body.len()).await;
    Ok(body)
}

/// The encodings of a body, in the order in which they were applied.
fn encodings(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase());
    let named = values.flat_map(|value| {
        let words = value.split(',').map(|word| word.trim().to_owned());
        words.collect::<Vec<_>>()
    });
    named
        .filter(|word| !word.is_empty() && word != "identity")
        .collect()
}
