//! What Python evaluates only in part: `and`, `or`, ternaries, comparisons; and truth.
//!
//! Enters: such expressions. Leaves: `if`s, so that what Python skips is skipped.

use fmc_expr::{
    Value,
    ast::{CompareOp, UnaryOp},
};

use super::body::{Body, Piece};
use crate::{
    codegen::{layout::Code, paths},
    ir::expr::{Expr, ExprKind},
};

/// Conditions up to this width stay in one line with `&&` and `||`.
const CONDITION: usize = 70;

/// Source of a Rust `bool`, short enough for one line.
pub(super) struct Truth {
    code: Code,
    effect: bool,
    /// Needs brackets before `!`, `&&` or `||` is put beside it.
    compound: bool,
}

impl Truth {
    fn new(code: Code, effect: bool) -> Self {
        Self {
            code,
            effect,
            compound: false,
        }
    }

    /// A variable or literal.
    fn name(text: impl Into<String>) -> Self {
        Self::new(Code::atom(text), false)
    }

    /// The source.
    pub(super) fn code(&self) -> Code {
        self.code.clone()
    }

    /// The source on one line.
    pub(super) fn text(&self) -> String {
        self.code.flat()
    }

    /// Whether it matters when it is evaluated.
    pub(super) fn has_effect(&self) -> bool {
        self.effect
    }

    fn operand(&self) -> String {
        if self.compound {
            format!("({})", self.text())
        } else {
            self.text()
        }
    }

    /// Its opposite.
    pub(super) fn opposite(&self) -> Self {
        let code = match &self.code {
            _ if self.compound => Code::atom(format!("!{}", self.operand())),
            Code::Call(head, args, tail) => {
                let head = match head.strip_prefix('!') {
                    Some(inner) => inner.to_owned(),
                    None => format!("!{head}"),
                };
                Code::Call(head, args.clone(), tail)
            }
            other => match other.flat().strip_prefix('!') {
                Some(inner) => Code::atom(inner),
                None => Code::atom(format!("!{}", other.flat())),
            },
        };
        Self::new(code, self.effect)
    }
}

impl Body<'_> {
    /// Whether an expression is true.
    pub(super) fn truth(&mut self, expr: &Expr) -> Truth {
        match &expr.kind {
            ExprKind::Literal(Value::Bool(value)) => Truth::name(value.to_string()),
            ExprKind::Unary(UnaryOp::Not, operand) => self.truth(operand).opposite(),
            ExprKind::Compare(first, rest) => self.compare(first, rest),
            ExprKind::Logic(and, left, right) => {
                let left = self.truth(left);
                self.connect(*and, &left, |body| body.truth(right))
            }
            ExprKind::Call(builtin, slots) if let Some(found) = self.search(builtin, slots) => {
                Truth::name(found)
            }
            _ => {
                let piece = self.emit(expr);
                let ops = self.path(paths::OPS);
                let code = Code::call(format!("{ops}::truthy"), vec![piece.reference()]);
                self.short(code, piece.has_effect())
            }
        }
    }

    /// A `bool` that fits one line; bound first where it does not.
    fn short(&mut self, code: Code, effect: bool) -> Truth {
        if code.one_line().is_some() {
            return Truth::new(code, effect);
        }
        let name = self.variable();
        self.place(&format!("let {name} = "), &code, ";");
        Truth::name(name)
    }

    /// `left && right` or `left || right`; an `if` where the right side needs statements.
    fn connect(
        &mut self,
        and: bool,
        left: &Truth,
        right: impl FnOnce(&mut Self) -> Truth,
    ) -> Truth {
        let mark = self.mark();
        let name = self.variable();
        let condition = if and {
            left.text()
        } else {
            left.opposite().text()
        };
        // Written as an `if` first: only then is it known whether the right side needs lines.
        self.line(format!("let {name} = if {condition} {{"));
        let start = self.mark();
        let right = self.indented(right);
        let operator = if and { "&&" } else { "||" };
        let text = format!("{} {operator} {}", left.operand(), right.operand());
        if self.mark() == start && text.len() <= CONDITION {
            self.take_back(mark);
            return Truth {
                code: Code::Atom(text),
                effect: left.effect || right.effect,
                compound: true,
            };
        }
        self.indented(|body| body.line(right.text()));
        self.line("} else {");
        self.indented(|body| body.line(if and { "false" } else { "true" }));
        self.line("};");
        Truth::name(name)
    }

    /// Comparisons; of a chain, each operand is evaluated once and only while all before hold.
    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> Truth {
        let Some(((op, second), rest)) = rest.split_first() else {
            return Truth::name("true");
        };
        let mut pieces = self.operands([first, second]);
        if rest.is_empty() {
            return self.comparison(*op, &pieces);
        }
        let Some(middle) = pieces.pop() else {
            return Truth::name("false");
        };
        // The left operand is read once, but has to be evaluated before the middle one is bound.
        for piece in pieces.iter_mut().filter(|piece| piece.has_effect()) {
            *piece = self.bind(piece.clone());
        }
        let middle = self.bind(middle);
        pieces.push(middle);
        self.chain(*op, &pieces, rest)
    }

    /// The rest of a chain: `operands` are the next comparison's, the second of them bound.
    fn chain(&mut self, op: CompareOp, operands: &[Piece], rest: &[(CompareOp, Expr)]) -> Truth {
        let truth = self.comparison(op, operands);
        let (Some(((op, next), rest)), Some(left)) = (rest.split_first(), operands.last()) else {
            return truth;
        };
        let left = left.clone();
        self.connect(true, &truth, |body| {
            let next = body.emit(next);
            let next = if rest.is_empty() {
                next
            } else {
                body.bind(next)
            };
            body.chain(*op, &[left, next], rest)
        })
    }

    fn comparison(&mut self, op: CompareOp, operands: &[Piece]) -> Truth {
        let effect = operands.iter().any(Piece::has_effect);
        let mut arguments: Vec<_> = operands.iter().map(Piece::reference).collect();
        let ops = self.path(paths::OPS);
        let (name, fallible, negated) = match op {
            CompareOp::Eq => ("equal", false, false),
            CompareOp::Ne => ("equal", false, true),
            CompareOp::Is => ("is", false, false),
            CompareOp::IsNot => ("is", false, true),
            CompareOp::Lt => ("less", true, false),
            CompareOp::Le => ("less_equal", true, false),
            CompareOp::Gt => ("greater", true, false),
            CompareOp::Ge => ("greater_equal", true, false),
            CompareOp::In => ("contains", true, false),
            CompareOp::NotIn => ("contains", true, true),
        };
        let not = if negated { "!" } else { "" };
        let head = format!("{not}{ops}::{name}");
        if fallible {
            arguments.insert(0, Code::atom(self.cx()));
            self.short(Code::call(head, arguments).tried(), true)
        } else {
            self.short(Code::call(head, arguments), effect)
        }
    }

    /// `and`, `or` as a value.
    pub(super) fn logic(&mut self, and: bool, left: &Expr, right: &Expr) -> Piece {
        let left = self.emit(left);
        let left = self.bind(left);
        let name = self.variable();
        let condition = self.truthy(&left);
        let prefix = format!("let {name} = ");
        let right = |body: &mut Self| body.emit(right).owned();
        if and {
            self.if_else(&prefix, &condition, right, |_| left.owned());
        } else {
            self.if_else(&prefix, &condition, |_| left.owned(), right);
        }
        Piece::local(name)
    }

    /// `and`, `or` at a function's end.
    pub(super) fn tail_logic(&mut self, and: bool, left: &Expr, right: &Expr) {
        let left = self.emit(left);
        let left = self.bind(left);
        let not = if and { "!" } else { "" };
        let condition = self.truthy(&left);
        self.line(format!("if {not}{condition} {{"));
        self.indented(|body| body.place("return ", &left.result(), ";"));
        self.line("}");
        self.tail(right);
    }

    fn truthy(&mut self, piece: &Piece) -> String {
        let ops = self.path(paths::OPS);
        format!("{ops}::truthy({})", piece.reference().flat())
    }

    /// `then if condition else otherwise` as a value.
    pub(super) fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Piece {
        let condition = self.truth(condition);
        let name = self.variable();
        self.if_else(
            &format!("let {name} = "),
            &condition.text(),
            |body| body.emit(then).owned(),
            |body| body.emit(otherwise).owned(),
        );
        Piece::local(name)
    }
}
