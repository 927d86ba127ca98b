//! Patterns in schemas: mistakes in every dialect of regular expressions.
//!
//! Enters: a pattern. Leaves: what is unbalanced in it. The dialects of ECMAScript, Python and Rust
//! differ a lot; where they disagree, nothing is reported. Must not know schemas.

/// What no dialect can read; `None` when some dialect may accept the pattern.
pub(super) fn broken(pattern: &str) -> Option<&'static str> {
    // Verbose patterns may contain comments, and the text of a template is not known.
    if pattern.contains("(?x") || pattern.contains("(?#") || pattern.contains("{{") {
        return None;
    }
    let mut open = 0_usize;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return Some("nothing follows its last `\\`"),
            '(' => open += 1,
            ')' if open == 0 => return Some("a `)` closes nothing"),
            ')' => open -= 1,
            '[' => {
                chars.next_if_eq(&'^');
                // `[]…` is an empty class in some dialects and the start of a class in others.
                if chars.peek() == Some(&']') {
                    return None;
                }
                if !class(&mut chars) {
                    return Some("a `[` is never closed");
                }
            }
            _ => {}
        }
    }
    (open > 0).then_some("a `(` is never closed")
}

/// Reads to the end of a character class. False when it has no end.
fn class(chars: &mut impl Iterator<Item = char>) -> bool {
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            ']' => return true,
            _ => {}
        }
    }
    false
}
