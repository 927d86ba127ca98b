//! Precedence: how tightly operators bind. The grammar and the printer share this one table.
//!
//! Enters: an operator. Leaves: its level; a higher level binds tighter. The order is Python's, and
//! the filter `x | f` has the place of Python's `|`. Must not know how text is parsed or printed.

use crate::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// How tightly an expression binds: from `a if c else b`, the loosest, to atoms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// `a if c else b`
    Ternary,
    /// `or`
    Or,
    /// `and`
    And,
    /// `not`
    Not,
    /// `<`, `in` and other comparisons
    Compare,
    /// `x | f`
    Filter,
    /// `+`, `-`
    Sum,
    /// `*`, `/`, `//`, `%`
    Product,
    /// `-x`, `+x`
    Sign,
    /// `**`
    Power,
    /// Names, literals, `.name`, calls: no operator can take them apart
    Atom,
    /// Only what has brackets around it. Before `.name`, a number needs them: `(1).name`.
    Bracketed,
}

/// The operators that take two numbers, with their levels.
pub(crate) const ARITHMETIC: [(Level, &[BinaryOp]); 3] = [
    (Level::Sum, &[BinaryOp::Add, BinaryOp::Sub]),
    (
        Level::Product,
        &[
            BinaryOp::Mul,
            BinaryOp::Div,
            BinaryOp::FloorDiv,
            BinaryOp::Rem,
        ],
    ),
    (Level::Power, &[BinaryOp::Pow]),
];

impl Level {
    /// The next tighter level.
    pub(crate) fn tighter(self) -> Self {
        match self {
            Self::Ternary => Self::Or,
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::Compare,
            Self::Compare => Self::Filter,
            Self::Filter => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Sign,
            Self::Sign => Self::Power,
            Self::Power => Self::Atom,
            Self::Atom | Self::Bracketed => Self::Bracketed,
        }
    }

    /// The level of an arithmetic operator.
    pub(crate) fn of(op: BinaryOp) -> Self {
        let found = ARITHMETIC.iter().find(|(_, group)| group.contains(&op));
        found.map_or(Self::Atom, |(level, _)| *level)
    }

    /// The level of the outermost operator of an expression.
    pub(crate) fn outermost(expr: &Expr) -> Self {
        match &expr.kind {
            ExprKind::Ternary { .. } => Self::Ternary,
            ExprKind::Logic { and: true, .. } => Self::And,
            ExprKind::Logic { and: false, .. } => Self::Or,
            ExprKind::Unary {
                op: UnaryOp::Not, ..
            } => Self::Not,
            ExprKind::Unary {
                op: UnaryOp::Neg | UnaryOp::Pos,
                ..
            } => Self::Sign,
            ExprKind::Compare { .. } => Self::Compare,
            ExprKind::Call { filter: true, .. } => Self::Filter,
            ExprKind::Binary { op, .. } => Self::of(*op),
            ExprKind::Part(inner) => Self::outermost(inner),
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::FString(_)
            | ExprKind::Name(_)
            | ExprKind::Member { .. }
            | ExprKind::Index { .. }
            | ExprKind::Slice { .. }
            | ExprKind::Call { filter: false, .. }
            | ExprKind::List { .. }
            | ExprKind::Dict(_)
            | ExprKind::Comprehension { .. }
            | ExprKind::Error(_) => Self::Atom,
        }
    }
}
