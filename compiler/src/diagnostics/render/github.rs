//! Annotations for GitHub Actions: `::error file=…,line=…::message`.
//!
//! Enters: a finding and the texts. Leaves: one line, escaped the way GitHub's runner requires.
//! Must not know other formats.

use super::excerpt;
use crate::{
    diagnostics::{Diagnostic, Severity},
    source::SourceMap,
};

/// Writes one finding as a workflow command, without a line end.
#[must_use]
pub fn render(found: &Diagnostic, sources: &SourceMap) -> String {
    let command = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let span = found.primary.span;
    let (path, start, end) = match sources.get(span.file) {
        Some(file) => (
            file.path.as_str(),
            file.lines.position(&file.text, span.start),
            file.lines.position(&file.text, span.end),
        ),
        None => return format!("::{command}::{}", data(&found.message)),
    };
    let mut message = found.message.clone();
    for help in &found.help {
        message.push('\n');
        message.push_str(help);
    }
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        format!(",col={}", start.column)
    };
    format!(
        "::{command} file={},line={},endLine={}{columns},title={}::{}",
        property(path),
        start.line,
        end.line,
        property(&format!("{} {}", found.code.code(), found.code.name())),
        data(&message)
    )
}

fn data(text: &str) -> String {
    excerpt::harmless(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::render;
    use crate::{
        diagnostics::{Code, Diagnostic},
        source::{SourceMap, Span},
    };

    #[test]
    fn separators_and_line_ends_are_escaped() {
        let mut sources = SourceMap::new();
        let file = sources.add("a,b:c.json", "é\nxyz");
        let span = Span {
            file,
            start: 3,
            end: 5,
        };
        let found = Diagnostic::new(Code::UnknownKey, span, "100%\nbad: a,b").help("h");
        assert_eq!(
            render(&found, &sources),
            "::warning file=a%2Cb%3Ac.json,line=2,endLine=2,col=1,endColumn=3,\
             title=FMC0412 unknown-key::100%25%0Abad: a,b%0Ah"
        );
    }
}
