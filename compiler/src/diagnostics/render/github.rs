//! Annotations for GitHub Actions: `::error file=…,line=…::message`.
//!
//! Enters: a finding and the texts. Leaves: one line, escaped the way GitHub's runner requires.
//! Must not know other formats.

use fmc_expr::outside::{Shown, message, workflow_command};

use crate::{
    diagnostics::{Diagnostic, Severity},
    source::SourceMap,
};

/// Writes one finding as a workflow command, without a line end.
#[must_use]
pub fn render(found: &Diagnostic, sources: &SourceMap) -> Shown<'static> {
    let command = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let span = found.primary.span;
    let mut text = message(&found.message).into_string();
    for help in &found.help {
        text.push('\n');
        text.push_str(&message(help));
    }
    let Some(file) = sources.get(span.file) else {
        return workflow_command(command, &[], &text);
    };
    let start = file.lines.position(&file.text, span.start);
    let end = file.lines.position(&file.text, span.end);
    let number = |number: u32| number.to_string();
    let title = format!("{} {}", found.code.code(), found.code.name());
    let mut properties = vec![
        ("file", file.path.clone()),
        ("line", number(start.line)),
        ("endLine", number(end.line)),
        ("col", number(start.column)),
    ];
    if start.line == end.line {
        properties.push(("endColumn", number(end.column)));
    }
    properties.push(("title", title));
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    workflow_command(command, &properties, &text)
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
            &*render(&found, &sources),
            "::warning file=a%2Cb%3Ac.json,line=2,endLine=2,col=1,endColumn=3,\
             title=FMC0412 unknown-key::100%25\\nbad: a,b%0Ah"
        );
    }
}
