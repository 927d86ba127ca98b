//! Translates patterns from Python's syntax to the engine's.
//!
//! Enters: a pattern, and the stand-in for a final line break (see `engine`). Leaves: a pattern
//! that means the same to the engine, because each character, set, flag and repetition is written
//! out; or the reason why there is none. Patterns that need backtracking are refused. Must not know
//! texts.

use super::{
    class::{self, Set},
    reader::{Reader, control, is_name},
};

/// What the line terminator of the engine must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// The line break, as usual.
    Line,
    /// The stand-in, because the pattern has a `$` that means the end of the text.
    Text(u8),
}

/// Translates a pattern.
///
/// # Errors
/// The reason why the pattern is refused, in one line.
pub(super) fn translate(pattern: &str, stand_in: Option<u8>) -> Result<(String, Ends), String> {
    let mut translator = Translator {
        reader: Reader::new(pattern),
        out: String::new(),
        flags: Flags::default(),
        ignore_case: false,
        groups: Vec::new(),
        last: Last::Nothing,
        stand_in,
        at_line: false,
        at_end: false,
    };
    translator.run()?;
    let ends = match stand_in {
        Some(stand_in) if translator.at_end => Ends::Text(stand_in),
        _ => Ends::Line,
    };
    let flag = if translator.ignore_case { "(?i)" } else { "" };
    Ok((format!("{flag}{}", translator.out), ends))
}

/// The flags in force. Only `ignore_case` is passed on to the engine; the others change the
/// translation.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// `a`: `\d`, `\s`, `\w` and `\b` know only ASCII.
    ascii: bool,
    /// `i`: upper and lower case match each other.
    ignore_case: bool,
    /// `m`: `^` and `$` also match at the line breaks inside the text.
    multi_line: bool,
    /// `s`: `.` also matches a line break.
    dot_all: bool,
    /// `x`: white space and comments in the pattern mean nothing.
    verbose: bool,
}

impl Flags {
    fn set(&mut self, letter: char, on: bool) -> bool {
        let flag = match letter {
            'a' => &mut self.ascii,
            'i' => &mut self.ignore_case,
            'm' => &mut self.multi_line,
            's' => &mut self.dot_all,
            'x' => &mut self.verbose,
            _ => return false,
        };
        *flag = on;
        true
    }
}

/// What comes directly before a repetition like `*`. `Nothing` cannot be repeated, nor can a
/// repetition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Item,
    Repetition,
}

struct Translator<'p> {
    reader: Reader<'p>,
    out: String,
    flags: Flags,
    /// Set by a flag `i` at the start of the pattern; `translate` then writes `(?i)` before the
    /// whole translation.
    ignore_case: bool,
    /// For each open group, the flags outside it. They are in force again after the group.
    groups: Vec<Flags>,
    last: Last,
    stand_in: Option<u8>,
    /// Set by `^` or `$` under the flag `m`. `run` reads it: such a pattern needs the line break as
    /// line terminator, so it cannot also have a `$` for the end of the text.
    at_line: bool,
    /// Set by a `$` without the flag `m`, as in `a$`, which means the end of the text. `translate`
    /// then makes the stand-in the line terminator.
    at_end: bool,
}

fn unsupported<T>(what: &str) -> Result<T, String> {
    Err(format!(
        "{what} is not supported, because the engine takes linear time"
    ))
}

impl Translator<'_> {
    fn fail<T>(&self, what: &str) -> Result<T, String> {
        Err(format!("{what} at character {}", self.reader.at))
    }

    fn run(&mut self) -> Result<(), String> {
        while let Some(character) = self.reader.next() {
            if self.flags.verbose && self.skips(character) {
                continue;
            }
            self.step(character)?;
        }
        if !self.groups.is_empty() {
            return Err("a `(` without its `)`".to_owned());
        }
        if self.at_line && self.at_end {
            return Err("`$` at the end of the text and flag `m` in one pattern".to_owned());
        }
        Ok(())
    }

    /// Skips the white space and comments that the flag `x` allows.
    fn skips(&mut self, character: char) -> bool {
        if character == '#' {
            self.reader.take_while(usize::MAX, |next| next != '\n');
            return true;
        }
        matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
    }

    fn step(&mut self, character: char) -> Result<(), String> {
        match character {
            '\\' => self.escape(),
            '.' => {
                let dot = if self.flags.dot_all {
                    "(?s:.)".to_owned()
                } else {
                    class::dot(self.stand_in)
                };
                self.item(&dot)
            }
            '^' if self.flags.multi_line => self.line_anchor("(?m:^)"),
            '^' => self.anchor(r"\A"),
            '$' if self.flags.multi_line => self.line_anchor("(?m:$)"),
            '$' => self.end(),
            '|' => {
                self.last = Last::Nothing;
                self.out.push('|');
                Ok(())
            }
            '[' => self.class(),
            '(' => self.open(),
            ')' => self.close(),
            '*' | '+' | '?' => self.repeat(&character.to_string()),
            '{' => self.counted(),
            other => self.item(&class::single(other, self.stand_in)),
        }
    }

    fn item(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        self.last = Last::Item;
        Ok(())
    }

    fn anchor(&mut self, text: &str) -> Result<(), String> {
        self.out.push_str(text);
        self.last = Last::Nothing;
        Ok(())
    }

    fn line_anchor(&mut self, text: &str) -> Result<(), String> {
        self.at_line = true;
        self.anchor(text)
    }

    /// `$` without the flag `m`. The stand-in is the line terminator, so the engine's `(?m:$)`
    /// matches before it and at the end of the text.
    fn end(&mut self) -> Result<(), String> {
        if self.stand_in.is_none() {
            return Err("`$` in a text that has all of U+001C to U+001F".to_owned());
        }
        self.at_end = true;
        self.anchor("(?m:$)")
    }

    fn escape(&mut self) -> Result<(), String> {
        let Some(letter) = self.reader.next() else {
            return self.fail("`\\` escapes nothing");
        };
        match letter {
            'A' => self.anchor(r"\A"),
            'Z' => self.anchor(r"\z"),
            'b' | 'B' if self.flags.ascii => self.anchor(&format!(r"(?-u:\{letter})")),
            'b' | 'B' => self.anchor(&format!(r"\{letter}")),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                let set = class::category(letter, self.flags.ascii, self.stand_in);
                // Ignoring case would add characters to a set that do not belong to it.
                self.item(&format!("(?-i:{set})"))
            }
            '1'..='9' if !self.reader.is_octal(letter) => {
                unsupported(&format!("the back-reference `\\{letter}`"))
            }
            _ => {
                let character = self.character(letter)?;
                self.item(&class::single(character, self.stand_in))
            }
        }
    }

    /// The character that an escape stands for. Its letter has been read.
    fn character(&mut self, letter: char) -> Result<char, String> {
        match letter {
            'x' => self.hexadecimal(2),
            'u' => self.hexadecimal(4),
            'U' => self.hexadecimal(8),
            '0'..='7' => match self.reader.octal(letter) {
                Some(character) => Ok(character),
                None => self.fail("an octal escape beyond `\\377`"),
            },
            _ => match control(letter) {
                Some(control) => Ok(control),
                None if letter.is_ascii_alphanumeric() => {
                    self.fail(&format!("bad escape `\\{letter}`"))
                }
                None => Ok(letter),
            },
        }
    }

    fn hexadecimal(&mut self, count: usize) -> Result<char, String> {
        let digits = self
            .reader
            .take_while(count, |next| next.is_ascii_hexdigit());
        let code = u32::from_str_radix(&digits, 16).ok();
        let character = code.and_then(char::from_u32);
        match character.filter(|_| digits.len() == count) {
            Some(character) => Ok(character),
            None => self.fail(&format!("an escape that needs {count} hexadecimal digits")),
        }
    }

    fn class(&mut self) -> Result<(), String> {
        let mut set = Set::new(self.stand_in);
        let negated = self.reader.skip('^');
        let mut first = true;
        loop {
            let Some(character) = self.reader.next() else {
                return self.fail("a `[` without its `]`");
            };
            if character == ']' && !first {
                break;
            }
            first = false;
            self.class_item(&mut set, character)?;
        }
        self.item(&set.finish(negated))
    }

    fn class_item(&mut self, set: &mut Set, character: char) -> Result<(), String> {
        let first = self.class_character(set, character)?;
        // A `-` at the end of a class stands for itself. `class` reports a missing `]`.
        let mut ahead = self.reader.clone();
        if !ahead.skip('-') || matches!(ahead.peek(), Some(']') | None) {
            if let Some(first) = first {
                set.range(first, first);
            }
            return Ok(());
        }
        self.reader = ahead;
        let next = self.reader.next().unwrap_or_default();
        match (first, self.class_character(set, next)?) {
            (Some(first), Some(last)) if first <= last => set.range(first, last),
            _ => return self.fail("a bad range of characters"),
        }
        Ok(())
    }

    /// Reads one character of a class. `None` for a category like `\d`, which is added to the set
    /// here.
    fn class_character(&mut self, set: &mut Set, character: char) -> Result<Option<char>, String> {
        if character != '\\' {
            return Ok(Some(character));
        }
        match self.reader.next() {
            None => self.fail("`\\` escapes nothing"),
            Some(letter @ ('d' | 'D' | 's' | 'S' | 'w' | 'W')) => {
                set.category(letter, self.flags.ascii);
                Ok(None)
            }
            Some('b') => Ok(Some('\u{8}')),
            Some(letter) => self.character(letter).map(Some),
        }
    }

    fn repeat(&mut self, repetition: &str) -> Result<(), String> {
        match self.last {
            Last::Nothing => return self.fail("nothing to repeat"),
            Last::Repetition => return self.fail("a repetition of a repetition"),
            Last::Item => {}
        }
        self.out.push_str(repetition);
        if self.reader.skip('?') {
            self.out.push('?');
        } else if self.reader.peek() == Some('+') {
            return unsupported("a possessive repetition");
        }
        self.last = Last::Repetition;
        Ok(())
    }

    /// Reads `{m}`, `{m,}`, `{,n}` or `{m,n}`. Anything else that begins with `{` is a literal
    /// brace.
    fn counted(&mut self) -> Result<(), String> {
        let before = self.reader.clone();
        let digit = |next: char| next.is_ascii_digit();
        let least = self.reader.take_while(usize::MAX, digit);
        let comma = self.reader.skip(',');
        let most = if comma {
            self.reader.take_while(usize::MAX, digit)
        } else {
            least.clone()
        };
        if !self.reader.skip('}') || (least.is_empty() && !comma) {
            self.reader = before;
            return self.item(r"\{");
        }
        let number = |digits: &str| digits.parse::<u32>().ok();
        if !most.is_empty() && number(&least).unwrap_or(0) > number(&most).unwrap_or(u32::MAX) {
            return self.fail("a repetition that ends before it begins");
        }
        let least = if least.is_empty() { "0" } else { &least };
        self.repeat(&format!("{{{least},{most}}}"))
    }

    fn enter(&mut self, opening: &str, inner: Flags) -> Result<(), String> {
        self.groups.push(self.flags);
        self.flags = inner;
        self.anchor(opening)
    }

    fn close(&mut self) -> Result<(), String> {
        let Some(outer) = self.groups.pop() else {
            return self.fail("a `)` without its `(`");
        };
        self.flags = outer;
        self.item(")")
    }

    fn open(&mut self) -> Result<(), String> {
        if !self.reader.skip('?') {
            return self.enter("(", self.flags);
        }
        match self.reader.next() {
            Some(':') => self.enter("(?:", self.flags),
            Some('P') => self.named(),
            Some('#') => match self.reader.until(')') {
                Some(_) => Ok(()),
                None => self.fail("a comment without its `)`"),
            },
            Some('=' | '!') => unsupported("look-ahead"),
            Some('<') if matches!(self.reader.peek(), Some('=' | '!')) => {
                unsupported("look-behind")
            }
            Some('(') => unsupported("a group that depends on another"),
            Some('>') => unsupported("an atomic group"),
            Some(letter) if letter == '-' || letter.is_ascii_lowercase() => self.flagged(letter),
            _ => self.fail("an unknown group `(?`"),
        }
    }

    fn named(&mut self) -> Result<(), String> {
        if self.reader.skip('=') {
            return unsupported("a back-reference");
        }
        let name = self.reader.skip('<').then(|| self.reader.until('>'));
        match name.flatten().filter(|name| is_name(name)) {
            Some(name) => self.enter(&format!("(?P<{name}>"), self.flags),
            None => self.fail("a group without a proper name `(?P<name>`"),
        }
    }

    /// Reads flags: `(?flags)`, only at the start of the pattern, or `(?flags-flags:…)`, anywhere.
    fn flagged(&mut self, first: char) -> Result<(), String> {
        let mut flags = self.flags;
        let mut on = true;
        let mut next = Some(first);
        loop {
            match next {
                Some(')') if on && self.groups.is_empty() && self.out.is_empty() => {
                    self.flags = flags;
                    self.ignore_case = flags.ignore_case;
                    return Ok(());
                }
                Some(')') if on => return self.fail("flags that are not at the start"),
                Some(':') => {
                    let case = if flags.ignore_case { "(?i:" } else { "(?-i:" };
                    return self.enter(case, flags);
                }
                Some('-') if on => on = false,
                // `u` changes nothing in Python 3, except that it ends `a`.
                Some('u') if on => flags.ascii = false,
                Some(letter) if (on || letter != 'a') && flags.set(letter, on) => {}
                _ => return self.fail("unknown flags"),
            }
            next = self.reader.next();
        }
    }
}
