//! Which files are checked, and which project each belongs to.
//!
//! Enters: paths of the command line. Leaves: jobs in order of path, each file once.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    super::levels::LevelFlags,
    work::{Done, Job, Options},
};
use crate::{
    diagnostics::{Findings, suppress},
    driver::{
        host::Host,
        project::{self, Project},
        session::slashes,
    },
    source::SourceMap,
};

/// The projects of the files, each loaded once.
pub(super) struct Projects<'a> {
    host: &'a dyn Host,
    flags: &'a LevelFlags,
    /// Folder to the `fmc.toml` that holds in it.
    folders: BTreeMap<PathBuf, Option<PathBuf>>,
    loaded: BTreeMap<Option<PathBuf>, Loaded>,
}

struct Loaded {
    project: Arc<Project>,
    sources: SourceMap,
    findings: Findings,
}

impl<'a> Projects<'a> {
    pub(super) fn new(host: &'a dyn Host, flags: &'a LevelFlags) -> Self {
        Self {
            host,
            flags,
            folders: BTreeMap::new(),
            loaded: BTreeMap::new(),
        }
    }

    /// The project of a file.
    pub(super) fn of(&mut self, path: &Path) -> Result<Arc<Project>, String> {
        let absolute = self.host.absolute(path);
        let folder = absolute.parent().unwrap_or(&absolute).to_owned();
        let file = match self.folders.get(&folder) {
            Some(file) => file.clone(),
            None => {
                let file = project::find(self.host, path);
                self.folders.insert(folder, file.clone());
                file
            }
        };
        if let Some(loaded) = self.loaded.get(&file) {
            return Ok(loaded.project.clone());
        }
        let loaded = self.load(file.as_deref())?;
        let project = loaded.project.clone();
        self.loaded.insert(file, loaded);
        Ok(project)
    }

    fn load(&self, file: Option<&Path>) -> Result<Loaded, String> {
        let mut sources = SourceMap::new();
        let (mut project, findings) = match file {
            None => Default::default(),
            Some(path) => {
                let shown = shown(self.host, path);
                project::read(self.host, path, shown, &mut sources)
                    .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?
            }
        };
        self.flags.apply(&mut project.settings.levels)?;
        Ok(Loaded {
            findings: suppress::apply(findings, &project.settings.levels, &[]),
            project: Arc::new(project),
            sources,
        })
    }

    /// What was found in configuration files, in order of path.
    pub(super) fn findings(&self, options: &Options) -> Vec<Done> {
        self.loaded
            .iter()
            .filter_map(|(path, loaded)| {
                let path = path.as_ref()?;
                let done = Done::new(path, &loaded.findings, &loaded.sources, options);
                Some(Done {
                    pipeline: false,
                    ..done
                })
            })
            .collect()
    }
}

/// The jobs so far, each file once.
#[derive(Default)]
pub(super) struct Jobs {
    pub(super) list: Vec<Job>,
    seen: HashSet<PathBuf>,
}

impl Jobs {
    /// Adds the jobs of a file or folder.
    pub(super) fn add(
        &mut self,
        host: &dyn Host,
        path: &Path,
        projects: &mut Projects<'_>,
    ) -> Result<(), String> {
        if !host.is_dir(path) {
            if !host.is_file(path) {
                return Err(format!("no file or folder `{}`", path.display()));
            }
            self.file(path, true, projects.of(path)?);
            return Ok(());
        }
        let files = host
            .json_files(path)
            .map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        for file in files {
            let project = projects.of(&file)?;
            if project.selects(&host.absolute(&file)) {
                self.file(&file, false, project);
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, named: bool, project: Arc<Project>) {
        let path = path.strip_prefix("./").unwrap_or(path).to_owned();
        if self.seen.insert(path.clone()) {
            self.list.push(Job::file(path, named, project));
        }
    }
}

/// A path as findings show it: below the current folder where it is, with `/`.
fn shown(host: &dyn Host, path: &Path) -> String {
    let here = host.absolute(Path::new("."));
    let path = path.strip_prefix(&here).unwrap_or(path);
    slashes(path)
}
