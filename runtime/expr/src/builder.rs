//! Texts that are built within a budget.
//!
//! Enters: pieces of text. Leaves: one text. Room is made for each piece before it is added, so
//! that a text that would be too large is refused while it is still small. Must not know what the
//! text says.

use crate::{
    cx::Cx,
    error::EvalError,
    str::{Growing, Str},
    value::Value,
};

/// The least room that is made at one time.
const LEAST: usize = 64;

/// A text that grows.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    cx: &'a Cx,
    text: Growing,
    /// The bytes for which room was made.
    room: usize,
}

impl<'a> Builder<'a> {
    /// An empty text.
    pub(crate) fn new(cx: &'a Cx) -> Self {
        Self {
            cx,
            text: Growing::default(),
            room: 0,
        }
    }

    /// An empty text with room for so many bytes.
    ///
    /// # Errors
    /// A limit error when that is too much.
    pub(crate) fn with_capacity(cx: &'a Cx, bytes: usize) -> Result<Self, EvalError> {
        cx.allocate(bytes as u64)?;
        Ok(Self {
            cx,
            text: Growing::with_capacity(bytes),
            room: bytes,
        })
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Makes room for so many bytes more. It grows by half of itself at least, so that many small
    /// pieces are not moved again and again.
    #[inline]
    fn make_room(&mut self, bytes: usize) -> Result<(), EvalError> {
        let wanted = self.text.len().saturating_add(bytes);
        if wanted <= self.room {
            return Ok(());
        }
        self.cx.check_len(wanted)?;
        let room = wanted.max(self.room + self.room / 2).max(LEAST);
        self.cx.reserve((room - self.room) as u64)?;
        self.room = room;
        Ok(())
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// A limit error when the text becomes too large.
    pub(crate) fn push_str(&mut self, piece: &str) -> Result<(), EvalError> {
        self.make_room(piece.len())?;
        self.text.push_str(piece);
        Ok(())
    }

    /// Adds a character.
    ///
    /// # Errors
    /// A limit error when the text becomes too large.
    #[inline]
    pub(crate) fn push(&mut self, character: char) -> Result<(), EvalError> {
        self.make_room(character.len_utf8())?;
        self.text.push(character);
        Ok(())
    }

    /// Adds characters.
    ///
    /// # Errors
    /// A limit error when the text becomes too large.
    pub(crate) fn extend(
        &mut self,
        characters: impl IntoIterator<Item = char>,
    ) -> Result<(), EvalError> {
        for character in characters {
            self.push(character)?;
        }
        Ok(())
    }

    /// The text.
    pub(crate) fn finish(self) -> Value {
        Value::Str(self.into_str())
    }

    /// The text, as it is.
    pub(crate) fn into_str(self) -> Str {
        self.cx.release((self.room - self.text.len()) as u64);
        self.text.finish()
    }
}

/// A text that somebody else has built, and for which room was made: it is copied into a value.
///
/// # Errors
/// A limit error when there is no room for both.
pub(crate) fn copied(cx: &Cx, text: String) -> Result<Value, EvalError> {
    copied_text(cx, text).map(Value::Str)
}

/// [`copied`], as a text.
///
/// # Errors
/// As [`copied`].
pub(crate) fn copied_text(cx: &Cx, text: String) -> Result<Str, EvalError> {
    let copy = text.len() as u64;
    cx.reserve(copy)?;
    let text = Str::from(text);
    cx.release(copy);
    Ok(text)
}
