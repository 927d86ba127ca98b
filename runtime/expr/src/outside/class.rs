//! What a character does where it is shown.
//!
//! Enters: a character and its neighbours. Leaves: whether it steers a terminal or an editor, or
//! hides there. Must not know what is done about it.

/// Whether a character moves the cursor, ends a line, changes colours or the writing direction:
/// control characters, line ends that only some programs know, and marks of direction.
pub(super) fn steers(char: char) -> bool {
    char.is_control()
        || matches!(
            char,
            '\u{61C}'
                | '\u{200E}'
                | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2066}'..='\u{206F}'
        )
}

/// Whether a character leaves no mark, so that a text is another than it seems. Two of them join
/// letters and emoji, as in `👩‍🚀`; between characters beyond ASCII they do no harm.
pub(super) fn hides(before: Option<char>, char: char, after: Option<char>) -> bool {
    let beyond = |next: Option<char>| next.is_some_and(|next| !next.is_ascii() && !steers(next));
    match char {
        '\u{200C}' | '\u{200D}' => !(beyond(before) && beyond(after)),
        '\u{AD}'
        | '\u{34F}'
        | '\u{115F}'
        | '\u{1160}'
        | '\u{17B4}'
        | '\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{2060}'..='\u{2065}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E007F}' => true,
        _ => false,
    }
}

/// Whether every character is a usual one of ASCII, so that there is nothing to escape.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && byte != b'#')
}
