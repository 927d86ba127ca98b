//! One JSON object per finding, for machines.
//!
//! Enters: a finding and the texts. Leaves: the object described in docs/cli.md. Lines and columns
//! count from 1, columns in characters. Offsets count the bytes of the file from 0, including a
//! byte-order mark, so that an edit can be made in the file as it is on disk. Must not know other
//! formats.

use fmc_expr::outside::bounded;
use serde_json::{Value, json};

use crate::{
    diagnostics::Diagnostic,
    source::{SourceMap, Span},
};

/// One finding as a JSON object.
#[must_use]
pub fn render(found: &Diagnostic, sources: &SourceMap) -> Value {
    let related: Vec<_> = found
        .related
        .iter()
        .map(|label| {
            json!({
                "message": bounded(&label.message),
                "file": path(label.span, sources),
                "range": range(label.span, sources),
            })
        })
        .collect();
    let fix = found.fix.as_ref().map(|fix| {
        let edits: Vec<_> = fix
            .edits
            .iter()
            .map(|edit| json!({"range": range(edit.span, sources), "text": edit.text}))
            .collect();
        json!({"title": bounded(&fix.title), "safe": fix.safe, "edits": edits})
    });
    let help: Vec<_> = found.help.iter().map(|help| bounded(help)).collect();
    json!({
        "code": found.code.code(),
        "name": found.code.name(),
        "severity": found.severity.name(),
        "message": bounded(&found.message),
        "file": path(found.primary.span, sources),
        "range": range(found.primary.span, sources),
        "related": related,
        "help": help,
        "fix": fix,
        "docs": found.code.url(),
    })
}

fn path(span: Span, sources: &SourceMap) -> &str {
    sources.get(span.file).map_or("", |file| &file.path)
}

fn range(span: Span, sources: &SourceMap) -> Value {
    json!({
        "start": position(span, span.start, sources),
        "end": position(span, span.end, sources),
    })
}

fn position(span: Span, offset: u32, sources: &SourceMap) -> Value {
    let Some(file) = sources.get(span.file) else {
        return json!({"line": 1, "column": 1, "offset": 0});
    };
    let position = file.lines.position(&file.text, offset);
    let mark = if file.bom { 3 } else { 0 };
    json!({"line": position.line, "column": position.column, "offset": offset + mark})
}
