//! Patterns of schemas: what is wrong in every dialect of regular expressions.
//!
//! Enters: a pattern. Leaves: what is unbalanced in it. ECMA's, Python's and Rust's expressions differ in
//! much; where they read a pattern differently, nothing is said.

/// What no dialect can read, if anything.
pub(super) fn broken(pattern: &str) -> Option<&'static str> {
    // Verbose patterns may have comments, and templates are not known yet.
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
                // `[]…` is an empty class to some and the start of one to others.
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

/// Reads to the end of a class; false where it has none.
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
