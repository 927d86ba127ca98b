//! JSON trees as compact text, for the schemas and samples inside a binary.
//!
//! Enters: a JSON tree. Leaves: compact JSON. Must not know what it is for.

use fmc_expr::{Map, Str, Value};

use crate::syntax::tree::{Node, NodeKind};

/// Compact JSON.
pub(super) fn text(node: &Node) -> String {
    value(node).to_json()
}

fn value(node: &Node) -> Value {
    match &node.kind {
        NodeKind::Null | NodeKind::Error => Value::Null,
        NodeKind::Bool(value) => Value::Bool(*value),
        NodeKind::Int(value) => Value::Int(*value),
        NodeKind::Float(value) => Value::from(*value),
        NodeKind::String(text) => Value::from(text.text.as_ref()),
        NodeKind::Array(items) => Value::list(items.iter().map(value).collect()),
        NodeKind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|entry| (Str::from(entry.key.text.as_ref()), value(&entry.value)));
            Value::object(entries.collect::<Map>())
        }
    }
}
