//! What is known about projects, for as long as a command runs or an editor is open.
//!
//! Enters: a host, paths of files, and news that something may have changed. Leaves: the project of
//! a file. Its `fmc.toml` is read once, and again only when it has changed; the ids of its
//! pipelines are looked for only when a file names another pipeline. Must not know who asks.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    find::{Finder, Found},
    host::{Host, Stamp},
    ids::ProjectIds,
    paths,
    project::{self, Project},
    read::{Expected, is_json},
};
use crate::{
    ast,
    check::{Checked, check_in_project, id_of},
    diagnostics::{
        Findings,
        suppress::{self, Levels},
    },
    source::{FileId, SourceMap},
    syntax::tree::Node,
};

/// The projects of all files asked about so far.
#[derive(Debug, Default)]
pub struct Workspace {
    /// The levels of the command line. They override those of every `fmc.toml`.
    levels: Levels,
    /// For each folder, the `fmc.toml` that applies in it, as found since the last
    /// [`Workspace::refresh`].
    folders: BTreeMap<PathBuf, Option<PathBuf>>,
    /// What was seen of those folders and of the ones above them, for the next folder.
    finder: Finder,
    /// The projects by their `fmc.toml`; under `None` the settings that apply without one.
    projects: BTreeMap<Option<PathBuf>, Arc<LoadedProject>>,
    /// One line about each `fmc.toml` that does not count.
    passed_over: BTreeSet<String>,
}

/// A project, the findings about its `fmc.toml`, and what is known about its files.
#[derive(Debug)]
pub struct LoadedProject {
    /// The path of its `fmc.toml`, from the root of the file system.
    pub config: Option<PathBuf>,
    /// What the file says.
    pub project: Project,
    /// The text of that file, and no other.
    pub sources: SourceMap,
    /// The findings about it.
    pub findings: Findings,
    stamp: Option<Stamp>,
    ids: ProjectIds,
}

/// One pipeline file, read and checked, with its project.
#[derive(Debug)]
pub struct CheckedFile {
    /// The text of the file, and no other.
    pub sources: SourceMap,
    /// The id of the file in `sources`.
    pub file: FileId,
    /// The result of checking.
    pub checked: Checked,
    /// Its project.
    pub project: Arc<LoadedProject>,
}

impl Workspace {
    /// An empty workspace. `levels` are those of the command line.
    #[must_use]
    pub fn new(levels: Levels) -> Self {
        Self {
            levels,
            ..Self::default()
        }
    }

    /// The project of a file, as the nearest `fmc.toml` above it says.
    ///
    /// # Errors
    /// One line: the `fmc.toml` cannot be read.
    pub fn project(&mut self, host: &dyn Host, path: &Path) -> Result<Arc<LoadedProject>, String> {
        let absolute = host.absolute(path);
        let folder = absolute.parent().unwrap_or(&absolute);
        if let Some(config) = self.folders.get(folder)
            && let Some(loaded) = self.projects.get(config)
        {
            return Ok(loaded.clone());
        }
        let Found {
            config,
            passed_over,
        } = self.finder.find(host, path);
        self.passed_over.extend(passed_over);
        let stamp = config.as_deref().and_then(|config| host.stamp(config));
        self.folders.insert(folder.to_owned(), config.clone());
        if let Some(loaded) = self.projects.get(&config)
            && loaded.stamp == stamp
            // Without a stamp nobody can say whether the file has changed, so it is read again.
            && (config.is_none() || stamp.is_some())
        {
            return Ok(loaded.clone());
        }
        let loaded = LoadedProject::load(host, config.clone(), stamp, &self.levels)?;
        let loaded = Arc::new(loaded);
        self.projects.insert(config, loaded.clone());
        Ok(loaded)
    }

    /// Every project asked about so far, sorted by path.
    pub fn projects(&self) -> impl Iterator<Item = &Arc<LoadedProject>> {
        self.projects.values()
    }

    /// The lines about each `fmc.toml` that does not count, because somebody else may have written
    /// it; each is given once.
    pub fn passed_over(&mut self) -> BTreeSet<String> {
        std::mem::take(&mut self.passed_over)
    }

    /// Reads and checks a pipeline file.
    ///
    /// # Errors
    /// One line: the file or its `fmc.toml` cannot be read.
    pub fn check_file(&mut self, host: &dyn Host, path: &Path) -> Result<CheckedFile, String> {
        let bytes = host
            .read(path, Expected::Named)
            .map_err(|error| paths::unreadable(path, &error))?;
        let project = self.project(host, path)?;
        let mut sources = SourceMap::new();
        let file = sources.add_bytes(paths::slashes(path), bytes);
        let checked = project.check(host, &sources, file);
        Ok(CheckedFile {
            sources,
            file,
            checked,
            project,
        })
    }

    /// Says that a `fmc.toml` may have been added, changed or removed. The next question looks for
    /// it again; an unchanged one is not read again.
    pub fn refresh(&mut self) {
        self.folders.clear();
        self.finder.forget();
    }

    /// Says that pipeline files may have been added, changed or removed. The project is listed
    /// again for the next file that names another pipeline.
    pub fn relist(&self) {
        for loaded in self.projects.values() {
            loaded.ids.outdated();
        }
    }

    /// Says that the text of one file has changed in the editor. True when its pipeline now has
    /// another id, so that findings in files that name it may be wrong.
    pub fn edited(&self, host: &dyn Host, path: &Path) -> bool {
        let mut changed = false;
        for loaded in self.projects.values() {
            changed |= loaded.ids.edited(host, path);
        }
        changed
    }
}

impl LoadedProject {
    /// A project whose configuration does not come from a `fmc.toml`.
    #[must_use]
    pub fn new(project: Project) -> Self {
        Self {
            config: None,
            project,
            sources: SourceMap::new(),
            findings: Findings::default(),
            stamp: None,
            ids: ProjectIds::default(),
        }
    }

    fn load(
        host: &dyn Host,
        config: Option<PathBuf>,
        stamp: Option<Stamp>,
        levels: &Levels,
    ) -> Result<Self, String> {
        let mut sources = SourceMap::new();
        let (mut project, found) = match &config {
            None => Default::default(),
            Some(path) => project::read(host, path, paths::shown(host, path), &mut sources)
                .map_err(|error| paths::unreadable(path, &error))?,
        };
        project.settings.levels.override_with(levels);
        Ok(Self {
            config,
            findings: suppress::apply(found, &project.settings.levels, &[]),
            sources,
            stamp,
            ..Self::new(project)
        })
    }

    /// Checks a file of the project. Other files of the project are read only if this one names
    /// another pipeline.
    #[must_use]
    pub fn check(&self, host: &dyn Host, sources: &SourceMap, file: FileId) -> Checked {
        let ids = || self.ids.all(host, &self.project);
        check_in_project(sources, file, &self.project.settings, &ids)
    }
}

impl CheckedFile {
    /// The text of the file.
    #[must_use]
    pub fn text(&self) -> &str {
        self.sources.get(self.file).map_or("", |file| &file.text)
    }
}

/// The line that refuses a file that may have come under a name by chance or by malice: one that is
/// not called `.json`, like `.env`, or that a link leads to. Nothing of it is shown unless it is a
/// pipeline: a tree with `stages`. `None` for all other files.
#[must_use]
pub fn not_a_pipeline(host: &dyn Host, path: &Path, tree: &Node) -> Option<String> {
    let certain = is_json(path) && !host.is_link(path);
    if certain || ast::is_pipeline(tree) {
        return None;
    }
    let what = if host.is_link(path) {
        "the file that it links to"
    } else {
        "it"
    };
    let path = path.display();
    Some(format!(
        "cannot check `{path}`: {what} is not a pipeline, an object with `stages`"
    ))
}

/// Whether a file holds an object with `stages`, whatever else is wrong with it.
#[must_use]
pub fn is_pipeline(host: &dyn Host, path: &Path) -> bool {
    let Ok(bytes) = host.read(path, Expected::Found) else {
        return false;
    };
    let mut sources = SourceMap::new();
    let file = sources.add_bytes(paths::slashes(path), bytes);
    id_of(&sources, file).is_some()
}
