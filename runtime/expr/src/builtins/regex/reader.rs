//! Reads the characters of a pattern or of a replacement, and the escapes that both have.
//!
//! Enters: text. Leaves: its characters, numbers and names. Must not know what they mean.

use std::str::Chars;

/// Reads text character by character. A copy of the reader can be kept to go back.
#[derive(Clone)]
pub(super) struct Reader<'t> {
    rest: Chars<'t>,
    /// How many characters have been read.
    pub(super) at: usize,
}

impl<'t> Reader<'t> {
    /// Starts at the beginning of a text.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            rest: text.chars(),
            at: 0,
        }
    }

    /// The next character, without taking it.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        self.at += usize::from(next.is_some());
        next
    }

    /// Takes the next character if it is this one.
    pub(super) fn skip(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.next();
        }
        found
    }

    /// Takes characters as long as they fit, but not more than `most`.
    pub(super) fn take_while(&mut self, most: usize, fits: impl Fn(char) -> bool) -> String {
        let mut taken = String::new();
        while taken.chars().count() < most
            && let Some(next) = self.peek().filter(|next| fits(*next))
        {
            taken.push(next);
            self.next();
        }
        taken
    }

    /// Takes the text before `end`, and `end` itself. `None` when there is no `end`.
    pub(super) fn until(&mut self, end: char) -> Option<String> {
        let taken = self.take_while(usize::MAX, |next| next != end);
        self.skip(end).then_some(taken)
    }

    /// The character of an octal escape: `first`, which has been read, and up to two more digits.
    pub(super) fn octal(&mut self, first: char) -> Option<char> {
        let digits = self.take_while(2, |next| next.is_digit(8));
        let code = u32::from_str_radix(&format!("{first}{digits}"), 8).ok()?;
        char::from_u32(code).filter(|_| code <= 0o377)
    }

    /// Whether `first` and the next two characters are three octal digits.
    pub(super) fn is_octal(&self, first: char) -> bool {
        let next: Vec<char> = self.rest.clone().take(2).collect();
        first.is_digit(8) && next.len() == 2 && next.iter().all(|next| next.is_digit(8))
    }
}

/// The control character that an escape of one letter stands for, like `n` in `\n`.
pub(super) fn control(letter: char) -> Option<char> {
    const CONTROLS: [(char, char); 6] = [
        ('a', '\u{7}'),
        ('f', '\u{c}'),
        ('n', '\n'),
        ('r', '\r'),
        ('t', '\t'),
        ('v', '\u{b}'),
    ];
    let found = CONTROLS.iter().find(|(escape, _)| *escape == letter);
    found.map(|(_, character)| *character)
}

/// Whether a text can be the name of a group.
pub(super) fn is_name(text: &str) -> bool {
    let inner = |character: char| character == '_' || character.is_alphanumeric();
    text.chars().all(inner)
        && !text.starts_with(|first: char| first.is_numeric())
        && !text.is_empty()
}
