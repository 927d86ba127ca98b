//! The budget of one attempt of a stage: steps, bytes and time.
//!
//! Enters: charges from operators and builtins. Leaves: a limit error when the budget is spent
//! (language reference, section 4), or a stop when an alarm rings. It also gives time and random
//! bytes to the builtins that need them. Must not know any operator or builtin.

use std::{cell::Cell, fmt, rc::Rc, time::SystemTime};

use crate::{error::EvalError, value::Value};

/// How many steps one attempt of a stage may take. A step is worth a few nanoseconds of work, so
/// that the whole budget is spent in well under a second.
pub const MAX_STEPS: u64 = 10_000_000;
/// How many bytes the values of one attempt may hold at one time.
pub const MAX_ALIVE: u64 = 256 << 20;
/// How many steps may pass before the alarm is looked at again: far less than a millisecond.
const LOOK_EVERY: u64 = 4_096;
/// How many bytes the result of one expression may hold.
pub const MAX_BYTES: u64 = 64 << 20;
/// The size of one value when limits are checked, without its text. It takes less memory today (16
/// bytes), but limits are part of the language: `range(3_000_000)` must not become allowed because
/// values became smaller.
pub const VALUE_BYTES: u64 = 24;
/// What a list takes beside its elements.
const LIST_BYTES: u64 = 48;
/// What an object takes beside its entries.
const OBJECT_BYTES: u64 = 96;
/// What an entry of an object takes: the key, the value and a place in the index of the keys.
pub(crate) const ENTRY_BYTES: u64 = 64;
/// A text that is longer takes memory outside its value.
const INLINE_BYTES: usize = 16;
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

/// Says when work must stop: the time limit of an attempt or of a run was reached, or the process
/// was told to end.
pub trait Alarm: fmt::Debug {
    /// Whether the work must stop now. It is asked often, so it must be cheap.
    fn rings(&self) -> bool;
}

/// The budget of one attempt, and its source of time and random bytes.
#[derive(Debug, Default)]
pub struct Cx {
    steps: Cell<u64>,
    /// How many steps there may be beyond [`MAX_STEPS`].
    more: u64,
    /// The number of steps at which the alarm is looked at next.
    look_at: Cell<u64>,
    /// The bytes that values hold. `allocate` adds to it, `settle` takes back what is gone.
    alive: Cell<u64>,
    /// The most bytes that were alive at one time.
    most: Cell<u64>,
    /// `None` when nothing can stop the work but the budget, as for `fmc eval`.
    alarm: Option<Rc<dyn Alarm>>,
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
            world: Some(world),
            ..Self::default()
        }
    }

    /// The same budget, which also ends when the alarm rings.
    #[must_use]
    pub fn until(self, alarm: Rc<dyn Alarm>) -> Self {
        Self {
            alarm: Some(alarm),
            ..self
        }
    }

    /// The same budget with another number of steps, not less than [`MAX_STEPS`].
    #[must_use]
    pub fn with_steps(self, steps: u64) -> Self {
        Self {
            more: steps.saturating_sub(MAX_STEPS),
            ..self
        }
    }

    /// Makes this the fresh budget of another attempt, with the same world and alarm.
    pub fn restart(&self) {
        self.steps.set(0);
        self.look_at.set(0);
        self.alive.set(0);
        self.most.set(0);
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

    /// Spends `steps`: one for each element that is read or made.
    ///
    /// # Errors
    /// A limit error when more than [`MAX_STEPS`] are spent; a stop when the alarm rings.
    #[inline]
    pub fn charge(&self, steps: u64) -> Result<(), EvalError> {
        let spent = self.steps.get().saturating_add(steps);
        self.steps.set(spent);
        if spent < self.look_at.get() {
            return Ok(());
        }
        self.look(spent)
    }

    /// What `charge` does now and then: compares with the limit, and looks at the alarm.
    #[cold]
    fn look(&self, spent: u64) -> Result<(), EvalError> {
        let most = MAX_STEPS + self.more;
        if spent > most {
            self.look_at.set(0);
            return Err(EvalError::limit(format!(
                "the limit of {most} steps for one attempt was reached"
            )));
        }
        if self.alarm.as_ref().is_some_and(|alarm| alarm.rings()) {
            return Err(EvalError::stopped());
        }
        self.look_at
            .set(spent.saturating_add(LOOK_EVERY).min(most + 1));
        Ok(())
    }

    /// The steps that were spent so far.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.steps.get()
    }

    /// Spends the steps for reading a text of so many bytes, as when it is compared, searched or
    /// parsed.
    ///
    /// # Errors
    /// As [`Cx::charge`].
    #[inline]
    pub fn scan(&self, bytes: usize) -> Result<(), EvalError> {
        self.charge(bytes as u64 / 16)
    }

    /// Makes room for a value, before it is made: `bytes` is its size. A builder that cannot know
    /// the size calls this for each piece, before it adds the piece.
    ///
    /// # Errors
    /// A limit error when it is larger than [`MAX_BYTES`], or when more than [`MAX_ALIVE`] bytes
    /// are held with it; and as [`Cx::charge`].
    pub fn allocate(&self, bytes: u64) -> Result<(), EvalError> {
        fits(bytes)?;
        self.reserve(bytes)
    }

    /// Takes back so many bytes, which no value holds any more.
    pub fn release(&self, bytes: u64) {
        self.alive.set(self.alive.get().saturating_sub(bytes));
    }

    /// Makes room for what is needed only while a value is made, like a copy of a text. The caller
    /// gives it back with [`Cx::release`].
    ///
    /// # Errors
    /// A limit error when more than [`MAX_ALIVE`] bytes are held with it; and as [`Cx::charge`].
    pub fn reserve(&self, bytes: u64) -> Result<(), EvalError> {
        self.hold(bytes)?;
        self.charge(bytes / 64)
    }

    /// Makes room for what grows from `before` bytes to `after`. It is moved to a larger place, so
    /// for a moment both places are held.
    ///
    /// # Errors
    /// As [`Cx::reserve`].
    pub fn grow(&self, before: u64, after: u64) -> Result<(), EvalError> {
        self.hold(after)?;
        self.release(before);
        self.charge(after.saturating_sub(before) / 64)
    }

    /// Asks whether so many bytes more can be held for a moment, as when something is moved to the
    /// place where it stays. It costs no steps: what is moved was paid for when it was made.
    ///
    /// # Errors
    /// A limit error when more than [`MAX_ALIVE`] bytes are held with it.
    pub fn beside(&self, bytes: u64) -> Result<(), EvalError> {
        self.hold(bytes)?;
        self.release(bytes);
        Ok(())
    }

    /// Notes that so many bytes more are held. It costs no steps: who uses it has paid, or somebody
    /// else has.
    ///
    /// # Errors
    /// A limit error when more than [`MAX_ALIVE`] bytes are held with it.
    pub(crate) fn hold(&self, bytes: u64) -> Result<(), EvalError> {
        let alive = self.alive.get().saturating_add(bytes);
        if alive > MAX_ALIVE {
            return Err(EvalError::limit(format!(
                "values would hold more than {} MiB at one time",
                MAX_ALIVE >> 20
            )));
        }
        self.alive.set(alive);
        self.most.set(self.most.get().max(alive));
        Ok(())
    }

    /// Makes room for a list with so many elements, before it is made.
    ///
    /// # Errors
    /// As [`Cx::allocate`].
    pub fn allocate_list(&self, elements: usize) -> Result<(), EvalError> {
        self.check_list(elements)?;
        let bytes = (elements as u64).saturating_mul(VALUE_BYTES);
        self.reserve(bytes.saturating_add(LIST_BYTES))
    }

    /// Makes room for an object with so many entries, before it is made.
    ///
    /// # Errors
    /// As [`Cx::allocate`].
    pub fn allocate_object(&self, entries: usize) -> Result<(), EvalError> {
        self.check_list(entries)?;
        let bytes = (entries as u64).saturating_mul(ENTRY_BYTES);
        self.reserve(bytes.saturating_add(OBJECT_BYTES))
    }

    /// The bytes that values hold now. A loop asks before each turn, for [`Cx::settle`].
    #[must_use]
    pub fn alive(&self) -> u64 {
        self.alive.get()
    }

    /// The most bytes that values held at one time, with what was needed to make them.
    #[must_use]
    pub fn most_alive(&self) -> u64 {
        self.most.get()
    }

    /// Says that so many bytes are held now, at the end of a turn of a loop.
    pub(crate) fn settle_at(&self, bytes: u64) {
        self.alive.set(bytes);
    }

    /// Takes back the bytes of a turn that is over: of all that was made since `before`, only
    /// `kept` is still held.
    pub fn settle(&self, before: u64, kept: Option<&Value>) {
        let made = self.alive.get().saturating_sub(before);
        let held = kept.map_or(0, |value| footprint(value, made));
        self.alive.set(before.saturating_add(held));
    }
}

/// Refuses a value that is larger than [`MAX_BYTES`].
fn fits(bytes: u64) -> Result<(), EvalError> {
    if bytes > MAX_BYTES {
        return Err(EvalError::limit(format!(
            "result would be larger than {} MiB",
            MAX_BYTES >> 20
        )));
    }
    Ok(())
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

/// How many bytes of memory a value holds, or `most` when it holds more. Shared parts count each
/// time. It looks at no more values than `most` bytes can hold.
pub(crate) fn footprint(value: &Value, most: u64) -> u64 {
    let mut left = most;
    take(value, &mut left);
    most - left
}

/// Takes the bytes of a value from what is left; says whether there are more.
fn take(value: &Value, left: &mut u64) -> bool {
    let own = match value {
        Value::Str(text) => text_bytes(text),
        Value::List(items) => LIST_BYTES + items.len() as u64 * VALUE_BYTES,
        Value::Object(entries) => OBJECT_BYTES + entries.len() as u64 * ENTRY_BYTES,
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => 0,
    };
    *left = left.saturating_sub(own);
    if *left == 0 {
        return false;
    }
    match value {
        Value::List(items) => items.iter().all(|item| take(item, left)),
        Value::Object(entries) => entries.iter().all(|(key, item)| {
            *left = left.saturating_sub(text_bytes(key));
            take(item, left)
        }),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => true,
    }
}

/// The bytes that a text takes outside its value.
pub(crate) fn text_bytes(text: &str) -> u64 {
    if text.len() <= INLINE_BYTES {
        return 0;
    }
    text.len() as u64 + 24
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
        let size = match value {
            Value::Str(text) => text.len() as u64,
            Value::List(_) | Value::Object(_) => deep_size(value),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => return Ok(()),
        };
        self.charge(size / 64)?;
        fits(size)
    }

    /// Refuses so many parts of a value, each of so many bytes, if they are too large together.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`].
    pub(crate) fn check_many(&self, parts: usize, bytes: u64) -> Result<(), EvalError> {
        fits((parts as u64).saturating_mul(bytes))
    }

    /// Refuses a list or object that has too many elements or entries.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`].
    pub fn check_list(&self, elements: usize) -> Result<(), EvalError> {
        self.check_many(elements, VALUE_BYTES)
    }

    /// Refuses the result of an expression if it is too large or nested too deeply.
    ///
    /// # Errors
    /// A limit error beyond [`MAX_BYTES`] or [`MAX_NESTING`].
    pub fn check_result(&self, value: &Value) -> Result<(), EvalError> {
        if !matches!(value, Value::List(_) | Value::Object(_)) {
            return Ok(());
        }
        let size = deep_size(value);
        self.charge(size / 256)?;
        fits(size)?;
        if nesting(value) > MAX_NESTING {
            return Err(EvalError::limit(format!(
                "result is nested deeper than {MAX_NESTING}"
            )));
        }
        Ok(())
    }
}
