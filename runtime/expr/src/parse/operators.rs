//! Operators by precedence.
//!
//! Enters: a parser at an operand or behind one. Leaves: the node. Precedence, from loosest:
//! ternary, `or`, `and`, `not`, comparisons, `|`, `+ -`, `* / // %`, signs, `**`.

use super::{
    error::SyntaxErrorKind,
    parser::{Parser, Sub},
    token::TokenKind,
};
use crate::ast::{BinaryOp, CompareOp, ExprKind, Span, UnaryOp};

/// How tightly each operator binds; an operand takes operators from its own strength on.
pub(super) mod strength {
    pub(in crate::parse) const TERNARY: u8 = 0;
    pub(in crate::parse) const OR: u8 = 1;
    pub(in crate::parse) const AND: u8 = 2;
    pub(in crate::parse) const NOT: u8 = 3;
    pub(in crate::parse) const COMPARE: u8 = 4;
    pub(in crate::parse) const FILTER: u8 = 5;
    pub(in crate::parse) const SUM: u8 = 6;
    pub(in crate::parse) const PRODUCT: u8 = 7;
    pub(in crate::parse) const SIGN: u8 = 8;
    pub(in crate::parse) const POWER: u8 = 9;
}

impl Parser<'_> {
    pub(super) fn prefix(&mut self, minimum: u8) -> Sub {
        let token = self.current();
        let span = token.span;
        let (op, operand) = match token.kind {
            TokenKind::Keyword("not") => {
                if minimum > strength::NOT {
                    // `a == not b` is Python's error too.
                    self.unexpected(&["an operand"]);
                }
                (UnaryOp::Not, strength::NOT)
            }
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
        if op == UnaryOp::Neg && self.is_smallest() {
            self.advance();
            let end = self.advance().end;
            return self.node(ExprKind::Int(i64::MIN), Span { end, ..span }, 0);
        }
        self.advance();
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

    /// Whether the smallest integer stands here: its sign is part of it, for without the sign it
    /// would not fit. What binds tighter than the sign would take the sign away.
    fn is_smallest(&self) -> bool {
        let tighter = ["**", ".", "[", "("];
        let literal = self.peek(1).map(|token| &token.kind);
        matches!(literal, Some(TokenKind::IntBeyond))
            && !tighter
                .iter()
                .any(|operator| self.peek(2).is_some_and(|token| token.is(operator)))
    }

    pub(super) fn binary(&mut self, mut left: Sub, minimum: u8) -> Sub {
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
    pub(super) fn operator(
        &mut self,
        left: Sub,
        operator: &'static str,
        minimum: u8,
    ) -> Result<Sub, Sub> {
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
                self.mistake(SyntaxErrorKind::Assignment);
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

/// From the start of one to the end of the other.
pub(super) fn join(left: &Sub, right: &Sub) -> Span {
    Span {
        start: left.expr.span.start,
        end: right.expr.span.end.max(left.expr.span.end),
    }
}
