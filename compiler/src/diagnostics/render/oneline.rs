//! One line per finding, as compilers print it: `path:line:column: error[FMC0301]: message`.
//!
//! Enters: a finding and the texts. Leaves: a line. Must not know other formats.

use fmc_expr::outside::{line, message};

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
    let at = file.map_or(Position { line: 1, column: 1 }, |file| {
        file.lines.position(&file.text, span.start)
    });
    format!(
        "{}:{}:{}: {}[{} {}]: {}",
        line(path),
        at.line,
        at.column,
        found.severity.name(),
        found.code.code(),
        found.code.name(),
        message(&found.message)
    )
}
