//! Trees under way: each node with its height, so that no tree grows higher than can be walked.
//!
//! Enters: the parts of a node. Leaves: the node, or an error node where it would stand too high;
//! whatever is built on that one is an error node too.

use super::token::FieldEnd;
use crate::ast::{Expr, ExprKind, FPart, Span};

/// How high a tree may grow through chains of operators: `1+1+1…`, `a.b.c…`.
pub(super) const MAX_HEIGHT: u16 = 500;

/// A tree under way.
pub(super) struct Tree {
    pub(super) expr: Expr,
    /// How many nodes stand above each other, or the place where there were too many.
    pub(super) height: Height,
}

/// Nodes above each other, or the first node that stood too high.
pub(super) type Height = Result<u16, Span>;

/// The height of the highest; the first that is too high decides.
pub(super) fn highest(one: Height, other: Height) -> Height {
    one.and_then(|one| other.map(|other| one.max(other)))
}

impl Tree {
    /// A node on top of others, of which the highest has this height.
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

    /// Where an expression is missing or cannot be read.
    pub(super) fn error(span: Span) -> Self {
        Self::leaf(ExprKind::Error(Vec::new()), span)
    }

    /// An error around what could be read.
    pub(super) fn wrong(read: [Self; 2]) -> Self {
        let [left, right] = read;
        let span = left.to(&right);
        let below = highest(left.height, right.height);
        Self::above(below, ExprKind::Error(vec![left.expr, right.expr]), span)
    }

    /// An error around what stands behind a refused sign.
    pub(super) fn wrong_behind(self, start: Span) -> Self {
        let span = start.to(self.expr.span);
        Self::above(self.height, ExprKind::Error(vec![self.expr]), span)
    }

    /// A node that stands from the start of this tree to the end of another.
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

    /// From the start of this tree to the end of another.
    pub(super) fn to(&self, other: &Self) -> Span {
        Span {
            start: self.expr.span.start,
            end: other.expr.span.end.max(self.expr.span.end),
        }
    }

    /// The same tree with brackets around it, which belong to its text and to nothing else.
    pub(super) fn bracketed(mut self, span: Span) -> Self {
        self.expr.span = span;
        self
    }
}

/// Several trees in a row: elements, arguments.
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
    /// A first one and more; none is what a trailing comma leaves.
    pub(super) fn of(first: Tree, more: Vec<Option<Tree>>) -> Self {
        let mut all = Self {
            exprs: Vec::with_capacity(more.len() + 1),
            height: Ok(0),
        };
        all.add(first);
        more.into_iter().flatten().for_each(|tree| all.add(tree));
        all
    }

    /// Adds one behind the others.
    pub(super) fn add(&mut self, tree: Tree) {
        self.height = highest(self.height, tree.height);
        self.exprs.push(tree.expr);
    }

    /// These behind a first one.
    pub(super) fn behind(mut self, first: Tree) -> Self {
        self.height = highest(first.height, self.height);
        self.exprs.insert(0, first.expr);
        self
    }
}

/// Pieces of an f-string under way; neighbouring text is one piece.
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

    /// Text alone.
    pub(super) fn of(text: &str) -> Self {
        let mut pieces = Self::new();
        pieces.text(text);
        pieces
    }

    /// A field, with the text that `{x=}` shows before it.
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

    /// The literal that these pieces are: an f-string, or text.
    pub(super) fn literal(self, formatted: bool, span: Span) -> Tree {
        let kind = if formatted {
            ExprKind::FString(self.parts)
        } else {
            let text = self.parts.into_iter().find_map(|part| match part {
                FPart::Text(text) => Some(text),
                FPart::Expr { .. } => None,
            });
            ExprKind::Str(text.unwrap_or_default())
        };
        Tree::above(self.height, kind, span)
    }
}
