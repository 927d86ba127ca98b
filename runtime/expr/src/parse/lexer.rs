//! Splits text into tokens.
//!
//! Enters: a text, and whether it may have `{{…}}` parts. Leaves: tokens, the last of which is
//! `End`, and errors. A stack of modes says what is open and how the next characters are read, as
//! in CPython. Must not know the grammar.

use super::{
    cursor::{Cursor, Mode, Noise},
    error::{SyntaxError, SyntaxErrorKind},
    field, literal, number, part,
    token::{Keyword, Operator, Token, TokenKind},
};

/// The result of lexing.
pub(super) struct Lexed<'a> {
    pub(super) tokens: Vec<Token<'a>>,
    pub(super) errors: Vec<SyntaxError>,
    /// The ranges in which errors of the grammar are dropped.
    pub(super) noise: Noise,
}

/// Reads all tokens of a text. `parts` is set for condition fields.
pub(super) fn lex(text: &str, parts: bool) -> Lexed<'_> {
    let mut cursor = Cursor::new(text, parts);
    loop {
        match cursor.modes.pop() {
            Some(Mode::Literal(open)) => literal::step(&mut cursor, open),
            Some(Mode::Spec(open, buffer)) => field::specification(&mut cursor, open, buffer),
            Some(Mode::Field(mut open)) => {
                let rest = cursor.rest();
                match rest.chars().next() {
                    Some(character) if !open.ends_at(character, rest) => {
                        let before = cursor.tokens.len();
                        let at = cursor.modes.len();
                        token(&mut cursor, character);
                        if let Some(Token {
                            kind: TokenKind::Operator(operator),
                            ..
                        }) = cursor.tokens.get(before)
                        {
                            open.track(*operator);
                        }
                        // The token may have opened something, which is then above the field on the
                        // stack.
                        cursor.modes.insert(at, Mode::Field(open));
                    }
                    _ => field::close(&mut cursor, open),
                }
            }
            Some(Mode::Part(open)) => match cursor.peek() {
                Some(character) => {
                    let at = cursor.modes.len();
                    token(&mut cursor, character);
                    cursor.modes.insert(at, Mode::Part(open));
                }
                None => part::close(&mut cursor, &open),
            },
            None => match cursor.peek() {
                Some(character) => token(&mut cursor, character),
                None => break,
            },
        }
    }
    if cursor.tokens.is_empty() {
        cursor.error(SyntaxErrorKind::Empty, 0, text.len());
        cursor.push(TokenKind::Error, 0);
    }
    cursor.push(TokenKind::End, cursor.at);
    Lexed {
        tokens: cursor.tokens,
        errors: cursor.errors,
        noise: cursor.noise,
    }
}

/// Reads one token of code, or skips one white space.
fn token(cursor: &mut Cursor<'_>, character: char) {
    let start = cursor.at;
    if character.is_whitespace() {
        cursor.at += character.len_utf8();
    } else if cursor.parts && cursor.rest().starts_with("{{") {
        part::open(cursor);
    } else if after_stages(cursor) {
        stage_id(cursor, character);
    } else if character.is_ascii_digit() || starts_with_point(cursor, character) {
        let kind = number::number(cursor);
        cursor.push(kind, start);
    } else if literal::starts(cursor.rest()) {
        literal::open(cursor);
    } else if character.is_alphabetic() || character == '_' {
        word(cursor);
    } else {
        operator(cursor, character);
    }
}

/// Whether `.5` is a number here. After a value it reads a member.
fn starts_with_point(cursor: &Cursor<'_>, character: char) -> bool {
    let digit = |byte: &u8| byte.is_ascii_digit();
    character == '.'
        && cursor.rest().as_bytes().get(1).is_some_and(digit)
        && !cursor
            .tokens
            .last()
            .is_some_and(|token| token.kind.ends_value())
}

/// Whether the next word is the id of a stage, which may have hyphens: it comes after `upstream.`
/// or `stages.`, but not after `x.upstream.`.
fn after_stages(cursor: &Cursor<'_>) -> bool {
    let [before @ .., name, dot] = cursor.tokens.as_slice() else {
        return false;
    };
    let point = |token: &Token<'_>| token.kind == TokenKind::Operator(Operator::Dot);
    let adjacent = || usize::try_from(dot.span.end).is_ok_and(|end| end == cursor.at);
    point(dot)
        && matches!(name.kind, TokenKind::Name("upstream" | "stages"))
        && adjacent()
        && !before.last().is_some_and(point)
}

fn stage_id(cursor: &mut Cursor<'_>, character: char) {
    let start = cursor.at;
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let rest = cursor.rest();
    let length = rest.find(|c| !is_id(c)).unwrap_or(rest.len());
    if length == 0 {
        return operator(cursor, character);
    }
    cursor.at += length;
    let name = cursor.slice(start, cursor.at);
    cursor.push(TokenKind::Name(name), start);
}

fn word(cursor: &mut Cursor<'_>) {
    let start = cursor.at;
    let rest = cursor.rest();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    cursor.at += length;
    let word = cursor.slice(start, cursor.at);
    let before = cursor.tokens.last().map(|token| &token.kind);
    let member = matches!(before, Some(TokenKind::Operator(Operator::Dot)));
    let first = matches!(
        before,
        None | Some(TokenKind::FieldStart | TokenKind::PartStart)
    );
    let kind = match Keyword::of(word).filter(|_| !member) {
        Some(keyword) if first && keyword.begins_statement() => TokenKind::Statement,
        Some(keyword) => TokenKind::Keyword(keyword),
        None => TokenKind::Name(word),
    };
    cursor.push(kind, start);
}

fn operator(cursor: &mut Cursor<'_>, character: char) {
    let start = cursor.at;
    if let Some((written, operator)) = Operator::at_start_of(cursor.rest()) {
        cursor.at += written.len();
        cursor.push(TokenKind::Operator(operator), start);
        return;
    }
    cursor.at += character.len_utf8();
    let kind = SyntaxErrorKind::Unexpected {
        found: character.to_string(),
        expected: vec!["an expression"],
    };
    cursor.error(kind, start, cursor.at);
    cursor.push(TokenKind::Error, start);
}
