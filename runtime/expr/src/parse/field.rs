//! Replacement fields of f-strings: `{expr}`, `{expr!r}`, `{expr:spec}`, `{expr=}`.
//!
//! Enters: a lexer at a brace of an f-string. Leaves: the field with its expression parsed. A
//! field's tokens are read by the lexer itself, so that quotes, brackets and f-strings nest in
//! it as they do in CPython (PEP 701).

use super::{
    error::SyntaxErrorKind,
    lexer::Lexer,
    literal::{self, Style},
    parser,
};
use crate::{ast::FPart, cx::MAX_NESTING};

/// Reads `{{`, `}}` or a field. False where the field has no end: the text ends there, and the
/// error says so.
pub(super) fn brace(
    lexer: &mut Lexer<'_>,
    style: &Style,
    character: char,
    parts: &mut Vec<FPart>,
) -> bool {
    let start = lexer.at;
    if lexer.rest().chars().nth(1) == Some(character) {
        literal::push(parts, character.encode_utf8(&mut [0; 4]));
        lexer.at += 2;
        return true;
    }
    if character == '}' {
        lexer.at += 1;
        let kind = SyntaxErrorKind::Unexpected {
            found: "}".to_owned(),
            expected: vec!["`}}`"],
        };
        lexer.error(kind, start, lexer.at);
        return true;
    }
    field(lexer, style, parts)
}

/// Reads a field, the lexer at its `{`.
fn field(lexer: &mut Lexer<'_>, style: &Style, parts: &mut Vec<FPart>) -> bool {
    let start = lexer.at;
    let errors = lexer.errors.len();
    if lexer.source.depth >= MAX_NESTING {
        lexer.error(SyntaxErrorKind::TooDeep, start, start + 1);
        lexer.at = lexer.source.text.len();
        return false;
    }
    lexer.at += 1;
    lexer.source.depth += 1;
    let closed = inside(lexer, style, parts);
    lexer.source.depth -= 1;
    if !closed && !deep(lexer, errors) {
        // Quotes that opened on the way swallowed the rest: what was said of them is noise.
        lexer.errors.truncate(errors);
        let kind = SyntaxErrorKind::Unexpected {
            found: String::new(),
            expected: vec!["`}`"],
        };
        lexer.error(kind, start, start + 1);
    }
    closed
}

fn deep(lexer: &Lexer<'_>, from: usize) -> bool {
    let mut since = lexer.errors.iter().skip(from);
    since.any(|error| error.kind == SyntaxErrorKind::TooDeep)
}

/// Reads what stands after `{`, the closing `}` included.
fn inside(lexer: &mut Lexer<'_>, style: &Style, parts: &mut Vec<FPart>) -> bool {
    let start = lexer.at;
    let tokens = lexer.field_tokens();
    let (expr, errors) = parser::parse_tokens(lexer.source, tokens, start..lexer.at);
    lexer.errors.extend(errors);
    let shown = equals_sign(lexer);
    if shown {
        let text = lexer.source.text.get(start..lexer.at).unwrap_or_default();
        literal::push(parts, text);
    }
    let conversion = conversion(lexer);
    let mut spec = Vec::new();
    let formatted = lexer.peek() == Some(':');
    if formatted {
        lexer.at += 1;
        if !specification(lexer, style, &mut spec) {
            return false;
        }
    }
    let closed = lexer.peek() == Some('}');
    if closed {
        lexer.at += 1;
    }
    // `{x=}` shows the representation, unless a format or a conversion says otherwise.
    let representation = (shown && !formatted).then_some('r');
    parts.push(FPart::Expr {
        expr,
        conversion: conversion.or(representation),
        spec,
    });
    closed
}

/// Reads the `=` of `{x=}`, with the blanks after it.
fn equals_sign(lexer: &mut Lexer<'_>) -> bool {
    let Some(rest) = lexer.rest().strip_prefix('=') else {
        return false;
    };
    let blanks = rest.len() - rest.trim_start().len();
    lexer.at += 1 + blanks;
    true
}

/// Reads `!r`.
fn conversion(lexer: &mut Lexer<'_>) -> Option<char> {
    let rest = lexer.rest().strip_prefix('!')?;
    let start = lexer.at + 1;
    let length = rest.find(['}', ':', '\'', '"']).unwrap_or(rest.len());
    let written = rest.get(..length).unwrap_or_default().trim_end();
    lexer.at = start + length;
    let found = ['r', 's', 'a']
        .into_iter()
        .find(|known| written.strip_prefix(*known) == Some(""));
    if found.is_none() {
        let kind = SyntaxErrorKind::Unexpected {
            found: written.chars().take(40).collect(),
            expected: vec!["`a`", "`r`", "`s`"],
        };
        lexer.error(kind, start, start + written.len());
    }
    found
}

/// A format specification is itself the inside of an f-string: it ends before the field's `}`.
fn specification(lexer: &mut Lexer<'_>, style: &Style, parts: &mut Vec<FPart>) -> bool {
    let close = style.close();
    while let Some(character) = lexer.peek() {
        match character {
            '}' => return true,
            '{' => {
                if !field(lexer, style, parts) {
                    return false;
                }
            }
            '\\' if !style.raw => literal::escape(lexer, parts),
            _ if lexer.rest().starts_with(&close) => return false,
            _ => {
                literal::push(parts, character.encode_utf8(&mut [0; 4]));
                lexer.at += character.len_utf8();
            }
        }
    }
    false
}
