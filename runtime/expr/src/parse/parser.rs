//! Tokens to tree, by hand: atoms, what stands behind them, operators.
//!
//! Enters: tokens. Leaves: a tree and errors. A missing operand becomes an error node and parsing
//! goes on, so that editors find a tree in `upstream.` and `f(a,,b)`.

use super::{
    blame::{Blame, COMPREHEND, until_end, until_separator},
    build::{Pieces, Tree},
    error::SyntaxErrorKind,
    nodes::{self, Arguments, binary, call, comparison, logic, member, ternary, unary},
    number,
    token::{FieldEnd, Keyword as K, Operator as O, Token, TokenKind},
};
use crate::{
    ast::{BinaryOp, CompareOp, ExprKind, Ident, Span, UnaryOp},
    precedence::Level,
};

pub(super) struct Parser<'a> {
    pub(super) tokens: &'a [Token<'a>],
    pub(super) at: usize,
    pub(super) blame: Blame<'a>,
}

/// Parses a whole text.
pub(super) fn parse<'a>(text: &'a str, tokens: &'a [Token<'a>]) -> (Tree, Blame<'a>) {
    let blame = Blame::new(text, tokens);
    let mut parser = Parser {
        tokens,
        at: 0,
        blame,
    };
    let tree = parser.whole();
    (tree, parser.blame)
}

impl<'a> Parser<'a> {
    pub(super) fn current(&self) -> &'a TokenKind<'a> {
        self.peek(0)
    }

    pub(super) fn peek(&self, ahead: usize) -> &'a TokenKind<'a> {
        let token = self.tokens.get(self.at + ahead);
        token.map_or(&TokenKind::End, |token| &token.kind)
    }

    pub(super) fn is(&self, operator: O) -> bool {
        *self.current() == TokenKind::Operator(operator)
    }

    pub(super) fn is_keyword(&self, keyword: K) -> bool {
        *self.current() == TokenKind::Keyword(keyword)
    }

    pub(super) fn advance(&mut self) -> Span {
        let span = self.blame.span(self.at);
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    pub(super) fn take(&mut self, operator: O) -> bool {
        let found = self.is(operator);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn unexpected(&mut self, expected: &[&'static str]) {
        self.blame.unexpected(self.at, expected);
    }

    pub(super) fn expect(&mut self, operator: O, label: &'static str) {
        if !self.take(operator) {
            self.unexpected(&[label, "an operator"]);
        }
    }

    /// From a token to the last that was read.
    pub(super) fn since(&self, from: usize) -> Span {
        self.blame.across(from..self.at)
    }

    /// The byte behind the last token that was read.
    pub(super) fn end(&self) -> u32 {
        self.blame.span(self.at.saturating_sub(1)).end
    }

    fn foreign(&mut self, found: &'static str, python: &'static str) {
        let kind = SyntaxErrorKind::ForeignOperator { found, python };
        self.blame.report(self.at, kind);
    }

    pub(super) fn unsupported(&mut self, what: &'static str, instead: &'static str) {
        let kind = SyntaxErrorKind::Unsupported { what, instead };
        self.blame.report(self.at, kind);
    }

    /// An expression up to the end of the text, the field or the part.
    fn whole(&mut self) -> Tree {
        let tree = self.expression();
        if !self.current().ends_expression() {
            self.blame.left_over(self.at);
            let rest = self.tokens.get(self.at..).unwrap_or_default();
            self.at += until_end(rest);
        }
        tree
    }

    /// A whole expression.
    pub(super) fn expression(&mut self) -> Tree {
        let then = self.disjunction();
        if self.is_keyword(K::If) {
            self.advance();
            let condition = self.disjunction();
            let otherwise = if self.is_keyword(K::Else) {
                self.advance();
                self.expression()
            } else {
                self.unexpected(&["`else`", "an operator"]);
                Tree::error(self.blame.gap(self.at))
            };
            let span = then.to(&otherwise);
            return ternary(condition, then, otherwise, span);
        }
        if self.is(O::Question) {
            self.foreign("?", "a if condition else b");
            self.advance();
            let yes = self.expression();
            let otherwise = if self.take(O::Colon) {
                self.expression()
            } else {
                // What is missing follows from the `?`.
                self.blame.blamed = Some(self.at);
                Tree::error(self.blame.gap(self.at))
            };
            let span = then.to(&otherwise);
            return ternary(then, yes, otherwise, span);
        }
        then
    }

    pub(super) fn disjunction(&mut self) -> Tree {
        let mut left = self.conjunction();
        loop {
            match self.current() {
                TokenKind::Keyword(K::Or) => {}
                TokenKind::Operator(O::DoublePipe) => self.foreign("||", "or"),
                TokenKind::Operator(O::DoubleQuestion) => self.foreign("??", "or"),
                _ => return left,
            }
            self.advance();
            let right = self.conjunction();
            left = logic(false, left, right);
        }
    }

    fn conjunction(&mut self) -> Tree {
        let mut left = self.inversion();
        loop {
            match self.current() {
                TokenKind::Keyword(K::And) => {}
                TokenKind::Operator(O::DoubleAmpersand) => self.foreign("&&", "and"),
                _ => return left,
            }
            self.advance();
            let right = self.inversion();
            left = logic(true, left, right);
        }
    }

    fn inversion(&mut self) -> Tree {
        if self.is_keyword(K::Not) {
            let start = self.advance();
            let operand = self.inversion();
            return unary(UnaryOp::Not, start, operand);
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Tree {
        let first = self.filter();
        let mut rest = Vec::new();
        while let Some(op) = self.compare_operator() {
            rest.push((op, self.filter()));
        }
        comparison(first, rest)
    }

    fn compare_operator(&mut self) -> Option<(CompareOp, Span)> {
        let from = self.at;
        let op = match self.current() {
            TokenKind::Operator(O::Equal) => CompareOp::Eq,
            TokenKind::Operator(O::NotEqual) => CompareOp::Ne,
            TokenKind::Operator(O::Less) => CompareOp::Lt,
            TokenKind::Operator(O::LessEqual) => CompareOp::Le,
            TokenKind::Operator(O::Greater) => CompareOp::Gt,
            TokenKind::Operator(O::GreaterEqual) => CompareOp::Ge,
            TokenKind::Operator(O::TripleEqual) => {
                self.foreign("===", "==");
                CompareOp::Eq
            }
            TokenKind::Operator(O::NotDoubleEqual) => {
                self.foreign("!==", "!=");
                CompareOp::Ne
            }
            TokenKind::Operator(O::LessGreater) => {
                self.foreign("<>", "!=");
                CompareOp::Ne
            }
            TokenKind::Operator(O::Assign) => {
                self.blame.report(self.at, SyntaxErrorKind::Assignment);
                CompareOp::Eq
            }
            TokenKind::Keyword(K::In) => CompareOp::In,
            TokenKind::Keyword(K::Is) => CompareOp::Is,
            TokenKind::Keyword(K::Not) if *self.peek(1) == TokenKind::Keyword(K::In) => {
                self.advance();
                CompareOp::NotIn
            }
            _ => return None,
        };
        self.advance();
        if op == CompareOp::Is && self.is_keyword(K::Not) {
            self.advance();
            return Some((CompareOp::IsNot, self.since(from)));
        }
        Some((op, self.since(from)))
    }

    /// `x | name`, `x | name(a)`. Behind a filter any tighter operator goes on with what it
    /// gives: `x | length + 1` adds to the length.
    fn filter(&mut self) -> Tree {
        let mut left = self.sum();
        loop {
            if self.take(O::Pipe) {
                left = self.filtered(left);
            } else if self.is(O::Bits) {
                left = self.bits(left);
            } else if let Some(op) = self.arithmetic(Level::Sum) {
                let op_span = self.advance();
                let right = self.product();
                left = binary(op, op_span, left, right);
            } else if let Some(op) = self
                .arithmetic(Level::Product)
                .or_else(|| self.arithmetic(Level::Power))
            {
                let op_span = self.advance();
                let right = self.sign();
                left = binary(op, op_span, left, right);
            } else {
                return left;
            }
        }
    }

    fn filtered(&mut self, left: Tree) -> Tree {
        let Some(name) = self.name() else {
            self.unexpected(&["a filter's name"]);
            let name = Tree::error(self.blame.gap(self.at));
            let end = name.expr.span.end;
            return call(name, Arguments::none(end), Some(left));
        };
        let mut callee = Tree::leaf(ExprKind::Name(name.name), name.span);
        while self.is(O::Dot) {
            callee = self.member(callee);
        }
        let arguments = if self.is(O::OpenRound) {
            self.arguments()
        } else {
            Arguments::none(callee.expr.span.end)
        };
        call(callee, arguments, Some(left))
    }

    fn bits(&mut self, left: Tree) -> Tree {
        self.unsupported("bit operators", "");
        self.advance();
        let right = self.product();
        Tree::wrong([left, right])
    }

    fn sum(&mut self) -> Tree {
        let mut left = self.product();
        loop {
            if self.is(O::Bits) {
                left = self.bits(left);
                continue;
            }
            let Some(op) = self.arithmetic(Level::Sum) else {
                return left;
            };
            let op_span = self.advance();
            let right = self.product();
            left = binary(op, op_span, left, right);
        }
    }

    fn product(&mut self) -> Tree {
        let mut left = self.sign();
        while let Some(op) = self.arithmetic(Level::Product) {
            let op_span = self.advance();
            let right = self.sign();
            left = binary(op, op_span, left, right);
        }
        left
    }

    fn arithmetic(&self, level: Level) -> Option<BinaryOp> {
        let TokenKind::Operator(operator) = self.current() else {
            return None;
        };
        operator.arithmetic().filter(|op| Level::of(*op) == level)
    }

    fn sign(&mut self) -> Tree {
        let span = self.blame.span(self.at);
        let op = match self.current() {
            TokenKind::Operator(O::Minus) if self.is_smallest() => {
                let from = self.at;
                self.advance();
                self.advance();
                return Tree::leaf(ExprKind::Int(i64::MIN), self.since(from));
            }
            TokenKind::Operator(O::Minus) => UnaryOp::Neg,
            TokenKind::Operator(O::Plus) => UnaryOp::Pos,
            TokenKind::Operator(O::Exclamation) => {
                self.foreign("!", "not");
                UnaryOp::Not
            }
            TokenKind::Operator(O::Tilde) => {
                self.unsupported("bit operators", "");
                self.advance();
                let operand = self.sign();
                return operand.wrong_behind(span);
            }
            TokenKind::Keyword(K::Not) => {
                // `a == not b` is Python's error too.
                self.unexpected(&["an operand"]);
                return self.inversion();
            }
            _ => return self.power(),
        };
        self.advance();
        let operand = self.sign();
        unary(op, span, operand)
    }

    /// Whether the smallest integer stands here: its sign is part of it, for without the sign it
    /// would not fit. What binds tighter than the sign would take the sign away.
    fn is_smallest(&self) -> bool {
        let tighter = [O::DoubleStar, O::Dot, O::OpenSquare, O::OpenRound];
        let behind = self.peek(2);
        *self.peek(1) == TokenKind::IntBeyond
            && !tighter
                .iter()
                .any(|operator| *behind == TokenKind::Operator(*operator))
    }

    fn power(&mut self) -> Tree {
        let mut base = self.postfix();
        if self.is(O::DoubleStar) {
            let op_span = self.advance();
            // A sign may stand on its right side.
            let right = self.sign();
            base = binary(BinaryOp::Pow, op_span, base, right);
        }
        if self.is(O::Walrus) {
            self.unsupported(
                "assignments",
                "repeat the expression, or set it in a `variable-set` stage",
            );
            self.advance();
            let value = self.expression();
            base = Tree::wrong([base, value]);
        }
        base
    }

    pub(super) fn name(&mut self) -> Option<Ident> {
        let TokenKind::Name(name) = self.current() else {
            return None;
        };
        let name = (*name).to_owned();
        let span = self.advance();
        Some(Ident { name, span })
    }

    fn postfix(&mut self) -> Tree {
        let mut base = self.atom();
        loop {
            base = match self.current() {
                TokenKind::Operator(O::Dot) => self.member(base),
                TokenKind::Operator(O::QuestionDot) => {
                    self.foreign("?.", ".");
                    self.member(base)
                }
                TokenKind::Operator(O::OpenRound) => {
                    let arguments = self.arguments();
                    call(base, arguments, None)
                }
                TokenKind::Operator(O::OpenSquare) => self.index(base),
                _ => return base,
            };
        }
    }

    fn member(&mut self, base: Tree) -> Tree {
        self.advance();
        let name = self.name().unwrap_or_else(|| {
            self.unexpected(&["a name"]);
            nodes::no_name(self.blame.gap(self.at))
        });
        member(base, name)
    }

    fn atom(&mut self) -> Tree {
        let span = self.blame.span(self.at);
        let kind = match self.current() {
            TokenKind::Int(number) => ExprKind::Int(*number),
            TokenKind::Float(number) => ExprKind::Float(*number),
            TokenKind::Str(_) | TokenKind::FStringStart => return self.strings(),
            TokenKind::IntBeyond => {
                let kind = SyntaxErrorKind::BadNumber(number::TOO_LARGE);
                self.blame.report(self.at, kind);
                ExprKind::Error(Vec::new())
            }
            TokenKind::Name(name) => ExprKind::Name((*name).to_owned()),
            TokenKind::PartStart => {
                self.advance();
                let inner = self.whole();
                self.advance();
                let kind = ExprKind::Part(Box::new(inner.expr));
                return Tree::above(inner.height, kind, span);
            }
            TokenKind::Keyword(K::None) => ExprKind::Null,
            TokenKind::Keyword(K::True) => ExprKind::Bool(true),
            TokenKind::Keyword(K::False) => ExprKind::Bool(false),
            TokenKind::Operator(O::OpenRound) => return self.parenthesis(),
            TokenKind::Operator(O::OpenSquare) => return self.bracket(),
            TokenKind::Operator(O::OpenCurly) => return self.brace(),
            TokenKind::Keyword(K::Lambda) => {
                return self.unreadable("lambdas", COMPREHEND);
            }
            TokenKind::Keyword(K::Await) => return self.unreadable("`await` and `yield`", ""),
            TokenKind::Statement => {
                return self.unreadable("statements", "an expression gives a value");
            }
            TokenKind::Error => {
                self.unexpected(&["an expression"]);
                ExprKind::Error(Vec::new())
            }
            _ => {
                self.unexpected(&["an expression"]);
                return Tree::error(self.blame.gap(self.at));
            }
        };
        self.advance();
        Tree::leaf(kind, span)
    }

    /// What cannot be read at all is passed over, up to the end of the element.
    fn unreadable(&mut self, what: &'static str, instead: &'static str) -> Tree {
        self.unsupported(what, instead);
        let from = self.at;
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        self.at += until_separator(rest);
        self.blame.blamed = Some(self.at);
        Tree::error(self.since(from))
    }

    /// Adjacent string literals are one.
    fn strings(&mut self) -> Tree {
        let from = self.at;
        let mut pieces = Pieces::new();
        let mut formatted = false;
        loop {
            match self.current() {
                TokenKind::Str(text) => pieces.text(text),
                TokenKind::FStringStart => {
                    formatted = true;
                    self.advance();
                    pieces.append(self.pieces());
                }
                _ => break,
            }
            self.advance();
        }
        pieces.literal(formatted, self.since(from))
    }

    /// What stands in an f-string or a format specification.
    fn pieces(&mut self) -> Pieces {
        let mut pieces = Pieces::new();
        loop {
            match self.current() {
                TokenKind::Text(text) => pieces.text(text),
                TokenKind::FieldStart => {
                    self.advance();
                    let tree = self.whole();
                    let TokenKind::FieldEnd(end) = self.current() else {
                        return pieces;
                    };
                    let spec = if end.spec {
                        self.advance();
                        self.pieces()
                    } else {
                        Pieces::new()
                    };
                    pieces.append(Pieces::field(tree, end, spec));
                }
                TokenKind::PartStart => {
                    self.advance();
                    let tree = self.whole();
                    pieces.append(Pieces::field(tree, &FieldEnd::default(), Pieces::new()));
                }
                _ => return pieces,
            }
            self.advance();
        }
    }
}
