//! Parts of a text, as a list of texts.
//!
//! Enters: parts, one after the other. Leaves: the list. Room is made for each part before it is
//! added, so that a list that would be too large is refused while it is small. Must not know where
//! the text was cut.

use crate::{
    cx::{Cx, VALUE_BYTES, text_bytes},
    error::EvalError,
    value::Value,
};

/// The parts so far.
pub(super) struct Parts<'a> {
    cx: &'a Cx,
    parts: Vec<Value>,
}

impl<'a> Parts<'a> {
    pub(super) fn new(cx: &'a Cx) -> Result<Self, EvalError> {
        cx.allocate_list(0)?;
        let parts = Vec::new();
        Ok(Self { cx, parts })
    }

    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn push(&mut self, part: &str) -> Result<(), EvalError> {
        self.cx.charge(1)?;
        self.cx.check_list(self.parts.len() + 1)?;
        self.cx.reserve(VALUE_BYTES + text_bytes(part))?;
        self.parts.push(Value::from(part));
        Ok(())
    }

    pub(super) fn all<'t>(
        mut self,
        parts: impl Iterator<Item = &'t str>,
    ) -> Result<Self, EvalError> {
        for part in parts {
            self.push(part)?;
        }
        Ok(self)
    }

    pub(super) fn finish(self) -> Value {
        Value::list(self.parts)
    }

    pub(super) fn reversed(mut self) -> Value {
        self.parts.reverse();
        self.finish()
    }
}
