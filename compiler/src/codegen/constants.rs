//! Constants: source of literal values, and the ones that are built once a process.
//!
//! Enters: values known when compiling. Leaves: expressions for the small ones; names of
//! hoisted `static` items for lists and objects, equal ones shared.

use fmc_expr::Value;
use indexmap::IndexSet;

use super::{
    paths::{self, Imports},
    rust::{Code, Function, Item, Literal, Name, Stmt, Type, Varying},
};

/// The hoisted constants of one program, in order of first use: a value's place is the number
/// in its name.
#[derive(Debug, Default)]
pub(super) struct Constants {
    hoisted: IndexSet<Code>,
}

impl Constants {
    /// The name of a list or object that is built once.
    pub(super) fn hoist(&mut self, value: &Value, imports: &mut Imports) -> Name {
        let (at, _) = self.hoisted.insert_full(source(value, imports));
        Name::numbered("K", at)
    }

    /// The `static` items, each with the function that builds it.
    pub(super) fn items(&self, imports: &mut Imports) -> Vec<Item> {
        let mut items = Vec::new();
        for (at, code) in self.hoisted.iter().enumerate() {
            let lazy = imports.name(paths::LAZY_LOCK);
            let value = imports.name(paths::VALUE);
            let build = Name::numbered("k", at);
            items.push(Item::Static(
                Name::numbered("K", at),
                Type::new(lazy).of(&[value]),
                Code::Call(Name::within(lazy, "new"), vec![Code::Name(build.clone())]),
            ));
            items.push(Item::Function(Function {
                about: None,
                name: build,
                parameters: Vec::new(),
                result: Type::new(value),
                body: vec![Stmt::Value(code.clone())],
            }));
        }
        items
    }
}

/// Source that makes a value.
pub(super) fn source(value: &Value, imports: &mut Imports) -> Code {
    match value {
        Value::List(items) => {
            let items = items.iter().map(|item| source(item, imports)).collect();
            let list = Name::within(imports.name(paths::VALUE), "list");
            Code::Call(list, vec![Code::Vector(items)])
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, item)| entry(key, item, imports))
                .collect();
            let object = Name::within(imports.name(paths::VALUE), "object");
            let map = Name::within(imports.name(paths::MAP), "from_iter");
            let map = Code::Call(map, vec![Code::Array(entries)]);
            Code::Call(object, vec![map])
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {
            scalar(value, imports)
        }
    }
}

fn entry(key: &str, item: &Value, imports: &mut Imports) -> Code {
    let text = Name::within(imports.name(paths::STR), "from_static");
    let key = Code::Call(text, vec![Code::text(key)]).word();
    Code::Tuple(vec![key, source(item, imports)])
}

/// Source of a value without parts; null for others.
pub(super) fn scalar(value: &Value, imports: &mut Imports) -> Code {
    let name = imports.name(paths::VALUE);
    let (variant, literal) = match value {
        Value::Str(text) => return self::text(text, imports),
        Value::Bool(value) => ("Bool", Code::bool(*value)),
        Value::Int(value) => {
            let literal = Code::Literal(Literal::int(*value));
            ("Int", literal.varying(Varying::Int))
        }
        Value::Float(value) => ("Float", Code::Literal(Literal::float(*value))),
        Value::Null | Value::List(_) | Value::Object(_) => {
            return Code::Name(Name::within(name, "Null"));
        }
    };
    Code::Call(Name::within(name, variant), vec![literal]).word()
}

/// Source of a text.
pub(super) fn text(text: &str, imports: &mut Imports) -> Code {
    let function = Name::within(imports.name(paths::RENDER), "text");
    Code::Call(function, vec![Code::text(text).varying(Varying::Text)]).word()
}
