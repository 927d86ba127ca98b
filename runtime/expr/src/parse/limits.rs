//! How deep an expression may nest, decided before it is read.
//!
//! Enters: tokens. Leaves: the place where they nest too deep, if they do. What counts is what
//! the grammar, and everything that walks its trees, goes down for: brackets, fields and parts,
//! and the operators whose right side holds the rest: `not not a`, `--a`, `a ** b ** c`,
//! `a if b else c if d else e`. Chains such as `1+1+1` are `build`'s affair.

use super::token::{Keyword, Operator, Token, TokenKind};
use crate::{ast::Span, cx::MAX_NESTING};

/// What is open, and how deep it stands.
struct Level {
    bracket: bool,
    /// Openings around it, and operators that led to it.
    depth: usize,
    /// `else`, `:=`, `?`: the rest of the level hangs on each.
    branches: usize,
    /// `not`: the rest up to `and`, `or`, `if` hangs on each.
    nots: usize,
    /// Signs and `**`: the rest up to any other operator hangs on each.
    signs: usize,
}

impl Level {
    fn new(bracket: bool, depth: usize) -> Self {
        Self {
            bracket,
            depth,
            branches: 0,
            nots: 0,
            signs: 0,
        }
    }

    fn total(&self) -> usize {
        self.depth + self.branches + self.nots + self.signs
    }

    /// What an operator or keyword at this level does to its depth.
    fn operator(&mut self, operator: Operator, behind_value: bool) {
        match operator {
            Operator::Minus | Operator::Plus | Operator::Exclamation | Operator::Tilde
                if !behind_value =>
            {
                self.signs += 1;
            }
            Operator::DoubleStar => self.signs += 1,
            Operator::Question | Operator::Walrus => self.branches += 1,
            Operator::Comma => *self = Self::new(self.bracket, self.depth),
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
            Keyword::And | Keyword::Or | Keyword::If | Keyword::For => {
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

/// The token that stands too deep.
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
            // A specification belongs to its field.
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

/// Closes the innermost field or part, and the brackets left open in it; or only the brackets.
fn close(open: &mut Vec<Level>, field: bool) {
    while open.len() > 1 && open.last().is_some_and(|level| level.bracket) {
        open.pop();
    }
    if field && open.len() > 1 {
        open.pop();
    }
}
