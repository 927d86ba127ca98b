//! URLs that an expression puts together, like `'http://h/p/' + input.x`: what it inserts must be
//! escaped, as in a template.
//!
//! Enters: the typed expression that begins a URL. Leaves: an expression that gives the parts
//! instead of their sum, or nothing if it does not put a text together. Each part is a list of a
//! number and a value, see `KINDS` in the runtime; so data cannot pass for a part. Must not know
//! settings.

// Few kinds of expressions put a text together. All others are taken as they come.
#![allow(clippy::wildcard_enum_match_arm)]

use fmc_expr::{
    Value,
    ast::{BinaryOp, CompareOp},
    builtins::{self, Builtin},
    kinds::Kinds,
};

use super::url_change::{Change, SUM, like, pair};

use crate::ir::expr::{Expr, ExprKind, FPart};

/// Literal text, which goes in as it is.
const LITERAL: i64 = 0;
/// A value in `raw(…)`, which also does.
const RAW: i64 = 1;
/// A value, which is escaped unless it is the start of the URL.
const VALUE: i64 = 2;
/// A value that a function made of several. At the start of the URL it is not escaped, but none of
/// its path segments may be `.` or `..`.
const MIXED: i64 = 4;

/// The parts of a text that is put together.
pub(super) fn parts(expr: &Expr) -> Option<Expr> {
    puts_together(expr).then(|| part(expr))
}

fn puts_together(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Binary(BinaryOp::Add, ..) => true,
        ExprKind::FString(parts) => parts.len() > 1,
        ExprKind::Ternary {
            then, otherwise, ..
        } => puts_together(then) || puts_together(otherwise),
        ExprKind::Logic(_, left, right) => puts_together(left) || puts_together(right),
        ExprKind::Call(..) | ExprKind::MethodCall { .. } => match called(expr) {
            Some(Called::Either(first, second)) => puts_together(first) || puts_together(second),
            Some(Called::Join(..) | Called::Parts(_)) => true,
            Some(Called::Changed(inner, _)) => puts_together(inner),
            Some(Called::Raw(_)) => false,
            None => mixes(expr),
        },
        ExprKind::Slice(..) => mixes(expr),
        _ => false,
    }
}

/// Whether a call or a slice may put several values together, or a value and an address that is
/// written out, in a way that parts do not show.
fn mixes(expr: &Expr) -> bool {
    let is_made = matches!(
        expr.kind,
        ExprKind::Call(..) | ExprKind::MethodCall { .. } | ExprKind::Slice(..)
    );
    let (values, addresses) = ingredients(expr);
    is_made && values > 0 && values + addresses > 1
}

/// How many values an expression reads outside of `raw(…)`, and how many literals are addresses with
/// a path.
fn ingredients(expr: &Expr) -> (usize, usize) {
    match &expr.kind {
        ExprKind::Call(builtin, _) if builtin.name == "raw" => (0, 0),
        ExprKind::Literal(Value::Str(text)) => {
            let behind = text.split_once("://").map(|(_, behind)| behind);
            (
                0,
                usize::from(behind.is_some_and(|rest| rest.contains('/'))),
            )
        }
        ExprKind::Literal(_) => (0, 0),
        _ => {
            let children = expr.children();
            let own = usize::from(children.is_empty());
            let each = children.into_iter().map(ingredients);
            each.fold((own, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1))
        }
    }
}

/// The kind of a value that is not put together of parts.
fn kind_of(expr: &Expr) -> i64 {
    if mixes(expr) { MIXED } else { VALUE }
}

fn part(expr: &Expr) -> Expr {
    match &expr.kind {
        ExprKind::Literal(Value::Str(_)) => pair(expr, LITERAL, expr.clone()),
        ExprKind::Binary(BinaryOp::Add, left, right) => sum(expr, vec![part(left), part(right)]),
        ExprKind::FString(parts) => of_fstring(expr, parts),
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => choice(expr, condition, part(then), part(otherwise)),
        // Each of these reads its left side twice; an expression changes nothing.
        ExprKind::Logic(true, left, right) => choice(expr, left, part(right), part(left)),
        ExprKind::Logic(false, left, right) => choice(expr, left, part(left), part(right)),
        ExprKind::Call(..) | ExprKind::MethodCall { .. } => match called(expr) {
            Some(Called::Raw(value)) => pair(expr, RAW, value.clone()),
            Some(Called::Either(first, second)) => {
                let null = like(expr, ExprKind::Literal(Value::Null));
                let is_given =
                    ExprKind::Compare(Box::new(first.clone()), vec![(CompareOp::IsNot, null)]);
                choice(expr, &like(expr, is_given), part(first), part(second))
            }
            Some(Called::Join(separator, items, as_text)) => {
                let mut all = Vec::new();
                for item in items {
                    if !all.is_empty() {
                        all.extend(separator.map(part));
                    }
                    all.push(if as_text { text_part(item) } else { part(item) });
                }
                sum(expr, all)
            }
            Some(Called::Parts(pieces)) => sum(expr, pieces),
            // A text that is not put together is changed as a whole.
            Some(Called::Changed(inner, change)) if puts_together(inner) => {
                change.of(expr, part(inner))
            }
            Some(Called::Changed(..)) | None => pair(expr, kind_of(expr), expr.clone()),
        },
        _ => pair(expr, kind_of(expr), expr.clone()),
    }
}

/// A call that is known to put a text together or to choose.
enum Called<'a> {
    /// `raw(value)`
    Raw(&'a Expr),
    /// `first | default(second)`
    Either(&'a Expr, &'a Expr),
    /// `separator.join([…])`, or `join([…], separator)`, which takes the text forms of the items.
    Join(Option<&'a Expr>, &'a [Expr], bool),
    /// `text.strip()` and its like: the same change to the parts of the text.
    Changed(&'a Expr, Change),
    /// `'…{}…'.format(…)` and `'…x…'.replace('x', …)`: what was written and what is inserted, as
    /// parts.
    Parts(Vec<Expr>),
}

/// A builtin and its arguments. Of a method that only the run can choose, that of texts: anything
/// else would be no URL.
fn laid_out(expr: &Expr) -> Option<(&'static Builtin, Vec<Option<&Expr>>)> {
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

fn called(expr: &Expr) -> Option<Called<'_>> {
    let (builtin, slots) = laid_out(expr)?;
    let slot = |at: usize| slots.get(at).copied().flatten();
    let owned = || -> Vec<Option<Expr>> { slots.iter().map(|slot| slot.cloned()).collect() };
    let items = |at: usize| match &slot(at)?.kind {
        ExprKind::List(items) => Some(items.as_slice()),
        _ => None,
    };
    match (builtin.name, builtin.receiver.is_some()) {
        ("raw", false) => slot(0).map(Called::Raw),
        ("default", false) => Some(Called::Either(slot(0)?, slot(1)?)),
        ("join", true) => items(1).map(|items| Called::Join(slot(0), items, false)),
        ("join", false) => items(0).map(|items| Called::Join(slot(1), items, true)),
        ("format", true) => {
            let ExprKind::Literal(Value::Str(template)) = &slot(0)?.kind else {
                return None;
            };
            let pieces = fields(template)?.into_iter().map(|piece| match piece {
                Ok(text) => pair(expr, LITERAL, text_of(expr, text)),
                // The same call, of the field alone.
                Err(field) => {
                    let mut slots = owned();
                    if let Some(first) = slots.first_mut() {
                        *first = Some(text_of(expr, format!("{{{field}}}")));
                    }
                    pair(expr, VALUE, like(expr, ExprKind::Call(builtin, slots)))
                }
            });
            Some(Called::Parts(pieces.collect()))
        }
        // Of a literal text only, in which it is known what is replaced.
        ("replace", _) => {
            let (ExprKind::Literal(Value::Str(text)), ExprKind::Literal(Value::Str(old))) =
                (&slot(0)?.kind, &slot(1)?.kind)
            else {
                return None;
            };
            let new = part(slot(2)?);
            if old.is_empty() || slot(3).is_some() {
                return None;
            }
            let mut all = Vec::new();
            for literal in text.split(old.as_str()) {
                if !all.is_empty() {
                    all.push(new.clone());
                }
                all.push(pair(expr, LITERAL, text_of(expr, literal.to_owned())));
            }
            Some(Called::Parts(all))
        }
        ("str", false) => Some(Called::Parts(vec![text_part(slot(0)?)])),
        (name, _) => Some(Called::Changed(slot(0)?, Change::named(name, owned())?)),
    }
}

/// The text (`Ok`) and the fields (`Err`, each with its number or name) of a format text. `None` if
/// it is wrong, or if a field has fields of its own.
fn fields(template: &str) -> Option<Vec<Result<String, String>>> {
    let mut all = Vec::new();
    let mut text = String::new();
    let mut next = 0;
    let mut characters = template.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '{' | '}' if characters.peek() == Some(&character) => {
                characters.next();
                text.push(character);
            }
            '{' => {
                all.push(Ok(std::mem::take(&mut text)));
                let mut field = String::new();
                loop {
                    match characters.next()? {
                        '}' => break,
                        '{' => return None,
                        other => field.push(other),
                    }
                }
                if field.is_empty() || field.starts_with(['.', '[', '!', ':']) {
                    field = format!("{next}{field}");
                    next += 1;
                }
                all.push(Err(field));
            }
            '}' => return None,
            other => text.push(other),
        }
    }
    all.push(Ok(text));
    all.retain(|piece| !matches!(piece, Ok(text) if text.is_empty()));
    Some(all)
}

fn of_fstring(expr: &Expr, parts: &[FPart]) -> Expr {
    let pieces = parts.iter().map(|piece| match piece {
        FPart::Text(text) => pair(expr, LITERAL, text_of(expr, text.clone())),
        FPart::Expr {
            expr,
            conversion: None,
            spec,
        } if spec.is_empty() => text_part(expr),
        FPart::Expr { .. } => formatted(expr, VALUE, piece.clone()),
    });
    sum(expr, pieces.collect())
}

/// A part of which the text form is added.
fn text_part(expr: &Expr) -> Expr {
    if is_text(expr) {
        return part(expr);
    }
    let (kind, value) = match called(expr) {
        Some(Called::Raw(value)) => (RAW, value),
        _ => (kind_of(expr), expr),
    };
    let piece = FPart::Expr {
        expr: value.clone(),
        conversion: None,
        spec: Vec::new(),
    };
    formatted(expr, kind, piece)
}

/// Whether the value is a text for sure, because the author wrote some of it.
fn is_text(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(Value::Str(_)) | ExprKind::FString(_) => true,
        ExprKind::Binary(BinaryOp::Add, left, right) => is_text(left) || is_text(right),
        ExprKind::Ternary {
            then, otherwise, ..
        } => is_text(then) && is_text(otherwise),
        _ => false,
    }
}

fn formatted(expr: &Expr, kind: i64, piece: FPart) -> Expr {
    pair(expr, kind, like(expr, ExprKind::FString(vec![piece])))
}

fn choice(expr: &Expr, condition: &Expr, then: Expr, otherwise: Expr) -> Expr {
    let kind = ExprKind::Ternary {
        condition: Box::new(condition.clone()),
        then: Box::new(then),
        otherwise: Box::new(otherwise),
    };
    like(expr, kind)
}

fn sum(expr: &Expr, parts: Vec<Expr>) -> Expr {
    pair(expr, SUM, like(expr, ExprKind::List(parts)))
}

fn text_of(expr: &Expr, text: String) -> Expr {
    like(expr, ExprKind::Literal(Value::from(text)))
}
