//! The budget of one expression: steps and bytes.
//!
//! Enters: charges from operators and builtins. Leaves: a limit error when the budget is spent
//! (language reference, section 4). It also gives time and random bytes to the builtins that need
//! them. Each evaluation of an expression has its own `Cx`. Must not know any operator or builtin.

use std::{cell::Cell, fmt, rc::Rc, time::SystemTime};

use crate::{error::EvalError, value::Value};

/// How many steps one expression may take.
pub const MAX_STEPS: u64 = 10_000_000;
/// How many bytes the result of one expression may hold.
pub const MAX_BYTES: u64 = 64 << 20;
/// The size of one value when limits are checked, without its text. It takes less memory today (16
/// bytes), but limits are part of the language: `range(3_000_000)` must not become allowed because
/// values became smaller.
pub const VALUE_BYTES: u64 = 24;
/// How deeply brackets, operators and values may be nested.
pub const MAX_NESTING: usize = 200;

/// Where impure builtins like `now` and `uuid` get time and random bytes.
pub trait World: fmt::Debug {
    /// The time of the wall clock.
    fn now(&self) -> SystemTime;

    /// Fills `bytes` with random ones. Returns false, and leaves `bytes` as they are, when there
    /// are none.
    fn fill(&self, bytes: &mut [u8]) -> bool;
}

/// The budget of one evaluation, and its source of time and random bytes.
#[derive(Debug, Default)]
pub struct Cx {
    steps: Cell<u64>,
    /// `None` means the clock and the random numbers of this machine, as for `fmc eval`. A binary
    /// sets it for every expression, so that a run can be repeated from a record of what it got.
    world: Option<Rc<dyn World>>,
}

impl Cx {
    /// A fresh budget.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A fresh budget with its own source of time and random bytes.
    #[must_use]
    pub fn in_world(world: Rc<dyn World>) -> Self {
        Self {
            steps: Cell::default(),
            world: Some(world),
        }
    }

    /// The time of the wall clock.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        match &self.world {
            Some(world) => world.now(),
            None => SystemTime::now(),
        }
    }

    /// Fills `bytes` with random ones.
    ///
    /// # Errors
    /// A value error when there are none.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), EvalError> {
        let filled = match &self.world {
            Some(world) => world.fill(bytes),
            None => getrandom::fill(bytes).is_ok(),
        };
        if filled {
            return Ok(());
        }
        Err(EvalError::value_error(
            "this machine gives no random numbers",
        ))
    }

    /// Spends `steps`: one for each element that is read or made, one for every 64 bytes that are
    /// written.
    ///
    /// # Errors
    /// A limit error when more than [`MAX_STEPS`] are spent.
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

    /// Checks the size of a value before it is made; `bytes` is its size.
    ///
    /// # Errors
    /// A limit error when it is larger than [`MAX_BYTES`].
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

/// The size of a value in bytes. Shared parts count each time. Counting stops soon after
/// [`MAX_BYTES`].
#[must_use]
pub fn deep_size(value: &Value) -> u64 {
    let mut total = 0;
    add_size(value, &mut total);
    total
}

fn add_size(value: &Value, total: &mut u64) {
    *total += VALUE_BYTES;
    if *total > MAX_BYTES {
        return;
    }
    match value {
        Value::Str(text) => *total += text.len() as u64,
        Value::List(items) => items.iter().for_each(|item| {
            if *total <= MAX_BYTES {
                add_size(item, total);
            }
        }),
        Value::Object(entries) => entries.iter().for_each(|(key, item)| {
            if *total <= MAX_BYTES {
                *total += key.len() as u64;
                add_size(item, total);
            }
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
    }
}

fn nesting(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        Value::Object(entries) => 1 + entries.values().map(nesting).max().unwrap_or(0),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => 0,
    }
}

impl Cx {
    /// Refuses a value if its text, or a copy of it, would be too large.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`].
    pub fn check_size(&self, value: &Value) -> Result<(), EvalError> {
        match value {
            Value::Str(text) => self.allocate(text.len() as u64),
            Value::List(_) | Value::Object(_) => {
                let size = deep_size(value);
                self.charge(size / 256)?;
                self.allocate(size)
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Ok(()),
        }
    }

    /// Refuses the result of an expression if it is too large or nested too deeply.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`] or [`MAX_NESTING`].
    pub fn check_result(&self, value: &Value) -> Result<(), EvalError> {
        if !matches!(value, Value::List(_) | Value::Object(_)) {
            return Ok(());
        }
        if deep_size(value) > MAX_BYTES {
            return self.allocate(MAX_BYTES + 1);
        }
        if nesting(value) > MAX_NESTING {
            return Err(EvalError::limit(format!(
                "result is nested deeper than {MAX_NESTING}"
            )));
        }
        Ok(())
    }
}
