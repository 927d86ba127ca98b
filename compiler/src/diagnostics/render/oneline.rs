//! One line per finding, as compilers print it: `path:line:column: error[FMC0301]: message`.
//!
//! Enters: a finding and the texts. Leaves: a line. Must not know other formats.

use super::excerpt;
use crate::{
    diagnostics::Diagnostic,
    source::{Position, SourceMap},
};

/// One finding in one line, without a line end.
#[must_use]
pub fn render(found: &Diagnostic, sources: &SourceMap) -> String {
    let span = found.primary.span;
    let file = sources.get(span.file);
    let path = file.map_or("?", |file| file.path.as_str());
    let Position { line, column } = file.map_or(Position { line: 1, column: 1 }, |file| {
        file.lines.position(&file.text, span.start)
    });
    // The message and the file name may contain anything that the file or its name contains.
    let path = excerpt::harmless_line(path);
    let message = excerpt::harmless_line(&found.message);
    format!(
        "{path}:{line}:{column}: {}[{} {}]: {message}",
        found.severity.name(),
        found.code.code(),
        found.code.name()
    )
}
