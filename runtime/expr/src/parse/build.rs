//! Trees while they are built: each node knows its height, so that no tree grows too high to walk.
//!
//! Enters: the parts of a node. Leaves: the node; or an error node if it would be too high, and
//! then every node above it is an error node too. Must not know tokens or the grammar.

use super::token::FieldEnd;
use crate::ast::{Expr, ExprKind, FPart, Span};

/// The maximal height of a tree. Chains of operators like `1+1+1…` and `a.b.c…` grow by one for
/// each operator.
pub(super) const MAX_HEIGHT: u16 = 500;

/// A tree while it is built.
pub(super) struct Tree {
    pub(super) expr: Expr,
    /// Its height, or the span of the first node that was too high.
    pub(super) height: Height,
}

/// A number of levels, or the span of the first node that was too high.
pub(super) type Height = Result<u16, Span>;

/// The larger of two heights. If one of them is too high, that one.
pub(super) fn highest(one: Height, other: Height) -> Height {
    one.and_then(|one| other.map(|other| one.max(other)))
}

/// A height with more levels; an error at `span` when these are too many.
pub(super) fn deeper(height: Height, levels: usize, span: Span) -> Height {
    let total = usize::from(height?).saturating_add(levels);
    match u16::try_from(total) {
        Ok(total) if total < MAX_HEIGHT => Ok(total),
        _ => Err(span),
    }
}

impl Tree {
    /// Makes a node. `below` is the height of its highest part.
    pub(super) fn above(below: Height, kind: ExprKind, span: Span) -> Self {
        let height = match below {
            Ok(height) if height < MAX_HEIGHT => Ok(height + 1),
            Ok(_) => Err(span),
            too_high @ Err(_) => too_high,
        };
        let kind = if height.is_ok() {
            kind
        } else {
            ExprKind::Error(Vec::new())
        };
        let expr = Expr { kind, span };
        Self { expr, height }
    }

    /// A node without parts.
    pub(super) fn leaf(kind: ExprKind, span: Span) -> Self {
        let expr = Expr { kind, span };
        let height = Ok(1);
        Self { expr, height }
    }

    /// Stands where an expression is missing or cannot be read.
    pub(super) fn error(span: Span) -> Self {
        Self::leaf(ExprKind::Error(Vec::new()), span)
    }

    /// An error node around the two sides of something that is refused, like `x := 1`.
    pub(super) fn wrong(read: [Self; 2]) -> Self {
        let [left, right] = read;
        let span = left.to(&right);
        let below = highest(left.height, right.height);
        Self::above(below, ExprKind::Error(vec![left.expr, right.expr]), span)
    }

    /// An error node around the operand of a sign that is refused, like `~x`.
    pub(super) fn wrong_behind(self, start: Span) -> Self {
        let span = start.to(self.expr.span);
        Self::above(self.height, ExprKind::Error(vec![self.expr]), span)
    }

    /// Makes a node from this tree and the one right of it; its span covers both.
    pub(super) fn joined(
        self,
        right: Self,
        kind: impl FnOnce(Box<Expr>, Box<Expr>) -> ExprKind,
    ) -> Self {
        let span = self.to(&right);
        let below = highest(self.height, right.height);
        let kind = kind(Box::new(self.expr), Box::new(right.expr));
        Self::above(below, kind, span)
    }

    /// The span from the start of this tree to the end of another.
    pub(super) fn to(&self, other: &Self) -> Span {
        Span {
            start: self.expr.span.start,
            end: other.expr.span.end.max(self.expr.span.end),
        }
    }

    /// The same tree with brackets around it. They only change its span.
    pub(super) fn bracketed(mut self, span: Span) -> Self {
        self.expr.span = span;
        self
    }
}

/// Several trees: elements or arguments.
pub(super) struct Trees {
    pub(super) exprs: Vec<Expr>,
    pub(super) height: Height,
}

impl From<Vec<Tree>> for Trees {
    fn from(trees: Vec<Tree>) -> Self {
        let mut all = Self::default();
        trees.into_iter().for_each(|tree| all.add(tree));
        all
    }
}

impl Default for Trees {
    fn default() -> Self {
        let exprs = Vec::new();
        let height = Ok(0);
        Self { exprs, height }
    }
}

impl Trees {
    /// Makes a list of the first tree and the others. A `None` stands for a trailing comma.
    pub(super) fn of(first: Tree, more: Vec<Option<Tree>>) -> Self {
        let mut all = Self {
            exprs: Vec::with_capacity(more.len() + 1),
            height: Ok(0),
        };
        all.add(first);
        more.into_iter().flatten().for_each(|tree| all.add(tree));
        all
    }

    /// Adds a tree at the end.
    pub(super) fn add(&mut self, tree: Tree) {
        self.height = highest(self.height, tree.height);
        self.exprs.push(tree.expr);
    }

    /// Adds a tree at the start.
    pub(super) fn behind(mut self, first: Tree) -> Self {
        self.height = highest(first.height, self.height);
        self.exprs.insert(0, first.expr);
        self
    }
}

/// The pieces of an f-string while it is read. Neighbouring texts become one piece.
pub(super) struct Pieces {
    pub(super) parts: Vec<FPart>,
    pub(super) height: Height,
}

impl Pieces {
    pub(super) fn new() -> Self {
        let parts = Vec::new();
        let height = Ok(0);
        Self { parts, height }
    }

    pub(super) fn text(&mut self, text: &str) {
        if let Some(FPart::Text(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(FPart::Text(text.to_owned()));
        }
    }

    /// Pieces that are only one text.
    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Self::new();
        pieces.text(text);
        pieces
    }

    /// A field. For `{x=}`, the text `x=` comes before it.
    pub(super) fn field(tree: Tree, end: &FieldEnd<'_>, spec: Self) -> Self {
        let mut pieces = Self::new();
        if let Some(shown) = end.shown {
            pieces.text(shown);
        }
        pieces.height = highest(tree.height, spec.height);
        pieces.parts.push(FPart::Expr {
            expr: tree.expr,
            conversion: end.conversion,
            spec: spec.parts,
        });
        pieces
    }

    pub(super) fn append(&mut self, other: Self) {
        self.height = highest(self.height, other.height);
        for part in other.parts {
            match part {
                FPart::Text(text) => self.text(&text),
                part @ FPart::Expr { .. } => self.parts.push(part),
            }
        }
    }

    /// The literal that consists of these pieces. `formatted` is set when one of its parts is an
    /// f-string; otherwise all pieces are text.
    pub(super) fn literal(self, formatted: bool, span: Span) -> Tree {
        let kind = if formatted {
            ExprKind::FString(self.parts)
        } else {
            let text = self.parts.into_iter().find_map(|part| match part {
                FPart::Text(text) => Some(text),
                FPart::Expr { .. } => None,
            });
            ExprKind::Str(text.unwrap_or_default().into())
        };
        Tree::above(self.height, kind, span)
    }
}
