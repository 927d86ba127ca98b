//! What to do about an unexpected token.
//!
//! Enters: a parser at a token that does not fit. Leaves: one finding for each mistake, and the
//! parser at a token from which it can continue. Skipped text is remembered so that nothing in it
//! is reported. Must not know pipelines, except that a list of stages may lack its `[ ]`.

use std::ops::Range;

use super::{
    parser::Parser,
    token::{Bracket, Token, TokenKind},
    tree::{JsonString, Node, NodeKind},
};
use crate::diagnostics::{Code, Diagnostic, Edit, Fix, suggest};

/// Words that other languages use, and what JSON uses instead.
const WORDS: &[(&str, &str)] = &[
    ("true", "true"),
    ("false", "false"),
    ("null", "null"),
    ("none", "null"),
    ("nil", "null"),
    ("undefined", "null"),
];

impl Parser<'_> {
    pub(super) fn report(&mut self, code: Code, range: &Range<usize>, message: &str) {
        let span = self.span(range);
        self.findings.push(Diagnostic::new(code, span, message));
    }

    pub(super) fn error_node(&self, range: Range<usize>) -> Node {
        Node {
            kind: NodeKind::Error,
            span: self.span(&range),
        }
    }

    /// Describes a token in words, for messages.
    fn describe(&self, token: &Token) -> String {
        match token.kind {
            TokenKind::End => "the end of the file".to_owned(),
            TokenKind::String { .. } => "a string".to_owned(),
            TokenKind::Open(_)
            | TokenKind::Close(_)
            | TokenKind::Colon
            | TokenKind::Comma
            | TokenKind::Word
            | TokenKind::Number
            | TokenKind::Unknown => {
                let text = self.slice(&token.range);
                let short: String = text.chars().take(20).collect();
                let dots = if short.len() < text.len() { "…" } else { "" };
                format!("`{short}{dots}`")
            }
        }
    }

    /// Skips tokens up to the next comma or closing bracket of this level.
    pub(super) fn skip(&mut self) {
        let start = self.peek().range.start;
        let mut depth = 0usize;
        loop {
            match self.peek().kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) if depth > 0 => depth -= 1,
                TokenKind::Comma if depth > 0 => {}
                TokenKind::Close(_) | TokenKind::Comma | TokenKind::End => break,
                TokenKind::Colon
                | TokenKind::String { .. }
                | TokenKind::Word
                | TokenKind::Number
                | TokenKind::Unknown => {}
            }
            self.bump();
        }
        self.skipped.push(start..self.last_end().max(start));
    }

    /// Reports the next token as unexpected, and skips it together with what belongs to it.
    pub(super) fn unexpected(&mut self, expected: &str) {
        let token = self.peek().clone();
        let message = format!("expected {expected}, found {}", self.describe(&token));
        self.report(Code::UnexpectedJson, &token.range, &message);
        self.skip();
    }

    /// Handles a missing value. A bracket that closes nothing is skipped.
    pub(super) fn missing_value(&mut self) -> Node {
        let token = self.peek().clone();
        let place = self.last_end()..self.last_end();
        // The value may be in the comment that is never closed, which has a finding.
        self.lost |= self.cut && matches!(token.kind, TokenKind::End);
        if matches!(token.kind, TokenKind::End) && self.lost {
            return self.error_node(place);
        }
        let message = format!("expected a value, found {}", self.describe(&token));
        self.report(Code::UnexpectedJson, &token.range, &message);
        match token.kind {
            // Leaving it would only cause a second finding about this bracket.
            TokenKind::Close(close) if !self.is_open(close) => {
                self.bump();
            }
            TokenKind::Colon => self.skip(),
            // The brackets that are still open need no findings of their own.
            TokenKind::End => self.lost = true,
            TokenKind::Open(_)
            | TokenKind::Close(_)
            | TokenKind::Comma
            | TokenKind::String { .. }
            | TokenKind::Word
            | TokenKind::Number
            | TokenKind::Unknown => {}
        }
        self.error_node(place)
    }

    fn is_open(&self, bracket: Bracket) -> bool {
        self.open.iter().any(|(open, _)| *open == bracket)
    }

    pub(super) fn unknown_value(&mut self) -> Node {
        let start = self.peek().range.start;
        self.unexpected("a value");
        self.error_node(start..self.last_end())
    }

    /// Handles a word where a value must be.
    pub(super) fn word(&mut self) -> NodeKind {
        let range = self.bump();
        let text = self.slice(&range).to_owned();
        match text.as_str() {
            "true" => return NodeKind::Bool(true),
            "false" => return NodeKind::Bool(false),
            "null" => return NodeKind::Null,
            _ => {}
        }
        let span = self.span(&range);
        if matches!(text.as_str(), "NaN" | "nan" | "Infinity" | "inf") {
            let message = format!("JSON has no `{text}`");
            self.report(Code::BadNumber, &range, &message);
            return NodeKind::Error;
        }
        let lower = text.to_lowercase();
        let exact = WORDS.iter().find(|(word, _)| *word == lower);
        let near = WORDS
            .iter()
            .find(|(word, _)| suggest::one_letter_off(word, &lower));
        let found = Diagnostic::new(
            Code::BadLiteral,
            span,
            format!("JSON has no word `{text}`, only `true`, `false` and `null`"),
        );
        let Some((_, json)) = exact.or(near) else {
            let quoted = format!("\"{text}\"");
            self.findings
                .push(found.fix("put the word into double quotes", false, span, quoted));
            return NodeKind::Error;
        };
        self.findings
            .push(found.fix(format!("write `{json}`"), exact.is_some(), span, *json));
        match *json {
            // `nul` or `ture` may be a typing mistake for a JSON word, but it may as well be
            // something else: the value is not known.
            _ if exact.is_none() => NodeKind::Error,
            "true" => NodeKind::Bool(true),
            "false" => NodeKind::Bool(false),
            _ => NodeKind::Null,
        }
    }

    /// Whether the token begins a template, `{{`, that is not inside a string.
    pub(super) fn is_bare_template(&self, token: &Token) -> bool {
        let next = self.peek_at(1);
        matches!(token.kind, TokenKind::Open(Bracket::Brace))
            && matches!(next.kind, TokenKind::Open(Bracket::Brace))
            && token.range.end == next.range.start
    }

    /// Reports a template outside a string, and skips it: to its `}}`, or to the end of the line.
    pub(super) fn bare_template(&mut self) -> Node {
        let start = self.peek().range.start;
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let end = match rest.find("}}") {
            Some(at) => start + at + 2,
            None => start + line,
        };
        while self.peek().range.start < end && !matches!(self.peek().kind, TokenKind::End) {
            self.bump();
        }
        self.skipped.push(start..end);
        let span = self.span(&(start..end));
        let quoted = super::quoted(self.slice(&(start..end)));
        self.findings.push(
            Diagnostic::new(
                Code::UnexpectedJson,
                span,
                "expected a value, found a template outside a string",
            )
            .help("a string that is exactly one template keeps the type of its value")
            .fix("put the template into double quotes", true, span, quoted),
        );
        self.error_node(start..end)
    }

    /// Skips a bracket that would be nested too deep. Uses no recursion.
    pub(super) fn too_deep(&mut self) -> Node {
        let open = self.bump();
        let message = format!("nested deeper than {} levels", super::DEPTH_LIMIT);
        self.report(Code::JsonTooDeep, &open, &message);
        let mut depth = 1usize;
        while depth > 0 {
            match self.peek().kind {
                TokenKind::Open(_) => depth += 1,
                TokenKind::Close(_) => depth -= 1,
                TokenKind::End => {
                    self.lost = true;
                    break;
                }
                TokenKind::Colon
                | TokenKind::Comma
                | TokenKind::String { .. }
                | TokenKind::Word
                | TokenKind::Number
                | TokenKind::Unknown => {}
            }
            self.bump();
        }
        let whole = open.start..self.last_end();
        self.skipped.push(open.end..whole.end);
        self.error_node(whole)
    }

    pub(super) fn trailing_comma(&mut self, comma: &Range<usize>, bracket: Bracket) {
        let span = self.span(comma);
        let message = format!("no comma is allowed before `{}`", bracket.close());
        self.findings
            .push(Diagnostic::new(Code::TrailingComma, span, message).fix(
                "remove the comma",
                true,
                span,
                "",
            ));
    }

    /// Handles a comma where an element is expected. `before` is the previous comma, when this is
    /// the second of two.
    pub(super) fn extra_comma(
        &mut self,
        bracket: Bracket,
        before: Option<Range<usize>>,
    ) -> Option<Range<usize>> {
        let first = self.peek().range.clone();
        let mut last = first.clone();
        while matches!(self.peek().kind, TokenKind::Comma) {
            last = self.bump();
        }
        let closes = matches!(self.peek().kind, TokenKind::Close(_));
        let start = match &before {
            // For `[1,,]` both commas are removed.
            Some(before) if closes => before.start,
            _ => first.start,
        };
        let element = match bracket {
            Bracket::Brace => "a key",
            Bracket::Square => "a value",
        };
        let gone = self.span(&(start..last.end));
        let span = self.span(&(first.start..last.end));
        self.findings.push(
            Diagnostic::new(
                Code::UnexpectedJson,
                span,
                format!("expected {element}, found `,`"),
            )
            .fix("remove the comma", true, gone, ""),
        );
        None
    }

    /// Whether the next token begins an element, so that only a comma is missing before it.
    pub(super) fn starts_element(&self, bracket: Bracket) -> bool {
        let token = self.peek();
        let adjacent = token.range.start == self.last_end();
        match (bracket, &token.kind) {
            // Text directly after the end of a string: an unescaped quote is more likely than a
            // missing comma.
            (_, TokenKind::Word | TokenKind::String { .. }) if adjacent => false,
            (Bracket::Brace, TokenKind::Word | TokenKind::Number | TokenKind::String { .. }) => {
                matches!(self.peek_at(1).kind, TokenKind::Colon)
            }
            (Bracket::Brace, _) => false,
            (Bracket::Square, TokenKind::Word | TokenKind::Number) => true,
            (Bracket::Square, TokenKind::Open(_) | TokenKind::String { .. }) => true,
            (Bracket::Square, _) => false,
        }
    }

    pub(super) fn missing_comma(&mut self) {
        let token = self.peek().clone();
        let message = format!("expected `,` before {}", self.describe(&token));
        let span = self.span(&token.range);
        let found = Diagnostic::new(Code::MissingComma, span, message);
        let found = self.insert(found, ',', "insert a comma", true);
        self.findings.push(found);
    }

    /// Adds the fix for a sign that is missing after the last token. In `{"to:" "x"}` it is there,
    /// but on the wrong side of the quote. It may also belong to the text, so then nothing is safe.
    fn insert(&self, found: Diagnostic, sign: char, title: &str, safe: bool) -> Diagnostic {
        let end = self.last_end();
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let text = last.map_or("", |token| self.slice(&token.range));
        let inside = last
            .filter(|token| matches!(token.kind, TokenKind::String { closed: true, .. }))
            .and_then(|_| text.char_indices().next_back())
            .and_then(|(at, quote)| Some((text.get(..at)?.strip_suffix(sign)?, quote)));
        let Some((before, quote)) = inside else {
            return found.fix(title, safe, self.span(&(end..end)), sign.to_string());
        };
        // After a backslash the quote would become a part of the text, and `":"` would be left
        // without any.
        if before.ends_with('\\') || before.len() <= quote.len_utf8() {
            return found.fix(title, false, self.span(&(end..end)), sign.to_string());
        }
        let place = end.saturating_sub(sign.len_utf8() + quote.len_utf8())..end;
        let title = format!("move the `{sign}` out of the quotes");
        found.fix(title, false, self.span(&place), format!("{quote}{sign}"))
    }

    pub(super) fn is_semicolon(&self) -> bool {
        let token = self.peek();
        matches!(token.kind, TokenKind::Unknown) && self.slice(&token.range) == ";"
    }

    pub(super) fn semicolon(&mut self) -> Range<usize> {
        let range = self.bump();
        let span = self.span(&range);
        self.findings.push(
            Diagnostic::new(Code::UnexpectedJson, span, "expected `,`, found `;`").fix(
                "write `,`",
                true,
                span,
                ",",
            ),
        );
        range
    }

    pub(super) fn unexpected_separator(&mut self, bracket: Bracket) {
        let token = self.peek().clone();
        let quote = token.range.start == self.last_end()
            && matches!(token.kind, TokenKind::Word | TokenKind::String { .. });
        let message = format!(
            "expected `,` or `{}`, found {}",
            bracket.close(),
            self.describe(&token)
        );
        let span = self.span(&token.range);
        let mut found = Diagnostic::new(Code::UnexpectedJson, span, message);
        if quote {
            // On this line it is no longer certain where strings begin and end.
            self.lost = true;
            found = found.help("a `\"` inside a string is written `\\\"`");
        } else if matches!(token.kind, TokenKind::Colon) && bracket == Bracket::Square {
            found = found.help("keys and values belong inside `{}`");
        }
        self.findings.push(found);
        self.skip();
    }

    /// Handles something that is not a key, where a key is expected.
    pub(super) fn bad_key(&mut self) {
        let token = self.peek().clone();
        if !matches!(token.kind, TokenKind::Open(_)) {
            return self.unexpected("a key in double quotes");
        }
        let message = format!(
            "expected a key in double quotes, found {}",
            self.describe(&token)
        );
        self.report(Code::UnexpectedJson, &token.range, &message);
        // The value of a missing key is parsed so that mistakes inside it are reported, then
        // dropped.
        let _ = self.value();
        if matches!(self.peek().kind, TokenKind::Colon) {
            self.skip();
        }
    }

    /// Moves past the colon after a key. False when no value follows.
    pub(super) fn colon(&mut self, key: &JsonString) -> bool {
        let token = self.peek().clone();
        if matches!(token.kind, TokenKind::Colon) {
            self.bump();
            return true;
        }
        let message = format!(
            "expected `:` after the key, found {}",
            self.describe(&token)
        );
        let found = Diagnostic::new(Code::MissingColon, key.span, message);
        let assigned = matches!(token.kind, TokenKind::Unknown)
            && matches!(self.slice(&token.range), "=" | "=>" | ":=" | "->");
        // In `{"a" "b": 1}` the next string is a key, so the value of `a` is what is missing.
        let next_is_key = matches!(self.peek_at(1).kind, TokenKind::Colon);
        let (found, value) = match token.kind {
            TokenKind::Unknown if assigned => {
                let range = self.bump();
                let span = self.span(&range);
                (found.fix("write `:`", true, span, ":"), true)
            }
            TokenKind::Unknown => {
                self.skip();
                (found, false)
            }
            TokenKind::String { .. } | TokenKind::Word | TokenKind::Number if next_is_key => {
                self.comma_forgiven = true;
                let help = format!("the key `{}` has no value", key.text);
                (found.help(help), false)
            }
            TokenKind::Close(_) | TokenKind::Comma | TokenKind::Colon | TokenKind::End => {
                self.lost |= matches!(token.kind, TokenKind::End);
                let help = format!("the key `{}` has no value", key.text);
                (found.help(help), false)
            }
            TokenKind::Open(_) | TokenKind::String { .. } | TokenKind::Word | TokenKind::Number => {
                // Without whitespace between the two, something other than the colon may be
                // missing.
                let apart = token.range.start > self.last_end();
                (self.insert(found, ':', "insert `:`", apart), true)
            }
        };
        if !(self.cut && matches!(token.kind, TokenKind::End)) {
            self.findings.push(found);
        }
        value
    }

    /// Handles a closing bracket of the other kind. True when it ends the innermost bracket. A
    /// bracket that belongs further out is not consumed.
    pub(super) fn wrong_close(&mut self, bracket: Bracket) -> bool {
        let TokenKind::Close(close) = self.peek().kind else {
            return false;
        };
        let range = self.peek().range.clone();
        let here = self.span(&range);
        let before = self.span(&(self.last_end()..self.last_end()));
        let opened = self.open.last().map_or(0..0, |(_, range)| range.clone());
        let opened = self.span(&opened);
        // After one wrong bracket, every later one may seem wrong too; only the first is reported.
        let was_lost = std::mem::replace(&mut self.lost, true);
        let mismatch = format!("`{}` is closed by `{}`", bracket.open(), close.close());
        let found = Diagnostic::new(Code::UnclosedBracket, opened, mismatch)
            .related(here, format!("`{}` expected before this", bracket.close()));
        // If a bracket of this kind is open further out, the inner one was not closed. At the end
        // of the file a bracket of the wrong kind was written. Otherwise this one is superfluous.
        let (found, ends) = if self.is_open(close) {
            let title = format!("insert `{}`", bracket.close());
            (found.fix(title, false, before, bracket.close()), true)
        } else if matches!(self.peek_at(1).kind, TokenKind::End) {
            self.bump();
            let title = format!("write `{}`", bracket.close());
            (found.fix(title, false, here, bracket.close()), true)
        } else {
            self.bump();
            let message = format!("`{}` closes nothing", close.close());
            let found = Diagnostic::new(Code::UnclosedBracket, here, message)
                .related(opened, "the innermost open bracket")
                .fix("remove it", false, here, "");
            (found, false)
        };
        if !was_lost {
            self.findings.push(found);
        }
        ends
    }

    /// Handles the end of the file inside open brackets.
    pub(super) fn unclosed(&mut self) {
        // An unclosed string has a finding, and may contain the missing brackets.
        let broken = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let broken = broken
            .is_some_and(|token| matches!(token.kind, TokenKind::String { closed: false, .. }));
        if std::mem::replace(&mut self.lost, true) || broken || self.cut {
            return;
        }
        let Some(((bracket, range), outer)) = self.open.split_last() else {
            return;
        };
        let end = self.last_end();
        let closers: String = self
            .open
            .iter()
            .rev()
            .map(|(open, _)| open.close())
            .collect();
        let mut found = Diagnostic::new(
            Code::UnclosedBracket,
            self.span(range),
            format!("`{}` is never closed", bracket.open()),
        );
        // Three are enough to find the place; a file cut off at depth 100 should not print 100
        // labels.
        for (bracket, range) in outer.iter().rev().take(3) {
            let message = format!("`{}` is not closed either", bracket.open());
            found = found.related(self.span(range), message);
        }
        found.fix = Some(Fix {
            title: format!("append `{closers}`"),
            safe: false,
            edits: vec![Edit {
                span: self.span(&(end..end)),
                text: closers,
            }],
        });
        self.findings.push(found);
    }

    /// Handles text after the document. When objects follow, document and objects become one array,
    /// so that a list of stages without `[ ]` is recognised and reported as such (FMC0409).
    pub(super) fn after_end(&mut self, first: Node) -> Node {
        let token = self.peek().clone();
        if matches!(token.kind, TokenKind::End) || self.lost {
            let rest = token.range.start;
            self.skipped.push(rest..self.text.len());
            return first;
        }
        let span = self.span(&token.range);
        let message = format!(
            "expected the end of the file, found {}",
            self.describe(&token)
        );
        let found = Diagnostic::new(Code::TextAfterEnd, span, message)
            .related(first.span, "the document ends here");
        let found = if matches!(token.kind, TokenKind::Close(_)) {
            found.fix("remove it", false, span, "")
        } else {
            found
        };
        self.findings.push(found);
        let start = first.span.start as usize;
        let mut items = vec![first];
        loop {
            // `{…}, {…}` and `{…} {…}` are both lists without brackets.
            let comma = matches!(self.peek().kind, TokenKind::Comma);
            let next = self.peek_at(usize::from(comma));
            if !matches!(next.kind, TokenKind::Open(Bracket::Brace)) {
                break;
            }
            if comma {
                self.bump();
            }
            items.extend(self.value());
        }
        let rest = self.peek().range.start;
        self.skipped.push(rest..self.text.len());
        match <[Node; 1]>::try_from(items) {
            Ok([only]) => only,
            Err(items) => Node {
                span: self.span(&(start..self.last_end())),
                kind: NodeKind::Array(items),
            },
        }
    }
}
