//! JSON Schema to types.
//!
//! Enters: a schema as a JSON tree. Leaves: the type it describes, as exactly as types can say it,
//! and `any` otherwise. `check` finds what is wrong with a schema (FMC0416). Must not know
//! pipelines.

mod check;

pub mod keywords;

mod paths;

mod pattern;

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use crate::syntax::tree::{Entry, Node, NodeKind};
use crate::types::{FieldType, Type};

pub use check::check;

use paths::Paths;

/// Schemas nested deeper than this are read as `any`.
const MAX_DEPTH: usize = 64;

/// The type of data that fits a schema, after defaults have been filled in (`input_schema`).
#[must_use]
pub fn type_of(schema: &Node) -> Type {
    Reader::new(schema, true).schema(schema, 0)
}

/// The type of data that fits a schema when nobody fills in defaults (`output_schema`).
#[must_use]
pub fn strict_type_of(schema: &Node) -> Type {
    Reader::new(schema, false).schema(schema, 0)
}

struct Reader<'a> {
    root: &'a Node,
    /// Whether a property with a default counts as always present. True in [`type_of`], false in
    /// [`strict_type_of`].
    defaults: bool,
    /// The types of the `$ref`s seen so far. `None` while one is being read, because it may refer
    /// to itself.
    refs: HashMap<String, Option<Type>>,
    paths: Paths<'a>,
}

const TYPES: &[&str] = &[
    "null", "boolean", "integer", "number", "string", "array", "object",
];

/// Keywords that only restrict objects.
const OBJECT_KEYS: &[&str] = &[
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
];

/// Keywords that may declare properties which do not always apply.
const SOMETIMES: &[&str] = &["if", "then", "else"];

impl<'a> Reader<'a> {
    fn new(root: &'a Node, defaults: bool) -> Self {
        Self {
            root,
            defaults,
            refs: HashMap::new(),
            paths: Paths::default(),
        }
    }

    fn schema(&mut self, node: &Node, depth: usize) -> Type {
        let Some(entries) = node.object() else {
            return Type::Any;
        };
        if depth >= MAX_DEPTH {
            return Type::Any;
        }
        let mut ty = self.named_types(entries, depth);
        if let Some(values) = get(entries, "enum") {
            ty = ty.and(one_of(values));
        }
        if let Some(value) = get(entries, "const") {
            ty = ty.and(literal(value));
        }
        if let Some(target) = get(entries, "$ref").and_then(text) {
            ty = ty.and(self.reference(target, depth));
        }
        let parts = list(entries, "allOf").iter();
        let parts = parts.map(|part| self.schema(part, depth + 1));
        ty = Type::all(std::iter::once(ty).chain(parts).collect()).unwrap_or(Type::Any);
        for key in ["anyOf", "oneOf"] {
            let each = list(entries, key)
                .iter()
                .map(|part| self.schema(part, depth + 1));
            ty = ty.and(Type::union(each).unwrap_or(Type::Any));
        }
        // `then` and `else` apply to some values only, so their properties may be missing.
        for key in SOMETIMES {
            if let Some(part) = get(entries, key) {
                ty = ty.and(as_optional(&self.schema(part, depth + 1)));
            }
        }
        // `nullable` is from OpenAPI; authors copy such schemas.
        match get(entries, "nullable").map(|node| &node.kind) {
            Some(NodeKind::Bool(true)) => ty.or(Type::Null),
            _ => ty,
        }
    }

    /// The type of a `$ref`, read once. `any` when it leads back to itself.
    fn reference(&mut self, target: &str, depth: usize) -> Type {
        if let Some(known) = self.refs.get(target) {
            return known.clone().unwrap_or(Type::Any);
        }
        // While this reference is being read, meeting it again gives `any`.
        self.refs.insert(target.to_owned(), None);
        let ty = match self.paths.resolve(self.root, target) {
            Some(node) => self.schema(node, depth + 1),
            None => Type::Any,
        };
        self.refs.insert(target.to_owned(), Some(ty.clone()));
        ty
    }

    /// The types that `type` names, refined by the keywords for lists and objects.
    fn named_types(&mut self, entries: &[Entry], depth: usize) -> Type {
        let names: Vec<&str> = match get(entries, "type").map(|node| (&node.kind, node)) {
            Some((NodeKind::Array(names), _)) => names.iter().filter_map(text).collect(),
            Some((_, name)) => text(name).into_iter().collect(),
            // Strictly, `properties` without `type` also allows values of other types, but an
            // author who writes it means an object.
            None if OBJECT_KEYS.iter().any(|key| get(entries, key).is_some()) => vec!["object"],
            None => Vec::new(),
        };
        if !names.iter().all(|name| TYPES.contains(name)) {
            return Type::Any;
        }
        let each = names.iter().map(|name| self.named(name, entries, depth));
        Type::union(each).unwrap_or(Type::Any)
    }

    fn named(&mut self, name: &str, entries: &[Entry], depth: usize) -> Type {
        match name {
            "null" => Type::Null,
            "boolean" => Type::Bool,
            "integer" => Type::Int,
            "number" => Type::Int.or(Type::Float),
            "string" => Type::STR,
            "array" => Type::list(self.element(entries, depth)),
            _ => self.object(entries, depth),
        }
    }

    /// The type of all elements of a list: those of `prefixItems` and the others.
    fn element(&mut self, entries: &[Entry], depth: usize) -> Type {
        let others = match get(entries, "items") {
            Some(Node {
                kind: NodeKind::Bool(false),
                ..
            }) => None,
            Some(items) => Some(self.schema(items, depth + 1)),
            None => Some(Type::Any),
        };
        let first = list(entries, "prefixItems")
            .iter()
            .map(|item| self.schema(item, depth + 1));
        Type::union(first.chain(others)).unwrap_or(Type::Any)
    }

    fn object(&mut self, entries: &[Entry], depth: usize) -> Type {
        let required: BTreeSet<&str> = list(entries, "required").iter().filter_map(text).collect();
        let mut fields = IndexMap::new();
        for property in object(entries, "properties") {
            let name = &*property.key.text;
            let ty = self.schema(&property.value, depth + 1);
            let filled = self.defaults && property.value.field("default").is_some();
            let optional = !filled && !required.contains(name);
            fields.insert(name.to_owned(), FieldType { ty, optional });
        }
        for name in required {
            let (ty, optional) = (Type::Any, false);
            // `required` may name a property that is not declared: it is there, with any type.
            let undeclared = || FieldType { ty, optional };
            fields.entry(name.to_owned()).or_insert_with(undeclared);
        }
        let others = match get(entries, "additionalProperties") {
            Some(Node {
                kind: NodeKind::Bool(false),
                ..
            }) => None,
            Some(schema) => Some(self.schema(schema, depth + 1)),
            None => Some(Type::Any),
        };
        let patterns = object(entries, "patternProperties")
            .iter()
            .map(|property| self.schema(&property.value, depth + 1));
        let rest = Type::union(patterns.chain(others));
        Type::object(fields, rest)
    }
}

fn get<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Node> {
    entries
        .iter()
        .find(|entry| &*entry.key.text == key)
        .map(|entry| &entry.value)
}

fn text(node: &Node) -> Option<&str> {
    node.string().map(|string| &*string.text)
}

/// The items of a keyword whose value is a list; empty otherwise.
fn list<'a>(entries: &'a [Entry], key: &str) -> &'a [Node] {
    get(entries, key).and_then(Node::array).unwrap_or_default()
}

/// The entries of a keyword whose value is an object; empty otherwise.
fn object<'a>(entries: &'a [Entry], key: &str) -> &'a [Entry] {
    get(entries, key).and_then(Node::object).unwrap_or_default()
}

/// The type of a value that is one of several literals.
fn one_of(values: &Node) -> Type {
    let each = values.array().unwrap_or_default().iter().map(literal);
    Type::union(each).unwrap_or(Type::Any)
}

/// The type of a literal.
fn literal(node: &Node) -> Type {
    match &node.kind {
        NodeKind::Array(_) => Type::list(one_of(node)),
        NodeKind::Object(entries) => Type::closed(
            entries
                .iter()
                .map(|entry| (entry.key.text.to_string(), literal(&entry.value))),
        ),
        NodeKind::String(text) => Type::literal(&text.text),
        NodeKind::Null => Type::Null,
        NodeKind::Bool(_) => Type::Bool,
        NodeKind::Int(_) => Type::Int,
        NodeKind::Float(_) => Type::Float,
        NodeKind::Error => Type::Any,
    }
}

/// The type of what a schema declares when it may not apply: its properties may be there, with any
/// type.
fn as_optional(ty: &Type) -> Type {
    let Type::Object(object) = ty else {
        return Type::Any;
    };
    let field = FieldType {
        ty: Type::Any,
        optional: true,
    };
    let fields = object
        .fields
        .keys()
        .map(|name| (name.clone(), field.clone()));
    Type::object(fields.collect(), Some(Type::Any))
}

#[cfg(test)]
mod tests;
