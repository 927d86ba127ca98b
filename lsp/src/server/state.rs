//! The open documents, what is known about each, and what to publish.
//!
//! Enters: texts with versions, and news of files that changed on disk. Leaves: findings for each
//! document and, for the features, the last analysis of a document. Must not know streams.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use fmc::driver::workspace::Workspace;
use tower_lsp::lsp_types::{CodeActionOrCommand, Diagnostic, Range, Url};

use super::convert;
use crate::{
    analysis::{Analysis, is_configuration},
    features::{actions, findings},
    overlay::Overlay,
};

/// What to publish about a document.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) uri: Url,
    /// The version that it is about; `None` when the document is not open.
    pub(super) version: Option<i32>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Publication {
    /// Removes what was published about a document.
    fn nothing(uri: Url) -> Self {
        Self {
            uri,
            version: None,
            diagnostics: Vec::new(),
        }
    }
}

/// What the editor can do, from its `initialize` request. Everything is false until then.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Abilities {
    /// Whether the editor can report files that change on disk. Set from `initialize`; read when a
    /// document is opened, saved or closed: without it, projects are searched again then.
    pub(super) watches: bool,
    /// Whether the editor accepts edits that name the version they are for, and refuses them for
    /// any other version. Set from `initialize`; read when code actions are made.
    pub(super) versioned_edits: bool,
}

/// The open documents and what is known about their projects.
#[derive(Default)]
pub(super) struct State {
    pub(super) abilities: Abilities,
    /// The texts.
    overlay: Overlay,
    workspace: Workspace,
    documents: BTreeMap<Url, Document>,
}

/// An open document.
#[derive(Debug)]
struct Document {
    version: i32,
    /// What is known about `version`. `None` when checking it failed, so that no answer is about an
    /// older text than the one the editor shows.
    analysis: Option<Arc<Analysis>>,
}

/// The longest text that is checked.
const LONGEST: usize = 32 << 20;

type Publications = Vec<Result<Publication, String>>;

impl State {
    /// Takes the text of a document that the editor has opened.
    pub(super) fn open(&mut self, uri: Url, version: i32, text: String) -> Publications {
        self.look_at_disk();
        self.take(uri, version, text)
    }

    /// Takes the new text of a document. A version older than the known one is ignored.
    pub(super) fn change(&mut self, uri: Url, version: i32, text: String) -> Publications {
        let known = self.documents.get(&uri);
        if known.is_some_and(|document| version < document.version) {
            return Vec::new();
        }
        self.take(uri, version, text)
    }

    fn take(&mut self, uri: Url, version: i32, text: String) -> Publications {
        let path = path(&uri);
        if text.len() > LONGEST {
            // An older text must not be shown as if it were this one.
            self.overlay.close(&path);
            self.documents.remove(&uri);
            let message = format!("`{uri}` has more than 32 MB and is not checked");
            return vec![Err(message), Ok(Publication::nothing(uri))];
        }
        self.overlay.open(path.clone(), text);
        let document = Document {
            version,
            // The old analysis is about another text, so it is dropped even if checking the new one
            // fails.
            analysis: None,
        };
        self.documents.insert(uri.clone(), document);
        if self.concerns_others(&path) {
            return self.check_all();
        }
        self.check(&uri)
    }

    /// Says that a document was written to disk.
    pub(super) fn save(&mut self, uri: &Url) -> Publications {
        self.look_at_disk();
        self.check(uri)
    }

    /// Forgets a document, and removes its findings.
    pub(super) fn close(&mut self, uri: &Url) -> Publications {
        let path = path(uri);
        self.look_at_disk();
        self.overlay.close(&path);
        self.documents.remove(uri);
        let mut found = if self.concerns_others(&path) {
            self.check_all()
        } else {
            Vec::new()
        };
        found.push(Ok(Publication::nothing(uri.clone())));
        found
    }

    /// Says that the editor has seen files change on disk.
    pub(super) fn files_changed(&mut self) -> Publications {
        self.workspace.relist();
        self.check_all()
    }

    /// The fixes to offer for a part of a document. None for a document that is not open or could
    /// not be checked.
    ///
    /// # Errors
    /// One line: looking for them panicked. The state is as it was.
    pub(super) fn actions(
        &self,
        uri: &Url,
        selected: Range,
    ) -> Result<Vec<CodeActionOrCommand>, String> {
        let Some(document) = self.documents.get(uri) else {
            return Ok(Vec::new());
        };
        let Some(analysis) = &document.analysis else {
            return Ok(Vec::new());
        };
        let target = convert::Target {
            uri,
            version: self.abilities.versioned_edits.then_some(document.version),
        };
        let selected = convert::selected(selected);
        let actions = catch_unwind(AssertUnwindSafe(|| actions::at(analysis, selected)))
            .map_err(|_| format!("looking for fixes in `{uri}` panicked"))?;
        let actions = actions.into_iter().map(|action| target.action(action));
        Ok(actions.map(CodeActionOrCommand::CodeAction).collect())
    }

    /// Whether a new text affects other documents: it is a `fmc.toml`, or a pipeline whose id has
    /// changed.
    fn concerns_others(&self, path: &Path) -> bool {
        is_configuration(path) || self.workspace.edited(&self.overlay, path)
    }

    /// Makes sure that projects are listed again, when the editor does not report changed files.
    fn look_at_disk(&self) {
        if !self.abilities.watches {
            self.workspace.relist();
        }
    }

    fn check_all(&mut self) -> Publications {
        let open: Vec<Url> = self.documents.keys().cloned().collect();
        open.iter().flat_map(|uri| self.check(uri)).collect()
    }

    /// Checks a document with the configuration that applies now.
    fn check(&mut self, uri: &Url) -> Publications {
        let path = path(uri);
        // Looking for `fmc.toml` takes a few file-system calls. It is read again only when it has
        // changed.
        self.workspace.refresh();
        let (workspace, overlay) = (&mut self.workspace, &self.overlay);
        // No panic is known. If there is one all the same, it must not end the editor's session.
        let checked = catch_unwind(AssertUnwindSafe(|| {
            let analysis = Analysis::new(workspace, overlay, &path)?;
            let found = findings::of(&analysis);
            Ok::<_, String>((analysis, found))
        }));
        let Ok(checked) = checked else {
            // It may be half changed.
            self.workspace = Workspace::default();
            return vec![Err(format!("checking `{}` panicked", path.display()))];
        };
        let (analysis, files) = match checked {
            Ok(checked) => checked,
            Err(message) => return vec![Err(message)],
        };
        if let Some(document) = self.documents.get_mut(uri) {
            document.analysis = Some(Arc::new(analysis));
        }
        let publication = |file: findings::FileFindings| {
            // The editor's own spelling of the address, which may differ from ours, like `%C3%A9`
            // for `é`.
            let uri = if file.path == path {
                uri.clone()
            } else {
                Url::from_file_path(&file.path).ok()?
            };
            let document = self.documents.get(&uri);
            Some(Ok(Publication {
                version: document.map(|document| document.version),
                diagnostics: convert::diagnostics(&file.findings),
                uri,
            }))
        };
        files.into_iter().filter_map(publication).collect()
    }
}

/// The path of a document; for one that is not a file yet, its name.
fn path(uri: &Url) -> PathBuf {
    uri.to_file_path()
        .unwrap_or_else(|()| PathBuf::from(uri.path()))
}

#[cfg(test)]
mod tests;
