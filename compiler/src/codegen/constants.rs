//! Constants: source of literal values, and values that a program builds once.
//!
//! Enters: values known at compile time. Leaves: expressions for simple values; for lists and
//! objects the names of `static` items, one for equal values. Large ones are JSON, which costs
//! `rustc` nothing. Must not know where a value is used.

use fmc_expr::Value;
use indexmap::IndexSet;

use super::{
    paths::{self, Imports},
    rust::{Function, Item, Literal, Name, RustExpr, RustType, Stmt, Varying},
};

/// A list or object with at least this many values is large.
pub(super) const LARGE: usize = 100;

/// The `static` items of a program, in order of first use. The index of a value is the number in
/// its name.
#[derive(Debug, Default)]
pub(super) struct Constants {
    hoisted: IndexSet<RustExpr>,
}

impl Constants {
    /// The name of the `static` item that builds this list or object once.
    pub(super) fn hoist(&mut self, value: &Value, imports: &mut Imports) -> Name {
        let json = is_large(value).then(|| exact_json(value)).flatten();
        let code = match json {
            Some(json) => {
                let read = Name::within(imports.name(paths::RENDER), "constant");
                RustExpr::Call(read, vec![RustExpr::text(&json)])
            }
            None => source(value, imports),
        };
        let (at, _) = self.hoisted.insert_full(code);
        Name::numbered("K", at)
    }

    /// The `static` items, each with the function that builds its value.
    pub(super) fn items(&self, imports: &mut Imports) -> Vec<Item> {
        let mut items = Vec::new();
        for (at, code) in self.hoisted.iter().enumerate() {
            let lazy = imports.name(paths::LAZY_LOCK);
            let value = imports.name(paths::VALUE);
            let build = Name::numbered("k", at);
            items.push(Item::Static(
                Name::numbered("K", at),
                RustType::new(lazy).of(&[value]),
                RustExpr::Call(
                    Name::within(lazy, "new"),
                    vec![RustExpr::Name(build.clone())],
                ),
            ));
            items.push(Item::Function(Function {
                about: None,
                name: build,
                parameters: Vec::new(),
                result: RustType::new(value),
                body: vec![Stmt::Value(code.clone())],
            }));
        }
        items
    }
}

/// Whether a value is made of many.
fn is_large(value: &Value) -> bool {
    let mut todo = vec![value];
    let mut seen = 0;
    while let Some(value) = todo.pop() {
        seen += 1;
        match value {
            Value::List(items) => todo.extend(items.iter().take(LARGE)),
            Value::Object(entries) => todo.extend(entries.iter().map(|(_, item)| item).take(LARGE)),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {}
        }
        if seen + todo.len() >= LARGE {
            return true;
        }
    }
    false
}

/// A value as JSON that reads back as the same value; JSON may not be nested as deep as values.
fn exact_json(value: &Value) -> Option<String> {
    let json = value.to_json();
    let read = Value::from_json(json.as_bytes()).ok()?;
    (read.to_json() == json && are_finite(value)).then_some(json)
}

/// Whether JSON can write all numbers in a value.
fn are_finite(value: &Value) -> bool {
    match value {
        Value::List(items) => items.iter().all(are_finite),
        Value::Object(entries) => entries.iter().all(|(_, item)| are_finite(item)),
        Value::Float(value) => value.is_finite(),
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Str(_) => true,
    }
}

/// The source of an expression that makes a value.
fn source(value: &Value, imports: &mut Imports) -> RustExpr {
    match value {
        Value::List(items) => {
            let items = items.iter().map(|item| source(item, imports)).collect();
            let list = Name::within(imports.name(paths::VALUE), "list");
            RustExpr::Call(list, vec![RustExpr::Vector(items)])
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, item)| entry(key, item, imports))
                .collect();
            let object = Name::within(imports.name(paths::VALUE), "object");
            let map = Name::within(imports.name(paths::MAP), "from_iter");
            let map = RustExpr::Call(map, vec![RustExpr::Array(entries)]);
            RustExpr::Call(object, vec![map])
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {
            scalar(value, imports)
        }
    }
}

fn entry(key: &str, item: &Value, imports: &mut Imports) -> RustExpr {
    let text = Name::within(imports.name(paths::STR), "from_static");
    let key = RustExpr::Call(text, vec![RustExpr::text(key)]).word();
    RustExpr::Tuple(vec![key, source(item, imports)])
}

/// The source of a value that is not a list or an object; null for those.
pub(super) fn scalar(value: &Value, imports: &mut Imports) -> RustExpr {
    let name = imports.name(paths::VALUE);
    let (variant, literal) = match value {
        Value::Str(text) => return self::text(text, imports),
        Value::Bool(value) => ("Bool", RustExpr::bool(*value)),
        Value::Int(value) => {
            let literal = RustExpr::Literal(Literal::int(*value));
            ("Int", literal.varying(Varying::Int))
        }
        Value::Float(value) => ("Float", RustExpr::Literal(Literal::float(*value))),
        Value::Null | Value::List(_) | Value::Object(_) => {
            return RustExpr::Name(Name::within(name, "Null"));
        }
    };
    RustExpr::Call(Name::within(name, variant), vec![literal]).word()
}

/// The source of a text.
pub(super) fn text(text: &str, imports: &mut Imports) -> RustExpr {
    let function = Name::within(imports.name(paths::RENDER), "text");
    RustExpr::Call(function, vec![RustExpr::text(text).varying(Varying::Text)]).word()
}
