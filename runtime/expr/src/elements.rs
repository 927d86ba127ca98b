//! Lists and objects that grow within a budget.
//!
//! Enters: elements or entries, one after the other. Leaves: one list or object. Room is made
//! before it is taken: for all places, also for those that are still empty, and for the old place
//! beside the new one while elements are moved. Must not know what the elements are.

use crate::{
    cx::{Cx, ENTRY_BYTES, MAX_BYTES, VALUE_BYTES},
    error::EvalError,
    str::Str,
    value::{Map, Value},
};

/// No list has more elements.
const MOST: usize = (MAX_BYTES / VALUE_BYTES) as usize;
/// How many places there are first.
const FEW: usize = 4;

/// How many places are needed for `wanted` elements when there are `room` of them. It grows by half
/// of itself at least, so that elements are not moved again and again.
fn larger(room: usize, wanted: usize) -> usize {
    wanted.max((room + room / 2).min(MOST)).max(FEW)
}

/// A list that grows.
#[derive(Debug, Default)]
pub(crate) struct Elements {
    items: Vec<Value>,
    /// The places for which room was made.
    room: usize,
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
        if self.items.len() == self.room {
            self.make_room(cx, 1)?;
        }
        self.items.push(item);
        Ok(())
    }

    /// Adds copies of elements.
    ///
    /// # Errors
    /// A limit error when there are too many.
    pub(crate) fn extend(&mut self, cx: &Cx, more: &[Value]) -> Result<(), EvalError> {
        if self.room - self.items.len() < more.len() {
            self.make_room(cx, more.len())?;
        }
        self.items.extend_from_slice(more);
        Ok(())
    }

    fn make_room(&mut self, cx: &Cx, more: usize) -> Result<(), EvalError> {
        let wanted = self.items.len().saturating_add(more);
        cx.check_list(wanted)?;
        let room = larger(self.room, wanted);
        let bytes = |places: usize| places as u64 * VALUE_BYTES;
        cx.grow(bytes(self.room), bytes(room))?;
        self.items.reserve_exact(room - self.items.len());
        self.room = room;
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
        if count < self.room {
            cx.beside(count as u64 * VALUE_BYTES)?;
            cx.release((self.room - count) as u64 * VALUE_BYTES);
        }
        Ok(Value::list(self.items))
    }
}

/// An object that grows.
#[derive(Debug, Default)]
pub(crate) struct Entries {
    map: Map,
    /// The entries for which room was made.
    room: usize,
}

impl Entries {
    /// An object without entries, with room for so many.
    ///
    /// # Errors
    /// A limit error when that is too much.
    pub(crate) fn with_room(cx: &Cx, room: usize) -> Result<Self, EvalError> {
        cx.check_list(room)?;
        cx.reserve(bytes(room))?;
        let map = Map::with_capacity(room);
        Ok(Self { map, room })
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
        if self.map.len() == self.room {
            let wanted = self.room + 1;
            cx.check_list(wanted)?;
            let room = larger(self.room, wanted);
            cx.grow(bytes(self.room), bytes(room))?;
            self.map.reserve_exact(room - self.room);
            self.room = room;
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
        cx.beside(count as u64 * 2 * VALUE_BYTES)?;
        cx.release(bytes(self.room - count));
        Ok(Value::object(self.map))
    }
}

fn bytes(entries: usize) -> u64 {
    entries as u64 * ENTRY_BYTES
}
