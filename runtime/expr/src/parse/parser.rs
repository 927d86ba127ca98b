//! Tokens to AST: operators by precedence, atoms, postfix.
//!
//! Enters: tokens. Leaves: a tree and errors. A missing operand becomes an `Error` node and
//! parsing goes on, so that editors find a tree in `upstream.` and `f(a,,b)`. Precedence, from
//! loosest: ternary, `or`, `and`, `not`, comparisons, `|`, `+ -`, `* / // %`, signs, `**`.

use super::{
    error::{SyntaxError, SyntaxErrorKind},
    lexer::{self, Source},
    token::{STATEMENTS, Token, TokenKind},
};
use crate::{
    ast::{BinaryOp, CompareOp, Expr, ExprKind, Ident, Span, UnaryOp},
    cx::MAX_NESTING,
};

/// How high a tree may grow through chains of operators; brackets stop at [`MAX_NESTING`].
const MAX_HEIGHT: usize = 500;

/// Binding strengths of prefix positions; binary ones stand in [`Parser::binary`].
mod strength {
    pub(super) const TERNARY: u8 = 0;
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const FILTER: u8 = 5;
    pub(super) const SUM: u8 = 6;
    pub(super) const PRODUCT: u8 = 7;
    pub(super) const SIGN: u8 = 8;
    pub(super) const POWER: u8 = 9;
}

pub(super) struct Parser<'a> {
    source: Source<'a>,
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    pub(super) errors: Vec<SyntaxError>,
    /// The token the last error was about: one mistake, one error.
    blamed: Option<usize>,
}

/// A tree with its height.
pub(super) struct Sub {
    pub(super) expr: Expr,
    pub(super) height: usize,
}

/// Parses a whole text.
pub(super) fn parse(source: Source<'_>) -> (Expr, Vec<SyntaxError>) {
    let (tokens, errors) = lexer::lex(source);
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        depth: source.depth,
        errors,
        blamed: None,
    };
    if parser.tokens.len() <= 1 {
        let span = source.span(0, source.text.len());
        if parser.errors.is_empty() {
            let kind = SyntaxErrorKind::Empty;
            parser.errors.push(SyntaxError { kind, span });
        }
        let kind = ExprKind::Error;
        return (Expr { kind, span }, parser.errors);
    }
    let tree = parser.expression();
    if !matches!(parser.current().kind, TokenKind::End) {
        parser.left_over();
    }
    (tree.expr, parser.errors)
}

impl Parser<'_> {
    pub(super) fn current(&self) -> &Token {
        // The lexer always ends with `End`, and `advance` never passes it.
        const END: &Token = &Token {
            kind: TokenKind::End,
            span: Span { start: 0, end: 0 },
        };
        self.tokens.get(self.at).unwrap_or(END)
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn advance(&mut self) -> Span {
        let span = self.current().span;
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
        span
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn previous_end(&self) -> u32 {
        self.at
            .checked_sub(1)
            .and_then(|at| self.tokens.get(at))
            .map_or(0, |token| token.span.end)
    }

    pub(super) fn take(&mut self, operator: &str) -> bool {
        let found = self.current().is(operator);
        if found {
            self.advance();
        }
        found
    }

    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.current().is_keyword(keyword);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn report(&mut self, kind: SyntaxErrorKind, span: Span) {
        if self.blamed != Some(self.at) {
            self.errors.push(SyntaxError { kind, span });
        }
        self.blamed = Some(self.at);
    }

    /// Reports the current token as unexpected, once.
    pub(super) fn unexpected(&mut self, expected: &[&'static str]) {
        let token = self.current();
        let span = token.span;
        if matches!(token.kind, TokenKind::Error) {
            // The lexer has said so.
            self.blamed = Some(self.at);
            return;
        }
        let text = |from: u32| {
            usize::try_from(from)
                .unwrap_or(0)
                .saturating_sub(self.source.base)
        };
        let found = self.source.text.get(text(span.start)..text(span.end));
        let found: String = found.unwrap_or_default().chars().take(40).collect();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        self.report(SyntaxErrorKind::Unexpected { found, expected }, span);
    }

    pub(super) fn expect(&mut self, operator: &str, label: &'static str) {
        if !self.take(operator) {
            self.unexpected(&[label, "an operator"]);
        }
    }

    /// Puts a node together, unless it would stand too high.
    pub(super) fn node(&mut self, kind: ExprKind, span: Span, below: usize) -> Sub {
        let height = below + 1;
        if height > MAX_HEIGHT {
            return self.too_deep(span);
        }
        let expr = Expr { kind, span };
        Sub { expr, height }
    }

    fn too_deep(&mut self, span: Span) -> Sub {
        self.report(SyntaxErrorKind::TooDeep, span);
        // Nothing after this can be read sensibly.
        self.at = self.tokens.len().saturating_sub(1);
        self.blamed = Some(self.at);
        self.poison(span)
    }

    pub(super) fn poison(&self, span: Span) -> Sub {
        let kind = ExprKind::Error;
        let expr = Expr { kind, span };
        Sub { expr, height: 0 }
    }

    /// A whole expression.
    pub(super) fn expression(&mut self) -> Sub {
        self.bound(strength::TERNARY)
    }

    /// An expression without a ternary at its top: what `in` of a comprehension and `if` take.
    pub(super) fn disjunction(&mut self) -> Sub {
        self.bound(strength::OR)
    }

    fn bound(&mut self, minimum: u8) -> Sub {
        self.depth += 1;
        let tree = if self.depth > MAX_NESTING {
            let span = self.current().span;
            self.too_deep(span)
        } else {
            let left = self.prefix(minimum);
            self.binary(left, minimum)
        };
        self.depth -= 1;
        tree
    }

    fn prefix(&mut self, minimum: u8) -> Sub {
        let token = self.current();
        let span = token.span;
        let (op, operand) = match token.kind {
            TokenKind::Keyword("not") => (UnaryOp::Not, strength::NOT),
            TokenKind::Operator("-") => (UnaryOp::Neg, strength::SIGN),
            TokenKind::Operator("+") => (UnaryOp::Pos, strength::SIGN),
            TokenKind::Operator("!") => {
                self.foreign("!", "not");
                (UnaryOp::Not, strength::SIGN)
            }
            TokenKind::Operator("~") => {
                self.unsupported("bit operators", "");
                (UnaryOp::Pos, strength::SIGN)
            }
            _ => return self.postfix(),
        };
        self.advance();
        // `not` below a comparison, as in `a == not b`, is Python's error too.
        if op == UnaryOp::Not && minimum > strength::NOT && self.blamed.is_none() {
            let found = "not".to_owned();
            let expected = vec!["an operand"];
            self.errors.push(SyntaxError {
                kind: SyntaxErrorKind::Unexpected { found, expected },
                span,
            });
        }
        let operand = self.bound(operand);
        let whole = Span {
            end: operand.expr.span.end,
            ..span
        };
        let kind = ExprKind::Unary {
            op,
            operand: Box::new(operand.expr),
        };
        self.node(kind, whole, operand.height)
    }

    fn foreign(&mut self, found: &'static str, python: &'static str) {
        let span = self.current().span;
        self.report(SyntaxErrorKind::ForeignOperator { found, python }, span);
        self.blamed = None;
    }

    pub(super) fn unsupported(&mut self, what: &'static str, instead: &'static str) {
        let span = self.current().span;
        self.report(SyntaxErrorKind::Unsupported { what, instead }, span);
        self.blamed = None;
    }

    fn binary(&mut self, mut left: Sub, minimum: u8) -> Sub {
        loop {
            let token = self.current();
            let next = match token.kind {
                TokenKind::Operator(operator) => self.operator(left, operator, minimum),
                TokenKind::Keyword(keyword) => self.word_operator(left, keyword, minimum),
                _ => return left,
            };
            left = match next {
                Ok(tree) => tree,
                Err(done) => return done,
            };
        }
    }

    /// Goes on with an operator, or gives the left side back as it is.
    fn operator(&mut self, left: Sub, operator: &'static str, minimum: u8) -> Result<Sub, Sub> {
        if let Some((op, level)) = arithmetic(operator) {
            if level < minimum {
                return Err(left);
            }
            let op_span = self.advance();
            // `**` binds to the right, and a sign may stand on its right side.
            let right = self.bound(if op == BinaryOp::Pow {
                strength::SIGN
            } else {
                level + 1
            });
            let span = join(&left, &right);
            let below = left.height.max(right.height);
            let kind = ExprKind::Binary {
                op,
                op_span,
                left: Box::new(left.expr),
                right: Box::new(right.expr),
            };
            return Ok(self.node(kind, span, below));
        }
        match operator {
            "|" if minimum <= strength::FILTER => Ok(self.filter(left)),
            "==" | "!=" | "<" | "<=" | ">" | ">=" | "===" | "!==" | "<>" | "="
                if minimum <= strength::COMPARE =>
            {
                Ok(self.comparison(left))
            }
            "&&" if minimum <= strength::AND => Ok(self.logic(left, Some(("&&", "and")), true)),
            "||" if minimum <= strength::OR => Ok(self.logic(left, Some(("||", "or")), false)),
            "??" if minimum <= strength::OR => Ok(self.logic(left, Some(("??", "or")), false)),
            "&" | "^" | "<<" | ">>" | "@" if minimum <= strength::SUM => {
                self.unsupported("bit operators", "");
                self.advance();
                let right = self.bound(strength::PRODUCT);
                let span = join(&left, &right);
                Ok(self.poison(span))
            }
            "?" if minimum == strength::TERNARY => Ok(self.foreign_ternary(left)),
            _ => Err(left),
        }
    }

    fn word_operator(&mut self, left: Sub, keyword: &'static str, minimum: u8) -> Result<Sub, Sub> {
        match keyword {
            "or" if minimum <= strength::OR => Ok(self.logic(left, None, false)),
            "and" if minimum <= strength::AND => Ok(self.logic(left, None, true)),
            "in" | "is" | "not" if minimum <= strength::COMPARE => {
                let negated =
                    keyword == "not" && !self.peek(1).is_some_and(|token| token.is_keyword("in"));
                if negated {
                    Err(left)
                } else {
                    Ok(self.comparison(left))
                }
            }
            "if" if minimum == strength::TERNARY => Ok(self.ternary(left)),
            _ => Err(left),
        }
    }

    fn logic(
        &mut self,
        left: Sub,
        foreign: Option<(&'static str, &'static str)>,
        and: bool,
    ) -> Sub {
        if let Some((found, python)) = foreign {
            self.foreign(found, python);
        }
        self.advance();
        // Left-associative chains keep the tree's meaning: `a or b or c` is `(a or b) or c`.
        let right = self.bound(if and {
            strength::AND + 1
        } else {
            strength::OR + 1
        });
        let span = join(&left, &right);
        let below = left.height.max(right.height);
        let kind = ExprKind::Logic {
            and,
            left: Box::new(left.expr),
            right: Box::new(right.expr),
        };
        self.node(kind, span, below)
    }

    fn comparison(&mut self, first: Sub) -> Sub {
        let mut rest = Vec::new();
        let mut below = first.height;
        let start = first.expr.span;
        while let Some((op, op_span)) = self.compare_operator() {
            let right = self.bound(strength::COMPARE + 1);
            below = below.max(right.height);
            rest.push((op, op_span, right.expr));
        }
        let end = rest
            .last()
            .map_or(start.end, |(_, _, right)| right.span.end);
        let kind = ExprKind::Compare {
            first: Box::new(first.expr),
            rest,
        };
        self.node(kind, Span { end, ..start }, below)
    }

    fn compare_operator(&mut self) -> Option<(CompareOp, Span)> {
        let span = self.current().span;
        let op = match self.current().kind {
            TokenKind::Operator("==") => CompareOp::Eq,
            TokenKind::Operator("!=") => CompareOp::Ne,
            TokenKind::Operator("<") => CompareOp::Lt,
            TokenKind::Operator("<=") => CompareOp::Le,
            TokenKind::Operator(">") => CompareOp::Gt,
            TokenKind::Operator(">=") => CompareOp::Ge,
            TokenKind::Operator("===") => {
                self.foreign("===", "==");
                CompareOp::Eq
            }
            TokenKind::Operator("!==") => {
                self.foreign("!==", "!=");
                CompareOp::Ne
            }
            TokenKind::Operator("<>") => {
                self.foreign("<>", "!=");
                CompareOp::Ne
            }
            TokenKind::Operator("=") => {
                self.report(SyntaxErrorKind::Assignment, span);
                self.blamed = None;
                CompareOp::Eq
            }
            TokenKind::Keyword("in") => CompareOp::In,
            TokenKind::Keyword("is") => CompareOp::Is,
            TokenKind::Keyword("not") if self.peek(1).is_some_and(|next| next.is_keyword("in")) => {
                self.advance();
                let end = self.advance().end;
                return Some((CompareOp::NotIn, Span { end, ..span }));
            }
            _ => return None,
        };
        self.advance();
        if op == CompareOp::Is && self.take_keyword("not") {
            let end = self.previous_end();
            return Some((CompareOp::IsNot, Span { end, ..span }));
        }
        Some((op, span))
    }

    fn ternary(&mut self, then: Sub) -> Sub {
        self.advance();
        let condition = self.bound(strength::OR);
        if !self.take_keyword("else") {
            self.unexpected(&["`else`", "an operator"]);
            let span = join(&then, &condition);
            return self.poison(span);
        }
        let otherwise = self.expression();
        let span = join(&then, &otherwise);
        let below = then.height.max(condition.height).max(otherwise.height);
        let kind = ExprKind::Ternary {
            condition: Box::new(condition.expr),
            then: Box::new(then.expr),
            otherwise: Box::new(otherwise.expr),
        };
        self.node(kind, span, below)
    }

    /// `c ? a : b`
    fn foreign_ternary(&mut self, condition: Sub) -> Sub {
        self.foreign("?", "a if condition else b");
        self.advance();
        let then = self.expression();
        self.take(":");
        let otherwise = self.expression();
        let span = join(&condition, &otherwise);
        drop(then);
        self.poison(span)
    }

    /// `x | name`, `x | name(a)`
    fn filter(&mut self, left: Sub) -> Sub {
        self.advance();
        let Some(name) = self.name() else {
            self.unexpected(&["a filter's name"]);
            let span = left.expr.span;
            return self.poison(span);
        };
        let mut callee = self.node(ExprKind::Name(name.name), name.span, 0);
        while self.current().is(".") {
            callee = self.member(callee);
        }
        let start = left.expr.span.start;
        let mut below = left.height;
        let (mut args, mut kwargs) = (vec![left.expr], Vec::new());
        if self.current().is("(") {
            self.advance();
            below = below.max(self.arguments(&mut args, &mut kwargs));
        }
        let span = Span {
            start,
            end: self.previous_end(),
        };
        let kind = ExprKind::Call {
            callee: Box::new(callee.expr),
            args,
            kwargs,
            filter: true,
        };
        self.node(kind, span, below)
    }

    pub(super) fn name(&mut self) -> Option<Ident> {
        let TokenKind::Name(name) = &self.current().kind else {
            return None;
        };
        let name = name.clone();
        let span = self.advance();
        Some(Ident { name, span })
    }

    fn postfix(&mut self) -> Sub {
        let mut base = self.atom();
        loop {
            let token = self.current();
            base = match token.kind {
                TokenKind::Operator(".") => self.member(base),
                TokenKind::Operator("?.") => {
                    self.foreign("?.", ".");
                    self.member(base)
                }
                TokenKind::Operator("(") => self.call(base),
                TokenKind::Operator("[") => self.index(base),
                TokenKind::Operator("**") => {
                    // Tighter than a sign on its left: `-a ** b` is `-(a ** b)`.
                    match self.operator(base, "**", strength::POWER) {
                        Ok(tree) => tree,
                        Err(tree) => return tree,
                    }
                }
                TokenKind::Operator(":=") => {
                    self.unsupported(
                        "assignments",
                        "repeat the expression, or set it in a `variable-set` stage",
                    );
                    self.advance();
                    let value = self.expression();
                    let span = join(&base, &value);
                    self.poison(span)
                }
                _ => return base,
            };
        }
    }

    fn member(&mut self, base: Sub) -> Sub {
        self.advance();
        let start = base.expr.span.start;
        let Some(name) = self.name() else {
            self.unexpected(&["a name"]);
            // The base stays in the tree, for completion after `upstream.`.
            let end = self.previous_end();
            let name = Ident {
                name: String::new(),
                span: Span { start: end, end },
            };
            let kind = ExprKind::Member {
                base: Box::new(base.expr),
                name,
            };
            return self.node(kind, Span { start, end }, base.height);
        };
        let span = Span {
            start,
            end: name.span.end,
        };
        let kind = ExprKind::Member {
            base: Box::new(base.expr),
            name,
        };
        self.node(kind, span, base.height)
    }

    fn call(&mut self, callee: Sub) -> Sub {
        self.advance();
        let start = callee.expr.span.start;
        let (mut args, mut kwargs) = (Vec::new(), Vec::new());
        let below = self.arguments(&mut args, &mut kwargs).max(callee.height);
        let span = Span {
            start,
            end: self.previous_end(),
        };
        let kind = ExprKind::Call {
            callee: Box::new(callee.expr),
            args,
            kwargs,
            filter: false,
        };
        self.node(kind, span, below)
    }

    fn atom(&mut self) -> Sub {
        let span = self.current().span;
        let kind = match &self.current().kind {
            TokenKind::Int(number) => ExprKind::Int(*number),
            TokenKind::Float(number) => ExprKind::Float(*number),
            TokenKind::Str(_) | TokenKind::FString(_) => return self.strings(),
            TokenKind::Name(name) => ExprKind::Name(name.clone()),
            TokenKind::Part(inner) => ExprKind::Part(inner.clone()),
            TokenKind::Keyword("None" | "null") => ExprKind::Null,
            TokenKind::Keyword("True" | "true") => ExprKind::Bool(true),
            TokenKind::Keyword("False" | "false") => ExprKind::Bool(false),
            TokenKind::Operator("(") => return self.parenthesis(),
            TokenKind::Operator("[") => return self.bracket(),
            TokenKind::Operator("{") => return self.brace(),
            TokenKind::Keyword(keyword) => return self.reserved(keyword),
            TokenKind::Error => {
                self.blamed = Some(self.at);
                self.advance();
                return self.poison(span);
            }
            _ => {
                self.unexpected(&["an expression"]);
                return self.poison(span);
            }
        };
        self.advance();
        self.node(kind, span, 0)
    }

    /// A keyword where a value should stand.
    fn reserved(&mut self, keyword: &'static str) -> Sub {
        let span = self.current().span;
        match keyword {
            "lambda" => {
                self.unsupported("lambdas", "a comprehension does what `map` and `filter` do")
            }
            "await" | "yield" => self.unsupported("`await` and `yield`", ""),
            statement if STATEMENTS.contains(&statement) && self.at == 0 => {
                self.unsupported("statements", "an expression gives a value");
            }
            _ => {
                self.unexpected(&["an expression"]);
                return self.poison(span);
            }
        }
        self.skip();
        self.poison(span)
    }

    /// Skips to the end of the bracket or of the text, for what cannot be read at all.
    fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.current().kind {
                TokenKind::End => break,
                TokenKind::Operator("(" | "[" | "{") => depth += 1,
                TokenKind::Operator(")" | "]" | "}") if depth == 0 => break,
                TokenKind::Operator(")" | "]" | "}") => depth -= 1,
                TokenKind::Operator(",") if depth == 0 => break,
                _ => {}
            }
            self.advance();
        }
        self.blamed = Some(self.at);
    }

    fn left_over(&mut self) {
        if self.blamed == Some(self.at) {
            return;
        }
        match self.current().kind {
            TokenKind::Operator(";") => {
                self.unsupported("statements", "an expression gives one value")
            }
            TokenKind::Operator("+=" | "-=" | "*=" | "/=" | "%=" | "**=" | "//=") => {
                self.unsupported("assignments", "");
            }
            TokenKind::Operator("=>" | "->") => {
                self.unsupported("lambdas", "a comprehension does what `map` and `filter` do")
            }
            TokenKind::Operator(",") => {
                self.unexpected(&["the end of the expression", "an operator"]);
            }
            _ => self.unexpected(&["an operator", "the end of the expression"]),
        }
    }
}

fn arithmetic(operator: &str) -> Option<(BinaryOp, u8)> {
    Some(match operator {
        "+" => (BinaryOp::Add, strength::SUM),
        "-" => (BinaryOp::Sub, strength::SUM),
        "*" => (BinaryOp::Mul, strength::PRODUCT),
        "/" => (BinaryOp::Div, strength::PRODUCT),
        "//" => (BinaryOp::FloorDiv, strength::PRODUCT),
        "%" => (BinaryOp::Rem, strength::PRODUCT),
        "**" => (BinaryOp::Pow, strength::POWER),
        _ => return None,
    })
}

fn join(left: &Sub, right: &Sub) -> Span {
    Span {
        start: left.expr.span.start,
        end: right.expr.span.end.max(left.expr.span.end),
    }
}
