//! Characters that leave no mark: line breaks, with the blanks that indent the next line, and
//! characters without width.
//!
//! Enters: bytes. Leaves: where such a character may be, and how long it is. Must not know views.

/// A character, decoded: up to four bytes, and how many of them.
pub(super) type Decoded = ([u8; 4], usize);

/// So many blanks at the start of a line indent it. More are a table or a picture.
const INDENTED: usize = 64;

/// The next place where one of them may be. It is looked for in steps, because the text may be full
/// of one kind and have none of the other.
pub(super) fn next(bytes: &[u8]) -> Option<usize> {
    const STEP: usize = 256;
    bytes.chunks(STEP).enumerate().find_map(|(nth, step)| {
        let line = memchr::memchr3(b'\n', b'\r', 0, step);
        let other = memchr::memchr3(0xC2, 0xE2, 0xEF, step);
        let rare = memchr::memchr2(0xCD, 0xF3, step);
        let first = line.into_iter().chain(other).chain(rare).min()?;
        Some(nth * STEP + first)
    })
}

/// The one that bytes start with, as nothing, and its length.
pub(super) fn first(bytes: &[u8]) -> Option<(Decoded, usize)> {
    Some((([0; 4], 0), length(bytes)?))
}

/// How long the one is that bytes start with.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0, ..] => Some(1),
        [b'\n' | b'\r', rest @ ..] => {
            let blanks = rest.iter().take(INDENTED);
            let blanks = blanks.take_while(|byte| matches!(byte, b' ' | b'\t'));
            Some(1 + blanks.count())
        }
        // Soft hyphens, and the joiner of marks.
        [0xC2, 0xAD, ..] | [0xCD, 0x8F, ..] => Some(2),
        // Blanks and joiners without width, marks of direction, of byte order and of variants.
        [0xE2, 0x80, 0x8B..=0x8F | 0xAA..=0xAE, ..]
        | [0xE2, 0x81, 0xA0..=0xA4 | 0xA6..=0xA9, ..]
        | [0xEF, 0xBB, 0xBF, ..]
        | [0xEF, 0xB8, 0x80..=0x8F, ..] => Some(3),
        // Tags.
        [0xF3, 0xA0, 0x80 | 0x81, 0x80..=0xBF, ..] => Some(4),
        _ => None,
    }
}

/// Whether a byte can be the first of one of them.
pub(super) fn begins(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0 | 0xC2 | 0xCD | 0xE2 | 0xEF | 0xF3)
}
