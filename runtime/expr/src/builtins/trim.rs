//! Texts without what is at their ends.
//!
//! Enters: a text, and which characters to drop. Leaves: the part between. What is dropped is
//! charged as it is passed over. Must not know words or lines.

use std::collections::HashSet;

use super::{
    arguments::{edge, maybe_string},
    signature::Args,
};
use crate::{cx::Cx, error::EvalError, str::Str, value::Value};

type Outcome = Result<Value, EvalError>;

/// What CPython's `str` counts as white space: that of Unicode, and the four separators of ASCII.
pub(super) fn is_blank(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1c}'..='\u{1f}')
}

/// The characters that `strip` drops.
enum Dropped<'a> {
    Blank,
    /// Few characters, which are looked through.
    Few(&'a str),
    Many(HashSet<char>),
}

/// With more bytes than this, characters to drop are looked up in a table.
const FEW: usize = 8;

impl<'a> Dropped<'a> {
    fn new(chars: Option<&'a Str>) -> Self {
        match chars {
            None => Self::Blank,
            Some(chars) if chars.len() <= FEW => Self::Few(chars),
            Some(chars) => Self::Many(chars.chars().collect()),
        }
    }

    /// How many characters are looked at for one step.
    fn pace(&self) -> usize {
        match self {
            Self::Blank | Self::Few(_) => 8,
            Self::Many(_) => 2,
        }
    }

    fn has(&self, character: char) -> bool {
        match self {
            Self::Blank => is_blank(character),
            Self::Few(chars) => chars.contains(character),
            Self::Many(chars) => chars.contains(&character),
        }
    }
}

/// `strip`, `lstrip` and `rstrip`: the text without blanks, or without some characters, at one end
/// or both.
pub(super) fn trim(cx: &Cx, name: &str, args: Args<'_>, start: bool, end: bool) -> Outcome {
    let text = edge(name, args, 0)?;
    let chars = maybe_string(cx, name, args, 1)?;
    // Each character of the table takes four bytes, and some room.
    let table = chars.map_or(0, |chars| chars.len() as u64 * 16);
    cx.charge(table / 8)?;
    cx.reserve(table)?;
    let dropped = Dropped::new(chars);
    // What is dropped is charged as it is passed over.
    let from = if start {
        kept(cx, text.char_indices(), &dropped)?
    } else {
        Some(0)
    };
    let Some(from) = from else {
        cx.release(table);
        return Ok(Value::from(""));
    };
    let to = if end {
        kept(cx, text.char_indices().rev(), &dropped)?
    } else {
        None
    };
    cx.release(table);
    let next = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        at + rest.chars().next().map_or(0, char::len_utf8)
    };
    let part = match (end, to) {
        (true, None) => "",
        (true, Some(last)) => text.get(from..next(last)).unwrap_or_default(),
        (false, _) => text.get(from..).unwrap_or_default(),
    };
    cut(cx, text, part)
}

/// The place of the first character that is not dropped.
fn kept(
    cx: &Cx,
    characters: impl Iterator<Item = (usize, char)>,
    dropped: &Dropped<'_>,
) -> Result<Option<usize>, EvalError> {
    for (nth, (at, character)) in characters.enumerate() {
        if nth % dropped.pace() == 1 {
            cx.charge(1)?;
        }
        if !dropped.has(character) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// A part of a text as a value. The whole text is not copied.
pub(super) fn cut(cx: &Cx, text: &Str, part: &str) -> Outcome {
    if part.len() == text.len() {
        return Ok(Value::Str(text.clone()));
    }
    cx.allocate(part.len() as u64)?;
    Ok(Value::from(part))
}
