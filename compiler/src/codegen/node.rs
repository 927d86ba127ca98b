//! Settings and templates as Rust: one function a stage's settings, one a deferred setting.
//!
//! Enters: configured values. Leaves: trees of `render::Node`, expressions by the
//! name of their table entry. Must not know how an expression is compiled.

use std::sync::Arc;

use super::{
    layout::Code,
    literal,
    paths::{self, Imports},
};
use crate::ir::{
    config::{ConfigKind, ConfigValue, Key, Segment},
    expr::Expression,
};

/// Writes values of one program; numbers the expressions it meets.
pub(super) struct Values<'a> {
    imports: &'a mut Imports,
    first: usize,
    met: Vec<Arc<Expression>>,
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
    pub(super) fn finish(self) -> Vec<Arc<Expression>> {
        self.met
    }

    /// What a function that gives this value ends with: an `Outcome`.
    pub(super) fn outcome(&mut self, node: &ConfigValue) -> Code {
        rendered(self.value(node))
    }

    /// What a function that gives an object of these fields ends with.
    pub(super) fn settings<'n>(
        &mut self,
        fields: impl Iterator<Item = (&'n str, &'n ConfigValue)>,
    ) -> Code {
        let fields = fields.map(|(name, node)| self.field(name, node)).collect();
        rendered(self.node("Object", Code::Array("&", fields)))
    }

    /// The tree of a value.
    fn value(&mut self, node: &ConfigValue) -> Code {
        match &node.kind {
            ConfigKind::Null | ConfigKind::Poison => {
                Code::atom(format!("{}::Null", self.imports.name(paths::NODE)))
            }
            ConfigKind::Bool(value) => self.node("Bool", Code::atom(value.to_string())),
            ConfigKind::Int(value) => self.node("Int", Code::atom(literal::int(*value))),
            ConfigKind::Float(value) => self.node("Float", Code::atom(literal::float(*value))),
            ConfigKind::Text(text) => self.text(text),
            ConfigKind::Whole(expression) | ConfigKind::Dynamic(expression) => {
                self.eval(expression)
            }
            ConfigKind::Join(parts) => self.join(parts),
            ConfigKind::Url(parts) => {
                let parts = parts.iter().map(|part| self.part(part)).collect();
                self.node("Url", Code::Array("&", parts))
            }
            ConfigKind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                self.node("List", Code::Array("&", items))
            }
            ConfigKind::Object(entries) => self.object(entries),
        }
    }

    fn object(&mut self, entries: &[(Key, ConfigValue)]) -> Code {
        let names: Option<Vec<_>> = entries.iter().map(|(key, _)| fixed(key)).collect();
        if let Some(names) = names {
            let pairs = names.into_iter().zip(entries);
            let fields = pairs
                .map(|(name, (_, node))| self.field(name, node))
                .collect();
            return self.node("Object", Code::Array("&", fields));
        }
        let fields = entries
            .iter()
            .map(|(key, node)| {
                let key = match fixed(key) {
                    Some(name) => self.text(name),
                    None => self.join(&key.segments),
                };
                Code::tuple(vec![key, self.value(node)])
            })
            .collect();
        self.node("Keyed", Code::Array("&", fields))
    }

    fn field(&mut self, name: &str, node: &ConfigValue) -> Code {
        Code::tuple(vec![Code::atom(literal::string(name)), self.value(node)])
    }

    fn join(&mut self, parts: &[Segment]) -> Code {
        let parts = parts.iter().map(|part| self.part(part)).collect();
        self.node("Join", Code::Array("&", parts))
    }

    fn part(&mut self, part: &Segment) -> Code {
        match part {
            Segment::Text(text) => self.text(text),
            Segment::Expr(expression) => self.eval(expression),
        }
    }

    fn eval(&mut self, expression: &Arc<Expression>) -> Code {
        let number = self.first + self.met.len();
        self.met.push(Arc::clone(expression));
        let variant = if expression.raw { "Raw" } else { "Eval" };
        self.node(variant, Code::atom(format!("&E{number}")))
    }

    fn text(&mut self, text: &str) -> Code {
        self.node("Text", Code::atom(literal::string(text)))
    }

    fn node(&mut self, variant: &str, argument: Code) -> Code {
        let node = self.imports.name(paths::NODE);
        Code::call(format!("{node}::{variant}"), vec![argument])
    }
}

fn rendered(node: Code) -> Code {
    Code::call("s.render", vec![node.borrowed()])
}

/// A key without templates.
fn fixed(key: &Key) -> Option<&str> {
    match key.segments.as_slice() {
        [] => Some(""),
        [Segment::Text(text)] => Some(text),
        _ => None,
    }
}
