//! JSON text to a tree with exact places, never failing.
//!
//! Enters: the text of one file. Leaves: a [`tree::Node`] that keeps duplicates and order, and
//! findings of family 01. Must not know pipelines or templates.

mod cursor;
mod lexer;
pub mod locate;
mod number;
mod parser;
mod quotes;
mod recovery;
mod string;
mod token;
pub mod tree;

use crate::{
    diagnostics::{Code, Diagnostic},
    source::{FileId, SourceFile, Span},
};
use tree::{Node, NodeKind};

/// Arrays and objects may be nested this deep; every later stage may recurse on trees.
pub const DEPTH_LIMIT: usize = 128;

/// A text as a JSON string: in double quotes, with escapes where JSON wants them.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Parses a text. Whatever it holds, there is a tree: [`NodeKind::Error`] stands where the
/// parser recovered, and each such place has a finding. Findings come in order of place.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Node, Vec<Diagnostic>) {
    let lexed = lexer::lex(file, text);
    let (node, mut findings) = parser::parse(file, text, lexed);
    findings.sort_by_key(|found| (found.primary.span, found.code));
    (node, findings)
}

/// Parses a file of a source map: [`parse`], and a finding about bytes that were not UTF-8.
#[must_use]
pub fn parse_file(id: FileId, file: &SourceFile) -> (Node, Vec<Diagnostic>) {
    let Some(first) = file.bad_bytes.first() else {
        return parse(id, &file.text);
    };
    let span = |start, end| Span {
        file: id,
        start,
        end,
    };
    let found = Diagnostic::new(
        Code::NotUtf8,
        span(first.start, first.end),
        "pipeline files are UTF-8, these bytes are not",
    );
    // UTF-16 is the encoding editors write by mistake; every second byte of it is zero.
    if first.start == 0 && file.text.contains('\0') {
        let node = Node {
            kind: NodeKind::Error,
            span: span(0, 0),
        };
        let help = "the file seems to be UTF-16; save it as UTF-8";
        return (node, vec![found.help(help)]);
    }
    let more = file.bad_bytes.len() - 1;
    let found = match more {
        0 => found.help("save the file as UTF-8"),
        1 => found.help("1 more place is not UTF-8; save the file as UTF-8"),
        _ => found.help(format!(
            "{more} more places are not UTF-8; save the file as UTF-8"
        )),
    };
    let (node, mut findings) = parse(id, &file.text);
    findings.retain(|other| {
        let place = other.primary.span;
        !file
            .bad_bytes
            .iter()
            .any(|bad| bad.start < place.end && place.start < bad.end)
    });
    findings.push(found);
    findings.sort_by_key(|found| (found.primary.span, found.code));
    (node, findings)
}

#[cfg(test)]
mod tests;
