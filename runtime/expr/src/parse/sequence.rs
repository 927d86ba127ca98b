//! What stands in brackets: displays, comprehensions, arguments, indices, adjacent strings.
//!
//! Enters: a parser at an opening bracket. Leaves: the node. The first element is parsed once
//! and `for` or `,` decides after it, so nesting stays linear.

use super::{
    error::SyntaxErrorKind,
    parser::{Parser, Sub},
    token::TokenKind,
};
use crate::ast::{Clause, ComprehensionKind, Display, Expr, ExprKind, FPart, Ident, Span, Target};

impl Parser<'_> {
    /// Adjacent string literals are one.
    pub(super) fn strings(&mut self) -> Sub {
        let start = self.current().span;
        let mut parts: Vec<FPart> = Vec::new();
        let mut formatted = false;
        loop {
            match &self.current().kind {
                TokenKind::Str(text) => {
                    let text = text.clone();
                    append(&mut parts, FPart::Text(text));
                }
                TokenKind::FString(pieces) => {
                    formatted = true;
                    for piece in pieces.clone() {
                        append(&mut parts, piece);
                    }
                }
                _ => break,
            }
            self.advance();
        }
        let span = Span {
            end: self.previous_end(),
            ..start
        };
        let kind = match parts.as_slice() {
            _ if formatted => ExprKind::FString(parts),
            [FPart::Text(text)] => ExprKind::Str(text.clone()),
            _ => ExprKind::Str(String::new()),
        };
        self.node(kind, span, 0)
    }

    /// `(a)`, `()`, `(a,)`, `(a for …)`
    pub(super) fn parenthesis(&mut self) -> Sub {
        let start = self.advance();
        if self.take(")") {
            return self.sequence(start, Display::Tuple, Vec::new(), 0);
        }
        let first = self.element();
        if self.current().is_keyword("for") {
            return self.comprehension(start, ComprehensionKind::Generator, first, None, ")");
        }
        if self.current().is(",") {
            let (items, below) = self.elements(first, ")");
            self.expect(")", "`)`");
            return self.sequence(start, Display::Tuple, items, below);
        }
        self.expect(")", "`)`");
        let end = self.previous_end();
        let span = Span { end, ..start };
        let Sub { expr, height } = first;
        // The brackets belong to the text of the expression, and to nothing else.
        self.node(expr.kind, span, height.saturating_sub(1))
    }

    /// `[a, b]`, `[a for …]`
    pub(super) fn bracket(&mut self) -> Sub {
        let start = self.advance();
        if self.take("]") {
            return self.sequence(start, Display::List, Vec::new(), 0);
        }
        let first = self.element();
        if self.current().is_keyword("for") {
            return self.comprehension(start, ComprehensionKind::List, first, None, "]");
        }
        let (items, below) = self.elements(first, "]");
        self.expect("]", "`]`");
        self.sequence(start, Display::List, items, below)
    }

    /// `{}`, `{k: v}`, `{a, b}`, and their comprehensions
    pub(super) fn brace(&mut self) -> Sub {
        let start = self.advance();
        if self.take("}") {
            let span = Span {
                end: self.previous_end(),
                ..start
            };
            return self.node(ExprKind::Dict(Vec::new()), span, 0);
        }
        let first = self.element();
        if self.take(":") {
            return self.dict(start, first);
        }
        if self.current().is_keyword("for") {
            return self.comprehension(start, ComprehensionKind::Set, first, None, "}");
        }
        let (items, below) = self.elements(first, "}");
        self.expect("}", "`}`");
        self.sequence(start, Display::Set, items, below)
    }

    fn dict(&mut self, start: Span, key: Sub) -> Sub {
        let value = self.expression();
        if self.current().is_keyword("for") {
            return self.comprehension(start, ComprehensionKind::Dict, key, Some(value), "}");
        }
        let mut below = key.height.max(value.height);
        let mut entries = vec![(key.expr, value.expr)];
        while self.take(",") && !self.current().is("}") {
            let before = self.position();
            let key = self.expression();
            self.expect(":", "`:`");
            let value = self.expression();
            below = below.max(key.height).max(value.height);
            entries.push((key.expr, value.expr));
            if self.position() == before {
                break;
            }
        }
        self.expect("}", "`}`");
        let span = Span {
            end: self.previous_end(),
            ..start
        };
        self.node(ExprKind::Dict(entries), span, below)
    }

    fn sequence(&mut self, start: Span, display: Display, items: Vec<Expr>, below: usize) -> Sub {
        let span = Span {
            end: self.previous_end(),
            ..start
        };
        self.node(ExprKind::List { items, display }, span, below)
    }

    /// One element; `*x` is read and refused.
    fn element(&mut self) -> Sub {
        if matches!(self.current().kind, TokenKind::Operator("*" | "**")) {
            self.unsupported("starred values", "`+` joins lists");
            self.advance();
        }
        self.expression()
    }

    fn elements(&mut self, first: Sub, close: &str) -> (Vec<Expr>, usize) {
        let mut below = first.height;
        let mut items = vec![first.expr];
        while self.take(",") {
            if self.current().is(close) {
                break;
            }
            let item = self.element();
            below = below.max(item.height);
            items.push(item.expr);
        }
        (items, below)
    }

    fn comprehension(
        &mut self,
        start: Span,
        kind: ComprehensionKind,
        element: Sub,
        value: Option<Sub>,
        close: &'static str,
    ) -> Sub {
        let mut below = element
            .height
            .max(value.as_ref().map_or(0, |value| value.height));
        let clauses = self.clauses(&mut below);
        let label = match close {
            ")" => "`)`",
            "]" => "`]`",
            _ => "`}`",
        };
        self.expect(close, label);
        let span = Span {
            end: self.previous_end(),
            ..start
        };
        let kind = ExprKind::Comprehension {
            kind,
            element: Box::new(element.expr),
            value: value.map(|value| Box::new(value.expr)),
            clauses,
        };
        self.node(kind, span, below)
    }

    fn clauses(&mut self, below: &mut usize) -> Vec<Clause> {
        let mut clauses = Vec::new();
        while self.current().is_keyword("for") {
            self.advance();
            let target = self.targets();
            if self.current().is_keyword("in") {
                self.advance();
            } else {
                self.unexpected(&["`in`", "`,`"]);
            }
            let iter = self.disjunction();
            *below = (*below).max(iter.height);
            let mut conditions = Vec::new();
            while self.current().is_keyword("if") {
                self.advance();
                let condition = self.disjunction();
                *below = (*below).max(condition.height);
                conditions.push(condition.expr);
            }
            clauses.push(Clause {
                target,
                iter: iter.expr,
                conditions,
            });
        }
        clauses
    }

    /// `x`, `k, v`, `(k, v)`, `[k, v]`, `i, (a, b)`
    fn targets(&mut self) -> Target {
        let start = self.current().span.start;
        let first = self.target();
        if !self.current().is(",") {
            return first;
        }
        let mut several = vec![first];
        while self.take(",") {
            if self.current().is_keyword("in") || self.current().is(")") || self.current().is("]") {
                break;
            }
            several.push(self.target());
        }
        let end = self.previous_end();
        Target::Tuple(several, Span { start, end })
    }

    fn target(&mut self) -> Target {
        let start = self.current().span;
        for (open, close, label) in [("(", ")", "`)`"), ("[", "]", "`]`")] {
            if self.current().is(open) {
                self.advance();
                let inner = self.nested_targets();
                self.expect(close, label);
                let end = self.previous_end();
                return match inner {
                    Target::Name(name) => Target::Name(name),
                    Target::Tuple(several, _) => Target::Tuple(several, Span { end, ..start }),
                };
            }
        }
        self.name().map_or_else(
            || {
                self.unexpected(&["a name"]);
                let name = String::new();
                Target::Name(Ident { name, span: start })
            },
            Target::Name,
        )
    }

    /// Brackets of targets nest only as deep as their own recursion allows.
    fn nested_targets(&mut self) -> Target {
        let deep = self
            .peek(0)
            .is_some_and(|token| token.is("(") || token.is("["))
            && (1..16).all(|ahead| {
                self.peek(ahead)
                    .is_some_and(|token| token.is("(") || token.is("["))
            });
        if deep {
            let span = self.current().span;
            self.report(SyntaxErrorKind::TooDeep, span);
            while self.current().is("(") || self.current().is("[") {
                self.advance();
            }
        }
        self.targets()
    }

    /// The arguments after `(`, with the closing bracket; gives the height of the highest.
    pub(super) fn arguments(
        &mut self,
        args: &mut Vec<Expr>,
        kwargs: &mut Vec<(Ident, Expr)>,
    ) -> usize {
        let mut below = 0;
        while !self.current().is(")") && !matches!(self.current().kind, TokenKind::End) {
            let before = self.position();
            let named = self.peek(1).is_some_and(|next| next.is("="));
            match self.current().kind {
                TokenKind::Name(_) if named => {
                    if let Some(name) = self.name() {
                        self.advance();
                        let value = self.expression();
                        below = below.max(value.height);
                        kwargs.push((name, value.expr));
                    }
                }
                _ => {
                    let start = self.current().span;
                    let value = self.element();
                    let value = if self.current().is_keyword("for") {
                        self.bare_generator(start, value)
                    } else {
                        value
                    };
                    below = below.max(value.height);
                    args.push(value.expr);
                }
            }
            // After a missing argument, as in `f(a,,b)`, the comma is still there to go on from.
            if !self.take(",") && (self.position() == before || !self.current().is(")")) {
                break;
            }
        }
        self.expect(")", "`)`");
        below
    }

    /// `f(x for x in xs)`
    fn bare_generator(&mut self, start: Span, element: Sub) -> Sub {
        let mut below = element.height;
        let clauses = self.clauses(&mut below);
        let span = Span {
            end: self.previous_end(),
            ..start
        };
        let kind = ExprKind::Comprehension {
            kind: ComprehensionKind::Generator,
            element: Box::new(element.expr),
            value: None,
            clauses,
        };
        self.node(kind, span, below)
    }

    /// `base[index]`, `base[start:stop:step]`
    pub(super) fn index(&mut self, base: Sub) -> Sub {
        self.advance();
        let start = base.expr.span.start;
        let mut below = base.height;
        let mut bounds: [Option<Box<Expr>>; 3] = [None, None, None];
        let mut colons = 0;
        for slot in &mut bounds {
            if !self.current().is(":") && !self.current().is("]") {
                let bound = self.expression();
                below = below.max(bound.height);
                *slot = Some(Box::new(bound.expr));
            }
            if colons == 2 || !self.take(":") {
                break;
            }
            colons += 1;
        }
        let missing = colons == 0 && bounds.iter().all(Option::is_none);
        if missing {
            self.unexpected(&["an expression", "`:`"]);
        }
        self.expect("]", "`]`");
        let span = Span {
            start,
            end: self.previous_end(),
        };
        if missing {
            return self.poison(span);
        }
        let base = Box::new(base.expr);
        let kind = match bounds {
            [Some(index), None, None] if colons == 0 => ExprKind::Index { base, index },
            bounds => ExprKind::Slice { base, bounds },
        };
        self.node(kind, span, below)
    }
}

/// Joins neighbouring text.
fn append(parts: &mut Vec<FPart>, piece: FPart) {
    match (parts.last_mut(), piece) {
        (Some(FPart::Text(last)), FPart::Text(text)) => last.push_str(&text),
        (_, piece) => parts.push(piece),
    }
}
