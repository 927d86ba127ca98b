//! Settings and templates as Rust: one function a stage's settings, one a deferred setting.
//!
//! Enters: configured values. Leaves: trees of `render::Node`, in which an expression is its
//! place in the file and the name of its function. Must not know how an expression is compiled.

use super::{
    expressions::Expressions,
    paths::{self, Imports},
    rust::{Code, Literal, Name},
};
use crate::ir::expr::{Expression, Key, Node, NodeKind, Part};

/// Writes values of one program.
pub(super) struct Values<'a> {
    imports: &'a mut Imports,
    expressions: &'a mut Expressions,
}

impl<'a> Values<'a> {
    /// Functions of expressions are asked of `expressions`.
    pub(super) fn new(imports: &'a mut Imports, expressions: &'a mut Expressions) -> Self {
        Self {
            imports,
            expressions,
        }
    }

    /// What a function that gives this value ends with: an `Outcome`.
    pub(super) fn outcome(&mut self, node: &Node) -> Code {
        rendered(self.value(node))
    }

    /// What a function that gives an object of these fields ends with.
    pub(super) fn settings<'n>(
        &mut self,
        fields: impl Iterator<Item = (&'n str, &'n Node)>,
    ) -> Code {
        let fields = fields.map(|(name, node)| self.field(name, node)).collect();
        rendered(self.node("Object", Code::slice(fields)))
    }

    /// The tree of a value.
    fn value(&mut self, node: &Node) -> Code {
        match &node.kind {
            NodeKind::Null | NodeKind::Poison => {
                Code::Name(Name::within(self.imports.name(paths::NODE), "Null"))
            }
            NodeKind::Bool(value) => self.node("Bool", Code::bool(*value)),
            NodeKind::Int(value) => self.node("Int", Code::Literal(Literal::int(*value))),
            NodeKind::Float(value) => self.node("Float", Code::Literal(Literal::float(*value))),
            NodeKind::Text(text) => self.text(text),
            NodeKind::Whole(expression) | NodeKind::Dynamic(expression) => self.eval(expression),
            NodeKind::Join(parts) => self.join(parts),
            NodeKind::Url(parts) => {
                let parts = parts.iter().map(|part| self.part(part)).collect();
                self.node("Url", Code::slice(parts))
            }
            NodeKind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                self.node("List", Code::slice(items))
            }
            NodeKind::Object(entries) => self.object(entries),
        }
    }

    fn object(&mut self, entries: &[(Key, Node)]) -> Code {
        let names: Option<Vec<_>> = entries.iter().map(|(key, _)| fixed(key)).collect();
        if let Some(names) = names {
            let pairs = names.into_iter().zip(entries);
            let fields = pairs
                .map(|(name, (_, node))| self.field(name, node))
                .collect();
            return self.node("Object", Code::slice(fields));
        }
        let fields = entries
            .iter()
            .map(|(key, node)| {
                let key = match fixed(key) {
                    Some(name) => self.text(name),
                    None => self.join(&key.parts),
                };
                Code::Tuple(vec![key, self.value(node)])
            })
            .collect();
        self.node("Keyed", Code::slice(fields))
    }

    fn field(&mut self, name: &str, node: &Node) -> Code {
        Code::Tuple(vec![Code::text(name), self.value(node)])
    }

    fn join(&mut self, parts: &[Part]) -> Code {
        let parts = parts.iter().map(|part| self.part(part)).collect();
        self.node("Join", Code::slice(parts))
    }

    fn part(&mut self, part: &Part) -> Code {
        match part {
            Part::Text(text) => self.text(text),
            Part::Expr(expression) => self.eval(expression),
        }
    }

    fn eval(&mut self, expression: &Expression) -> Code {
        let run = self.expressions.function(expression, self.imports);
        let row = Code::Struct(
            Name::new(self.imports.name(paths::EXPRESSION)),
            vec![
                ("text", Code::text(&expression.text)),
                ("field", Code::text(&expression.field)),
                ("line", Code::count(expression.line)),
                ("column", Code::count(expression.column)),
                ("run", Code::Name(run)),
            ],
        );
        let variant = if expression.raw { "Raw" } else { "Eval" };
        self.node(variant, row.borrowed())
    }

    fn text(&mut self, text: &str) -> Code {
        self.node("Text", Code::text(text))
    }

    fn node(&mut self, variant: &'static str, argument: Code) -> Code {
        let node = self.imports.name(paths::NODE);
        Code::Call(Name::within(node, variant), vec![argument])
    }
}

/// `s.render(&node)`
pub(super) fn rendered(node: Code) -> Code {
    Code::Method(Box::new(Code::name("s")), "render", vec![node.borrowed()])
}

/// A key without templates.
fn fixed(key: &Key) -> Option<&str> {
    match key.parts.as_slice() {
        [] => Some(""),
        [Part::Text(text)] => Some(text),
        _ => None,
    }
}
