//! Walking through expressions, values and stages.
//!
//! Enters: an expression, a configured value or a stage. Leaves: its direct children, or all
//! expressions in it, in the order in which they are written. Code that looks for something in
//! expressions uses this and matches only the kinds it wants. Must not know what is looked for.

use std::sync::Arc;

use super::{
    Stage,
    config::{ConfigKind, ConfigValue, Segment},
    expr::{Clause, Expr, ExprKind, Expression, FPart},
};

impl Expr {
    /// Its direct children, in the order of evaluation. Exception: the parts of a ternary are in
    /// the order in which they are written.
    #[must_use]
    pub fn children(&self) -> Vec<&Self> {
        match &self.kind {
            ExprKind::Literal(_)
            | ExprKind::Input
            | ExprKind::Upstream(_)
            | ExprKind::Env(_)
            | ExprKind::Context(_)
            | ExprKind::ContextAll
            | ExprKind::Data
            | ExprKind::Item
            | ExprKind::Value
            | ExprKind::ErrorInfo
            | ExprKind::Local(_)
            | ExprKind::Poison => Vec::new(),
            ExprKind::FString(parts) => in_fstring(parts),
            ExprKind::Member(base, _) | ExprKind::Unary(_, base) => vec![base],
            ExprKind::Index(first, second)
            | ExprKind::Binary(_, first, second)
            | ExprKind::Logic(_, first, second) => vec![first, second],
            ExprKind::Slice(base, bounds) => {
                let bounds = bounds.iter().flatten().map(|bound| &**bound);
                std::iter::once(&**base).chain(bounds).collect()
            }
            ExprKind::Call(_, slots) => slots.iter().flatten().collect(),
            ExprKind::MethodCall {
                receiver,
                args,
                kwargs,
                ..
            } => {
                let named = kwargs.iter().map(|(_, value)| value);
                let receiver = std::iter::once(&**receiver);
                receiver.chain(args).chain(named).collect()
            }
            ExprKind::Compare(first, rest) => {
                let rest = rest.iter().map(|(_, right)| right);
                std::iter::once(&**first).chain(rest).collect()
            }
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => vec![then, condition, otherwise],
            ExprKind::List(items) | ExprKind::Set(items) => items.iter().collect(),
            ExprKind::Dict(entries) => entries
                .iter()
                .flat_map(|(key, value)| [key, value])
                .collect(),
            ExprKind::Comprehension {
                element,
                value,
                clauses,
                ..
            } => {
                let shown = std::iter::once(&**element).chain(value.as_deref());
                shown
                    .chain(clauses.iter().flat_map(Clause::children))
                    .collect()
            }
        }
    }

    /// The expression itself and every expression in it, outer ones first.
    pub fn all(&self) -> impl Iterator<Item = &Self> {
        let mut todo = vec![self];
        std::iter::from_fn(move || {
            let next = todo.pop()?;
            todo.extend(next.children().into_iter().rev());
            Some(next)
        })
    }
}

impl Clause {
    fn children(&self) -> impl Iterator<Item = &Expr> {
        std::iter::once(&self.iter).chain(&self.conditions)
    }
}

fn in_fstring(parts: &[FPart]) -> Vec<&Expr> {
    parts.iter().flat_map(FPart::children).collect()
}

impl FPart {
    /// The expressions in it, in the order of evaluation.
    #[must_use]
    pub fn children(&self) -> Vec<&Expr> {
        match self {
            Self::Text(_) => Vec::new(),
            Self::Expr { expr, spec, .. } => {
                let mut found = vec![expr];
                found.extend(in_fstring(spec));
                found
            }
        }
    }
}

impl ConfigValue {
    /// Every expression in it, in the order in which they are written.
    #[must_use]
    pub fn expressions(&self) -> Vec<&Arc<Expression>> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect<'v>(&'v self, found: &mut Vec<&'v Arc<Expression>>) {
        match &self.kind {
            ConfigKind::Null
            | ConfigKind::Bool(_)
            | ConfigKind::Int(_)
            | ConfigKind::Float(_)
            | ConfigKind::Text(_)
            | ConfigKind::Poison => {}
            ConfigKind::Whole(expression) | ConfigKind::Dynamic(expression) => {
                found.push(expression)
            }
            ConfigKind::Join(segments) | ConfigKind::Url(segments) => in_segments(segments, found),
            ConfigKind::List(items) => items.iter().for_each(|item| item.collect(found)),
            ConfigKind::Object(entries) => {
                for (key, value) in entries {
                    in_segments(&key.segments, found);
                    value.collect(found);
                }
            }
        }
    }
}

fn in_segments<'v>(segments: &'v [Segment], found: &mut Vec<&'v Arc<Expression>>) {
    found.extend(segments.iter().filter_map(|segment| match segment {
        Segment::Text(_) => None,
        Segment::Expr(expression) => Some(expression),
    }));
}

impl Stage {
    /// Every expression in its settings and its fallback, in the order of the settings.
    pub fn expressions(&self) -> impl Iterator<Item = &Arc<Expression>> {
        let settings = self.settings.iter().map(|setting| &setting.value);
        let values = settings.chain(&self.fallback);
        values.flat_map(ConfigValue::expressions)
    }
}
