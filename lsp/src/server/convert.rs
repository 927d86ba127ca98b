//! Findings in the protocol's types.
//!
//! Enters: findings. Leaves: the protocol's diagnostics. Must not know documents or streams.

use fmc::diagnostics::Severity;
use tower_lsp::lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location,
    NumberOrString, Position, Range, Url,
};

use crate::findings::{self, Finding};

/// The findings of one file.
pub(super) fn diagnostics(findings: &[Finding]) -> Vec<Diagnostic> {
    findings.iter().map(diagnostic).collect()
}

fn diagnostic(found: &Finding) -> Diagnostic {
    let related: Vec<_> = found.related.iter().filter_map(related).collect();
    Diagnostic {
        range: range(found.range),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.code.to_owned())),
        code_description: Url::parse(&found.docs)
            .ok()
            .map(|href| CodeDescription { href }),
        source: Some("fmc".to_owned()),
        message: found.message.clone(),
        related_information: (!related.is_empty()).then_some(related),
        ..Diagnostic::default()
    }
}

fn related(related: &findings::Related) -> Option<DiagnosticRelatedInformation> {
    Some(DiagnosticRelatedInformation {
        location: Location {
            uri: Url::from_file_path(&related.path).ok()?,
            range: range(related.range),
        },
        message: related.message.clone(),
    })
}

fn range(range: findings::Range) -> Range {
    let position = |at: findings::Position| Position::new(at.line, at.character);
    Range::new(position(range.start), position(range.end))
}
