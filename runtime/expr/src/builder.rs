//! Texts that are built within a budget.
//!
//! Enters: pieces of text. Leaves: one text. Room is made for each piece before it is added, so
//! that a text that would be too large is refused while it is still small. Must not know what the
//! text says.

use crate::{
    cx::Cx,
    error::EvalError,
    room::Room,
    str::{Growing, Str},
    value::Value,
};

/// A text that grows.
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    cx: &'a Cx,
    text: Growing,
    room: Room<1, 1>,
}

impl<'a> Builder<'a> {
    /// An empty text.
    pub(crate) fn new(cx: &'a Cx) -> Self {
        Self {
            cx,
            text: Growing::default(),
            room: Room::default(),
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
            room: Room::of(bytes),
        })
    }

    /// The budget within which it grows.
    pub(crate) fn budget(&self) -> &'a Cx {
        self.cx
    }

    /// How many bytes it has.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Makes room for so many bytes more.
    #[inline]
    fn make_room(&mut self, bytes: usize) -> Result<(), EvalError> {
        let length = self.text.len();
        if !self.room.fits(length, bytes) {
            let free = self.room.grow(self.cx, length, bytes)?;
            self.text.reserve_exact(free);
        }
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
    ///
    /// # Errors
    /// A limit error when it cannot be moved to its last place.
    pub(crate) fn finish(self) -> Result<Value, EvalError> {
        self.into_str().map(Value::Str)
    }

    /// The text, as it is.
    ///
    /// # Errors
    /// As [`Builder::finish`].
    pub(crate) fn into_str(self) -> Result<Str, EvalError> {
        let length = self.text.len();
        self.room.close(self.cx, length, length as u64)?;
        Ok(self.text.finish())
    }
}
