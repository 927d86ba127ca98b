//! Who pays for looking at texts, and whether it goes on.
//!
//! Enters: the budget of an attempt, if there is one, and how many bytes were looked at. Leaves: an
//! error when the budget is spent or its alarm rings. Must not know what is looked for.

use std::cell::Cell;

use fmc_expr::{Cx, EvalError};

/// No loop looks at more bytes than these before it says so.
pub(super) const PIECE: usize = 64 << 10;

/// So many bytes are a step. They take longer than other steps do; but a log line of 16 MB is no
/// reason for a stage to fail, and the time limit ends what takes too long.
const STEP: usize = 256;

/// The budget from which bytes are paid. What remains of a step is kept: many short texts cost as
/// much as a long one.
#[derive(Debug)]
pub(in crate::host) struct Pace<'c> {
    cx: Option<&'c Cx>,
    owed: Cell<usize>,
}

impl<'c> Pace<'c> {
    /// A pace within this budget; without one, nothing ends the work.
    pub(in crate::host) fn new(cx: Option<&'c Cx>) -> Self {
        Self {
            cx,
            owed: Cell::new(0),
        }
    }

    /// Pays for so many bytes.
    ///
    /// # Errors
    /// A limit error when the budget is spent; a stop when the alarm rings.
    #[inline]
    pub(in crate::host) fn read(&self, bytes: usize) -> Result<(), EvalError> {
        let owed = self.owed.get().saturating_add(bytes);
        self.owed.set(owed % STEP);
        match self.cx {
            Some(cx) if owed >= STEP => cx.charge((owed / STEP) as u64),
            _ => Ok(()),
        }
    }

    /// Pays for an element of a list or object, which takes a while even if it is empty.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn element(&self) -> Result<(), EvalError> {
        self.read(STEP)
    }
}
