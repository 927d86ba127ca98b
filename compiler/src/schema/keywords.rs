//! Keywords of JSON Schemas that need something of the runtime.
//!
//! Enters: a schema as written. Leaves: the keywords the runtime does not know, and whether it
//! needs an engine for patterns. Must not know what a schema means for types.

use crate::{
    source::Span,
    syntax::tree::{Node, NodeKind},
};

/// Keywords that the runtime does not know; passing over them would let values through.
const UNKNOWN: &[&str] = &[
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentSchemas",
    "dependencies",
    "$dynamicRef",
    "$recursiveRef",
];

/// Keywords whose value is data, not a schema.
const DATA: &[&str] = &["enum", "const", "default", "examples"];

/// Keywords whose value maps names of any kind to schemas.
const NAMES: &[&str] = &["properties", "patternProperties", "$defs", "definitions"];

/// The places of what the runtime cannot check, each with its name.
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

/// Whether checking values needs an engine for regular expressions.
#[must_use]
pub fn has_patterns(schema: &Node) -> bool {
    let mut found = false;
    walk(schema, &mut |keyword, _, _| {
        found |= ["pattern", "patternProperties"].contains(&keyword);
    });
    found
}

/// Gives every keyword of a schema and of the schemas in it, with its value and its place.
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
