//! Methods of a text that a URL is put together with, like `('http://h/' + input.x).strip()`.
//!
//! Enters: a method with its arguments, and the parts of the text. Leaves: the parts, changed so that
//! together they are what the method would have given. Only methods for which this is so are known
//! here. Must not know what is a part.

// Parts are lists and choices; there are no others.
#![allow(clippy::wildcard_enum_match_arm)]

use fmc_expr::{
    Value,
    builtins::{self, Builtin},
    kinds::Kinds,
};

use super::{SUM, like};
use crate::ir::expr::{Expr, ExprKind};

/// What a method does to the parts of its text.
pub(super) struct Change {
    /// The method for every part, for the first one, and for the last one.
    each: Option<&'static str>,
    first: Option<&'static str>,
    last: Option<&'static str>,
    /// The arguments behind the text: literals, so that copies are small.
    arguments: Vec<Option<Value>>,
}

impl Change {
    /// The change that a method with these arguments makes; `None` if the parts do not show it.
    pub(super) fn named(name: &str, arguments: &[Option<&Expr>]) -> Option<Self> {
        let arguments = arguments.iter().map(|argument| match argument {
            None => Some(None),
            Some(argument) => match &argument.kind {
                ExprKind::Literal(value) => Some(Some(value.clone())),
                _ => None,
            },
        });
        let arguments: Vec<Option<Value>> = arguments.collect::<Option<_>>()?;
        let (each, first, last) = match name {
            "lower" => (Some("lower"), None, None),
            "upper" => (Some("upper"), None, None),
            "strip" => (None, Some("lstrip"), Some("rstrip")),
            "lstrip" => (None, Some("lstrip"), None),
            "rstrip" => (None, None, Some("rstrip")),
            // More than one character could be in two parts.
            "removeprefix" if is_character(arguments.first()) => (None, Some("removeprefix"), None),
            "removesuffix" if is_character(arguments.first()) => (None, None, Some("removesuffix")),
            _ => return None,
        };
        Some(Self {
            each,
            first,
            last,
            arguments,
        })
    }

    /// The parts, changed.
    pub(super) fn of(&self, at: &Expr, parts: Expr) -> Expr {
        let parts = self.apply(self.each, at, parts, &|_, _| true);
        let parts = self.apply(self.first, at, parts, &|nth, _| nth == 0);
        self.apply(self.last, at, parts, &|nth, count| nth + 1 == count)
    }

    /// Calls a method with the parts that are wanted, by their number and how many there are.
    fn apply(
        &self,
        name: Option<&str>,
        at: &Expr,
        part: Expr,
        wanted: &dyn Fn(usize, usize) -> bool,
    ) -> Expr {
        let Some(method) = name.and_then(|name| builtins::method(name, Kinds::STR)) else {
            return part;
        };
        self.changed(method, at, part, wanted)
    }

    fn changed(
        &self,
        method: &'static Builtin,
        at: &Expr,
        part: Expr,
        wanted: &dyn Fn(usize, usize) -> bool,
    ) -> Expr {
        let change = |part| self.changed(method, at, part, wanted);
        match part.kind {
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                let (then, otherwise) = (change(*then), change(*otherwise));
                let kind = ExprKind::Ternary {
                    condition,
                    then: Box::new(then),
                    otherwise: Box::new(otherwise),
                };
                like(at, kind)
            }
            ExprKind::List(items) => match <[Expr; 2]>::try_from(items) {
                Ok([kind, value]) => self.pair(method, at, kind, value, wanted),
                Err(items) => like(at, ExprKind::List(items)),
            },
            other => like(at, other),
        }
    }

    fn pair(
        &self,
        method: &'static Builtin,
        at: &Expr,
        kind: Expr,
        value: Expr,
        wanted: &dyn Fn(usize, usize) -> bool,
    ) -> Expr {
        let is_sum = matches!(kind.kind, ExprKind::Literal(Value::Int(SUM)));
        let value = match value.kind {
            ExprKind::List(parts) if is_sum => {
                let count = parts.len();
                let parts = parts.into_iter().enumerate().map(|(nth, part)| {
                    if wanted(nth, count) {
                        self.changed(method, at, part, wanted)
                    } else {
                        part
                    }
                });
                like(at, ExprKind::List(parts.collect()))
            }
            of => {
                let arguments = self.arguments.iter().map(|argument| {
                    let value = argument.clone()?;
                    Some(like(at, ExprKind::Literal(value)))
                });
                let text = Some(like(at, of));
                let slots = std::iter::once(text).chain(arguments).collect();
                like(at, ExprKind::Call(method, slots))
            }
        };
        like(at, ExprKind::List(vec![kind, value]))
    }
}

fn is_character(argument: Option<&Option<Value>>) -> bool {
    matches!(argument, Some(Some(Value::Str(text))) if text.chars().count() == 1)
}
