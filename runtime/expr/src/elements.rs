//! Lists and objects that grow within a budget.
//!
//! Enters: elements or entries, one after the other. Leaves: one list or object. Room is made
//! before it is taken (`room`). Must not know what the elements are.

use crate::{
    cx::{Cx, ENTRY_BYTES, VALUE_BYTES},
    error::EvalError,
    room::Room,
    str::Str,
    value::{Map, Value},
};

/// A list that grows.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    items: Vec<Value>,
    room: Room<VALUE_BYTES, VALUE_BYTES>,
}

impl Elements {
    /// How many elements there are.
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// The elements so far.
    pub(crate) fn as_slice(&self) -> &[Value] {
        &self.items
    }

    /// Adds an element.
    ///
    /// # Errors
    /// A limit error when there are too many.
    #[inline]
    pub(crate) fn push(&mut self, cx: &Cx, item: Value) -> Result<(), EvalError> {
        self.make_room(cx, 1)?;
        self.items.push(item);
        Ok(())
    }

    /// Adds copies of elements.
    ///
    /// # Errors
    /// A limit error when there are too many.
    pub(crate) fn extend(&mut self, cx: &Cx, more: &[Value]) -> Result<(), EvalError> {
        self.make_room(cx, more.len())?;
        self.items.extend_from_slice(more);
        Ok(())
    }

    #[inline]
    fn make_room(&mut self, cx: &Cx, more: usize) -> Result<(), EvalError> {
        let count = self.items.len();
        if !self.room.fits(count, more) {
            let free = self.room.grow(cx, count, more)?;
            self.items.reserve_exact(free);
        }
        Ok(())
    }

    /// Puts the elements in the opposite order.
    pub(crate) fn reverse(&mut self) {
        self.items.reverse();
    }

    /// The list. The places that are still empty are given back.
    ///
    /// # Errors
    /// A limit error when it cannot be moved to its last place.
    pub(crate) fn finish(self, cx: &Cx) -> Result<Value, EvalError> {
        cx.allocate_list(0)?;
        let count = self.items.len();
        // Elements are moved only if there are empty places behind them.
        let moved = if self.room.fits(count, 1) { count } else { 0 };
        self.room.close(cx, count, moved as u64 * VALUE_BYTES)?;
        Ok(Value::list(self.items))
    }
}

/// An object that grows.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    map: Map,
    room: Room<ENTRY_BYTES, VALUE_BYTES>,
}

impl Entries {
    /// An object without entries, with room for so many.
    ///
    /// # Errors
    /// A limit error when that is too much.
    pub(crate) fn with_room(cx: &Cx, room: usize) -> Result<Self, EvalError> {
        cx.check_list(room)?;
        cx.reserve(room as u64 * ENTRY_BYTES)?;
        Ok(Self {
            map: Map::with_capacity(room),
            room: Room::of(room),
        })
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// The value of a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.map.get_mut(key)
    }

    /// Adds an entry. The caller guarantees that its key is new.
    ///
    /// # Errors
    /// A limit error when there are too many.
    pub(crate) fn push(&mut self, cx: &Cx, key: Str, value: Value) -> Result<(), EvalError> {
        let count = self.map.len();
        if !self.room.fits(count, 1) {
            let free = self.room.grow(cx, count, 1)?;
            self.map.reserve_exact(free);
        }
        self.map.insert(key, value);
        Ok(())
    }

    /// The object. The places that are still empty are given back.
    ///
    /// # Errors
    /// A limit error when it cannot be moved to its last place.
    pub(crate) fn finish(self, cx: &Cx) -> Result<Value, EvalError> {
        cx.allocate_object(0)?;
        let count = self.map.len();
        // Keys and values are moved to their last place.
        let moved = count as u64 * 2 * VALUE_BYTES;
        self.room.close(cx, count, moved)?;
        Ok(Value::object(self.map))
    }
}
