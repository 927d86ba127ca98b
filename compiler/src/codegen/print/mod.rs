//! Generated items as text. Only this folder uses the crate `codegen`.
//!
//! Enters: items, in order. Leaves: source formatted as rustfmt does it. Must not know pipelines.

mod block;
mod layout;

use codegen::Scope;

use super::rust::{Function, Item, Name, RustExpr, RustType};
use layout::Indent;
pub(super) use layout::fits_one_line;

/// The text of the items of a file, without a line end after the last one.
pub(super) fn items(items: &[Item]) -> String {
    let mut scope = Scope::new();
    for item in items {
        match item {
            Item::Static(name, of, value) => scope.raw(valued("static", name, of, value)),
            Item::Const(name, of, value) => scope.raw(valued("const", name, of, value)),
            Item::Function(function) => match wide_head(function) {
                Some(head) => scope.raw(block::function(function, &head)),
                None => scope.push_fn(laid_out(function)),
            },
        };
    }
    scope.to_string().trim_end().to_owned()
}

/// `keyword name: type = value;`
fn valued(keyword: &str, name: &Name, of: &RustType, value: &RustExpr) -> String {
    let head = format!("{keyword} {name}: {of} =");
    format!("{};", layout::assigned(&head, value, Indent::level(0), 1))
}

/// The head of a function whose parameters do not fit one line: each stands on its own.
fn wide_head(function: &Function) -> Option<String> {
    let parameters = function.parameters.iter();
    let parameters: Vec<_> = parameters
        .map(|parameter| format!("{}: {}", parameter.name, parameter.of))
        .collect();
    let head =
        |parameters: &str| format!("fn {}({parameters}) -> {}", function.name, function.result);
    if layout::fits(&format!("{} {{", head(&parameters.join(", ")))) {
        return None;
    }
    let lines: String = parameters
        .iter()
        .map(|parameter| format!("    {parameter},\n"))
        .collect();
    Some(head(&format!("\n{lines}")))
}

fn laid_out(function: &Function) -> codegen::Function {
    let mut out = codegen::Function::new(&function.name);
    if let Some(about) = &function.about {
        out.doc(about);
    }
    for parameter in &function.parameters {
        out.arg(parameter.name.to_string(), parameter.of.to_string());
    }
    out.ret(function.result.to_string());
    block::fill(&mut out, &function.body);
    out
}
