//! Results of features in the types of the protocol.
//!
//! Enters: findings and fixes as plain data. Leaves: diagnostics and code actions of the protocol.
//! Must not know how documents are kept, nor streams.

use std::collections::HashMap;

use fmc::diagnostics::Severity;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionKind, CodeDescription, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, DocumentChanges, Location, NumberOrString, OneOf,
    OptionalVersionedTextDocumentIdentifier, Position, Range, TextDocumentEdit, TextEdit, Url,
    WorkspaceEdit,
};

use crate::{
    features::{
        actions::Action,
        findings::{self, Finding},
    },
    utf16::{Utf16Position, Utf16Range},
};

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

/// The document that code actions change.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) uri: &'a Url,
    /// The version that the edits are for; `None` when the editor does not accept versions.
    pub(super) version: Option<i32>,
}

impl Target<'_> {
    /// A fix as a code action.
    pub(super) fn action(self, action: Action) -> CodeAction {
        CodeAction {
            title: action.title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics: Some(vec![diagnostic(&action.finding)]),
            edit: Some(self.edit(action.edits)),
            is_preferred: action.safe.then_some(true),
            ..CodeAction::default()
        }
    }

    fn edit(self, edits: Vec<(Utf16Range, String)>) -> WorkspaceEdit {
        let edits = edits.into_iter();
        let edits = edits.map(|(place, new_text)| TextEdit {
            range: range(place),
            new_text,
        });
        let Some(version) = self.version else {
            let changes = HashMap::from([(self.uri.clone(), edits.collect())]);
            return WorkspaceEdit::new(changes);
        };
        let change = TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                uri: self.uri.clone(),
                version: Some(version),
            },
            edits: edits.map(OneOf::Left).collect(),
        };
        WorkspaceEdit {
            document_changes: Some(DocumentChanges::Edits(vec![change])),
            ..WorkspaceEdit::default()
        }
    }
}

/// The range that the editor asks about.
pub(super) fn selected(range: Range) -> Utf16Range {
    let position = |at: Position| Utf16Position {
        line: at.line,
        character: at.character,
    };
    Utf16Range {
        start: position(range.start),
        end: position(range.end),
    }
}

fn range(range: Utf16Range) -> Range {
    let position = |at: Utf16Position| Position::new(at.line, at.character);
    Range::new(position(range.start), position(range.end))
}
