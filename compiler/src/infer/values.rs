//! Settings with templates to typed values.
//!
//! Enters: JSON nodes as written, and the field they are for. Leaves: values with typed
//! expressions, and findings of families 02, 03 and 05 (and 04 when they do not fit the field).
//! Must not know what a name means.

use std::sync::Arc;

use fmc_expr::{
    ast::{Expr, ExprKind},
    builtins::Kinds,
};

use super::{Infer, Locals, Spot};
use crate::{
    ast::{
        self,
        template::{self, Embedded, Template, parse_condition, parse_template},
    },
    catalogue::{Field, FieldKind},
    diagnostics::{Code, Diagnostic},
    ir::{
        Setting, StageId,
        config::{ConfigKind, ConfigValue, Key, Segment},
        expr::{Expression, Site},
    },
    resolve::KnownSetting,
    schema,
    syntax::tree::{JsonString, Node, NodeKind},
    types::Type,
};

impl Infer<'_> {
    /// Types the settings of a known component. Deferred ones come last, because the names they can
    /// use get their types from the other settings.
    pub(super) fn known_settings(
        &mut self,
        stage: StageId,
        known: &[KnownSetting<'_>],
    ) -> Vec<Setting> {
        let mut typed: Vec<(usize, Setting)> = Vec::new();
        // `data` of a filter is typed before its condition, which reads it.
        for deferred in [false, true] {
            for (at, known) in known.iter().enumerate() {
                let field = known.field;
                let owns = matches!(field.kind, FieldKind::Stages(_) | FieldKind::Routes);
                // Stage ids were read by `resolve`; a setting without effect is only reported.
                if owns || !field.effect || field.deferred() != deferred {
                    continue;
                }
                let mut spot = Spot::new(stage, format!("config.{}", field.name));
                if deferred {
                    spot.locals = locals(field, &typed);
                    self.scopes
                        .set_locals(stage, field.name, spot.locals.clone());
                }
                let value = self.field(&mut spot, field, known.value);
                let setting = Setting {
                    name: field.name,
                    key: known.key.inner(),
                    deferred,
                    value,
                };
                typed.push((at, setting));
            }
        }
        // Back to the order in which they are written, which messages and generated code follow.
        typed.sort_by_key(|(at, _)| *at);
        typed.into_iter().map(|(_, setting)| setting).collect()
    }

    /// Types the settings of an unknown component, only to check the names in templates.
    pub(super) fn unknown_settings(
        &mut self,
        stage: StageId,
        written: &ast::WrittenStage,
    ) -> Vec<Setting> {
        for setting in &written.config {
            let mut spot = Spot::new(stage, format!("config.{}", setting.key.text));
            // Which names the component would give is unknown, so all of them are accepted.
            spot.locals = Locals {
                data: Some(Type::Any),
                item: Some(Type::Any),
                value: Some(Type::Any),
            };
            self.tree(&mut spot, &setting.value);
        }
        Vec::new()
    }

    /// Types a value for a field that takes anything.
    pub(super) fn plain(&mut self, stage: StageId, path: &str, node: &Node) -> ConfigValue {
        self.tree(&mut Spot::new(stage, path), node)
    }

    fn field(&mut self, spot: &mut Spot, field: &Field, node: &Node) -> ConfigValue {
        match (&field.kind, &node.kind) {
            (_, NodeKind::String(text)) if field.literal || field.static_text() => {
                self.literal(field, text)
            }
            (FieldKind::Condition(_), NodeKind::String(text)) => self.condition(spot, text),
            (FieldKind::Url, NodeKind::String(text)) => {
                let value = self.text(spot, text, true);
                self.fits(field, &value);
                value
            }
            (FieldKind::Schema, _) => {
                self.check_schema(node);
                self.tree(spot, node)
            }
            _ => {
                let value = self.tree(spot, node);
                self.fits(field, &value);
                value
            }
        }
    }

    fn literal(&mut self, field: &Field, text: &JsonString) -> ConfigValue {
        let span = text.inner();
        if text.has_template() {
            let message = format!("`{}` must be literal, found a template", field.name);
            let finding = Diagnostic::new(Code::TemplateInStatic, span, message);
            self.found.push(finding);
            return ConfigValue {
                kind: ConfigKind::Poison,
                span,
                ty: Type::Error,
            };
        }
        let value = literal_text(text);
        self.fits(field, &value);
        value
    }

    /// Checks a schema, unless it is a template.
    fn check_schema(&mut self, node: &Node) {
        let template = matches!(&node.kind, NodeKind::String(text) if text.has_template());
        if !template {
            schema::check(node, self.found);
        }
    }

    /// Types any JSON with templates.
    fn tree(&mut self, spot: &mut Spot, node: &Node) -> ConfigValue {
        let (kind, ty) = match &node.kind {
            NodeKind::Null => (ConfigKind::Null, Type::Null),
            NodeKind::Bool(value) => (ConfigKind::Bool(*value), Type::Bool),
            NodeKind::Int(value) => (ConfigKind::Int(*value), Type::Int),
            NodeKind::Float(value) => (ConfigKind::Float(*value), Type::Float),
            NodeKind::String(text) => return self.text(spot, text, false),
            NodeKind::Error => (ConfigKind::Poison, Type::Error),
            NodeKind::Array(items) => {
                let items = items.iter().enumerate().map(|(at, item)| {
                    spot.below(format_args!("[{at}]"), |spot| self.tree(spot, item))
                });
                let items: Vec<ConfigValue> = items.collect();
                let types = items.iter().map(|item| item.ty.clone());
                let element = Type::union(types).unwrap_or(Type::Any);
                (ConfigKind::List(items), Type::list(element))
            }
            NodeKind::Object(entries) => {
                let entries = entries.iter().map(|entry| {
                    let key = self.key(spot, &entry.key);
                    let step = format_args!(".{}", entry.key.text);
                    let value = spot.below(step, |spot| self.tree(spot, &entry.value));
                    (key, value)
                });
                let entries: Vec<(Key, ConfigValue)> = entries.collect();
                let ty = object_type(&entries);
                (ConfigKind::Object(entries), ty)
            }
        };
        ConfigValue {
            kind,
            span: node.span,
            ty,
        }
    }

    fn key(&mut self, spot: &Spot, key: &JsonString) -> Key {
        let (template, mut found) = parse_template(key);
        self.found.append(&mut found);
        Key {
            segments: self.segments(spot, key, template, false),
            span: key.inner(),
        }
    }

    fn segments(
        &mut self,
        spot: &Spot,
        string: &JsonString,
        template: Template,
        url: bool,
    ) -> Vec<Segment> {
        // Blanks before the base do not count.
        let mut base = url;
        let parts = template.parts.into_iter().map(|part| match part {
            template::Part::Text { text, .. } => {
                base &= text.trim().is_empty();
                Segment::Text(text)
            }
            template::Part::Expr(embedded) => {
                let base = std::mem::take(&mut base);
                Segment::Expr(self.embedded(spot, string, embedded, base))
            }
        });
        parts.collect()
    }

    fn text(&mut self, spot: &Spot, string: &JsonString, url: bool) -> ConfigValue {
        if !string.has_template() {
            return literal_text(string);
        }
        let (template, mut found) = parse_template(string);
        self.found.append(&mut found);
        // The braces were broken and have a finding.
        if !template.has_expressions() {
            return literal_text(string);
        }
        let span = string.inner();
        if let Some(whole) = template.whole() {
            let expression = self.embedded(spot, string, whole.clone(), url);
            return ConfigValue {
                ty: expression.typed.ty.clone(),
                kind: ConfigKind::Whole(expression),
                span,
            };
        }
        let segments = self.segments(spot, string, template, url);
        let kind = match url {
            true => ConfigKind::Url(segments),
            false => ConfigKind::Join(segments),
        };
        ConfigValue {
            kind,
            span,
            ty: Type::STR,
        }
    }

    fn condition(&mut self, spot: &Spot, string: &JsonString) -> ConfigValue {
        let (condition, mut found) = parse_condition(string);
        self.found.append(&mut found);
        let expression = self.embedded(spot, string, condition.expr, false);
        let ty = expression.typed.ty.clone();
        // Only a string can be evaluated again at run time. When the value never is one, the
        // program does not need the parser.
        let may_be_text = ty.kinds().overlaps(Kinds::STR) && ty != Type::Error;
        let kind = match condition.whole && may_be_text {
            true => ConfigKind::Dynamic(expression),
            false => ConfigKind::Whole(expression),
        };
        ConfigValue {
            kind,
            span: string.inner(),
            ty,
        }
    }

    /// Types an expression and adds it to the model's list. `base` says that it begins a URL.
    fn embedded(
        &mut self,
        spot: &Spot,
        string: &JsonString,
        embedded: Embedded,
        base: bool,
    ) -> Arc<Expression> {
        let typed = self.expression(spot, string, &embedded);
        let expression = Arc::new(Expression {
            id: self.next_expression(),
            site: Site {
                stage: spot.stage,
                path: spot.path.clone(),
            },
            string: string.clone(),
            raw: rawness(&embedded.expr) == Some(true),
            base,
            embedded,
            typed,
        });
        self.exprs.push(Arc::clone(&expression));
        expression
    }
}

fn literal_text(text: &JsonString) -> ConfigValue {
    ConfigValue {
        kind: ConfigKind::Text(text.text.to_string()),
        span: text.inner(),
        ty: Type::literal(&text.text),
    }
}

fn object_type(entries: &[(Key, ConfigValue)]) -> Type {
    let names: Option<Vec<String>> = entries
        .iter()
        .map(|(key, _)| match key.segments.as_slice() {
            [] => Some(String::new()),
            [Segment::Text(name)] => Some(name.clone()),
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

/// The extra names that a deferred setting can use; their types come from the settings before it.
fn locals(field: &Field, typed: &[(usize, Setting)]) -> Locals {
    let mut locals = Locals::default();
    let ty = |name: &str| {
        let found = typed.iter().find(|(_, setting)| setting.name == name);
        found.map(|(_, setting)| setting.value.ty.clone())
    };
    if field.kind == FieldKind::Template {
        locals.data = Some(parsed(ty("data").unwrap_or(Type::Null)));
    }
    if let FieldKind::Condition(names) = field.kind {
        if names.data {
            locals.data = Some(ty("data").unwrap_or(Type::Any));
        }
        // A `filter` has `item` only in the mode `filter_array`; a `foreach` always has it.
        if names.item && (!names.data || may_filter_array(typed)) {
            locals.item = Some(
                ty("items")
                    .or_else(|| ty("data"))
                    .map_or(Type::Any, |items| items.element()),
            );
        }
        if names.value {
            locals.value = Some(ty("value").unwrap_or(Type::Any));
        }
    }
    locals
}

/// Whether a condition that uses `data` may mean a single item: a `filter` in the mode
/// `filter_array`.
fn may_filter_array(typed: &[(usize, Setting)]) -> bool {
    let mode = typed
        .iter()
        .find(|(_, setting)| setting.name == "filter_mode");
    mode.is_some_and(|(_, mode)| {
        let mode = mode.value.text();
        mode.is_none_or(|mode| mode.eq_ignore_ascii_case("filter_array"))
    })
}

/// Whether an expression is `raw(…)`, perhaps in each branch of a choice. `Some(false)` for a
/// literal string, which may be the other branch of such a choice; `None` for anything else.
fn rawness(expr: &Expr) -> Option<bool> {
    if let ExprKind::Ternary {
        then, otherwise, ..
    } = &expr.kind
    {
        return Some(rawness(then)? | rawness(otherwise)?);
    }
    if let ExprKind::Call { callee, .. } = &expr.kind {
        let raw = matches!(&callee.kind, ExprKind::Name(name) if name == "raw");
        return raw.then_some(true);
    }
    matches!(expr.kind, ExprKind::Str(_)).then_some(false)
}

/// A string is parsed as JSON first, so the type of the result is not known.
fn parsed(ty: Type) -> Type {
    if ty.kinds().overlaps(Kinds::STR) {
        Type::Any
    } else {
        ty
    }
}
