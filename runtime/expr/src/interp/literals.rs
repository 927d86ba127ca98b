//! Lists of literals, which are made once.
//!
//! Enters: the elements of such a list. Leaves: the list, which equal ones share, as in generated
//! code. A loop then makes no new list in each turn. Must not know what the list is for.

use std::collections::HashMap;

use crate::{
    ast::{Expr, ExprKind},
    value::Value,
};

/// The lists that were made so far.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// By the place of the tree in memory.
    places: HashMap<usize, Value>,
    /// By what is written in the list.
    contents: HashMap<String, Value>,
}

impl Literals {
    /// The list of these elements; `None` when one is no literal of a single value, or when there
    /// are none.
    pub(super) fn list(&mut self, items: &[Expr]) -> Option<Value> {
        let place = items.as_ptr().addr();
        if let Some(known) = self.places.get(&place) {
            return Some(known.clone());
        }
        let values: Option<Vec<Value>> = items.iter().map(literal).collect();
        let values = values.filter(|values| !values.is_empty())?;
        let contents = format!("{values:?}");
        let list = self.contents.entry(contents);
        let list = list.or_insert_with(|| Value::list(values)).clone();
        self.places.insert(place, list.clone());
        Some(list)
    }
}

fn literal(expr: &Expr) -> Option<Value> {
    let kind = &expr.kind;
    if let ExprKind::Str(text) = kind {
        Some(Value::Str(text.clone()))
    } else if let ExprKind::Int(value) = kind {
        Some(Value::Int(*value))
    } else if let ExprKind::Float(value) = kind {
        Some(Value::Float(*value))
    } else if let ExprKind::Bool(value) = kind {
        Some(Value::Bool(*value))
    } else if let ExprKind::Null = kind {
        Some(Value::Null)
    } else {
        None
    }
}
