//! What `build`, `run` and `env` have in common: one pipeline without errors.
//!
//! Enters: a path. Leaves: the checked pipeline, or its findings on standard error as `fmc check`
//! words them. Must not know what it is wanted for.

use std::{io::IsTerminal as _, path::Path, sync::Arc};

use super::Global;
use crate::{
    check::CheckedModel,
    diagnostics::{Diagnostic, Findings, Severity, render::human::Human},
    driver::{
        host::Host,
        project::Project,
        workspace::{CheckedFile, LoadedProject, Workspace},
    },
    source::{FileId, SourceMap, Span},
};

/// A pipeline file in which no error stands, so that code can be made of it.
pub(super) struct Buildable {
    pub(super) checked: CheckedModel,
    project: Arc<LoadedProject>,
    sources: SourceMap,
    file: FileId,
}

impl Buildable {
    /// Reads and checks a file; none when an error stands, which is printed.
    pub(super) fn open(
        workspace: &mut Workspace,
        host: &dyn Host,
        path: &Path,
        global: &Global,
    ) -> Result<Option<Self>, String> {
        let CheckedFile {
            sources,
            file,
            checked,
            project,
        } = workspace.check_file(host, path)?;
        let broken = project.findings.has_errors();
        if broken || global.verbose {
            print(&project.findings, &project.sources, global);
        }
        if checked.findings().has_errors() || global.verbose {
            print(checked.findings(), &sources, global);
        }
        Ok(match checked.into_checked_model() {
            Ok(checked) if !broken => Some(Self {
                checked,
                project,
                sources,
                file,
            }),
            _ => None,
        })
    }

    /// The project of the file.
    pub(super) fn project(&self) -> &Project {
        &self.project.project
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &str {
        self.sources.get(self.file).map_or("", |file| &file.text)
    }

    /// Lines and columns, from 1, where spans start.
    pub(super) fn places(&self, spans: &[Span]) -> Vec<(u32, u32)> {
        let place = |span: &Span| {
            let file = self.sources.get(span.file)?;
            let position = file.lines.position(&file.text, span.start);
            Some((position.line, position.column))
        };
        spans.iter().filter_map(place).collect()
    }

    /// Prints what was found after checking.
    pub(super) fn print(&self, found: Vec<Diagnostic>, global: &Global) {
        print(&Findings::new(found), &self.sources, global);
    }
}

fn print(findings: &Findings, sources: &SourceMap, global: &Global) {
    let mut human = Human::new(sources, global.colour(std::io::stderr().is_terminal()));
    for found in findings {
        if !global.quiet || found.severity == Severity::Error {
            eprintln!("{}", human.render(found));
        }
    }
}
