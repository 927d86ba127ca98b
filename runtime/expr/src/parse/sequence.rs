//! What stands in brackets: displays, comprehensions, arguments, indices.
//!
//! Enters: a parser at an opening bracket. Leaves: the node. The first element is parsed once
//! and `for` or `,` decides after it, so nesting stays linear.

use super::{
    build::{Tree, Trees, highest},
    nodes::{Arguments, Clauses, comprehension, index, no_name, slice},
    parser::Parser,
    token::{Keyword as K, Operator as O, TokenKind},
};
use crate::ast::{Clause, ComprehensionKind, Display, ExprKind, Target};

impl Parser<'_> {
    /// `(a)`, `()`, `(a,)`, `(a for …)`
    pub(super) fn parenthesis(&mut self) -> Tree {
        let from = self.at;
        self.advance();
        if self.take(O::CloseRound) {
            return self.sequence(from, Display::Tuple, Trees::default());
        }
        let first = self.element();
        if self.is_keyword(K::For) {
            return self.comprehension(from, ComprehensionKind::Generator, first, None);
        }
        if self.is(O::Comma) {
            let items = self.elements(first, O::CloseRound);
            self.expect(O::CloseRound, "`)`");
            return self.sequence(from, Display::Tuple, items);
        }
        self.expect(O::CloseRound, "`)`");
        first.bracketed(self.since(from))
    }

    /// `[a, b]`, `[a for …]`
    pub(super) fn bracket(&mut self) -> Tree {
        let from = self.at;
        self.advance();
        if self.take(O::CloseSquare) {
            return self.sequence(from, Display::List, Trees::default());
        }
        let first = self.element();
        if self.is_keyword(K::For) {
            return self.comprehension(from, ComprehensionKind::List, first, None);
        }
        let items = self.elements(first, O::CloseSquare);
        self.expect(O::CloseSquare, "`]`");
        self.sequence(from, Display::List, items)
    }

    /// `{}`, `{k: v}`, `{a, b}`, and their comprehensions
    pub(super) fn brace(&mut self) -> Tree {
        let from = self.at;
        self.advance();
        if self.take(O::CloseCurly) {
            return Tree::leaf(ExprKind::Dict(Vec::new()), self.since(from));
        }
        let first = self.element();
        if self.take(O::Colon) {
            return self.dict(from, first);
        }
        if self.is_keyword(K::For) {
            return self.comprehension(from, ComprehensionKind::Set, first, None);
        }
        let items = self.elements(first, O::CloseCurly);
        self.expect(O::CloseCurly, "`}`");
        self.sequence(from, Display::Set, items)
    }

    fn dict(&mut self, from: usize, key: Tree) -> Tree {
        let value = self.expression();
        if self.is_keyword(K::For) {
            return self.comprehension(from, ComprehensionKind::Dict, key, Some(value));
        }
        let mut below = highest(key.height, value.height);
        let mut entries = vec![(key.expr, value.expr)];
        while self.take(O::Comma) && !self.is(O::CloseCurly) {
            let key = self.expression();
            self.expect(O::Colon, "`:`");
            let value = self.expression();
            below = highest(below, highest(key.height, value.height));
            entries.push((key.expr, value.expr));
        }
        self.expect(O::CloseCurly, "`}`");
        Tree::above(below, ExprKind::Dict(entries), self.since(from))
    }

    fn sequence(&mut self, from: usize, display: Display, items: Trees) -> Tree {
        let kind = ExprKind::List {
            items: items.exprs,
            display,
        };
        Tree::above(items.height, kind, self.since(from))
    }

    /// One element; `*x` is read and refused.
    fn element(&mut self) -> Tree {
        if self.is(O::Star) || self.is(O::DoubleStar) {
            self.unsupported("starred values", "`+` joins lists");
            self.advance();
        }
        self.expression()
    }

    fn elements(&mut self, first: Tree, close: O) -> Trees {
        let mut items = Trees::default();
        items.add(first);
        while self.take(O::Comma) && !self.is(close) {
            let item = self.element();
            items.add(item);
        }
        items
    }

    fn comprehension(
        &mut self,
        from: usize,
        kind: ComprehensionKind,
        element: Tree,
        value: Option<Tree>,
    ) -> Tree {
        let clauses = self.clauses();
        match kind {
            ComprehensionKind::Generator => self.expect(O::CloseRound, "`)`"),
            ComprehensionKind::List => self.expect(O::CloseSquare, "`]`"),
            ComprehensionKind::Set | ComprehensionKind::Dict => self.expect(O::CloseCurly, "`}`"),
        }
        comprehension(kind, element, value, clauses, self.since(from))
    }

    fn clauses(&mut self) -> Clauses {
        let mut clauses = Vec::new();
        let mut below = Ok(0);
        while self.is_keyword(K::For) {
            self.advance();
            let target = self.targets();
            if self.is_keyword(K::In) {
                self.advance();
            } else {
                self.unexpected(&["`in`", "`,`"]);
            }
            let iter = self.disjunction();
            below = highest(below, iter.height);
            let mut conditions = Vec::new();
            while self.is_keyword(K::If) {
                self.advance();
                let condition = self.disjunction();
                below = highest(below, condition.height);
                conditions.push(condition.expr);
            }
            clauses.push(Clause {
                target,
                iter: iter.expr,
                conditions,
            });
        }
        (clauses, below)
    }

    /// `x`, `k, v`, `(k, v)`, `[k, v]`, `i, (a, b)`
    fn targets(&mut self) -> Target {
        let from = self.at;
        let first = self.target();
        if !self.is(O::Comma) {
            return first;
        }
        let mut several = vec![first];
        while self.take(O::Comma) {
            if self.is_keyword(K::In) || self.is(O::CloseRound) || self.is(O::CloseSquare) {
                break;
            }
            several.push(self.target());
        }
        Target::Tuple(several, self.since(from))
    }

    fn target(&mut self) -> Target {
        let from = self.at;
        for (open, close, label) in [
            (O::OpenRound, O::CloseRound, "`)`"),
            (O::OpenSquare, O::CloseSquare, "`]`"),
        ] {
            if self.take(open) {
                let inner = self.targets();
                self.expect(close, label);
                return match inner {
                    Target::Name(name) => Target::Name(name),
                    Target::Tuple(several, _) => Target::Tuple(several, self.since(from)),
                };
            }
        }
        let name = self.name().unwrap_or_else(|| {
            self.unexpected(&["a name"]);
            no_name(self.blame.gap(self.at))
        });
        Target::Name(name)
    }

    /// The arguments, with the brackets.
    pub(super) fn arguments(&mut self) -> Arguments {
        self.advance();
        let mut list = Vec::new();
        while !self.is(O::CloseRound) && !self.current().ends_expression() {
            let named = *self.peek(1) == TokenKind::Operator(O::Assign);
            if named && let Some(name) = self.name() {
                self.advance();
                let value = self.expression();
                list.push((Some(name), value));
            } else {
                let from = self.at;
                let mut value = self.element();
                if self.is_keyword(K::For) {
                    let clauses = self.clauses();
                    let span = self.since(from);
                    let kind = ComprehensionKind::Generator;
                    value = comprehension(kind, value, None, clauses, span);
                }
                list.push((None, value));
            }
            if !self.take(O::Comma) {
                break;
            }
        }
        self.expect(O::CloseRound, "`)`");
        Arguments::new(list.into_iter(), self.end())
    }

    /// `base[index]`, `base[start:stop:step]`
    pub(super) fn index(&mut self, base: Tree) -> Tree {
        self.advance();
        let mut bounds = [None, None, None];
        let mut colons = 0;
        for slot in &mut bounds {
            if !self.is(O::Colon) && !self.is(O::CloseSquare) {
                *slot = Some(self.expression());
            }
            if colons == 2 || !self.take(O::Colon) {
                break;
            }
            colons += 1;
        }
        if colons == 0 && bounds.iter().all(Option::is_none) {
            self.unexpected(&["an expression", "`:`"]);
            bounds = [Some(Tree::error(self.blame.gap(self.at))), None, None];
        }
        self.expect(O::CloseSquare, "`]`");
        match bounds {
            [Some(at), None, None] if colons == 0 => index(base, at, self.end()),
            bounds => slice(base, bounds, self.end()),
        }
    }
}
