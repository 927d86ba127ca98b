//! Sets of characters: classes, categories and single characters.
//!
//! Enters: ranges and categories of Python's syntax. Leaves: the same sets in the syntax of the
//! engine, where `[`, `&&`, `~~` and `--` have meanings that Python does not have. When a character
//! replaces the final line break (the stand-in, see `engine`), it is in a set exactly when the line
//! break is. Must not know patterns.

/// A set that matches no character.
const NEVER: &str = r"[^\x00-\x{10FFFF}]";
/// A set that matches every character.
const ANY: &str = r"[\x00-\x{10FFFF}]";

/// Writes one character so that the engine takes it literally.
fn push_character(out: &mut String, character: char) {
    if character.is_ascii_alphanumeric() || !character.is_ascii() {
        out.push(character);
    } else {
        out.push_str(&format!("\\x{:02X}", u32::from(character)));
    }
}

/// A set while it is being built.
pub(super) struct Set {
    items: String,
    stand_in: Option<u8>,
}

impl Set {
    /// An empty set.
    pub(super) fn new(stand_in: Option<u8>) -> Self {
        Self {
            items: String::new(),
            stand_in,
        }
    }

    fn push(&mut self, first: char, last: char) {
        if first > last {
            return;
        }
        push_character(&mut self.items, first);
        if first < last {
            self.items.push('-');
            push_character(&mut self.items, last);
        }
    }

    /// Adds the characters from `first` to `last`.
    pub(super) fn range(&mut self, first: char, last: char) {
        let range = first..=last;
        let Some(stand_in) = self.stand_in else {
            return self.push(first, last);
        };
        let character = char::from(stand_in);
        match (range.contains(&'\n'), range.contains(&character)) {
            (false, true) => {
                self.push(first, char::from(stand_in - 1));
                self.push(char::from(stand_in + 1), last);
            }
            (true, false) => {
                self.push(first, last);
                self.push(character, character);
            }
            _ => self.push(first, last),
        }
    }

    /// Adds a category: `d`, `s`, `w`, or `D`, `S`, `W` for all other characters.
    pub(super) fn category(&mut self, letter: char, ascii: bool) {
        self.items.push_str(&category(letter, ascii, self.stand_in));
    }

    /// The set in the engine's syntax; `negated` gives all other characters.
    pub(super) fn finish(self, negated: bool) -> String {
        match (self.items.as_str(), negated) {
            ("", false) => NEVER.to_owned(),
            ("", true) => ANY.to_owned(),
            (items, false) => format!("[{items}]"),
            (items, true) => format!("[^{items}]"),
        }
    }
}

/// The syntax that matches exactly this character.
pub(super) fn single(character: char, stand_in: Option<u8>) -> String {
    let special = |stand_in| character == '\n' || character == char::from(stand_in);
    if stand_in.is_some_and(special) {
        let mut set = Set::new(stand_in);
        set.range(character, character);
        return set.finish(false);
    }
    let mut out = String::new();
    push_character(&mut out, character);
    out
}

/// The syntax for `.` without the flag `s`: everything except a line break.
pub(super) fn dot(stand_in: Option<u8>) -> String {
    let mut set = Set::new(stand_in);
    set.range('\n', '\n');
    set.finish(true)
}

/// `\d`, `\s`, `\w` and their opposites, as CPython's `str` methods define them. The engine's own
/// `\w` also has combining marks, and its `\s` lacks the four separators.
pub(super) fn category(letter: char, ascii: bool, stand_in: Option<u8>) -> String {
    let items = match (letter.to_ascii_lowercase(), ascii) {
        ('d', true) => "0-9",
        ('d', false) => r"\d",
        ('s', true) => r"\x20\t-\r",
        ('s', false) => r"\s\x1C-\x1F",
        (_, true) => "a-zA-Z0-9_",
        (_, false) => r"\p{L}\p{N}_",
    };
    // Of these only `\s` contains a line break. In Unicode it contains the stand-in anyway, because
    // a stand-in is a separator.
    let also = match stand_in {
        Some(stand_in) if ascii && letter.eq_ignore_ascii_case(&'s') => {
            format!("\\x{stand_in:02X}")
        }
        _ => String::new(),
    };
    let negated = if letter.is_ascii_uppercase() { "^" } else { "" };
    format!("[{negated}{items}{also}]")
}
