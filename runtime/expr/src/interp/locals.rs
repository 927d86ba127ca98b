//! The loop variables of comprehensions.
//!
//! Enters: names and values, the innermost last. Leaves: the value of a name. Finding one costs
//! the same however many there are. Must not know loops.

use std::collections::HashMap;

use crate::value::Value;

/// The loop variables that are bound now.
#[derive(Debug, Default)]
pub(super) struct Locals<'a> {
    /// The values of each name, the innermost last.
    values: HashMap<&'a str, Vec<Value>>,
    /// The names in the order in which they were bound.
    order: Vec<&'a str>,
}

impl<'a> Locals<'a> {
    /// How many are bound.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    /// Binds one more. It hides an outer one with the same name.
    pub(super) fn push(&mut self, name: &'a str, value: Value) {
        self.values.entry(name).or_default().push(value);
        self.order.push(name);
    }

    /// Forgets all but the first so many.
    pub(super) fn truncate(&mut self, count: usize) {
        for name in self.order.drain(count.min(self.order.len())..) {
            if let Some(values) = self.values.get_mut(name) {
                values.pop();
            }
        }
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name)?.last()
    }
}
