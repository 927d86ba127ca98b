//! Bytes to text.
//!
//! Enters: the bytes of a file. Leaves: text of the same length, so that an offset in the text is
//! also an offset in the file (not counting a byte-order mark), and the ranges that were not UTF-8.
//! Must not know what the text means.

use std::ops::Range;

/// Replaces each byte that is not UTF-8. It is one byte long, which keeps offsets true, and it is
/// legal inside a JSON string, so one bad byte causes one finding and not a second about JSON.
const REPLACEMENT: &str = "?";

/// The result of decoding a file.
#[derive(Debug, Default)]
pub(super) struct Decoded {
    /// The text, without a byte-order mark.
    pub(super) text: String,
    /// Whether the file began with a UTF-8 byte-order mark. Set by `decode`. The JSON output reads
    /// it, because offsets in the file are then three larger than in the text, and `--fix` puts the
    /// mark back.
    pub(super) bom: bool,
    /// The byte ranges of the text that were not UTF-8, in order.
    pub(super) bad: Vec<Range<u32>>,
}

/// Decodes UTF-8. Each bad byte becomes one `?`.
pub(super) fn decode(bytes: &[u8]) -> Decoded {
    let body = bytes.strip_prefix(b"\xEF\xBB\xBF");
    let mut decoded = Decoded {
        bom: body.is_some(),
        ..Decoded::default()
    };
    for chunk in body.unwrap_or(bytes).utf8_chunks() {
        decoded.text.push_str(chunk.valid());
        if chunk.invalid().is_empty() {
            continue;
        }
        let start = decoded.text.len();
        decoded
            .text
            .push_str(&REPLACEMENT.repeat(chunk.invalid().len()));
        let (start, end) = (offset(start), offset(decoded.text.len()));
        match decoded.bad.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => decoded.bad.push(start..end),
        }
    }
    decoded
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn decoding_keeps_offsets_and_joins_neighbouring_ranges() {
        let decoded = decode(b"a\xE9\xE8b\xC3\xA9\xFF");
        assert_eq!(decoded.text, "a??bé?");
        assert_eq!(decoded.bad, [1..3, 6..7]);
        assert!(!decoded.bom);
    }

    #[test]
    fn the_byte_order_mark_is_removed() {
        let decoded = decode(b"\xEF\xBB\xBF{}");
        assert_eq!(decoded.text, "{}");
        assert!(decoded.bom);
        assert!(decoded.bad.is_empty());
    }
}
