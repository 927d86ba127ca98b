//! Makes the nodes of a tree, with one function for each kind.
//!
//! Enters: the parts of a node, with their heights and spans. Leaves: the node. Must not know
//! tokens, or the order in which the parts were read.

use super::build::{Height, Tree, Trees, deeper, highest};
use crate::ast::{
    BinaryOp, Clause, CompareOp, ComprehensionKind, Display, Expr, ExprKind, Ident, Span, Target,
    UnaryOp,
};

/// How many levels each further link of a comparison like `1 < x < 9` counts for.
const LINK: usize = 3;

/// The clauses of a comprehension, and the height of the highest tree in them.
pub(super) type Clauses = (Vec<Clause>, Height);

/// `then if condition else otherwise`
pub(super) fn ternary(condition: Tree, then: Tree, otherwise: Tree, span: Span) -> Tree {
    let below = highest(then.height, highest(condition.height, otherwise.height));
    let kind = ExprKind::Ternary {
        condition: Box::new(condition.expr),
        then: Box::new(then.expr),
        otherwise: Box::new(otherwise.expr),
    };
    Tree::above(below, kind, span)
}

/// `left and right`, `left or right`
pub(super) fn logic(and: bool, left: Tree, right: Tree) -> Tree {
    left.joined(right, |left, right| ExprKind::Logic { and, left, right })
}

/// Arithmetic.
fn binary(op: BinaryOp, op_span: Span, left: Tree, right: Tree) -> Tree {
    left.joined(right, |left, right| ExprKind::Binary {
        op,
        op_span,
        left,
        right,
    })
}

/// `-x`, `+x`, `not x`. `start` is the span of the operator.
pub(super) fn unary(op: UnaryOp, start: Span, operand: Tree) -> Tree {
    let end = operand.expr.span.end;
    let span = Span { end, ..start };
    let kind = ExprKind::Unary {
        op,
        operand: Box::new(operand.expr),
    };
    Tree::above(operand.height, kind, span)
}

/// `base.name`
pub(super) fn member(base: Tree, name: Ident) -> Tree {
    let span = Span {
        start: base.expr.span.start,
        end: name.span.end,
    };
    let kind = ExprKind::Member {
        base: Box::new(base.expr),
        name,
    };
    Tree::above(base.height, kind, span)
}

/// The arguments of a call.
pub(super) struct Arguments {
    args: Trees,
    kwargs: Vec<(Ident, Expr)>,
    /// The byte after the closing bracket.
    end: u32,
}

impl Arguments {
    /// No arguments and no brackets: a filter can be called by its name alone, as in `x | upper`.
    pub(super) fn none(end: u32) -> Self {
        Self {
            args: Trees::default(),
            kwargs: Vec::new(),
            end,
        }
    }

    /// Positional and keyword arguments. The latter have a name.
    pub(super) fn new(list: impl Iterator<Item = (Option<Ident>, Tree)>, end: u32) -> Self {
        let mut all = Self::none(end);
        for (name, value) in list {
            if let Some(name) = name {
                all.args.height = highest(all.args.height, value.height);
                all.kwargs.push((name, value.expr));
            } else {
                all.args.add(value);
            }
        }
        all
    }
}

/// `callee(args, name=value)`, or `filtered | callee(args)`.
pub(super) fn call(callee: Tree, arguments: Arguments, filtered: Option<Tree>) -> Tree {
    let filter = filtered.is_some();
    let start = filtered.as_ref().unwrap_or(&callee).expr.span.start;
    let end = arguments.end.max(callee.expr.span.end);
    let args = match filtered {
        Some(first) => arguments.args.behind(first),
        None => arguments.args,
    };
    let below = highest(callee.height, args.height);
    let kind = ExprKind::Call {
        callee: Box::new(callee.expr),
        args: args.exprs,
        kwargs: arguments.kwargs,
        filter,
    };
    Tree::above(below, kind, Span { start, end })
}

/// `first < second <= third`. `rest` has each operator with its span, and the operand after it.
pub(super) fn compared(first: Tree, rest: Vec<((CompareOp, Span), Tree)>) -> Tree {
    if rest.is_empty() {
        return first;
    }
    let mut below = first.height;
    let mut span = first.expr.span;
    let mut others = Vec::with_capacity(rest.len());
    for ((op, place), right) in rest {
        below = highest(below, right.height);
        span.end = right.expr.span.end.max(span.end);
        others.push((op, place, right.expr));
    }
    // Generated code nests one block in the next for each link.
    let below = deeper(below, LINK * others.len().saturating_sub(1), span);
    let kind = ExprKind::Compare {
        first: Box::new(first.expr),
        rest: others,
    };
    Tree::above(below, kind, span)
}

/// An arithmetic operation. `None` stands for a bit operator, which has been reported; it makes an
/// error node.
pub(super) fn infixed(left: Tree, (op, right): ((Option<BinaryOp>, Span), Tree)) -> Tree {
    match op {
        (Some(op), place) => binary(op, place, left, right),
        (None, _) => Tree::wrong([left, right]),
    }
}

/// `base[at]`
pub(super) fn index(base: Tree, at: Tree, end: u32) -> Tree {
    let start = base.expr.span.start;
    let below = highest(base.height, at.height);
    let kind = ExprKind::Index {
        base: Box::new(base.expr),
        index: Box::new(at.expr),
    };
    Tree::above(below, kind, Span { start, end })
}

/// `base[start:stop:step]`
pub(super) fn slice(base: Tree, bounds: [Option<Tree>; 3], end: u32) -> Tree {
    let start = base.expr.span.start;
    let mut below = base.height;
    let bounds = bounds.map(|bound| {
        let bound = bound?;
        below = highest(below, bound.height);
        Some(Box::new(bound.expr))
    });
    let base = Box::new(base.expr);
    let kind = ExprKind::Slice { base, bounds };
    Tree::above(below, kind, Span { start, end })
}

/// `[a, b]`, `(a, b)`, `{a, b}`
pub(super) fn list(display: Display, items: Trees, span: Span) -> Tree {
    let kind = ExprKind::List {
        items: items.exprs,
        display,
    };
    Tree::above(items.height, kind, span)
}

/// `{a: b, c: d}`. A `None` stands for a trailing comma.
pub(super) fn dict(first: (Tree, Tree), more: Vec<Option<(Tree, Tree)>>, span: Span) -> Tree {
    let mut below = Ok(0);
    let mut entries = Vec::with_capacity(more.len() + 1);
    for (key, value) in std::iter::once(first).chain(more.into_iter().flatten()) {
        below = highest(below, highest(key.height, value.height));
        entries.push((key.expr, value.expr));
    }
    Tree::above(below, ExprKind::Dict(entries), span)
}

/// `k, v`. One target without a comma stays a single target.
pub(super) fn target_tuple(first: Target, more: Vec<Option<Target>>, span: Span) -> Target {
    if more.is_empty() {
        return first;
    }
    let several = std::iter::once(first).chain(more.into_iter().flatten());
    Target::Tuple(several.collect(), span)
}

/// `element for … in …`. The span includes the brackets.
pub(super) fn comprehension(
    kind: ComprehensionKind,
    element: Tree,
    value: Option<Tree>,
    clauses: Clauses,
    span: Span,
) -> Tree {
    let (clauses, below) = clauses;
    let mut below = highest(element.height, below);
    if let Some(value) = &value {
        below = highest(below, value.height);
    }
    let kind = ExprKind::Comprehension {
        kind,
        element: Box::new(element.expr),
        value: value.map(|value| Box::new(value.expr)),
        clauses,
    };
    Tree::above(below, kind, span)
}

/// The name that stands where a name is missing: an empty one.
pub(super) fn no_name(span: Span) -> Ident {
    let name = String::new();
    Ident { name, span }
}
