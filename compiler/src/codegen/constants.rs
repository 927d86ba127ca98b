//! Constants: source of literal values, and the ones that are built once a process.
//!
//! Enters: values known when compiling. Leaves: expressions for the small ones; names of
//! hoisted `static` items for lists and objects, equal ones shared.

use fmc_expr::Value;

use super::{
    layout::Code,
    literal,
    paths::{self, Imports},
};

/// The hoisted constants of one program, in order of first use.
#[derive(Debug, Default)]
pub(super) struct Constants {
    /// Source of the value; its place is the number in its name.
    hoisted: Vec<Code>,
    /// The same as text on one line, to find equal ones.
    texts: indexmap::IndexSet<String>,
}

impl Constants {
    /// The name of a list or object that is built once.
    pub(super) fn hoist(&mut self, value: &Value, imports: &mut Imports) -> String {
        let code = source(value, imports);
        let (at, new) = self.texts.insert_full(format!("{code:?}"));
        if new {
            self.hoisted.push(code);
        }
        format!("K{at}")
    }

    /// The `static` items, each with the function that builds it.
    pub(super) fn write(&self, scope: &mut codegen::Scope, imports: &mut Imports) {
        for (at, code) in self.hoisted.iter().enumerate() {
            let lazy = imports.name(paths::LAZY_LOCK);
            let value = imports.name(paths::VALUE);
            scope.raw(format!(
                "static K{at}: {lazy}<{value}> = {lazy}::new(k{at});"
            ));
            let body = code.lay_out(4, 0, 0).replace("\n    ", "\n");
            scope.new_fn(format!("k{at}")).ret(value).line(body);
        }
    }
}

/// Source that makes a value.
pub(super) fn source(value: &Value, imports: &mut Imports) -> Code {
    match value {
        Value::List(items) => {
            let items = items.iter().map(|item| source(item, imports)).collect();
            let name = imports.name(paths::VALUE);
            Code::Call(
                format!("{name}::list"),
                vec![Code::Array("vec!", items)],
                "",
            )
        }
        Value::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, item)| entry(key, item, imports))
                .collect();
            let name = imports.name(paths::VALUE);
            let map = imports.name(paths::MAP);
            let map = Code::Call(
                format!("{map}::from_iter"),
                vec![Code::Array("", entries)],
                "",
            );
            Code::Call(format!("{name}::object"), vec![map], "")
        }
        scalar => Code::atom(self::scalar(scalar, imports)),
    }
}

fn entry(key: &str, item: &Value, imports: &mut Imports) -> Code {
    let text = imports.name(paths::STR);
    let key = Code::atom(format!("{text}::from_static({})", literal::string(key)));
    Code::Call(String::new(), vec![key, source(item, imports)], "")
}

/// Source of a value without parts; null for others.
pub(super) fn scalar(value: &Value, imports: &mut Imports) -> String {
    if let Value::Str(text) = value {
        let render = imports.name(paths::RENDER);
        return format!("{render}::text({})", literal::string(text));
    }
    let name = imports.name(paths::VALUE);
    match value {
        Value::Bool(value) => format!("{name}::Bool({value})"),
        Value::Int(value) => format!("{name}::Int({})", literal::int(*value)),
        Value::Float(value) => format!("{name}::Float({})", literal::float(*value)),
        _ => format!("{name}::Null"),
    }
}
