//! Limits how deeply an expression can be nested, before the grammar reads it.
//!
//! Enters: tokens. Leaves: the span where they are nested too deeply, if they are. It counts
//! everything that makes the grammar, and all code that walks trees, call itself: brackets, fields
//! and parts, and operators with the rest of the expression on their right side (`not not a`,
//! `--a`, `a ** b ** c`, `a if b else c if d else e`, `for a in b for c in d`). Chains like `1+1+1`
//! are limited in `build`.
//! Must not know the grammar.

use super::token::{Keyword, Operator, Token, TokenKind};
use crate::{ast::Span, cx::MAX_NESTING};

/// One open bracket, field or part (or the whole text), and how deep the tokens in it are.
struct Level {
    /// Whether it is a bracket. Set when it is opened; `close` and `too_deep` read it, because a
    /// `)` must not close a field, as in `f"{a)}"`.
    bracket: bool,
    /// How many brackets, fields and parts are around it, and how many operators led to it.
    depth: usize,
    /// How many `else`, `:=` and `?` there were. Each of them contains the rest of the level.
    branches: usize,
    /// How many `not` there were. Each contains the rest, up to `and`, `or` or `if`.
    nots: usize,
    /// How many `for` there were. Each contains the rest of the level, also behind the `,` of
    /// `for a, b in c`; a `for` is a loop, which takes as much as two other levels.
    loops: usize,
    /// How many signs and `**` there were. Each contains the rest, up to any other operator.
    signs: usize,
}

impl Level {
    fn new(bracket: bool, depth: usize) -> Self {
        Self {
            bracket,
            depth,
            branches: 0,
            nots: 0,
            loops: 0,
            signs: 0,
        }
    }

    fn total(&self) -> usize {
        self.depth + self.branches + self.nots + self.signs + 2 * self.loops
    }

    /// Changes the depth for an operator. `behind_value` is set when the operator comes after a
    /// value: a `-` then subtracts.
    fn operator(&mut self, operator: Operator, behind_value: bool) {
        match operator {
            Operator::Minus | Operator::Plus | Operator::Exclamation | Operator::Tilde
                if !behind_value =>
            {
                self.signs += 1;
            }
            Operator::DoubleStar => self.signs += 1,
            Operator::Question | Operator::Walrus => self.branches += 1,
            Operator::Comma => {
                let loops = self.loops;
                *self = Self::new(self.bracket, self.depth);
                self.loops = loops;
            }
            Operator::DoubleAmpersand | Operator::DoublePipe | Operator::DoubleQuestion => {
                self.nots = 0;
                self.signs = 0;
            }
            Operator::Dot | Operator::QuestionDot => {}
            Operator::Plus
            | Operator::Minus
            | Operator::Exclamation
            | Operator::Tilde
            | Operator::Star
            | Operator::Slash
            | Operator::DoubleSlash
            | Operator::Percent
            | Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessEqual
            | Operator::Greater
            | Operator::GreaterEqual
            | Operator::Pipe
            | Operator::Colon
            | Operator::Assign
            | Operator::Augmented
            | Operator::TripleEqual
            | Operator::NotDoubleEqual
            | Operator::LessGreater
            | Operator::EqualLess
            | Operator::Bits
            | Operator::Arrow
            | Operator::Semicolon
            | Operator::Other
            | Operator::OpenRound
            | Operator::CloseRound
            | Operator::OpenSquare
            | Operator::CloseSquare
            | Operator::OpenCurly
            | Operator::CloseCurly => self.signs = 0,
        }
    }

    fn keyword(&mut self, keyword: Keyword) {
        match keyword {
            Keyword::Not => self.nots += 1,
            Keyword::Else => {
                self.branches += 1;
                self.nots = 0;
                self.signs = 0;
            }
            Keyword::For => {
                self.loops += 1;
                self.nots = 0;
                self.signs = 0;
            }
            Keyword::And | Keyword::Or | Keyword::If => {
                self.nots = 0;
                self.signs = 0;
            }
            Keyword::In | Keyword::Is => self.signs = 0,
            Keyword::None
            | Keyword::True
            | Keyword::False
            | Keyword::Lambda
            | Keyword::Await
            | Keyword::Other => {}
        }
    }
}

/// The span of the first token that is too deep; `None` when none is.
pub(super) fn too_deep(tokens: &[Token<'_>]) -> Option<Span> {
    let mut open = vec![Level::new(false, 0)];
    let mut behind_value = false;
    for (at, token) in tokens.iter().enumerate() {
        let depth = open.last().map_or(0, Level::total);
        match &token.kind {
            TokenKind::Operator(operator) if operator.opens() => {
                open.push(Level::new(true, depth + 1));
            }
            TokenKind::Operator(operator) if operator.closes() => {
                if open.last().is_some_and(|level| level.bracket) {
                    open.pop();
                }
            }
            TokenKind::FieldStart | TokenKind::PartStart => {
                open.push(Level::new(false, depth + 1));
            }
            // If a specification follows, it belongs to the field too.
            TokenKind::FieldEnd(end) => close(&mut open, !end.spec),
            TokenKind::PartEnd | TokenKind::SpecEnd => close(&mut open, true),
            TokenKind::Operator(operator) => {
                if let Some(level) = open.last_mut() {
                    level.operator(*operator, behind_value);
                }
            }
            TokenKind::Keyword(keyword) => {
                if let Some(level) = open.last_mut() {
                    level.keyword(*keyword);
                }
            }
            TokenKind::Int(_)
            | TokenKind::IntBeyond
            | TokenKind::Float(_)
            | TokenKind::Str(_)
            | TokenKind::Name(_)
            | TokenKind::FStringStart
            | TokenKind::Text(_)
            | TokenKind::FStringEnd
            | TokenKind::Statement
            | TokenKind::Error
            | TokenKind::End => {}
        }
        behind_value = token.kind.ends_value();
        if open.last().map_or(0, Level::total) > MAX_NESTING {
            return tokens.get(at + 1).or(Some(token)).map(|token| token.span);
        }
    }
    None
}

/// Closes the brackets that are open in the innermost field or part and, with `field`, the field or
/// part itself.
fn close(open: &mut Vec<Level>, field: bool) {
    while open.len() > 1 && open.last().is_some_and(|level| level.bracket) {
        open.pop();
    }
    if field && open.len() > 1 {
        open.pop();
    }
}
