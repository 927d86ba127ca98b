//! Parts of a text, as a list of texts.
//!
//! Enters: parts, one after the other. Leaves: the list. Room is made for each part before it is
//! added, so that a list that would be too large is refused while it is small. Must not know where
//! the text was cut.

use crate::{
    cx::{Cx, text_bytes},
    elements::Elements,
    error::EvalError,
    value::Value,
};

type Outcome = Result<Value, EvalError>;

/// The parts so far.
pub(super) struct Parts<'a> {
    cx: &'a Cx,
    parts: Elements,
}

impl<'a> Parts<'a> {
    pub(super) fn new(cx: &'a Cx) -> Self {
        let parts = Elements::default();
        Self { cx, parts }
    }

    pub(super) fn len(&self) -> usize {
        self.parts.len()
    }

    pub(super) fn push(&mut self, part: &str) -> Result<(), EvalError> {
        self.cx.charge(1)?;
        self.cx.reserve(text_bytes(part))?;
        self.parts.push(self.cx, Value::from(part))
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

    pub(super) fn finish(self) -> Outcome {
        self.parts.finish(self.cx)
    }

    pub(super) fn reversed(mut self) -> Outcome {
        self.parts.reverse();
        self.finish()
    }
}
