//! Tokens to a tree.
//!
//! Enters: tokens. Leaves: a tree, and findings about its structure. Recursive descent, at most
//! [`super::DEPTH_LIMIT`] levels deep. What to do about an unexpected token is in `recovery`. Must
//! not know pipelines.

use std::{collections::HashMap, ops::Range, sync::Arc};

use super::{
    DEPTH_LIMIT, cursor,
    lexer::Lexed,
    number,
    ranges::Ranges,
    string,
    token::{Bracket, Token, TokenKind},
    tree::{Entry, JsonString, Node, NodeKind},
};
use crate::{
    diagnostics::{Code, Diagnostic, Found},
    source::{FileId, Span},
};

/// The state of the parser, shared with `recovery`.
pub(super) struct Parser<'a> {
    pub(super) file: FileId,
    pub(super) text: &'a str,
    pub(super) tokens: Vec<Token>,
    pub(super) at: usize,
    pub(super) findings: Found,
    /// The brackets that are open, outermost first.
    pub(super) open: Vec<(Bracket, Range<usize>)>,
    /// Ranges that `recovery` skipped. Findings of the lexer inside them are dropped: for `[1 @
    /// "\x", 2]` the `@` is reported, and the bad escape after it is not.
    pub(super) skipped: Vec<Range<usize>>,
    /// Set when a key without a value was reported, as in `{"a" "b": 1}`. `separator` reads and
    /// clears it, and then does not also report the missing comma.
    pub(super) comma_forgiven: bool,
    /// Set when it is no longer clear which bracket closes which, as in `{"a": [1}`. Read where
    /// closing brackets and the end of the file are checked; nothing more is then reported about
    /// brackets.
    pub(super) lost: bool,
    /// Set by the lexer when the text ends inside a comment, as in `{"a": 1 /* b`, which it
    /// reports. Read at the end of the file: the missing `}` is then not reported, because the
    /// comment may contain it.
    pub(super) cut: bool,
}

/// Parses the tokens of a text.
pub(super) fn parse(file: FileId, text: &str, lexed: Lexed) -> (Node, Found) {
    let mut parser = Parser {
        file,
        text,
        tokens: lexed.tokens,
        at: 0,
        findings: Found::default(),
        open: Vec::new(),
        skipped: Vec::new(),
        comma_forgiven: false,
        lost: false,
        cut: lexed.cut,
    };
    let node = parser.document();
    // In `[1 @ "\x", 2]` the parser reports the `@` and skips the rest of the element; the lexer's
    // finding about `\x` would be a second one for the same mistake.
    let skipped = Ranges::new(parser.skipped);
    let mut findings = lexed.findings;
    findings.retain(|_, span| !skipped.contain(span.start as usize));
    findings.append(&mut parser.findings);
    (node, findings)
}

impl Parser<'_> {
    pub(super) fn peek(&self) -> &Token {
        self.peek_at(0)
    }

    /// The token `ahead` places after the next one. Past the end it is the last token, `End`.
    pub(super) fn peek_at(&self, ahead: usize) -> &Token {
        const END: &Token = &Token {
            kind: TokenKind::End,
            range: 0..0,
        };
        self.tokens
            .get(self.at + ahead)
            .or(self.tokens.last())
            .unwrap_or(END)
    }

    /// Moves past the next token and gives its range.
    pub(super) fn bump(&mut self) -> Range<usize> {
        let range = self.peek().range.clone();
        self.at += 1;
        range
    }

    pub(super) fn span(&self, range: &Range<usize>) -> Span {
        cursor::span(self.file, range)
    }

    /// The offset at which the previous token ends.
    pub(super) fn last_end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.range.end)
    }

    pub(super) fn slice(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn document(&mut self) -> Node {
        if matches!(self.peek().kind, TokenKind::End) {
            self.report(Code::EmptyFile, &(0..0), "the file holds no JSON");
            return self.error_node(0..0);
        }
        let first = match self.value() {
            Some(node) => node,
            None => self.missing_value(),
        };
        // The text does not even start like JSON. One finding says so; more would only be noise.
        self.lost |= matches!(first.kind, NodeKind::Error);
        self.after_end(first)
    }

    /// Parses a value. `None`, with nothing consumed, when the next token cannot start one.
    pub(super) fn value(&mut self) -> Option<Node> {
        let token = self.peek().clone();
        let kind = match token.kind {
            TokenKind::Open(bracket) => {
                return Some(if self.is_bare_template(&token) {
                    self.bare_template()
                } else if self.open.len() >= DEPTH_LIMIT {
                    self.too_deep()
                } else {
                    self.container(bracket)
                });
            }
            TokenKind::String { string, closed } => {
                self.bump();
                // An unclosed string may have swallowed anything, so its text is not used.
                if closed {
                    NodeKind::String(string)
                } else {
                    NodeKind::Error
                }
            }
            TokenKind::Word => self.word(),
            TokenKind::Number => {
                self.bump();
                self.number(&token.range)
            }
            TokenKind::Unknown => return Some(self.unknown_value()),
            TokenKind::Close(_) | TokenKind::Colon | TokenKind::Comma | TokenKind::End => {
                return None;
            }
        };
        Some(Node {
            kind,
            span: self.span(&token.range),
        })
    }

    fn number(&mut self, range: &Range<usize>) -> NodeKind {
        let problem = match number::read(self.slice(range)) {
            Ok(kind) => return kind,
            Err(problem) => problem,
        };
        let span = self.span(range);
        let found = Diagnostic::new(problem.code, span, problem.message);
        let Some(spelling) = problem.spelling else {
            let digits = self.slice(range).contains(|c: char| c.is_ascii_digit());
            self.findings
                // `1.2.3` is no number, but it was probably meant as text.
                .push(if problem.code == Code::BadNumber && digits {
                    found.help("use double quotes for text")
                } else {
                    found
                });
            return NodeKind::Error;
        };
        // It is clear which number was meant, so go on with that number and not with poison.
        let kind = number::read(&spelling).unwrap_or(NodeKind::Error);
        self.findings
            .push(found.fix(format!("write `{spelling}`"), true, span, spelling));
        kind
    }

    fn container(&mut self, bracket: Bracket) -> Node {
        let open = self.bump();
        let start = open.start;
        self.open.push((bracket, open));
        let kind = match bracket {
            Bracket::Brace => NodeKind::Object(self.entries()),
            Bracket::Square => NodeKind::Array(self.items()),
        };
        self.open.pop();
        Node {
            kind,
            span: self.span(&(start..self.last_end())),
        }
    }

    fn items(&mut self) -> Vec<Node> {
        let mut items = Vec::new();
        let mut comma = None;
        while self.inside(Bracket::Square, comma.take()) {
            if let Some(item) = self.value() {
                items.push(item);
            } else {
                self.unexpected("a value");
            }
            comma = self.separator(Bracket::Square);
        }
        // Most lists and objects are small; a vector that grows has room for four.
        items.shrink_to_fit();
        items
    }

    fn entries(&mut self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut seen: HashMap<Arc<str>, Span> = HashMap::new();
        let mut comma = None;
        while self.inside(Bracket::Brace, comma.take()) {
            if let Some(entry) = self.entry() {
                self.check_duplicate(&mut seen, &entry, entries.last());
                entries.push(entry);
            }
            comma = self.separator(Bracket::Brace);
        }
        entries.shrink_to_fit();
        entries
    }

    fn check_duplicate(
        &mut self,
        seen: &mut HashMap<Arc<str>, Span>,
        entry: &Entry,
        before: Option<&Entry>,
    ) {
        let place = entry.key.inner();
        let Some(&first) = seen.get(&entry.key.text) else {
            seen.insert(entry.key.text.clone(), place);
            return;
        };
        let mut found = Diagnostic::new(
            Code::DuplicateKey,
            place,
            format!("the object already has the key `{}`", entry.key.text),
        )
        .related(first, "first here");
        // The fix also removes the comma before the second entry. Without an entry before it there
        // is no such comma.
        if let Some(before) = before {
            let gone = Span {
                start: before.value.span.end.max(before.key.span.end),
                end: entry.value.span.end,
                ..place
            };
            found = found.fix("remove the second entry", false, gone, "");
        }
        self.findings.push(found);
    }

    /// Whether the innermost bracket has another element. When it has none, its end has been
    /// handled already. `comma` is the comma before the next token.
    fn inside(&mut self, bracket: Bracket, mut comma: Option<Range<usize>>) -> bool {
        loop {
            match self.peek().kind {
                TokenKind::Close(close) if close == bracket => {
                    if let Some(comma) = comma {
                        self.trailing_comma(&comma, bracket);
                    }
                    self.bump();
                    return false;
                }
                TokenKind::Close(_) => {
                    if self.wrong_close(bracket) {
                        return false;
                    }
                    comma = self.separator(bracket);
                }
                TokenKind::End => {
                    self.unclosed();
                    return false;
                }
                TokenKind::Comma => comma = self.extra_comma(bracket, comma),
                TokenKind::Open(_)
                | TokenKind::Colon
                | TokenKind::String { .. }
                | TokenKind::Word
                | TokenKind::Number
                | TokenKind::Unknown => return true,
            }
        }
    }

    /// The range of the comma between two elements. `None` before a closing bracket, and when the
    /// comma is missing, which is then reported.
    fn separator(&mut self, bracket: Bracket) -> Option<Range<usize>> {
        let forgiven = std::mem::take(&mut self.comma_forgiven);
        loop {
            let next = &self.peek().kind;
            if matches!(next, TokenKind::Comma) {
                return Some(self.bump());
            }
            if forgiven || matches!(next, TokenKind::Close(_) | TokenKind::End) {
                return None;
            }
            if self.is_semicolon() {
                return Some(self.semicolon());
            }
            if self.starts_element(bracket) {
                self.missing_comma();
                return None;
            }
            self.unexpected_separator(bracket);
        }
    }

    fn entry(&mut self) -> Option<Entry> {
        let key = self.key()?;
        if !self.colon(&key) {
            let place = key.span.end as usize..key.span.end as usize;
            let value = self.error_node(place);
            return Some(Entry { key, value });
        }
        let value = match self.value() {
            Some(value) => value,
            None => self.missing_value(),
        };
        Some(Entry { key, value })
    }

    fn key(&mut self) -> Option<JsonString> {
        let token = self.peek().clone();
        match token.kind {
            TokenKind::String { string, .. } => {
                self.bump();
                Some(string)
            }
            TokenKind::Word | TokenKind::Number => {
                self.bump();
                let span = self.span(&token.range);
                let word = self.slice(&token.range).to_owned();
                self.findings.push(
                    Diagnostic::new(Code::UnquotedKey, span, "use double quotes for keys").fix(
                        format!("write `\"{word}\"`"),
                        true,
                        span,
                        format!("\"{word}\""),
                    ),
                );
                Some(string::bare(&word, span))
            }
            TokenKind::Open(_)
            | TokenKind::Close(_)
            | TokenKind::Colon
            | TokenKind::Comma
            | TokenKind::Unknown
            | TokenKind::End => {
                self.bad_key();
                None
            }
        }
    }
}
