//! Settings with templates to typed nodes.
//!
//! Enters: JSON nodes as written, and the field they fill. Leaves: nodes with expressions
//! lowered, and findings of families 02, 03 and 05, and 04 where they do not fit the field.

use fmc_expr::{
    ast::{Expr, ExprKind},
    builtins::Kinds,
};

use super::{
    Setting, StageId,
    expr::{Expression, Key, Node, NodeKind, Part},
    lower::Lowering,
    settings::Known,
};
use crate::{
    ast::{
        self,
        template::{self, Embedded, Template, parse_condition, parse_template},
    },
    catalogue::{Field, Kind},
    diagnostics::{Code, Diagnostic},
    schema,
    syntax::tree::{JsonString, Node as Json, NodeKind as JsonKind},
    types::Type,
};

/// Where an expression stands and which names it sees besides those of every expression.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) stage: Option<StageId>,
    pub(super) field: String,
    pub(super) data: Option<Type>,
    pub(super) item: Option<Type>,
    pub(super) value: Option<Type>,
}

impl Place {
    fn new(stage: StageId, field: &str) -> Self {
        Self {
            stage: Some(stage),
            field: field.to_owned(),
            data: None,
            item: None,
            value: None,
        }
    }

    /// Where `fmc eval` evaluates.
    pub(super) fn outside() -> Self {
        Self {
            stage: None,
            field: String::new(),
            data: None,
            item: None,
            value: None,
        }
    }

    fn below(&self, step: &str) -> Self {
        Self {
            field: format!("{}{step}", self.field),
            ..self.clone()
        }
    }
}

impl Lowering<'_> {
    /// Lowers the settings of a known component; deferred ones last, because they see others.
    pub(super) fn known_settings(&mut self, stage: StageId, known: &[Known]) -> Vec<Setting> {
        let mut lowered: Vec<(usize, Setting)> = Vec::new();
        for deferred in [false, true] {
            for (at, known) in known.iter().enumerate() {
                let field = known.field;
                let owns = matches!(field.kind, Kind::Stages(_) | Kind::Routes);
                if owns || !field.effect || field.deferred() != deferred {
                    continue;
                }
                let mut place = Place::new(stage, &format!("config.{}", field.name));
                add_locals(&mut place, field, &lowered);
                let value = self.field(&place, field, &known.value);
                lowered.push((
                    at,
                    Setting {
                        name: field.name,
                        key: known.key.inner(),
                        deferred,
                        value,
                    },
                ));
            }
        }
        lowered.sort_by_key(|(at, _)| *at);
        lowered.into_iter().map(|(_, setting)| setting).collect()
    }

    /// Of an unknown component, names in templates are still checked.
    pub(super) fn unknown_settings(
        &mut self,
        stage: StageId,
        written: &ast::Stage,
    ) -> Vec<Setting> {
        for setting in &written.config {
            let mut place = Place::new(stage, &format!("config.{}", setting.key.text));
            (place.data, place.item, place.value) =
                (Some(Type::Any), Some(Type::Any), Some(Type::Any));
            self.tree(&place, &setting.value);
        }
        Vec::new()
    }

    /// A value that takes anything.
    pub(super) fn plain(&mut self, stage: StageId, field: &str, node: &Json) -> Node {
        self.tree(&Place::new(stage, field), node)
    }

    fn field(&mut self, place: &Place, field: &Field, node: &Json) -> Node {
        match (&field.kind, &node.kind) {
            (_, JsonKind::String(text)) if field.literal || field.static_text() => {
                self.literal(field, text)
            }
            (Kind::Condition(_), JsonKind::String(text)) => self.condition(place, text),
            (Kind::Url, JsonKind::String(text)) => {
                let node = self.text(place, text, true);
                self.fits(field, &node);
                node
            }
            (Kind::Schema, _) => {
                self.check_schema(node);
                self.tree(place, node)
            }
            _ => {
                let node = self.tree(place, node);
                self.fits(field, &node);
                node
            }
        }
    }

    fn literal(&mut self, field: &Field, text: &JsonString) -> Node {
        if text.text.contains("{{") {
            let message = format!("`{}` must be literal, found a template", field.name);
            self.found.push(Diagnostic::new(
                Code::TemplateInStatic,
                text.inner(),
                message,
            ));
            return Node {
                kind: NodeKind::Poison,
                span: text.inner(),
                ty: Type::Error,
            };
        }
        let node = Node {
            kind: NodeKind::Text(text.text.to_string()),
            span: text.inner(),
            ty: Type::literal(&text.text),
        };
        if !text.text.contains("{{") {
            self.fits(field, &node);
        }
        node
    }

    /// A schema that is not the value of a template.
    fn check_schema(&mut self, node: &Json) {
        let template = matches!(&node.kind, JsonKind::String(text) if text.text.contains("{{"));
        if !template {
            schema::check(node, &mut self.found);
        }
    }

    /// Any JSON with templates.
    fn tree(&mut self, place: &Place, node: &Json) -> Node {
        let (kind, ty) = match &node.kind {
            JsonKind::Null => (NodeKind::Null, Type::Null),
            JsonKind::Bool(value) => (NodeKind::Bool(*value), Type::Bool),
            JsonKind::Int(value) => (NodeKind::Int(*value), Type::Int),
            JsonKind::Float(value) => (NodeKind::Float(*value), Type::Float),
            JsonKind::String(text) => return self.text(place, text, false),
            JsonKind::Error => (NodeKind::Poison, Type::Error),
            JsonKind::Array(items) => {
                let items: Vec<Node> = items
                    .iter()
                    .enumerate()
                    .map(|(at, item)| self.tree(&place.below(&format!("[{at}]")), item))
                    .collect();
                let element = items
                    .iter()
                    .map(|item| item.ty.clone())
                    .reduce(Type::or)
                    .unwrap_or(Type::Any);
                (NodeKind::List(items), Type::list(element))
            }
            JsonKind::Object(entries) => {
                let entries: Vec<(Key, Node)> = entries
                    .iter()
                    .map(|entry| {
                        let below = place.below(&format!(".{}", entry.key.text));
                        (self.key(place, &entry.key), self.tree(&below, &entry.value))
                    })
                    .collect();
                let ty = object_type(&entries);
                (NodeKind::Object(entries), ty)
            }
        };
        Node {
            kind,
            span: node.span,
            ty,
        }
    }

    fn key(&mut self, place: &Place, key: &JsonString) -> Key {
        let (template, mut found) = parse_template(key);
        self.found.append(&mut found);
        Key {
            parts: self.parts(place, key, template),
            span: key.inner(),
        }
    }

    fn parts(&mut self, place: &Place, string: &JsonString, template: Template) -> Vec<Part> {
        template
            .parts
            .into_iter()
            .map(|part| match part {
                template::Part::Text { text, .. } => Part::Text(text),
                template::Part::Expr(embedded) => {
                    Part::Expr(Box::new(self.expression(place, string, &embedded)))
                }
            })
            .collect()
    }

    fn text(&mut self, place: &Place, string: &JsonString, url: bool) -> Node {
        let (template, mut found) = parse_template(string);
        self.found.append(&mut found);
        let span = string.inner();
        if !template.has_expressions() {
            let ty = Type::literal(&string.text);
            let kind = NodeKind::Text(string.text.to_string());
            return Node { kind, span, ty };
        }
        if let Some(whole) = template.whole() {
            let expression = Box::new(self.expression(place, string, whole));
            let ty = expression.expr.ty.clone();
            let kind = NodeKind::Whole(expression);
            return Node { kind, span, ty };
        }
        let parts = self.parts(place, string, template);
        let kind = if url {
            NodeKind::Url(parts)
        } else {
            NodeKind::Join(parts)
        };
        Node {
            kind,
            span,
            ty: Type::STR,
        }
    }

    fn condition(&mut self, place: &Place, string: &JsonString) -> Node {
        let (condition, mut found) = parse_condition(string);
        self.found.append(&mut found);
        let expression = Box::new(self.expression(place, string, &condition.expr));
        let ty = expression.expr.ty.clone();
        let may_be_text = ty.kinds().overlaps(Kinds::STR) && ty != Type::Error;
        let kind = if condition.whole && may_be_text {
            NodeKind::Dynamic(expression)
        } else {
            NodeKind::Whole(expression)
        };
        Node {
            kind,
            span: string.inner(),
            ty,
        }
    }

    fn expression(
        &mut self,
        place: &Place,
        string: &JsonString,
        embedded: &Embedded,
    ) -> Expression {
        let span = embedded.span(string);
        let position = self
            .sources
            .get(span.file)
            .map(|file| file.lines.position(&file.text, span.start));
        Expression {
            text: embedded.text.trim().to_owned(),
            field: place.field.clone(),
            line: position.map_or(0, |position| position.line),
            column: position.map_or(0, |position| position.column),
            raw: rawness(&embedded.expr) == Some(true),
            expr: self.infer(place, string, embedded),
        }
    }
}

fn object_type(entries: &[(Key, Node)]) -> Type {
    let names: Option<Vec<String>> = entries
        .iter()
        .map(|(key, _)| match key.parts.as_slice() {
            [] => Some(String::new()),
            [Part::Text(name)] => Some(name.clone()),
            _ => None,
        })
        .collect();
    match names {
        None => Type::open(),
        Some(names) => Type::closed(
            names
                .into_iter()
                .zip(entries)
                .map(|(name, (_, node))| (name, node.ty.clone())),
        ),
    }
}

/// The names a deferred setting sees, typed by the settings before it.
fn add_locals(place: &mut Place, field: &Field, lowered: &[(usize, Setting)]) {
    let ty = |name: &str| {
        let found = lowered.iter().find(|(_, setting)| setting.name == name);
        found.map(|(_, setting)| setting.value.ty.clone())
    };
    match field.kind {
        Kind::Template => place.data = Some(parsed(ty("data").unwrap_or(Type::Null))),
        Kind::Condition(locals) => {
            if locals.data {
                place.data = Some(ty("data").unwrap_or(Type::Any));
            }
            if locals.item && (!locals.data || may_filter_array(lowered)) {
                place.item = Some(
                    ty("items")
                        .or_else(|| ty("data"))
                        .map_or(Type::Any, |items| items.element()),
                );
            }
            if locals.value {
                place.value = Some(ty("value").unwrap_or(Type::Any));
            }
        }
        _ => {}
    }
}

/// Whether a condition that sees `data` may be about its items: a filter's is by its mode.
fn may_filter_array(lowered: &[(usize, Setting)]) -> bool {
    let mode = lowered
        .iter()
        .find(|(_, setting)| setting.name == "filter_mode");
    mode.is_some_and(|(_, mode)| match &mode.value.kind {
        NodeKind::Text(mode) => mode.eq_ignore_ascii_case("filter_array"),
        _ => true,
    })
}

/// Whether an expression is `raw(…)`, also in the branches of a choice: `Some(false)` for a string
/// as written in the file, which may stand beside one; none for any other value.
fn rawness(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Call { callee, .. } => {
            let raw = matches!(&callee.kind, ExprKind::Name(name) if name == "raw");
            raw.then_some(true)
        }
        ExprKind::Str(_) => Some(false),
        ExprKind::Ternary {
            then, otherwise, ..
        } => Some(rawness(then)? | rawness(otherwise)?),
        _ => None,
    }
}

/// Data that is a string of JSON is parsed first, so nothing is known of it.
fn parsed(ty: Type) -> Type {
    if ty.kinds().overlaps(Kinds::STR) {
        Type::Any
    } else {
        ty
    }
}
