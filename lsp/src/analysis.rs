//! What is known about one version of a document.
//!
//! Enters: a host that shows the open texts, and a path. Leaves: an [`Analysis`], which every
//! feature asks. It is made by the same loader and checks as on the command line. Must not know the
//! protocol.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    sync::Arc,
};

use fmc::{
    check::Checked,
    diagnostics::{Diagnostic, Findings, suppress},
    driver::{
        host::Host,
        paths::unreadable,
        project::{self, FILE_NAME},
        workspace::{CheckedFile, LoadedProject, Workspace},
    },
    source::{FileId, SourceMap},
    syntax::tree::{Node, NodeKind},
};

/// What the compiler understood of a pipeline.
pub type Understood = Checked;

/// What is known about one version of a document.
#[derive(Debug)]
pub struct Analysis {
    /// The document.
    pub path: PathBuf,
    /// Its text.
    pub sources: SourceMap,
    /// The id of the document in `sources`.
    pub file: FileId,
    /// The result of checking a pipeline; `None` for a `fmc.toml`.
    pub understood: Option<Understood>,
    /// The project of a pipeline; `None` for a `fmc.toml`.
    pub project: Option<Arc<LoadedProject>>,
    /// Whether nothing is shown for the document: it is JSON that is not a pipeline, like a
    /// `package.json`, or `[project]` excludes it. Set when it is read; [`Analysis::findings`] then
    /// gives none.
    pub foreign: bool,
    /// The findings about a `fmc.toml`.
    configuration: Findings,
}

impl Analysis {
    /// Reads and checks a pipeline with the `fmc.toml` that applies to it, or a `fmc.toml`.
    ///
    /// # Errors
    /// One line: a file cannot be read.
    pub fn new(workspace: &mut Workspace, host: &dyn Host, path: &Path) -> Result<Self, String> {
        if is_configuration(path) {
            return Self::of_configuration(host, path);
        }
        let CheckedFile {
            sources,
            file,
            checked,
            project,
        } = workspace.check_file(host, path)?;
        Ok(Self {
            path: path.to_owned(),
            sources,
            file,
            foreign: is_foreign(checked.tree())
                // A file that takes too long to compare with the globs is shown as one of the project.
                || project.project.selects(path) == Ok(false),
            understood: Some(checked),
            project: Some(project),
            configuration: Findings::default(),
        })
    }

    fn of_configuration(host: &dyn Host, path: &Path) -> Result<Self, String> {
        let mut sources = SourceMap::new();
        let shown = path.to_string_lossy().into_owned();
        let (project, found) = project::read(host, path, shown, &mut sources)
            .map_err(|error| unreadable(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            sources,
            file: FileId::default(),
            understood: None,
            project: None,
            foreign: false,
            configuration: suppress::apply(found, &project.settings.levels, &[]),
        })
    }

    /// The findings to show, in order.
    #[must_use]
    pub fn findings(&self) -> Cow<'_, [Diagnostic]> {
        let findings = match &self.understood {
            _ if self.foreign => return Cow::default(),
            Some(understood) => understood.findings(),
            None => &self.configuration,
        };
        findings.shown()
    }
}

/// Whether a path names a `fmc.toml`.
#[must_use]
pub fn is_configuration(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == FILE_NAME)
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

/// Whether a file is valid JSON that has nothing of a pipeline. An editor may send every JSON file
/// that it opens, also a `package.json`.
fn is_foreign(tree: &Node) -> bool {
    match &tree.kind {
        NodeKind::Object(entries) => entries
            .iter()
            .all(|entry| !OURS.contains(&&*entry.key.text)),
        NodeKind::Array(items) => items.iter().all(is_foreign),
        // Broken text may become a pipeline: show what is wrong with it.
        NodeKind::Error => false,
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::String(_) => true,
    }
}
