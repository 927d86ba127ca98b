//! JSON text to a tree with exact spans. Parsing never fails.
//!
//! Enters: the text of one file. Leaves: a [`tree::Node`] that keeps order and duplicate keys, and
//! the findings of family 01. Must not know pipelines or templates.

mod cursor;
mod lexer;
pub mod locate;
mod number;
mod parser;
mod quotes;
mod ranges;
mod recovery;
mod string;
mod token;
pub mod tree;

use crate::{
    diagnostics::{Code, Diagnostic, Found},
    source::{FileId, SourceFile, Span},
};
use tree::{Node, NodeKind};

/// How deep arrays and objects may be nested. Because of this limit, later stages may walk the tree
/// by recursion.
pub const DEPTH_LIMIT: usize = 128;

/// Writes a text as a JSON string: in double quotes, with the escapes that JSON needs.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Parses a text. It gives a tree for any text: where the parser had to recover, the tree has a
/// [`NodeKind::Error`] and there is a finding. Findings are in order of position.
#[must_use]
pub fn parse(file: FileId, text: &str) -> (Node, Found) {
    let lexed = lexer::lex(file, text);
    let (node, mut findings) = parser::parse(file, text, lexed);
    findings.sort();
    (node, findings)
}

/// Parses a file of a source map, as [`parse`] does, and also reports bytes that are not UTF-8.
#[must_use]
pub fn parse_file(id: FileId, file: &SourceFile) -> (Node, Found) {
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
        "pipeline files must be UTF-8; these bytes are not",
    );
    // Some editors save UTF-16 without being asked. In English text every second byte of it is
    // zero.
    if first.start == 0 && file.text.contains('\0') {
        let node = Node {
            kind: NodeKind::Error,
            span: span(0, 0),
        };
        let help = "the file seems to be UTF-16; save it as UTF-8";
        return (node, vec![found.help(help)].into());
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
    findings.retain(|_, place| {
        // The ranges are in order and apart: of those that end behind its start, the first is the
        // first to begin.
        let at = file.bad_bytes.partition_point(|bad| bad.end <= place.start);
        file.bad_bytes
            .get(at)
            .is_none_or(|bad| bad.start >= place.end)
    });
    findings.push(found);
    findings.sort();
    (node, findings)
}

#[cfg(test)]
mod tests;
