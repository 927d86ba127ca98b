//! Finding the templates in a string.
//!
//! Enters: the decoded text of a JSON string. Leaves: pieces of text and `{{…}}` parts. A part ends
//! at the first `}}` outside the string literals and brackets of its expression, so `{{x or {}}}`
//! is one part (language reference, section 3). Must not know expressions.

use std::ops::Range;

/// A piece of a string with templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text: the range of its bytes.
    Text(Range<usize>),
    /// A template.
    Expr {
        /// The range of its bytes, with the braces.
        outer: Range<usize>,
        /// The range of the bytes between the braces.
        inner: Range<usize>,
        /// What is wrong with its braces, if anything.
        mark: Mark,
    },
}

/// What is wrong with a template's braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// There is no `}}`; the part goes to the end of the text.
    Unclosed,
    /// There is only white space between the braces.
    Empty,
    /// A block of Handlebars or Jinja: `{{#if x}}`, `{{/if}}`, `{{> x}}`, `{{!-- --}}`.
    Handlebars,
}

/// Splits a text. The pieces cover it in order; there are no empty pieces of text.
#[must_use]
pub fn split(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut ends = Ends::of(text);
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("{{")) {
        let start = at + open;
        if start > at {
            pieces.push(Piece::Text(at..start));
        }
        let inner_start = start + 2;
        let (inner_end, end) = match ends.find(inner_start) {
            Some(end) => (end, end + 2),
            None => (text.len(), text.len()),
        };
        let inner = inner_start..inner_end;
        let body = text.get(inner.clone()).unwrap_or_default();
        let mark = if end == inner_end {
            Mark::Unclosed
        } else if body.trim().is_empty() {
            Mark::Empty
        } else if is_block(body) {
            Mark::Handlebars
        } else {
            Mark::None
        };
        pieces.push(Piece::Expr {
            outer: start..end,
            inner,
            mark,
        });
        at = end;
    }
    if at < text.len() {
        pieces.push(Piece::Text(at..text.len()));
    }
    pieces
}

fn is_block(body: &str) -> bool {
    let body = body.trim_start_matches('~');
    body.starts_with(['#', '/', '>', '^']) || body.starts_with("!--") || body.trim() == "else"
}

/// How many quotes without a partner are searched for in one text. Each search may read the whole
/// rest of the text.
const LONE_QUOTES: usize = 16;

/// Finds the ends of the parts of one text.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'a> {
    text: &'a str,
    /// How many parts so far had a quote without a partner.
    lone: usize,
}

impl<'a> Ends<'a> {
    /// Starts with the first part of a text.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        Self { text, lone: 0 }
    }

    /// The offset of the `}}` that ends the part whose expression starts at `start`; `None` when
    /// there is none.
    pub fn find(&mut self, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        // The search for a quote's partner may read the whole rest of the text. After many quotes
        // without a partner, quotes are ignored; otherwise a text of only such quotes would take
        // quadratic time.
        if self.lone < LONE_QUOTES {
            if let Some(end) = scan(rest, true) {
                return Some(start + end);
            }
            self.lone += 1;
        }
        // A quote without a partner, as in `{{ it's }}`, must not hide the rest of the text.
        scan(rest, false).map(|end| start + end)
    }
}

fn scan(text: &str, literals: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut brackets: Vec<u8> = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' if literals => at = skip_literal(bytes, at)?,
            b'(' | b'[' | b'{' => brackets.push(byte),
            b')' | b']' => {
                brackets.pop();
            }
            b'}' if brackets.last() == Some(&b'{') => {
                brackets.pop();
            }
            // This brace does not close one of the expression, so the part ends here, even if other
            // brackets are open.
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset of the last quote of the literal that begins at `start`.
fn skip_literal(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = *bytes.get(start)?;
    let triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let mut at = start + if triple { 3 } else { 1 };
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote && !triple => return Some(at),
            byte if byte == quote => {
                if bytes.get(at + 1) == Some(&quote) && bytes.get(at + 2) == Some(&quote) {
                    return Some(at + 2);
                }
                at += 1;
            }
            _ => at += 1,
        }
    }
}
