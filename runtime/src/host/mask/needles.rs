//! The texts that the mask looks for.
//!
//! Enters: secrets. Leaves: needles: each secret, its lines, the parts of it that are secret by
//! themselves, and the few spellings that [`super::view`] does not undo. Must not know where they
//! are looked for.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    compose, inside,
    sizes::{LONG, SHORT},
    urls,
    view::{self, View},
};

/// A longer needle is looked for in pieces, so that a secret of many kilobytes costs no more memory
/// than its size. Nobody can recognize the rest of a secret by less than a piece.
const PIECE: usize = 256;

/// How a needle is compared with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// Only where no letter, digit or `_` is next to it.
    Alone,
    Exact,
    /// Upper and lower case of ASCII letters are the same.
    AnyCase,
}

/// A text to look for. It is bytes, because a secret can be written in Latin-1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Needle {
    pub(super) manner: Manner,
    pub(super) bytes: Vec<u8>,
}

/// The needles of a secret.
pub(super) fn of(secret: &str) -> Vec<Needle> {
    let mut texts = vec![
        secret.to_owned(),
        squeezed(secret),
        compose::apart(secret),
        compose::joined(secret),
    ];
    let lines = secret.lines().map(str::trim);
    let lines = lines.filter(|line| line.chars().count() >= SHORT);
    texts.extend(lines.map(str::to_owned));
    texts.extend(urls::parts(secret));
    for text in inside::texts(secret) {
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| line.chars().count() >= LONG);
        texts.extend(lines.map(str::to_owned));
        texts.extend(urls::parts(&text));
        texts.push(text);
    }
    texts.sort_unstable();
    texts.dedup();
    let mut needles: Vec<_> = texts.iter().flat_map(|text| spellings(text)).collect();
    needles.sort_unstable();
    needles.dedup();
    needles
}

/// A text as it is, and as it looks once everything in it that looks encoded is decoded.
fn spellings(text: &str) -> Vec<Needle> {
    let manner = match text.chars().count() {
        0 => return Vec::new(),
        1..SHORT => Manner::Alone,
        SHORT..LONG => Manner::Exact,
        _ => Manner::AnyCase,
    };
    let mut written = vec![text.as_bytes().to_vec()];
    // A form writes blanks as `+`, which nobody can tell from a plus sign.
    if text.contains(' ') {
        written.push(text.replace(' ', "+").into_bytes());
    }
    if manner == Manner::Alone {
        written.push(STANDARD_NO_PAD.encode(text).into_bytes());
    }
    let mut decoded = text.as_bytes().to_vec();
    while let Some(once) = view::unescaped(&decoded) {
        written.push(once.clone());
        decoded = once;
    }
    if !text.is_ascii() {
        written.push(text.to_lowercase().into_bytes());
        written.push(text.to_uppercase().into_bytes());
        // UTF-8 that was read as Latin-1 or as Windows reads it, and Latin-1 itself.
        let read_as = |read: fn(u8) -> char| text.bytes().map(read).collect::<String>();
        written.push(read_as(char::from).into_bytes());
        written.push(read_as(windows).into_bytes());
        let latin: Option<Vec<u8>> = text.chars().map(|char| u8::try_from(char).ok()).collect();
        written.extend(latin);
    }
    let pieces = written.iter().flat_map(|bytes| match manner {
        Manner::Alone => vec![bytes.clone()],
        Manner::Exact | Manner::AnyCase => pieces(bytes),
    });
    let needle = |bytes| Needle { manner, bytes };
    pieces.map(needle).collect()
}

/// What a byte is in Windows-1252. It differs from Latin-1 for these bytes only.
fn windows(byte: u8) -> char {
    const FROM_80: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let place = byte.checked_sub(0x80).map(usize::from);
    let other = place.and_then(|place| FROM_80.chars().nth(place));
    other.unwrap_or(char::from(byte))
}

/// The bytes in pieces; the last one is as long as the others.
fn pieces(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces: Vec<_> = bytes.chunks(PIECE).map(<[u8]>::to_vec).collect();
    if bytes.len() > PIECE
        && let (Some(last), Some(end)) = (pieces.last_mut(), bytes.last_chunk::<PIECE>())
    {
        *last = end.to_vec();
    }
    pieces
}

/// The text without line breaks and characters that nobody sees.
fn squeezed(text: &str) -> String {
    match View::of(text).squeezed() {
        Some(squeezed) => String::from_utf8_lossy(&squeezed.bytes).into_owned(),
        None => text.to_owned(),
    }
}
