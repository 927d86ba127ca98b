//! Findings in the form that an editor shows.
//!
//! Enters: an analysis. Leaves: its findings and those of its `fmc.toml`, with positions as editors
//! count them. Must not know the protocol.

use std::path::PathBuf;

use fmc::{
    diagnostics::{Diagnostic, Severity},
    source::SourceMap,
};
use fmc_expr::outside::message;

use crate::{analysis::Analysis, utf16::Utf16Range};

/// A related place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its file.
    pub path: PathBuf,
    /// Its range.
    pub range: Utf16Range,
    /// What is there.
    pub message: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The guilty text.
    pub range: Utf16Range,
    /// How bad it is.
    pub severity: Severity,
    /// `FMC0301`
    pub code: &'static str,
    /// The address of its page.
    pub docs: String,
    /// The message, followed by one line for each help.
    pub message: String,
    /// The related places.
    pub related: Vec<Related>,
}

/// The findings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFindings {
    /// The file.
    pub path: PathBuf,
    /// Its findings, in order; empty when there are none.
    pub findings: Vec<Finding>,
}

/// The findings to show for an analysis: those of its document and, for a pipeline, those of the
/// `fmc.toml` that applies to it.
#[must_use]
pub fn of(analysis: &Analysis) -> Vec<FileFindings> {
    let mut files = vec![FileFindings {
        path: analysis.path.clone(),
        findings: all(&analysis.findings(), &analysis.sources),
    }];
    if let Some(project) = &analysis.project
        && let Some(config) = &project.config
    {
        files.push(FileFindings {
            path: config.clone(),
            findings: all(&project.findings.shown(), &project.sources),
        });
    }
    files
}

fn all(found: &[Diagnostic], sources: &SourceMap) -> Vec<Finding> {
    found.iter().map(|found| one(found, sources)).collect()
}

/// One finding with its ranges.
pub(super) fn one(found: &Diagnostic, sources: &SourceMap) -> Finding {
    let related = found.related.iter().map(|label| Related {
        path: sources
            .get(label.span.file)
            .map_or_else(PathBuf::new, |file| PathBuf::from(&file.path)),
        range: Utf16Range::of(label.span, sources),
        message: message(&label.message).into_string(),
    });
    let lines = std::iter::once(&found.message).chain(&found.help);
    let lines: Vec<_> = lines.map(|line| message(line).into_string()).collect();
    Finding {
        range: Utf16Range::of(found.primary.span, sources),
        severity: found.severity,
        code: found.code.code(),
        docs: found.code.url(),
        message: lines.join("\n"),
        related: related.collect(),
    }
}
