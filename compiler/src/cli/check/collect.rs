//! Which files are checked, and which project each belongs to.
//!
//! Enters: paths from the command line. Leaves: jobs sorted by path, each file once. Must not know
//! how files are checked.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::work::Job;
use crate::{
    cli::left_out::LeftOut,
    driver::{
        host::Host,
        paths,
        workspace::{LoadedProject, Workspace},
    },
};

/// The jobs so far, each file once.
#[derive(Default)]
pub(super) struct Jobs {
    pub(super) list: Vec<Job>,
    /// What was left out of folders, by what says so.
    pub(super) left_out: LeftOut,
    seen: HashSet<PathBuf>,
}

impl Jobs {
    /// Adds the jobs of a file or folder.
    pub(super) fn add(
        &mut self,
        host: &dyn Host,
        path: &Path,
        workspace: &mut Workspace,
    ) -> Result<(), String> {
        if !host.is_dir(path) {
            if !host.is_file(path) {
                return Err(format!("no file or folder `{}`", path.display()));
            }
            self.file(path, true, workspace.project(host, path)?);
            return Ok(());
        }
        let listing = host
            .json_files(path)
            .map_err(|error| paths::unreadable(path, &error))?;
        self.left_out.add(listing.left_out);
        for file in listing.files {
            let project = workspace.project(host, &file)?;
            if project.project.selects(&host.absolute(&file))? {
                self.file(&file, false, project);
            } else if let Some(config) = &project.config {
                self.left_out.file(paths::shown(host, config));
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, named: bool, project: Arc<LoadedProject>) {
        let path = path.strip_prefix("./").unwrap_or(path).to_owned();
        if self.seen.insert(path.clone()) {
            self.list.push(Job::file(path, named, project));
        }
    }
}
