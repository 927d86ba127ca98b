//! Tokens to AST: atoms, postfix, recovery.
//!
//! Enters: tokens. Leaves: a tree and errors. A missing operand becomes an `Error` node and
//! parsing goes on, so that editors find a tree in `upstream.` and `f(a,,b)`.

use std::ops::Range;

use super::{
    error::{SyntaxError, SyntaxErrorKind},
    lexer::{self, Source},
    number,
    operators::{join, strength},
    token::{STATEMENTS, Token, TokenKind},
};
use crate::{
    ast::{Expr, ExprKind, Ident, Span},
    cx::MAX_NESTING,
};

/// How high a tree may grow through chains of operators; brackets stop at [`MAX_NESTING`].
const MAX_HEIGHT: usize = 500;

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
    let (tokens, mut errors) = lexer::lex(source);
    let lexed = errors.len();
    let (expr, parsed) = parse_tokens(source, tokens, 0..source.text.len());
    let silent = lexed > 0
        && parsed
            .iter()
            .all(|error| error.kind == SyntaxErrorKind::Empty);
    if !silent {
        errors.extend(parsed);
    }
    (expr, errors)
}

/// Parses tokens that end with `End`; `range` is where they stand in the source's text.
pub(super) fn parse_tokens(
    source: Source<'_>,
    tokens: Vec<Token>,
    range: Range<usize>,
) -> (Expr, Vec<SyntaxError>) {
    let mut parser = Parser {
        source,
        tokens,
        at: 0,
        depth: source.depth,
        errors: Vec::new(),
        blamed: None,
    };
    if parser.tokens.len() <= 1 {
        let span = source.span(range.start, range.end);
        let empty = SyntaxErrorKind::Empty;
        let errors = vec![SyntaxError { kind: empty, span }];
        let kind = ExprKind::Error;
        return (Expr { kind, span }, errors);
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

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
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

    pub(super) fn too_deep(&mut self, span: Span) -> Sub {
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

    pub(super) fn bound(&mut self, minimum: u8) -> Sub {
        self.depth += 1;
        // The outermost expression stands in no bracket.
        let tree = if self.depth > MAX_NESTING + 1 {
            let span = self.current().span;
            self.too_deep(span)
        } else {
            let left = self.prefix(minimum);
            self.binary(left, minimum)
        };
        self.depth -= 1;
        tree
    }

    /// Reports the current token as a mistake that is understood: what follows it is read on.
    pub(super) fn mistake(&mut self, kind: SyntaxErrorKind) {
        let span = self.current().span;
        self.report(kind, span);
        self.blamed = None;
    }

    pub(super) fn foreign(&mut self, found: &'static str, python: &'static str) {
        self.mistake(SyntaxErrorKind::ForeignOperator { found, python });
    }

    pub(super) fn unsupported(&mut self, what: &'static str, instead: &'static str) {
        self.mistake(SyntaxErrorKind::Unsupported { what, instead });
    }

    pub(super) fn name(&mut self) -> Option<Ident> {
        let TokenKind::Name(name) = &self.current().kind else {
            return None;
        };
        let name = name.clone();
        let span = self.advance();
        Some(Ident { name, span })
    }

    pub(super) fn postfix(&mut self) -> Sub {
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

    pub(super) fn member(&mut self, base: Sub) -> Sub {
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
            TokenKind::IntBeyond => {
                self.report(SyntaxErrorKind::BadNumber(number::TOO_LARGE), span);
                self.advance();
                return self.poison(span);
            }
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
