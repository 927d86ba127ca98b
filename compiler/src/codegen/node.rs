//! Settings and templates as Rust: one function a stage's settings, one a deferred setting.
//!
//! Enters: configured values. Leaves: calls of `render`, expressions by the name of their
//! table entry. Must not know how an expression is compiled.

use super::{
    layout::Code,
    literal,
    paths::{self, Imports},
};
use crate::ir::expr::{Expression, Key, Node, NodeKind, Part};

/// Writes values of one program; numbers the expressions it meets.
pub(super) struct Values<'a> {
    imports: &'a mut Imports,
    first: usize,
    met: Vec<Expression>,
}

impl<'a> Values<'a> {
    /// Expressions are numbered from `first` on.
    pub(super) fn new(imports: &'a mut Imports, first: usize) -> Self {
        Self {
            imports,
            first,
            met: Vec::new(),
        }
    }

    /// The expressions met, in order of their numbers.
    pub(super) fn finish(self) -> Vec<Expression> {
        self.met
    }

    /// What a function that gives this value ends with: an `Outcome`.
    pub(super) fn outcome(&mut self, node: &Node) -> Code {
        untried(self.value(node))
    }

    /// What a function that gives an object of these fields ends with.
    pub(super) fn settings<'n>(
        &mut self,
        fields: impl Iterator<Item = (&'n str, &'n Node)>,
    ) -> Code {
        let fields = fields.map(|(name, node)| self.field(name, node)).collect();
        self.render("object", Code::Array("vec!", fields))
    }

    /// Source that gives the value.
    fn value(&mut self, node: &Node) -> Code {
        match &node.kind {
            NodeKind::Null | NodeKind::Poison => Code::atom(self.scalar("Null", "")),
            NodeKind::Bool(value) => Code::atom(self.scalar("Bool", &value.to_string())),
            NodeKind::Int(value) => Code::atom(self.scalar("Int", &literal::int(*value))),
            NodeKind::Float(value) => Code::atom(self.scalar("Float", &literal::float(*value))),
            NodeKind::Text(text) => self.text(text),
            NodeKind::Whole(expression) | NodeKind::Dynamic(expression) => {
                Code::atom(self.expression(expression))
            }
            NodeKind::Join(parts) => self.join(parts),
            NodeKind::Url(parts) => self.url(parts),
            NodeKind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                self.render("list", Code::Array("vec!", items)).tried()
            }
            NodeKind::Object(entries) => self.object(entries).tried(),
        }
    }

    fn object(&mut self, entries: &[(Key, Node)]) -> Code {
        let names: Option<Vec<_>> = entries.iter().map(|(key, _)| fixed(key)).collect();
        if let Some(names) = names {
            let pairs = names.into_iter().zip(entries);
            let fields = pairs
                .map(|(name, (_, node))| self.field(name, node))
                .collect();
            return self.render("object", Code::Array("vec!", fields));
        }
        let fields = entries
            .iter()
            .map(|(key, node)| {
                let key = match fixed(key) {
                    Some(name) => self.text(name),
                    None => self.join(&key.parts),
                };
                Code::tuple(vec![key, self.value(node)])
            })
            .collect();
        self.render("object_dynamic", Code::Array("vec!", fields))
    }

    fn field(&mut self, name: &str, node: &Node) -> Code {
        Code::tuple(vec![Code::atom(literal::string(name)), self.value(node)])
    }

    fn join(&mut self, parts: &[Part]) -> Code {
        let parts = parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => self.text(text),
                Part::Expr(expression) => Code::atom(self.expression(expression)),
            })
            .collect();
        self.render("join", Code::Array("&", parts)).tried()
    }

    fn url(&mut self, parts: &[Part]) -> Code {
        let url_part = self.imports.name(paths::URL_PART);
        let parts = parts
            .iter()
            .map(|part| {
                let (kind, source) = match part {
                    Part::Text(text) => ("Text", literal::string(text)),
                    Part::Expr(one) if one.raw => ("Raw", self.expression(one)),
                    Part::Expr(one) => ("Value", self.expression(one)),
                };
                Code::call(format!("{url_part}::{kind}"), vec![Code::atom(source)])
            })
            .collect();
        self.render("url", Code::Array("&", parts)).tried()
    }

    fn expression(&mut self, expression: &Expression) -> String {
        let number = self.first + self.met.len();
        self.met.push(expression.clone());
        format!("s.eval(&E{number})?")
    }

    fn text(&mut self, text: &str) -> Code {
        self.render("text", Code::atom(literal::string(text)))
    }

    fn render(&mut self, function: &str, argument: Code) -> Code {
        let render = self.imports.name(paths::RENDER);
        Code::call(format!("{render}::{function}"), vec![argument])
    }

    fn scalar(&mut self, variant: &str, value: &str) -> String {
        let name = self.imports.name(paths::VALUE);
        if value.is_empty() {
            format!("{name}::{variant}")
        } else {
            format!("{name}::{variant}({value})")
        }
    }
}

/// A value's source as a `Result`.
fn untried(code: Code) -> Code {
    match code {
        Code::Call(head, args, "?") => Code::Call(head, args, ""),
        Code::Atom(text) => match text.strip_suffix('?') {
            Some(call) => Code::atom(call),
            None => Code::call("Ok", vec![Code::Atom(text)]),
        },
        other => Code::call("Ok", vec![other]),
    }
}

/// A key without templates.
fn fixed(key: &Key) -> Option<&str> {
    match key.parts.as_slice() {
        [] => Some(""),
        [Part::Text(text)] => Some(text),
        _ => None,
    }
}
