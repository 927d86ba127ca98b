//! Settings and templates as Rust: one function for the settings of a stage, and one for each
//! deferred setting.
//!
//! Enters: configured values. Leaves: trees of `render::ConfigNode`, in which an expression is its
//! position in the file and the name of its function. Must not know how an expression is compiled.

use fmc_expr::{Map, Str, Value};

use super::{
    Lines,
    constants::LARGE,
    expressions::Expressions,
    paths::{self, Imports},
    rust::{Literal, Name, RustExpr},
    url,
};
use crate::ir::{
    config::{ConfigKind, ConfigValue, Key, Segment},
    expr::Expression,
};

/// Writes the values of one program.
pub(super) struct Values<'a> {
    pub(super) imports: &'a mut Imports,
    /// Where the functions of expressions are kept.
    pub(super) expressions: &'a mut Expressions,
    pub(super) lines: &'a Lines<'a>,
}

impl Values<'_> {
    /// The last expression of a function that gives this value: an `Outcome`.
    pub(super) fn outcome(&mut self, node: &ConfigValue) -> RustExpr {
        rendered(self.value(node))
    }

    /// The last expression of a function that gives an object with these fields.
    pub(super) fn settings<'n>(
        &mut self,
        fields: impl Iterator<Item = (&'n str, &'n ConfigValue)>,
    ) -> RustExpr {
        let fields = fields.map(|(name, node)| self.field(name, node)).collect();
        rendered(self.node("Object", RustExpr::slice(fields)))
    }

    /// The tree of a value.
    fn value(&mut self, node: &ConfigValue) -> RustExpr {
        if is_large(node)
            && let Some(value) = literal(node)
        {
            let constant = self.expressions.constant(&value, self.imports);
            return self.node("Constant", RustExpr::Name(constant).borrowed());
        }
        match &node.kind {
            // Poison never gets here, because code is generated only without errors.
            ConfigKind::Null | ConfigKind::Poison => {
                RustExpr::Name(Name::within(self.imports.name(paths::NODE), "Null"))
            }
            ConfigKind::Bool(value) => self.node("Bool", RustExpr::bool(*value)),
            ConfigKind::Int(value) => self.node("Int", RustExpr::Literal(Literal::int(*value))),
            ConfigKind::Float(value) => {
                self.node("Float", RustExpr::Literal(Literal::float(*value)))
            }
            ConfigKind::Text(text) => self.text(text),
            ConfigKind::Whole(expression) | ConfigKind::Dynamic(expression) => {
                match self.base(expression) {
                    Some(base) => self.node("Url", RustExpr::slice(vec![base])),
                    None => self.eval(expression),
                }
            }
            ConfigKind::Join(parts) => self.join(parts),
            ConfigKind::Url(parts) => {
                let parts = parts.iter().map(|part| self.part(part)).collect();
                self.node("Url", RustExpr::slice(parts))
            }
            ConfigKind::List(items) => {
                let items = items.iter().map(|item| self.value(item)).collect();
                self.node("List", RustExpr::slice(items))
            }
            ConfigKind::Object(entries) => self.object(entries),
        }
    }

    fn object(&mut self, entries: &[(Key, ConfigValue)]) -> RustExpr {
        let names: Option<Vec<_>> = entries.iter().map(|(key, _)| fixed(key)).collect();
        // An object whose keys are all literal needs no check for equal keys at run time.
        if let Some(names) = names {
            let pairs = names.into_iter().zip(entries);
            let fields = pairs
                .map(|(name, (_, node))| self.field(name, node))
                .collect();
            return self.node("Object", RustExpr::slice(fields));
        }
        let fields = entries
            .iter()
            .map(|(key, node)| {
                let key = match fixed(key) {
                    Some(name) => self.text(name),
                    None => self.join(&key.segments),
                };
                RustExpr::Tuple(vec![key, self.value(node)])
            })
            .collect();
        self.node("Keyed", RustExpr::slice(fields))
    }

    fn field(&mut self, name: &str, node: &ConfigValue) -> RustExpr {
        RustExpr::Tuple(vec![RustExpr::text(name), self.value(node)])
    }

    fn join(&mut self, parts: &[Segment]) -> RustExpr {
        let parts = parts.iter().map(|part| self.part(part)).collect();
        self.node("Join", RustExpr::slice(parts))
    }

    fn part(&mut self, part: &Segment) -> RustExpr {
        match part {
            Segment::Text(text) => self.text(text),
            Segment::Expr(expression) => match self.base(expression) {
                Some(base) => base,
                None => self.eval(expression),
            },
        }
    }

    /// The start of a URL, if the expression puts it together: its parts.
    fn base(&mut self, expression: &Expression) -> Option<RustExpr> {
        let parts = url::parts(&expression.typed).filter(|_| expression.base)?;
        let run = self
            .expressions
            .function_of(&parts, expression, self.imports);
        let row = self.row(expression, run);
        Some(self.node("Base", row.borrowed()))
    }

    fn eval(&mut self, expression: &Expression) -> RustExpr {
        let run = self.expressions.function(expression, self.imports);
        let row = self.row(expression, run);
        // `raw(…)` says that the value is percent-encoded already.
        let variant = if expression.raw { "Raw" } else { "Eval" };
        self.node(variant, row.borrowed())
    }

    fn row(&mut self, expression: &Expression, run: Name) -> RustExpr {
        let position = self.lines.position(expression.span());
        RustExpr::Struct(
            Name::new(self.imports.name(paths::EXPRESSION)),
            vec![
                ("text", RustExpr::text(expression.text())),
                ("field", RustExpr::text(&expression.site.path)),
                ("line", RustExpr::count(position.line)),
                ("column", RustExpr::count(position.column)),
                ("run", RustExpr::Name(run)),
            ],
        )
    }

    fn text(&mut self, text: &str) -> RustExpr {
        self.node("Text", RustExpr::text(text))
    }

    fn node(&mut self, variant: &'static str, argument: RustExpr) -> RustExpr {
        let node = self.imports.name(paths::NODE);
        RustExpr::Call(Name::within(node, variant), vec![argument])
    }
}

/// `s.render(&node)`
pub(super) fn rendered(node: RustExpr) -> RustExpr {
    RustExpr::Method(
        Box::new(RustExpr::name("s")),
        "render",
        vec![node.borrowed()],
    )
}

/// The text of a key without templates.
fn fixed(key: &Key) -> Option<&str> {
    match key.segments.as_slice() {
        [] => Some(""),
        [Segment::Text(text)] => Some(text),
        _ => None,
    }
}

/// Whether a list or object has many values.
fn is_large(node: &ConfigValue) -> bool {
    let mut todo = vec![node];
    let mut seen = 0;
    while let Some(node) = todo.pop() {
        seen += 1;
        match &node.kind {
            ConfigKind::List(items) => todo.extend(items.iter().take(LARGE)),
            ConfigKind::Object(entries) => {
                todo.extend(entries.iter().map(|(_, value)| value).take(LARGE));
            }
            ConfigKind::Null
            | ConfigKind::Bool(_)
            | ConfigKind::Int(_)
            | ConfigKind::Float(_)
            | ConfigKind::Text(_)
            | ConfigKind::Whole(_)
            | ConfigKind::Dynamic(_)
            | ConfigKind::Join(_)
            | ConfigKind::Url(_)
            | ConfigKind::Poison => {}
        }
        if seen + todo.len() >= LARGE {
            return true;
        }
    }
    false
}

/// The value of a setting in which no template is.
fn literal(node: &ConfigValue) -> Option<Value> {
    Some(match &node.kind {
        ConfigKind::Null => Value::Null,
        ConfigKind::Bool(value) => Value::Bool(*value),
        ConfigKind::Int(value) => Value::Int(*value),
        ConfigKind::Float(value) => Value::Float(*value),
        ConfigKind::Text(text) => Value::from(text.as_str()),
        ConfigKind::List(items) => {
            Value::list(items.iter().map(literal).collect::<Option<Vec<_>>>()?)
        }
        ConfigKind::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Some((Str::from(fixed(key)?), literal(value)?)));
            Value::object(entries.collect::<Option<Map>>()?)
        }
        ConfigKind::Whole(_)
        | ConfigKind::Dynamic(_)
        | ConfigKind::Join(_)
        | ConfigKind::Url(_)
        | ConfigKind::Poison => return None,
    })
}
