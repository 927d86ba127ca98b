//! Operators: types of operands, comparisons that can never be true, guards.
//!
//! Enters: operands. Leaves: a typed operation, or the finding FMC0501 or FMC0505. A union is
//! refused only when none of its alternatives fits. Must not know names.

use fmc_expr::{
    ast::{self, BinaryOp, CompareOp, UnaryOp},
    builtins::Kinds,
};

use super::expression::Typer;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::expr::{Expr, ExprKind},
    types::Type,
};

impl Typer<'_, '_> {
    pub(super) fn unary(&mut self, expr: &ast::Expr, op: UnaryOp, operand: &ast::Expr) -> Expr {
        let operand = self.expr(operand);
        let ty = match op {
            UnaryOp::Not => Type::Bool,
            UnaryOp::Neg => self.signed("-", &operand),
            UnaryOp::Pos => self.signed("+", &operand),
        };
        self.typed(expr, ExprKind::Unary(op, Box::new(operand)), ty)
    }

    /// The type of `-x` and `+x`.
    fn signed(&mut self, sign: &str, operand: &Expr) -> Type {
        if operand.ty.is_loose() {
            return operand.ty.clone();
        }
        let kinds = operand.ty.kinds();
        if kinds.overlaps(Kinds::NUMBER) {
            return number(kinds.overlaps(Kinds::INTEGER), kinds.overlaps(Kinds::FLOAT));
        }
        let message = format!("`{sign}` takes a number, found `{}`", operand.ty);
        self.report(Diagnostic::new(Code::OperandType, operand.span, message));
        Type::Error
    }

    pub(super) fn binary(
        &mut self,
        expr: &ast::Expr,
        op: BinaryOp,
        op_span: ast::Span,
        left: &ast::Expr,
        right: &ast::Expr,
    ) -> Expr {
        let (left, right) = (self.expr(left), self.expr(right));
        let ty = if left.ty == Type::Error || right.ty == Type::Error {
            Type::Error
        } else {
            result(op, &left.ty, &right.ty).unwrap_or_else(|| {
                let message = format!(
                    "`{}` does not take `{}` and `{}`",
                    op.symbol(),
                    left.ty,
                    right.ty
                );
                let text =
                    Kinds::STR.overlaps(left.ty.kinds()) || Kinds::STR.overlaps(right.ty.kinds());
                let finding = Diagnostic::new(Code::OperandType, self.span(op_span), message)
                    .related(left.span, format!("this is `{}`", left.ty))
                    .related(right.span, format!("this is `{}`", right.ty));
                self.report(if text && op == BinaryOp::Add {
                    finding.help("`str(…)` converts a value to text")
                } else if text && op == BinaryOp::Rem {
                    finding.help("to format text, use an f-string like `f'{x}'`")
                } else {
                    finding
                });
                Type::Error
            })
        };
        self.typed(
            expr,
            ExprKind::Binary(op, Box::new(left), Box::new(right)),
            ty,
        )
    }

    pub(super) fn logic(
        &mut self,
        expr: &ast::Expr,
        and: bool,
        left: &ast::Expr,
        right: &ast::Expr,
    ) -> Expr {
        let outer = self.guarded;
        // `env.X or 'a'` has a replacement for null; `env.X and y` has none.
        self.guarded |= !and;
        let left = self.expr(left);
        self.guarded = outer;
        let right = self.expr(right);
        let ty = if and {
            left.ty.clone().or(right.ty.clone())
        // `null or x` is always `x`.
        } else if left.ty == Type::Null {
            right.ty.clone()
        } else {
            // `x or y` is `x` only if `x` is truthy, so null is not among the results of the left
            // side.
            left.ty.when_true().or(right.ty.clone())
        };
        self.typed(
            expr,
            ExprKind::Logic(and, Box::new(left), Box::new(right)),
            ty,
        )
    }

    pub(super) fn ternary(
        &mut self,
        expr: &ast::Expr,
        condition: &ast::Expr,
        then: &ast::Expr,
        otherwise: &ast::Expr,
    ) -> Expr {
        let outer = self.guarded;
        let first = self.infer.env.len();
        self.guarded = true;
        let condition = self.expr(condition);
        self.guarded = outer;
        // In the branch, the variables that the condition tested are known to be set.
        let tested = self
            .infer
            .env
            .iter()
            .skip(first)
            .map(|read| read.name.clone());
        let known = self.tested_env.len();
        self.tested_env.extend(tested.collect::<Vec<_>>());
        let then = self.expr(then);
        self.tested_env.truncate(known);
        let otherwise = self.expr(otherwise);
        let ty = then.ty.clone().or(otherwise.ty.clone());
        let kind = ExprKind::Ternary {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        self.typed(expr, kind, ty)
    }

    pub(super) fn compare(
        &mut self,
        expr: &ast::Expr,
        first: &ast::Expr,
        rest: &[(CompareOp, ast::Span, ast::Expr)],
    ) -> Expr {
        let outer = self.guarded;
        // An author who compares with null expects null, so the value is guarded.
        let asks = |expr: &ast::Expr| matches!(expr.kind, ast::ExprKind::Null);
        self.guarded |= asks(first) || rest.iter().any(|(.., right)| asks(right));
        let first = self.expr(first);
        let mut lowered: Vec<(CompareOp, Expr)> = Vec::new();
        let mut poisoned = first.ty == Type::Error;
        for (op, op_span, right) in rest {
            let right = self.expr(right);
            let left = lowered.last().map_or(&first, |(_, left)| left);
            poisoned |= right.ty == Type::Error;
            if !left.ty.is_loose() && !right.ty.is_loose() {
                // In `a < b < c` each operand is compared with the next.
                poisoned |= !self.comparable(*op, *op_span, left, &right);
            }
            lowered.push((*op, right));
        }
        self.guarded = outer;
        let ty = if poisoned { Type::Error } else { Type::Bool };
        self.typed(expr, ExprKind::Compare(Box::new(first), lowered), ty)
    }

    fn comparable(&mut self, op: CompareOp, op_span: ast::Span, left: &Expr, right: &Expr) -> bool {
        let (a, b) = (left.ty.kinds(), right.ty.kinds());
        let message = match op {
            CompareOp::Eq | CompareOp::Is => return self.ever_equal(op_span, left, right),
            CompareOp::Ne | CompareOp::IsNot => return true,
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => {
                let same = |kinds: Kinds| a.overlaps(kinds) && b.overlaps(kinds);
                if same(Kinds::NUMBER) || same(Kinds::STR) || same(Kinds::LIST) {
                    return true;
                }
                format!("`{}` and `{}` have no order", left.ty, right.ty)
            }
            CompareOp::In | CompareOp::NotIn => {
                let holds = b.overlaps(Kinds::LIST.or(Kinds::OBJECT))
                    || b.overlaps(Kinds::STR) && a.overlaps(Kinds::STR);
                if holds {
                    return true;
                }
                format!("cannot look for `{}` in `{}`", left.ty, right.ty)
            }
        };
        let finding = Diagnostic::new(Code::OperandType, self.span(op_span), message)
            .related(left.span, format!("this is `{}`", left.ty))
            .related(right.span, format!("this is `{}`", right.ty));
        self.report(finding);
        false
    }

    /// Reports a comparison of two types that share no value, like `int == string`. `'prod' ==
    /// 'dev'` and `null == x` are let through: authors keep such constants as switches.
    fn ever_equal(&mut self, op_span: ast::Span, left: &Expr, right: &Expr) -> bool {
        // Testing for null is sensible whatever the type says. A known null is the default of a
        // switch.
        if left.ty == Type::Null || right.ty == Type::Null {
            return true;
        }
        let classes = |ty: &Type| {
            let kinds = ty.kinds();
            if kinds.overlaps(Kinds::NUMBER) {
                // `1 == 1.0` and `1 == True` hold in Python, so numbers and booleans are one class.
                kinds.or(Kinds::NUMBER)
            } else {
                kinds
            }
        };
        if !classes(&left.ty).overlaps(classes(&right.ty)) {
            let message = format!("`{}` never equals `{}`", left.ty, right.ty);
            let finding = Diagnostic::new(Code::NeverEqual, self.span(op_span), message)
                .related(left.span, format!("this is `{}`", left.ty))
                .related(right.span, format!("this is `{}`", right.ty));
            self.report(finding);
            return false;
        }
        true
    }
}

fn number(int: bool, float: bool) -> Type {
    match (int, float) {
        (true, true) => Type::Int.or(Type::Float),
        (false, true) => Type::Float,
        _ => Type::Int,
    }
}

/// The type of the result; `None` when no pair of alternatives fits.
fn result(op: BinaryOp, left: &Type, right: &Type) -> Option<Type> {
    if left.is_loose() || right.is_loose() {
        // One side is unknown: only what no partner could make right is reported, like `null + x`.
        return fits_alone(op, left, right).then_some(Type::Any);
    }
    let pairs = left
        .alternatives()
        .iter()
        .flat_map(|a| right.alternatives().iter().map(move |b| (a, b)));
    Type::union(pairs.filter_map(|(a, b)| pair(op, a, b)))
}

/// Whether the known side fits when the other is unknown: some types never fit an operator.
fn fits_alone(op: BinaryOp, left: &Type, right: &Type) -> bool {
    let takes = match op {
        BinaryOp::Add | BinaryOp::Mul => Kinds::NUMBER.or(Kinds::STR).or(Kinds::LIST),
        BinaryOp::Sub | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem | BinaryOp::Pow => {
            Kinds::NUMBER
        }
    };
    takes.overlaps(left.kinds()) && takes.overlaps(right.kinds())
}

fn pair(op: BinaryOp, a: &Type, b: &Type) -> Option<Type> {
    let is = |ty: &Type, kinds: Kinds| kinds.contains(ty.kinds());
    if is(a, Kinds::NUMBER) && is(b, Kinds::NUMBER) {
        let float = is(a, Kinds::FLOAT) || is(b, Kinds::FLOAT);
        return Some(match op {
            BinaryOp::Div => Type::Float,
            // `2 ** -1` is 0.5.
            BinaryOp::Pow if !float => Type::Int.or(Type::Float),
            BinaryOp::Add
            | BinaryOp::Sub
            | BinaryOp::Mul
            | BinaryOp::FloorDiv
            | BinaryOp::Rem
            | BinaryOp::Pow => number(!float, float),
        });
    }
    match (op, a, b) {
        (BinaryOp::Add, Type::Str(_), Type::Str(_)) => Some(Type::STR),
        (BinaryOp::Add, Type::List(_), Type::List(_)) => Some(a.clone().or(b.clone())),
        (BinaryOp::Mul, Type::Str(_), _) if is(b, Kinds::INTEGER) => Some(Type::STR),
        (BinaryOp::Mul, _, Type::Str(_)) if is(a, Kinds::INTEGER) => Some(Type::STR),
        (BinaryOp::Mul, Type::List(_), _) if is(b, Kinds::INTEGER) => Some(a.clone()),
        (BinaryOp::Mul, _, Type::List(_)) if is(a, Kinds::INTEGER) => Some(b.clone()),
        _ => None,
    }
}
