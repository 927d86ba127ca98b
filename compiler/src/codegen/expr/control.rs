//! Expressions that Python evaluates only in part: `and`, `or`, ternaries, comparison chains; and
//! truth values.
//!
//! Enters: such expressions. Leaves: `if`s, so that what Python skips is skipped here too. Must not
//! know layout, except that a condition is on one line.

use fmc_expr::{
    Value,
    ast::{CompareOp, UnaryOp},
};

use super::{body::Body, piece::Piece};
use crate::{
    codegen::{
        paths, print,
        rust::{Branch, Name, RustExpr, Stmt},
    },
    ir::expr::{Expr, ExprKind},
};

/// A condition up to this width is written on one line, with `&&` and `||`.
const CONDITION: usize = 70;

/// The source of a Rust `bool`, short enough for one line.
pub(super) struct Truth {
    code: RustExpr,
    /// Whether it may fail or have side effects. Set where it is made, for example true for
    /// `ops::lt(…)?`; read where the order of evaluation must be kept.
    effect: bool,
}

impl Truth {
    fn new(code: RustExpr, effect: bool) -> Self {
        Self { code, effect }
    }

    /// A variable.
    fn name(name: Name) -> Self {
        Self::new(RustExpr::Name(name), false)
    }

    /// `true` or `false`.
    fn known(value: bool) -> Self {
        Self::new(RustExpr::bool(value), false)
    }

    /// Its source.
    pub(super) fn code(&self) -> RustExpr {
        self.code.clone()
    }

    /// Whether it may fail or have side effects, so that the time of its evaluation matters.
    pub(super) fn has_effect(&self) -> bool {
        self.effect
    }

    /// Its negation.
    pub(super) fn opposite(&self) -> Self {
        Self::new(self.code().opposite(), self.effect)
    }
}

impl Body<'_> {
    /// The truth value of an expression, all of it in this function.
    pub(super) fn whole_truth(&mut self, expr: &Expr) -> Truth {
        let kind = &expr.kind;
        if let ExprKind::Literal(Value::Bool(value)) = kind {
            Truth::known(*value)
        } else if let ExprKind::Unary(UnaryOp::Not, operand) = kind {
            self.truth(operand).opposite()
        } else if let ExprKind::Compare(first, rest) = kind {
            self.compare(first, rest)
        } else if let ExprKind::Logic(and, left, right) = kind {
            let left = self.truth(left);
            self.connect(*and, &left, |body| body.truth(right))
        } else if let ExprKind::Call(builtin, slots) = kind
            && let Some(found) = self.search(builtin, slots)
        {
            Truth::name(found)
        } else {
            let piece = self.emit(expr);
            let code = self.truthy(&piece);
            self.short(code, piece.has_effect())
        }
    }

    /// A `bool` that fits on one line; a long one is bound to a variable first.
    pub(super) fn short(&mut self, code: RustExpr, effect: bool) -> Truth {
        if print::fits_one_line(&code) {
            return Truth::new(code, effect);
        }
        Truth::name(self.bind_code(code))
    }

    /// `left && right` or `left
    /// right`. It becomes an `if` when the right side needs statements.
    fn connect(
        &mut self,
        and: bool,
        left: &Truth,
        right: impl FnOnce(&mut Self) -> Truth,
    ) -> Truth {
        let name = self.variable();
        let (right, before_right) = self.apart(right);
        let connected = if and { RustExpr::And } else { RustExpr::Or };
        let connected = connected(Box::new(left.code()), Box::new(right.code()));
        if before_right.is_empty() && connected.width() <= CONDITION {
            self.forget_variable();
            return Truth::new(connected, left.effect || right.effect);
        }
        // When the right side is skipped, the result is the value that `left` has then.
        let condition = if and {
            left.code()
        } else {
            left.opposite().code()
        };
        let right = |body: &mut Self| {
            body.extend(before_right);
            right.code()
        };
        self.if_else(name.clone(), condition, right, |_| RustExpr::bool(!and));
        Truth::name(name)
    }

    /// A comparison or a chain. In a chain each operand is evaluated once, and only while all
    /// earlier comparisons hold.
    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> Truth {
        let Some(((op, second), rest)) = rest.split_first() else {
            return Truth::known(true);
        };
        let most = self.share(rest.len() + 2);
        let mut pieces = self.operands_below([first, second], most);
        if rest.is_empty() {
            return self.comparison(*op, &pieces);
        }
        let Some(middle) = pieces.pop() else {
            return Truth::known(false);
        };
        // The left operand is used once, but must be evaluated before the middle one is bound.
        for piece in pieces.iter_mut().filter(|piece| piece.has_effect()) {
            *piece = self.bind(piece.clone());
        }
        let middle = self.bind(middle);
        pieces.push(middle);
        self.chain(*op, &pieces, rest, most)
    }

    /// The rest of a chain. `operands` belong to the next comparison; the second one is bound
    /// already. No later one has more nodes than `most`.
    fn chain(
        &mut self,
        op: CompareOp,
        operands: &[Piece],
        rest: &[(CompareOp, Expr)],
        most: usize,
    ) -> Truth {
        let truth = self.comparison(op, operands);
        let (Some(((op, next), rest)), Some(left)) = (rest.split_first(), operands.last()) else {
            return truth;
        };
        let left = left.clone();
        self.connect(true, &truth, |body| {
            let next = body.emit_below(next, most);
            let next = if rest.is_empty() {
                next
            } else {
                body.bind(next)
            };
            body.chain(*op, &[left, next], rest, most)
        })
    }

    fn comparison(&mut self, op: CompareOp, operands: &[Piece]) -> Truth {
        let mut arguments: Vec<_> = operands.iter().map(Piece::reference).collect();
        let ops = self.path(paths::OPS);
        let (name, negated) = match op {
            CompareOp::Eq => ("equal", false),
            CompareOp::Ne => ("equal", true),
            CompareOp::Is => ("is", false),
            CompareOp::IsNot => ("is", true),
            CompareOp::Lt => ("less", false),
            CompareOp::Le => ("less_equal", false),
            CompareOp::Gt => ("greater", false),
            CompareOp::Ge => ("greater_equal", false),
            CompareOp::In => ("contains", false),
            CompareOp::NotIn => ("contains", true),
        };
        arguments.insert(0, self.cx());
        let code = RustExpr::Call(Name::within(ops, name), arguments).tried();
        let code = if negated { code.opposite() } else { code };
        // Every comparison may fail, because it may spend the budget.
        self.short(code, true)
    }

    /// `and`, `or` as a value.
    pub(super) fn logic(&mut self, and: bool, left: &Expr, right: &Expr) -> Piece {
        let left = self.emit(left);
        let left = self.bind(left);
        let name = self.variable();
        let condition = self.truthy(&left);
        let right = |body: &mut Self| body.emit(right).owned();
        let left = |_: &mut Self| left.owned();
        if and {
            self.if_else(name.clone(), condition, right, left);
        } else {
            self.if_else(name.clone(), condition, left, right);
        }
        Piece::local(name)
    }

    /// `and`, `or` at the end of a function.
    pub(super) fn tail_logic(&mut self, and: bool, left: &Expr, right: &Expr) {
        let left = self.emit(left);
        let left = self.bind(left);
        let holds = self.truthy(&left);
        let decides = if and { holds.opposite() } else { holds };
        let leave = Stmt::Return(left.result());
        self.push(Stmt::If(Branch::only(decides, leave)));
        self.tail(right);
    }

    pub(super) fn truthy(&mut self, piece: &Piece) -> RustExpr {
        let truthy = Name::within(self.path(paths::OPS), "truthy");
        RustExpr::Call(truthy, vec![piece.reference()])
    }

    /// `then if condition else otherwise` as a value.
    pub(super) fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Piece {
        let condition = self.truth(condition).code();
        let name = self.variable();
        self.if_else(
            name.clone(),
            condition,
            |body| body.emit(then).owned(),
            |body| body.emit(otherwise).owned(),
        );
        Piece::local(name)
    }

    /// `then if condition else otherwise` at the end of a function.
    pub(super) fn tail_ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) {
        let condition = self.truth(condition).code();
        let then = self.block(|body| body.tail(then));
        let otherwise = self.block(|body| body.tail(otherwise));
        self.push(Stmt::If(Branch {
            condition,
            then,
            otherwise: Some(otherwise),
        }));
    }
}
