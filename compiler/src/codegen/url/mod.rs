//! URLs that an expression puts together, like `'http://h/p/' + input.x`: what it inserts must be
//! escaped, as in a template.
//!
//! Enters: the typed expression that begins a URL. Leaves: an expression that gives the parts
//! instead of their sum, or nothing if it does not put a text together. Each part is a list of a
//! number and a value, see `sum` in `render/url.rs` of the runtime; so data cannot pass for a part.
//! Must not know settings.

// Few kinds of expressions put a text together. All others are taken as they come.
#![allow(clippy::wildcard_enum_match_arm)]

mod called;

mod change;

mod fields;

use fmc_expr::{
    Value,
    ast::{BinaryOp, CompareOp},
    builtins::Builtin,
};

use self::called::{Called, Slots, called, is_text, mixes, puts_together};

use crate::{
    ir::expr::{Expr, ExprKind, FPart},
    types::Type,
};

/// Literal text, which goes in as it is.
const LITERAL: i64 = 0;
/// A value in `raw(…)`, which also does.
const RAW: i64 = 1;
/// A value, which is escaped unless it is the start of the URL.
const VALUE: i64 = 2;
/// A list of parts.
const SUM: i64 = 3;
/// A value that a function made of several. At the start of the URL it is not escaped, but none of
/// its path segments may be `.` or `..`.
const MIXED: i64 = 4;

/// The parts of one URL may have so many nodes. Some expressions have parts that are much larger
/// than they are: `'xxx'.replace('x', 'yyy'.replace('y', …))`.
const MOST: usize = 20_000;

/// The parts of a text that is put together. If they would be too large, the text is one of them.
pub(super) fn parts(expr: &Expr) -> Option<Expr> {
    if !puts_together(expr) {
        return None;
    }
    let mut parts = Parts { left: MOST };
    let all = parts.of(expr);
    if parts.left == 0 {
        return Some(pair(expr, MIXED, expr.clone()));
    }
    Some(all)
}

/// Makes the parts of one URL.
struct Parts {
    /// How many more nodes there may be; 0 when they are too many.
    left: usize,
}

impl Parts {
    /// Another part of this kind.
    fn pair(&mut self, at: &Expr, kind: i64, value: Expr) -> Expr {
        self.left = self.left.saturating_sub(3);
        pair(at, kind, value)
    }

    /// A copy, as long as there is room for it.
    fn copy(&mut self, expr: &Expr) -> Expr {
        self.left -= expr.all().take(self.left).count();
        if self.left == 0 {
            return like(expr, ExprKind::Literal(Value::Null));
        }
        expr.clone()
    }

    fn of(&mut self, expr: &Expr) -> Expr {
        if self.left == 0 {
            return like(expr, ExprKind::Literal(Value::Null));
        }
        match &expr.kind {
            ExprKind::Literal(Value::Str(text)) => self.literal(expr, text),
            ExprKind::Binary(BinaryOp::Add, left, right) => {
                let operands = operands(left, right);
                let all = operands.into_iter().map(|operand| self.of(operand));
                let all = all.collect();
                self.sum(expr, all)
            }
            ExprKind::FString(parts) => self.of_fstring(expr, parts),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.choice(expr, condition, then, otherwise),
            // Each of these reads its left side twice; an expression changes nothing.
            ExprKind::Logic(true, left, right) => self.choice(expr, left, right, left),
            ExprKind::Logic(false, left, right) => self.choice(expr, left, left, right),
            _ => match called(expr) {
                Some(call) => self.of_call(expr, call),
                None => self.whole(expr),
            },
        }
    }

    fn of_call(&mut self, expr: &Expr, call: Called<'_>) -> Expr {
        match call {
            Called::Raw(value) => {
                let value = self.copy(value);
                self.pair(expr, RAW, value)
            }
            Called::Either(first, second) => {
                let null = like(expr, ExprKind::Literal(Value::Null));
                let given = Box::new(self.copy(first));
                let is_given = ExprKind::Compare(given, vec![(CompareOp::IsNot, null)]);
                self.choice(expr, &like(expr, is_given), first, second)
            }
            Called::Join(separator, items, as_text) => {
                let mut all = Vec::new();
                for item in items {
                    if !all.is_empty() {
                        all.extend(separator.map(|separator| self.of(separator)));
                    }
                    all.push(match as_text {
                        true => self.text_part(item),
                        false => self.of(item),
                    });
                }
                self.sum(expr, all)
            }
            // A text that is not put together is changed as a whole.
            Called::Changed(inner, change) if puts_together(inner) => {
                let parts = self.of(inner);
                change.of(expr, parts)
            }
            Called::Changed(..) => self.whole(expr),
            Called::Format(builtin, template, slots) => {
                self.of_format(expr, builtin, template, &slots)
            }
            Called::Replace(text, old, new) => {
                let mut all = Vec::new();
                for literal in text.split(old) {
                    if !all.is_empty() {
                        all.push(self.of(new));
                    }
                    all.push(self.literal(expr, literal));
                }
                self.sum(expr, all)
            }
            Called::Text(value) => {
                let part = self.text_part(value);
                self.sum(expr, vec![part])
            }
        }
    }

    /// Each field is the same call, of the field alone.
    fn of_format(
        &mut self,
        expr: &Expr,
        builtin: &'static Builtin,
        template: &str,
        slots: &Slots<'_>,
    ) -> Expr {
        let Some(pieces) = fields::of(template) else {
            return self.whole(expr);
        };
        let mut all = Vec::with_capacity(pieces.len());
        for piece in pieces {
            all.push(match piece {
                Ok(text) => self.literal(expr, &text),
                Err(field) => {
                    let field = like(expr, ExprKind::Literal(Value::from(format!("{{{field}}}"))));
                    let others = slots.iter().skip(1).copied();
                    let others = others.map(|slot| slot.map(|slot| self.copy(slot)));
                    let slots = std::iter::once(Some(field)).chain(others).collect();
                    self.pair(expr, VALUE, like(expr, ExprKind::Call(builtin, slots)))
                }
            });
        }
        self.sum(expr, all)
    }

    fn of_fstring(&mut self, expr: &Expr, parts: &[FPart]) -> Expr {
        let mut all = Vec::with_capacity(parts.len());
        for piece in parts {
            all.push(match piece {
                FPart::Text(text) => self.literal(expr, text),
                FPart::Expr {
                    expr,
                    conversion: None,
                    spec,
                } if spec.is_empty() => self.text_part(expr),
                FPart::Expr { expr: inner, .. } => {
                    let whole = like(expr, ExprKind::FString(vec![piece.clone()]));
                    let whole = self.copy(&whole);
                    self.pair(expr, kind_of(inner), whole)
                }
            });
        }
        self.sum(expr, all)
    }

    /// A part of which the text form is added.
    fn text_part(&mut self, expr: &Expr) -> Expr {
        if is_text(expr) {
            return self.of(expr);
        }
        let (kind, value) = match called(expr) {
            Some(Called::Raw(value)) => (RAW, value),
            _ => (kind_of(expr), expr),
        };
        let piece = FPart::Expr {
            expr: self.copy(value),
            conversion: None,
            spec: Vec::new(),
        };
        formatted(expr, kind, piece)
    }

    /// A part that is not put together of others.
    fn whole(&mut self, expr: &Expr) -> Expr {
        let value = self.copy(expr);
        self.pair(expr, kind_of(expr), value)
    }

    fn literal(&mut self, at: &Expr, text: &str) -> Expr {
        self.pair(at, LITERAL, like(at, ExprKind::Literal(Value::from(text))))
    }

    fn choice(&mut self, expr: &Expr, condition: &Expr, then: &Expr, otherwise: &Expr) -> Expr {
        let kind = ExprKind::Ternary {
            condition: Box::new(self.copy(condition)),
            then: Box::new(self.of(then)),
            otherwise: Box::new(self.of(otherwise)),
        };
        like(expr, kind)
    }

    fn sum(&mut self, expr: &Expr, parts: Vec<Expr>) -> Expr {
        self.pair(expr, SUM, like(expr, ExprKind::List(parts)))
    }
}

/// What `a + b + c` adds, in order. One list of parts holds them, since lists may not be nested
/// deeply.
fn operands<'e>(mut left: &'e Expr, right: &'e Expr) -> Vec<&'e Expr> {
    let mut all = vec![right];
    while let ExprKind::Binary(BinaryOp::Add, first, second) = &left.kind {
        all.push(second);
        left = first;
    }
    all.push(left);
    all.reverse();
    all
}

/// The kind of a value that is not put together of parts.
fn kind_of(expr: &Expr) -> i64 {
    if mixes(expr) { MIXED } else { VALUE }
}

fn formatted(expr: &Expr, kind: i64, piece: FPart) -> Expr {
    pair(expr, kind, like(expr, ExprKind::FString(vec![piece])))
}

/// A part: its kind, and its value.
fn pair(expr: &Expr, kind: i64, value: Expr) -> Expr {
    let kind = like(expr, ExprKind::Literal(Value::Int(kind)));
    like(expr, ExprKind::List(vec![kind, value]))
}

/// Another expression at the same place.
fn like(expr: &Expr, kind: ExprKind) -> Expr {
    Expr {
        kind,
        span: expr.span,
        ty: Type::Any,
    }
}
