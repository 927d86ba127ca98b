//! One pipeline file, with the project it belongs to.
//!
//! Enters: a path. Leaves: its text, what checking made of it, its project. Must not know what
//! is done with them.

use std::path::Path;

use super::{
    host::Host,
    project::{self, Project},
};
use crate::{
    check::{Checked, check, id_of},
    diagnostics::{Findings, suppress},
    source::{FileId, SourceMap},
};

/// A checked pipeline file.
#[derive(Debug)]
pub struct Session {
    /// The file and its `fmc.toml`.
    pub sources: SourceMap,
    /// The pipeline file.
    pub file: FileId,
    /// What checking made of it.
    pub checked: Checked,
    /// Its project.
    pub project: Project,
    /// What was found in `fmc.toml`.
    pub project_findings: Findings,
}

impl Session {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// One line: a file cannot be read.
    pub fn open(host: &dyn Host, path: &Path) -> Result<Self, String> {
        let bytes = host.read(path).map_err(|error| unreadable(path, &error))?;
        let mut sources = SourceMap::new();
        let (project, found) = match project::find(host, path) {
            None => Default::default(),
            Some(config) => {
                let shown = slashes(&config);
                project::read(host, &config, shown, &mut sources)
                    .map_err(|error| unreadable(&config, &error))?
            }
        };
        let file = sources.add_bytes(slashes(path), bytes);
        let text = sources.get(file).map_or("", |file| &file.text);
        let settings = project.settings_for(host, text);
        let checked = check(&sources, file, &settings);
        Ok(Self {
            project_findings: suppress::apply(found, &project.settings.levels, &[]),
            sources,
            file,
            checked,
            project,
        })
    }

    /// The pipeline's text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.sources.get(self.file).map_or("", |file| &file.text)
    }
}

/// Whether a file holds an object with `stages`, whatever else is wrong with it.
#[must_use]
pub fn is_pipeline(host: &dyn Host, path: &Path) -> bool {
    let Ok(bytes) = host.read(path) else {
        return false;
    };
    let mut sources = SourceMap::new();
    let file = sources.add_bytes(slashes(path), bytes);
    id_of(&sources, file).is_some()
}

fn unreadable(path: &Path, error: &std::io::Error) -> String {
    format!("cannot read `{}`: {error}", path.display())
}

/// A path with `/`, as findings show it.
#[must_use]
pub fn slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}
