//! What `build`, `run` and `env` share: opening one pipeline that has no errors.
//!
//! Enters: a path. Leaves: the checked pipeline, or its findings on standard error in the same
//! words as `fmc check`. Must not know what the pipeline is needed for.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use fmc_expr::outside::layout;

use super::Global;
use crate::{
    check::CheckedModel,
    diagnostics::{Diagnostic, Findings, Severity, render::human::Human},
    driver::{
        host::Host,
        out,
        project::Project,
        workspace::{CheckedFile, LoadedProject, Workspace, not_a_pipeline},
    },
    source::{FileId, SourceMap, Span},
};

/// A pipeline file without errors, for which code can be generated.
pub(super) struct Buildable {
    pub(super) checked: CheckedModel,
    project: Arc<LoadedProject>,
    sources: SourceMap,
    file: FileId,
    path: PathBuf,
}

impl Buildable {
    /// Reads and checks a file. `None` when it has errors, which have been printed.
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
        super::warn(&workspace.passed_over(), global);
        if let Some(line) = not_a_pipeline(host, path, checked.tree()) {
            return Err(line);
        }
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
                path: path.to_owned(),
            }),
            _ => None,
        })
    }

    /// The project of the file.
    pub(super) fn project(&self) -> &Project {
        &self.project.project
    }

    /// The path of the file, as it was given.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The text of the file.
    pub(super) fn text(&self) -> &str {
        self.sources.get(self.file).map_or("", |file| &file.text)
    }

    /// The lines and columns, from 1, at which spans start.
    pub(super) fn places(&self, spans: &[Span]) -> Vec<(u32, u32)> {
        let place = |span: &Span| {
            let file = self.sources.get(span.file)?;
            let position = file.lines.position(&file.text, span.start);
            Some((position.line, position.column))
        };
        spans.iter().filter_map(place).collect()
    }

    /// Prints findings that were made after checking.
    pub(super) fn print(&self, found: Vec<Diagnostic>, global: &Global) {
        print(&Findings::new(found), &self.sources, global);
    }
}

fn print(findings: &Findings, sources: &SourceMap, global: &Global) {
    let colour = global.colour(out::errors_on_terminal());
    let mut human = Human::new(sources, colour);
    for found in findings.shown().iter() {
        if !global.quiet || found.severity == Severity::Error {
            out::error(&layout(&human.render(found), colour));
        }
    }
}
