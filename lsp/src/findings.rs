//! Findings as an editor shows them.
//!
//! Enters: a host and the path of an open file. Leaves: findings by file, their places in lines
//! and UTF-16 units. The checks are those of the command line. Must not know the protocol.

use std::path::{Path, PathBuf};

use fmc::{
    diagnostics::{Diagnostic, Findings, Severity, suppress},
    driver::{
        host::Host,
        project::{self, FILE_NAME},
        workspace::Workspace,
    },
    source::{SourceMap, Span},
    syntax::tree::{Node, NodeKind},
};

/// A position: line and UTF-16 unit, both from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 0.
    pub line: u32,
    /// UTF-16 units before it in the line.
    pub character: u32,
}

/// From one position to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Range {
    /// The first position.
    pub start: Position,
    /// One past the last.
    pub end: Position,
}

/// The other half of a matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its file.
    pub path: PathBuf,
    /// Its place.
    pub range: Range,
    /// What is there.
    pub message: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The guilty text.
    pub range: Range,
    /// How bad it is.
    pub severity: Severity,
    /// `FMC0301`
    pub code: &'static str,
    /// Where its page is.
    pub docs: String,
    /// What is wrong, then a line for each thing to do.
    pub message: String,
    /// Other places.
    pub related: Vec<Related>,
}

/// The findings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFindings {
    /// The file.
    pub path: PathBuf,
    /// What was found in it, in order; empty where all is well.
    pub findings: Vec<Finding>,
}

/// Checks an open file: a pipeline with the `fmc.toml` that holds for it, or a `fmc.toml`.
///
/// # Errors
/// One line: a file cannot be read.
pub fn check(host: &dyn Host, path: &Path) -> Result<Vec<FileFindings>, String> {
    if path.file_name().is_some_and(|name| name == FILE_NAME) {
        return configuration(host, path).map(|found| vec![found]);
    }
    let session = Workspace::default().check_file(host, path)?;
    let project = &session.project;
    let silent = is_foreign(session.checked.tree()) || !project.project.selects(path);
    let none = Findings::default();
    let found = if silent {
        &none
    } else {
        session.checked.findings()
    };
    let mut files = vec![FileFindings {
        path: path.to_owned(),
        findings: convert(found, &session.sources),
    }];
    files.extend(project.config.clone().map(|path| FileFindings {
        path,
        findings: convert(&project.findings, &project.sources),
    }));
    Ok(files)
}

fn configuration(host: &dyn Host, path: &Path) -> Result<FileFindings, String> {
    let mut sources = SourceMap::new();
    let shown = path.to_string_lossy().into_owned();
    let (project, found) = project::read(host, path, shown, &mut sources)
        .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
    let found = suppress::apply(found, &project.settings.levels, &[]);
    Ok(FileFindings {
        path: path.to_owned(),
        findings: convert(&found, &sources),
    })
}

/// Keys that only pipelines and stages have.
const OURS: &[&str] = &[
    "stages",
    "component_type",
    "component",
    "depends_on",
    "input_schema",
    "output_schema",
    "output_stage_id",
    "sample_input",
];

/// Whether a file is sound JSON that has nothing of a pipeline: an editor may send every JSON
/// file it opens, and a `package.json` is none of our business.
fn is_foreign(tree: &Node) -> bool {
    match &tree.kind {
        NodeKind::Object(entries) => entries
            .iter()
            .all(|entry| !OURS.contains(&&*entry.key.text)),
        NodeKind::Array(items) => items.iter().all(is_foreign),
        NodeKind::Error => false,
        _ => true,
    }
}

fn convert(found: &Findings, sources: &SourceMap) -> Vec<Finding> {
    found.iter().map(|found| one(found, sources)).collect()
}

fn one(found: &Diagnostic, sources: &SourceMap) -> Finding {
    let related = found.related.iter().map(|label| Related {
        path: path(label.span, sources),
        range: range(label.span, sources),
        message: label.message.clone(),
    });
    let lines = std::iter::once(&found.message).chain(&found.help);
    let lines: Vec<_> = lines.map(String::as_str).collect();
    Finding {
        range: range(found.primary.span, sources),
        severity: found.severity,
        code: found.code.code(),
        docs: found.code.url(),
        message: lines.join("\n"),
        related: related.collect(),
    }
}

fn path(span: Span, sources: &SourceMap) -> PathBuf {
    let file = sources.get(span.file);
    file.map_or_else(PathBuf::new, |file| PathBuf::from(&file.path))
}

fn range(span: Span, sources: &SourceMap) -> Range {
    let position = |offset| {
        let Some(file) = sources.get(span.file) else {
            return Position::default();
        };
        let (line, character) = file.lines.utf16(&file.text, offset);
        Position { line, character }
    };
    Range {
        start: position(span.start),
        end: position(span.end),
    }
}
