//! The budget of one expression: steps and bytes.
//!
//! Enters: charges from operators and builtins. Leaves: a limit error when the budget of
//! language reference section 4 is spent. One `Cx` is made for each evaluated expression.

use std::cell::Cell;

use crate::error::EvalError;

/// Steps one expression may take.
pub const MAX_STEPS: u64 = 10_000_000;
/// Bytes the result of one expression may hold.
pub const MAX_BYTES: u64 = 64 << 20;
/// How deep brackets, operators and values may nest.
pub const MAX_NESTING: usize = 200;

/// The budget of one evaluation.
#[derive(Debug, Default)]
pub struct Cx {
    steps: Cell<u64>,
}

impl Cx {
    /// A fresh budget.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Spends `steps`: one for each element touched, one for every 64 bytes written.
    ///
    /// # Errors
    /// A limit error once [`MAX_STEPS`] are spent.
    pub fn charge(&self, steps: u64) -> Result<(), EvalError> {
        let spent = self.steps.get().saturating_add(steps);
        self.steps.set(spent);
        if spent > MAX_STEPS {
            return Err(EvalError::limit(format!(
                "expression takes more than {MAX_STEPS} steps"
            )));
        }
        Ok(())
    }

    /// Refuses, before it is allocated, a value of `bytes` bytes.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`].
    pub fn allocate(&self, bytes: u64) -> Result<(), EvalError> {
        if bytes > MAX_BYTES {
            return Err(EvalError::limit(format!(
                "result would be larger than {} MiB",
                MAX_BYTES >> 20
            )));
        }
        self.charge(bytes / 64)
    }
}
