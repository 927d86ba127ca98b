//! Which documents are open, and what is to be published about them.
//!
//! Enters: texts with versions. Leaves: findings by document. A document is checked when its
//! text or its `fmc.toml` changes. Must not know streams.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
};

use fmc::driver::project::FILE_NAME;
use tower_lsp::lsp_types::{Diagnostic, Url};

use super::convert;
use crate::{findings, overlay::Overlay};

/// What is to be published about a document.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) uri: Url,
    /// The version it is about; none where the document is not open.
    pub(super) version: Option<i32>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The open documents.
#[derive(Debug, Default)]
pub(super) struct State {
    overlay: Overlay,
    versions: BTreeMap<Url, i32>,
    /// Whether the editor can be asked to tell of changed files.
    pub(super) watches: bool,
}

type Publications = Vec<Result<Publication, String>>;

impl State {
    /// Takes a text, new or changed, and checks what it bears upon.
    pub(super) fn open(&mut self, uri: Url, version: i32, text: String) -> Publications {
        self.overlay.open(path(&uri), text);
        self.versions.insert(uri.clone(), version);
        if is_configuration(&uri) {
            return self.check_all();
        }
        self.check(&uri)
    }

    /// Forgets a document: its findings go.
    pub(super) fn close(&mut self, uri: &Url) -> Publications {
        self.overlay.close(&path(uri));
        self.versions.remove(uri);
        let mut found = if is_configuration(uri) {
            self.check_all()
        } else {
            Vec::new()
        };
        found.push(Ok(Publication {
            uri: uri.clone(),
            version: None,
            diagnostics: Vec::new(),
        }));
        found
    }

    /// Checks every open document.
    pub(super) fn check_all(&self) -> Publications {
        let open = self.versions.keys();
        open.flat_map(|uri| self.check(uri)).collect()
    }

    /// Checks an open document, with the configuration that holds for it.
    pub(super) fn check(&self, uri: &Url) -> Publications {
        let path = path(uri);
        // No panic is known; one that is found must not take the editor's session along.
        let checked = catch_unwind(AssertUnwindSafe(|| findings::check(&self.overlay, &path)));
        let Ok(checked) = checked else {
            return vec![Err(format!("checking `{}` panicked", path.display()))];
        };
        let files = match checked {
            Ok(files) => files,
            Err(message) => return vec![Err(message)],
        };
        let publication = |file: findings::FileFindings| {
            let uri = if file.path == path {
                uri.clone()
            } else {
                Url::from_file_path(&file.path).ok()?
            };
            Some(Ok(Publication {
                version: self.versions.get(&uri).copied(),
                diagnostics: convert::diagnostics(&file.findings),
                uri,
            }))
        };
        files.into_iter().filter_map(publication).collect()
    }
}

fn is_configuration(uri: &Url) -> bool {
    path(uri).file_name().is_some_and(|name| name == FILE_NAME)
}

/// The path of a document; of one that is not a file yet, its name.
fn path(uri: &Url) -> PathBuf {
    uri.to_file_path()
        .unwrap_or_else(|()| PathBuf::from(uri.path()))
}
