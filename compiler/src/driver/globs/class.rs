//! A set of characters in a pattern, like `[a-z]`.
//!
//! Enters: what follows a `[`, and a byte. Leaves: whether the byte is in the set, and how long the
//! set is. It is read as git reads it, byte by byte. Must not know the rest of the pattern.

/// Whether a byte is in the set that `set` begins with, and the length of the set with its `]`.
/// `None` if it has no end.
pub(super) fn class(set: &[u8], byte: u8) -> Option<(bool, usize)> {
    let mut at = usize::from(matches!(set.first(), Some(b'!' | b'^')));
    let negated = at == 1;
    // The member before this one, from which a range may begin.
    let (mut holds, mut before) = (false, None);
    loop {
        let member = *set.get(at)?;
        let next = set.get(at + 1);
        before = match (member, before) {
            (b'\\', _) => {
                at += 1;
                let member = *set.get(at)?;
                holds |= member == byte;
                Some(member)
            }
            (b'-', Some(first)) if next? != &b']' => {
                at += if next == Some(&b'\\') { 2 } else { 1 };
                holds |= (first..=*set.get(at)?).contains(&byte);
                None
            }
            (b'[', _) if next == Some(&b':') => match name(set.get(at + 2..)?) {
                Some(name) => {
                    holds |= named(name, byte);
                    at += 3 + name.len();
                    None
                }
                None => {
                    holds |= member == byte;
                    Some(member)
                }
            },
            _ => {
                holds |= member == byte;
                Some(member)
            }
        };
        at += 1;
        // A `]` at the start is a member.
        if *set.get(at)? == b']' {
            return Some((holds != negated && byte != b'/', at + 1));
        }
    }
}

/// The name that bytes begin with, if `:]` is behind it. Names are short, so that is all that is
/// looked at.
fn name(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.iter().take(8).position(|byte| *byte == b']')?;
    bytes.get(..end)?.strip_suffix(b":")
}

/// Whether a byte is in the set with this name, as in `[[:digit:]]`. A name that nobody knows is
/// empty.
fn named(name: &[u8], byte: u8) -> bool {
    match name {
        b"alnum" => byte.is_ascii_alphanumeric(),
        b"alpha" => byte.is_ascii_alphabetic(),
        b"blank" => matches!(byte, b' ' | b'\t'),
        b"cntrl" => byte.is_ascii_control(),
        b"digit" => byte.is_ascii_digit(),
        b"graph" => byte.is_ascii_graphic(),
        b"lower" => byte.is_ascii_lowercase(),
        b"print" => byte.is_ascii_graphic() || byte == b' ',
        b"punct" => byte.is_ascii_punctuation(),
        b"space" => byte.is_ascii_whitespace() || byte == 0x0B,
        b"upper" => byte.is_ascii_uppercase(),
        b"xdigit" => byte.is_ascii_hexdigit(),
        _ => false,
    }
}
