//! JSON Schema to types.
//!
//! Enters: `input_schema` as a JSON tree. Leaves: the type it describes, as far as types can
//! say it; `any` for the rest. Findings about schemas that are none (FMC0416).

use std::{collections::BTreeSet, sync::Arc};

use indexmap::IndexMap;

use super::types::{FieldType, ObjectType, Type};
use crate::{
    diagnostics::{Code, Diagnostic},
    syntax::tree::{Entry, Node, NodeKind},
};

/// How deep `$ref` and nesting are followed.
const MAX_DEPTH: usize = 32;

/// The type a schema describes.
pub(super) fn read(schema: &Node, found: &mut Vec<Diagnostic>) -> Type {
    Reader {
        root: schema,
        found,
    }
    .schema(schema, 0)
}

/// The type a schema describes, without a word about what is wrong with it.
#[must_use]
pub fn type_of(schema: &Node) -> Type {
    read(schema, &mut Vec::new())
}

struct Reader<'a> {
    root: &'a Node,
    found: &'a mut Vec<Diagnostic>,
}

fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Node> {
    entries
        .iter()
        .find(|entry| &*entry.key.text == key)
        .map(|entry| &entry.value)
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::String(text) => Some(&text.text),
        _ => None,
    }
}

const TYPES: &[&str] = &[
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// Keywords that only say something of objects.
const OBJECT_KEYS: &[&str] = &["properties", "required", "additionalProperties"];

impl Reader<'_> {
    fn schema(&mut self, node: &Node, depth: usize) -> Type {
        let entries = match &node.kind {
            NodeKind::Object(entries) if depth < MAX_DEPTH => entries,
            NodeKind::Object(_) | NodeKind::Bool(_) | NodeKind::Error => return Type::Any,
            _ => {
                self.bad(node, "a schema is an object or a boolean");
                return Type::Any;
            }
        };
        if let Some(target) = get(entries, "$ref").and_then(text) {
            let root = self.root;
            return resolve(root, target)
                .map_or(Type::Any, |target| self.schema(target, depth + 1));
        }
        if let Some(literals) = get(entries, "enum").or_else(|| get(entries, "const")) {
            return literal(literals);
        }
        let ty = match get(entries, "type") {
            None if OBJECT_KEYS.iter().any(|key| get(entries, key).is_some()) => {
                self.named("object", entries, depth)
            }
            None => return Type::Any,
            Some(Node {
                kind: NodeKind::Array(names),
                ..
            }) => {
                let each = names
                    .iter()
                    .map(|name| self.type_name(name, entries, depth));
                each.reduce(Type::or).unwrap_or(Type::Any)
            }
            Some(name) => self.type_name(name, entries, depth),
        };
        match get(entries, "nullable").map(|node| &node.kind) {
            Some(NodeKind::Bool(true)) => ty.or(Type::Null),
            _ => ty,
        }
    }

    fn type_name(&mut self, name: &Node, entries: &[Entry], depth: usize) -> Type {
        match text(name) {
            Some(known) if TYPES.contains(&known) => self.named(known, entries, depth),
            _ => {
                self.bad(name, "`type` is one of `null`, `boolean`, `integer`, `number`, `string`, `array`, `object`");
                Type::Any
            }
        }
    }

    fn named(&mut self, name: &str, entries: &[Entry], depth: usize) -> Type {
        match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Int.or(Type::Float),
            "string" => Type::STR,
            "array" => {
                let element =
                    get(entries, "items").map_or(Type::Any, |items| self.schema(items, depth + 1));
                Type::list(element)
            }
            _ => self.object(entries, depth),
        }
    }

    fn object(&mut self, entries: &[Entry], depth: usize) -> Type {
        let required = self.required(entries);
        let mut fields = IndexMap::new();
        match get(entries, "properties").map(|node| (&node.kind, node)) {
            Some((NodeKind::Object(properties), _)) => {
                for property in properties {
                    let ty = self.schema(&property.value, depth + 1);
                    let has_default = matches!(&property.value.kind, NodeKind::Object(inner) if get(inner, "default").is_some());
                    let optional = !has_default && !required.contains(&*property.key.text);
                    fields.insert(property.key.text.to_string(), FieldType { ty, optional });
                }
            }
            Some((_, node)) => self.bad(node, "`properties` is an object"),
            None => {}
        }
        let rest = match get(entries, "additionalProperties") {
            Some(Node {
                kind: NodeKind::Bool(false),
                ..
            }) => None,
            Some(
                schema @ Node {
                    kind: NodeKind::Object(_),
                    ..
                },
            ) => Some(self.schema(schema, depth + 1)),
            _ => Some(Type::Any),
        };
        Type::Object(Arc::new(ObjectType { fields, rest }))
    }

    fn required(&mut self, entries: &[Entry]) -> BTreeSet<String> {
        let Some(node) = get(entries, "required") else {
            return BTreeSet::new();
        };
        let NodeKind::Array(names) = &node.kind else {
            self.bad(node, "`required` is a list of property names");
            return BTreeSet::new();
        };
        names.iter().filter_map(text).map(str::to_owned).collect()
    }

    fn bad(&mut self, node: &Node, message: &str) {
        self.found
            .push(Diagnostic::new(Code::BadSchema, node.span, message));
    }
}

/// `#/$defs/name`
fn resolve<'a>(root: &'a Node, target: &str) -> Option<&'a Node> {
    target
        .strip_prefix("#/")?
        .split('/')
        .try_fold(root, |node, key| match &node.kind {
            NodeKind::Object(entries) => get(entries, &key.replace("~1", "/").replace("~0", "~")),
            _ => None,
        })
}

/// The type of a literal, or of one of several.
fn literal(node: &Node) -> Type {
    match &node.kind {
        NodeKind::Array(values) => values
            .iter()
            .map(literal)
            .reduce(Type::or)
            .unwrap_or(Type::Any),
        NodeKind::String(text) => Type::literal(&text.text),
        NodeKind::Null => Type::Null,
        NodeKind::Bool(_) => Type::Bool,
        NodeKind::Int(_) => Type::Int,
        NodeKind::Float(_) => Type::Float,
        NodeKind::Object(_) | NodeKind::Error => Type::Any,
    }
}
