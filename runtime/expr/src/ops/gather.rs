//! The loops of a comprehension, and what they have made so far.
//!
//! Enters: the turns of the loops, and an element or entry for some of them. Leaves: the list, set
//! or object. At the start of each turn, the memory of the turn before is taken back, except what
//! was kept of it. Must not know what the elements are computed from.

use super::{build::insert, distinct::Distinct};
use crate::{
    cx::{Cx, footprint},
    elements::{Elements, Entries},
    error::EvalError,
    value::Value,
};

/// The loops of one comprehension. The interpreter and generated code make one for each, also for
/// the argument of `any` and `all`, which keep nothing.
#[derive(Debug)]
pub struct Gather {
    kept: Kept,
    /// The bytes that the kept elements hold.
    held: u64,
    /// For each loop that is running, the outermost first: the bytes that were held at its first
    /// turn, without the kept elements.
    loops: Vec<u64>,
}

#[derive(Debug)]
enum Kept {
    Nothing,
    List(Elements),
    Set(Distinct),
    Object(Entries),
}

impl Gather {
    /// For loops that keep nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self::new(Kept::Nothing)
    }

    /// For a list.
    #[must_use]
    pub fn list() -> Self {
        Self::new(Kept::List(Elements::default()))
    }

    /// For a list without duplicates.
    #[must_use]
    pub fn set() -> Self {
        Self::new(Kept::Set(Distinct::default()))
    }

    /// For an object.
    #[must_use]
    pub fn object() -> Self {
        Self::new(Kept::Object(Entries::default()))
    }

    fn new(kept: Kept) -> Self {
        Self {
            kept,
            held: 0,
            loops: Vec::new(),
        }
    }

    /// Begins a turn of a loop; loop 0 is the outermost. It costs `steps`.
    ///
    /// # Errors
    /// A limit error when the budget is spent; a stop when the alarm rings.
    pub fn turn(&mut self, cx: &Cx, nth: usize, steps: u64) -> Result<(), EvalError> {
        // The loops inside this one are over.
        self.loops.truncate(nth + 1);
        match self.loops.get(nth) {
            Some(before) => cx.settle_at(before.saturating_add(self.held)),
            None => self.loops.push(cx.alive().saturating_sub(self.held)),
        }
        cx.charge(steps)
    }

    /// Keeps an element.
    ///
    /// # Errors
    /// A limit error when there are too many.
    pub fn push(&mut self, cx: &Cx, item: Value) -> Result<(), EvalError> {
        let (own, before) = (self.share(cx, &item), cx.alive());
        match &mut self.kept {
            Kept::List(items) => items.push(cx, item)?,
            Kept::Set(distinct) => {
                if !distinct.insert(cx, item)? {
                    return Ok(());
                }
            }
            Kept::Nothing | Kept::Object(_) => {}
        }
        self.hold(cx, before, own);
        Ok(())
    }

    /// Keeps an entry. When a key is given twice, the last value wins and the first position is
    /// kept.
    ///
    /// # Errors
    /// A key that is not a string; a limit error when there are too many.
    pub fn entry(&mut self, cx: &Cx, key: Value, value: Value) -> Result<(), EvalError> {
        let own = self.share(cx, &key).saturating_add(self.share(cx, &value));
        let before = cx.alive();
        if let Kept::Object(entries) = &mut self.kept {
            insert(cx, entries, key, value)?;
        }
        self.hold(cx, before, own);
        Ok(())
    }

    /// The bytes that a value holds of those that the turn has made. What existed before belongs
    /// to somebody else.
    fn share(&self, cx: &Cx, value: &Value) -> u64 {
        let before = self.loops.last().map_or(0, |before| before + self.held);
        match cx.alive().saturating_sub(before) {
            0 => 0,
            made => footprint(value, made),
        }
    }

    /// Notes what an element holds: its own bytes, and its place, which was made since `before`.
    fn hold(&mut self, cx: &Cx, before: u64, own: u64) {
        self.held += own.saturating_add(cx.alive().saturating_sub(before));
    }

    /// The list, set or object. Null when nothing was to be kept.
    ///
    /// # Errors
    /// A limit error when the budget is spent.
    pub fn finish(self, cx: &Cx) -> Result<Value, EvalError> {
        // The list that the outermost loop goes over may live as long as the expression.
        if let Some(before) = self.loops.first() {
            cx.settle_at(before.saturating_add(self.held));
        }
        match self.kept {
            Kept::Nothing => Ok(Value::Null),
            Kept::List(items) => {
                cx.charge(items.len() as u64)?;
                items.finish(cx)
            }
            Kept::Set(distinct) => {
                cx.charge(distinct.len() as u64)?;
                distinct.finish(cx)
            }
            Kept::Object(entries) => entries.finish(cx),
        }
    }
}

/// [`Gather::finish`], as generated code calls it.
///
/// # Errors
/// As [`Gather::finish`].
pub fn gathered(cx: &Cx, gather: Gather) -> Result<Value, EvalError> {
    gather.finish(cx)
}
