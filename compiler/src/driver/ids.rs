//! The ids of a project's pipelines, needed by files that name other pipelines.
//!
//! Enters: a project and a host. Leaves: the project's ids. The folder is listed when the ids are
//! first asked for, and again after [`ProjectIds::outdated`]; a file is read again only when its
//! stamp has changed. Must not know which pipeline names which.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    host::{Host, Stamp},
    project::Project,
    read::Expected,
};
use crate::{check::id_of, source::SourceMap};

/// The ids of one project, as far as they have been asked for.
#[derive(Debug, Default)]
pub(super) struct ProjectIds(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// The answer of `all`. `None` until it is asked for, and again after `outdated`. The inner
    /// `None` means that a file could not be read, so that the ids are not known.
    answer: Option<Option<Arc<[String]>>>,
    /// The files of the last listing.
    files: BTreeMap<PathBuf, File>,
}

#[derive(Debug)]
struct File {
    stamp: Option<Stamp>,
    /// The id of its pipeline; `None` when the file holds no pipeline.
    id: Option<String>,
}

impl ProjectIds {
    /// The ids, sorted. `None` when a file could not be read.
    pub(super) fn all(&self, host: &dyn Host, project: &Project) -> Option<Arc<[String]>> {
        // Without `fmc.toml` nobody knows where the project ends. The file may be in someone's home
        // folder, which must not be searched.
        let folder = project.root.as_deref()?;
        let mut known = self.lock();
        if let Some(answer) = &known.answer {
            return answer.clone();
        }
        let listed = known.list(host, project, folder);
        let answer = listed.map(|()| known.ids());
        known.answer = Some(answer.clone());
        answer
    }

    /// Says that files may have changed on disk. The folder is listed again when the ids are next
    /// asked for.
    pub(super) fn outdated(&self) {
        self.lock().answer = None;
    }

    /// Says that the text of one file has changed. True when its pipeline now has another id, so
    /// that findings in files that name it may be wrong. Reads nothing if the ids were never asked
    /// for.
    pub(super) fn edited(&self, host: &dyn Host, path: &Path) -> bool {
        let mut known = self.lock();
        // The ids were never asked for, or the file is not one of the project.
        let Some(old) = known.files.get_mut(path) else {
            return false;
        };
        let Some(new) = read(host, path) else {
            return false;
        };
        let changed = new.id != old.id;
        *old = new;
        // Only one id changed, so the folder need not be listed again.
        if changed && matches!(known.answer, Some(Some(_))) {
            let ids = known.ids();
            known.answer = Some(Some(ids));
        }
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Every change is a single assignment or is followed by a new listing, so the data is
        // consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Lists the folder and reads new and changed files. `None` when something cannot be read.
    fn list(&mut self, host: &dyn Host, project: &Project, folder: &Path) -> Option<()> {
        let mut old = std::mem::take(&mut self.files);
        for path in host.json_files(folder).ok()?.files {
            if !project.selects(&path).ok()? {
                continue;
            }
            let stamp = host.stamp(&path);
            let file = match old.remove(&path) {
                Some(file) if stamp.is_some() && file.stamp == stamp => file,
                _ => read(host, &path)?,
            };
            self.files.insert(path, file);
        }
        Some(())
    }

    fn ids(&self) -> Arc<[String]> {
        let ids = self.files.values().filter_map(|file| file.id.clone());
        let mut ids: Vec<String> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        ids.into()
    }
}

fn read(host: &dyn Host, path: &Path) -> Option<File> {
    // Take the stamp before reading: if the file changes in between, the next listing notices.
    let stamp = host.stamp(path);
    let mut sources = SourceMap::new();
    let file = sources.add_bytes(
        path.to_string_lossy(),
        host.read(path, Expected::Found).ok()?,
    );
    let id = id_of(&sources, file);
    Some(File { stamp, id })
}
