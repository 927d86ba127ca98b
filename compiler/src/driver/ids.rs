//! The ids of a project's pipelines, for files that name other pipelines.
//!
//! Enters: a project and a host. Leaves: its ids. The folder is listed when they are first
//! wanted and after [`ProjectIds::outdated`]; a file is read again only when its stamp has changed.
//! Must not know who names whom.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    host::{Host, Stamp},
    project::Project,
};
use crate::{check::id_of, source::SourceMap};

/// The ids of one project, as far as somebody has asked for them.
#[derive(Debug, Default)]
pub(super) struct ProjectIds(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// What `all` answers; `None` until it is asked, and again after `outdated`. The inner
    /// `None` means that some file could not be read, so that the ids are not known.
    answer: Option<Option<Arc<[String]>>>,
    /// The files of the last listing.
    files: BTreeMap<PathBuf, File>,
}

#[derive(Debug)]
struct File {
    stamp: Option<Stamp>,
    /// None where the file holds no pipeline.
    id: Option<String>,
}

impl ProjectIds {
    /// The ids, sorted; none where some file could not be read.
    pub(super) fn all(&self, host: &dyn Host, project: &Project) -> Option<Arc<[String]>> {
        // Without `fmc.toml` nobody knows where the project ends: the file may lie in somebody's
        // home folder, which must not be searched.
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

    /// Files may have changed on disk: the next question lists the folder again.
    pub(super) fn outdated(&self) {
        self.lock().answer = None;
    }

    /// The text of one file has changed. True where that gave it another id, so that what was
    /// said of files that name others may no longer hold. Reads nothing where nobody has ever
    /// asked for the ids.
    pub(super) fn edited(&self, host: &dyn Host, path: &Path) -> bool {
        let mut known = self.lock();
        let Some(old) = known.files.get_mut(path) else {
            return false;
        };
        let Some(new) = read(host, path) else {
            return false;
        };
        let changed = new.id != old.id;
        *old = new;
        if changed && matches!(known.answer, Some(Some(_))) {
            let ids = known.ids();
            known.answer = Some(Some(ids));
        }
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        // Every change is one assignment or followed by a new listing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Lists the folder and reads what is new or changed; none where something is unreadable.
    fn list(&mut self, host: &dyn Host, project: &Project, folder: &Path) -> Option<()> {
        let mut old = std::mem::take(&mut self.files);
        for path in host.json_files(folder).ok()? {
            if !project.selects(&path) {
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
    // The stamp first: a change between the two is then seen the next time.
    let stamp = host.stamp(path);
    let mut sources = SourceMap::new();
    let file = sources.add_bytes(path.to_string_lossy(), host.read(path).ok()?);
    let id = id_of(&sources, file);
    Some(File { stamp, id })
}
