//! JSON Schema keywords that the runtime must support.
//!
//! Enters: a schema as written. Leaves: the keywords that the runtime does not support, and whether
//! it needs regular expressions. Must not know types.

use crate::{
    source::Span,
    syntax::tree::{Node, NodeKind},
};

/// Keywords that the runtime does not support. Ignoring them would let invalid values through.
const UNKNOWN: &[&str] = &[
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentSchemas",
    "dependencies",
    "$dynamicRef",
    "$recursiveRef",
];

/// Keywords whose value is data and not a schema.
const DATA: &[&str] = &["enum", "const", "default", "examples"];

/// Keywords whose value is an object of schemas with arbitrary keys.
const NAMES: &[&str] = &["properties", "patternProperties", "$defs", "definitions"];

/// What the runtime cannot check: a name for each, and its span.
#[must_use]
pub fn unknown(schema: &Node) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    walk(schema, &mut |keyword, node, span| {
        let remote = keyword == "$ref"
            && matches!(&node.kind, NodeKind::String(text)
                if text.text.strip_prefix('#').is_none_or(|rest| !rest.is_empty() && !rest.starts_with('/')));
        if remote {
            found.push(("a `$ref` that leaves the file".to_owned(), node.span));
        } else if UNKNOWN.contains(&keyword) {
            found.push((format!("`{keyword}` of a schema"), span));
        }
    });
    found
}

/// Whether checking values needs regular expressions.
#[must_use]
pub fn has_patterns(schema: &Node) -> bool {
    let mut found = false;
    walk(schema, &mut |keyword, _, _| {
        found |= ["pattern", "patternProperties"].contains(&keyword);
    });
    found
}

/// Calls `each` for every keyword of a schema and of the schemas in it, with its value and span.
fn walk<'n>(schema: &'n Node, each: &mut impl FnMut(&str, &'n Node, Span)) {
    match &schema.kind {
        NodeKind::Object(entries) => {
            for entry in entries {
                let keyword = &*entry.key.text;
                each(keyword, &entry.value, entry.key.inner());
                if DATA.contains(&keyword) {
                    continue;
                }
                match entry.value.object() {
                    Some(named) if NAMES.contains(&keyword) => {
                        named.iter().for_each(|inner| walk(&inner.value, each));
                    }
                    _ => walk(&entry.value, each),
                }
            }
        }
        NodeKind::Array(schemas) => schemas.iter().for_each(|inner| walk(inner, each)),
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::String(_)
        | NodeKind::Error => {}
    }
}
