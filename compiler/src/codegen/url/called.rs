//! Which expressions put a text together, and of what.
//!
//! Enters: typed expressions. Leaves: for a call that is known to put a text together or to choose,
//! what it does; for all others whether several values may be in it. Nothing is built or copied here,
//! because each level of an expression asks. Must not know parts.

// Few kinds of expressions put a text together. All others are taken as they come.
#![allow(clippy::wildcard_enum_match_arm)]

use fmc_expr::{
    Value,
    ast::BinaryOp,
    builtins::{self, Builtin},
    kinds::Kinds,
};

use super::change::Change;
use crate::ir::expr::{Expr, ExprKind, FPart};

/// The arguments of a call, by the parameters of what is called.
pub(super) type Slots<'a> = Vec<Option<&'a Expr>>;

/// A call that is known to put a text together or to choose.
pub(super) enum Called<'a> {
    /// `raw(value)`
    Raw(&'a Expr),
    /// `first | default(second)`
    Either(&'a Expr, &'a Expr),
    /// `separator.join([…])`, or `join([…], separator)`, which takes the text forms of the items.
    Join(Option<&'a Expr>, &'a [Expr], bool),
    /// `text.strip()` and its like: the same change to the parts of the text.
    Changed(&'a Expr, Change),
    /// `'…{}…'.format(…)` of a literal text.
    Format(&'static Builtin, &'a str, Slots<'a>),
    /// `'…x…'.replace('x', new)` of a literal text, in which it is known what is replaced.
    Replace(&'a str, &'a str, &'a Expr),
    /// `str(value)`
    Text(&'a Expr),
}

/// Whether an expression puts a text together.
pub(super) fn puts_together(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Add, ..) => true,
        ExprKind::FString(parts) => match parts.as_slice() {
            [FPart::Text(_)] | [] => false,
            [FPart::Expr { expr, .. }] => puts_together(expr),
            _ => true,
        },
        ExprKind::Ternary {
            then, otherwise, ..
        } => puts_together(then) || puts_together(otherwise),
        ExprKind::Logic(_, left, right) => puts_together(left) || puts_together(right),
        _ => match called(expr) {
            Some(Called::Either(first, second)) => puts_together(first) || puts_together(second),
            Some(Called::Join(..) | Called::Format(..) | Called::Replace(..) | Called::Text(_)) => {
                true
            }
            Some(Called::Changed(inner, _)) => puts_together(inner),
            Some(Called::Raw(_)) => false,
            None => mixes(expr),
        },
    }
}

/// Whether several values may be together in an expression of which the parts are not known, or a
/// value and a path that is written out: `['http://h/p/' + input.x][0]`.
pub(super) fn mixes(expr: &Expr) -> bool {
    let (values, paths) = ingredients(expr);
    values > 0 && values + paths > 1
}

/// How many values an expression reads outside of `raw(…)`, and how many literals in it have a path.
fn ingredients(expr: &Expr) -> (usize, usize) {
    match &expr.kind {
        ExprKind::Call(builtin, _) if builtin.name == "raw" => (0, 0),
        ExprKind::Literal(Value::Str(text)) => (0, usize::from(has_path(text))),
        ExprKind::Literal(_) => (0, 0),
        ExprKind::FString(parts) => {
            let paths = parts.iter().filter(|part| match part {
                FPart::Text(text) => has_path(text),
                FPart::Expr { .. } => false,
            });
            added((0, paths.count()), expr)
        }
        _ => {
            let own = usize::from(expr.children().is_empty());
            added((own, 0), expr)
        }
    }
}

fn added(own: (usize, usize), expr: &Expr) -> (usize, usize) {
    let each = expr.children().into_iter().map(ingredients);
    each.fold(own, |sum, next| (sum.0 + next.0, sum.1 + next.1))
}

/// Whether a text has a `/` that does not stand before a host, as in `http://`.
fn has_path(text: &str) -> bool {
    text.replacen("://", "", 1).contains('/')
}

/// A builtin and its arguments. Of a method that only the run can choose, that of texts: anything
/// else would be no URL.
fn laid_out(expr: &Expr) -> Option<(&'static Builtin, Slots<'_>)> {
    match &expr.kind {
        ExprKind::Call(builtin, slots) => {
            Some((builtin, slots.iter().map(Option::as_ref).collect()))
        }
        ExprKind::MethodCall {
            name,
            receiver,
            args,
            kwargs,
        } if kwargs.is_empty() => {
            let builtin = builtins::method(name, Kinds::STR)?;
            let mut slots = vec![Some(&**receiver)];
            slots.extend(args.iter().map(Some));
            let fits = slots.len() <= 1 + builtin.params.len();
            slots.resize(1 + builtin.params.len(), None);
            fits.then_some((builtin, slots))
        }
        _ => None,
    }
}

/// What a call does, if it is known to put a text together or to choose.
pub(super) fn called(expr: &Expr) -> Option<Called<'_>> {
    let (builtin, slots) = laid_out(expr)?;
    let slot = |at: usize| slots.get(at).copied().flatten();
    let items = |at: usize| match &slot(at)?.kind {
        ExprKind::List(items) => Some(items.as_slice()),
        _ => None,
    };
    Some(match (builtin.name, builtin.receiver.is_some()) {
        ("raw", false) => Called::Raw(slot(0)?),
        ("default", false) => Called::Either(slot(0)?, slot(1)?),
        ("join", true) => Called::Join(slot(0), items(1)?, false),
        ("join", false) => Called::Join(slot(1), items(0)?, true),
        ("format", true) => Called::Format(builtin, literal(slot(0)?)?, slots),
        ("replace", _) => {
            let (text, old) = (literal(slot(0)?)?, literal(slot(1)?)?);
            if old.is_empty() || slot(3).is_some() {
                return None;
            }
            Called::Replace(text, old, slot(2)?)
        }
        ("str", false) => Called::Text(slot(0)?),
        (name, _) => {
            let arguments = slots.get(1..).unwrap_or_default();
            Called::Changed(slot(0)?, Change::named(name, arguments)?)
        }
    })
}

/// The text of a literal.
pub(super) fn literal(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Literal(Value::Str(text)) => Some(text),
        _ => None,
    }
}

/// Whether the value is a text for sure, because the author wrote some of it.
pub(super) fn is_text(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Value::Str(_)) | ExprKind::FString(_) => true,
        ExprKind::Binary(BinaryOp::Add, left, right) => is_text(left) || is_text(right),
        ExprKind::Ternary {
            then, otherwise, ..
        } => is_text(then) && is_text(otherwise),
        _ => false,
    }
}
