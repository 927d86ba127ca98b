//! The ids of a project's pipelines, for files that name others.
//!
//! Enters: a project, a file of it and its text. Leaves: the settings its check needs. The
//! other files are only read where the text has a word for them, and once a project.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use super::{host::Host, project::Project};
use crate::{
    check::{Settings, id_of},
    source::SourceMap,
};

/// Keys that name another pipeline.
const NAMING: [&str; 2] = ["pipeline_id", "extends"];

/// The ids found so far, by the folder below which they were sought; none where some file could
/// not be read.
#[derive(Debug, Default)]
pub struct Ids(Mutex<BTreeMap<PathBuf, Option<Vec<String>>>>);

impl Project {
    /// What checking a file needs: the project's settings, and where the text names other
    /// pipelines, the ids of those the project selects. Without a `fmc.toml` the project is
    /// the file's folder.
    #[must_use]
    pub fn settings_for(&self, host: &dyn Host, path: &Path, text: &str) -> Cow<'_, Settings> {
        if !NAMING.iter().any(|word| text.contains(word)) {
            return Cow::Borrowed(&self.settings);
        }
        let path = host.absolute(path);
        let folder = self.root.as_deref().or_else(|| path.parent());
        let folder = folder.unwrap_or(&path);
        let mut known = self.ids.0.lock().unwrap_or_else(PoisonError::into_inner);
        let ids = known
            .entry(folder.to_owned())
            .or_insert_with(|| find(host, self, folder));
        Cow::Owned(Settings {
            pipelines: ids.clone(),
            ..self.settings.clone()
        })
    }
}

fn find(host: &dyn Host, project: &Project, folder: &Path) -> Option<Vec<String>> {
    let mut ids = Vec::new();
    for path in host.json_files(folder).ok()? {
        if !project.selects(&path) {
            continue;
        }
        let mut sources = SourceMap::new();
        let file = sources.add_bytes(path.to_string_lossy(), host.read(&path).ok()?);
        ids.extend(id_of(&sources, file));
    }
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
}

#[cfg(test)]
mod tests {
    use super::{Path, Project};
    use crate::driver::host::Memory;

    const CHILD: &str = r#"{"extends": "base", "stages": []}"#;

    fn ids(project: &Project, host: &Memory, path: &str, text: &str) -> Option<Vec<String>> {
        let settings = project.settings_for(host, Path::new(path), text);
        settings.pipelines.clone()
    }

    fn host() -> Memory {
        let host = Memory::new();
        host.insert("/p/pipelines/base.json", r#"{"stages": []}"#);
        host.insert("/p/pipelines/b.c.json", r#"{"id": "named", "stages": []}"#);
        host.insert("/p/pipelines/package.json", "{}");
        host.insert("/p/other/one two.json", r#"{"stages": ["#);
        host
    }

    #[test]
    fn a_project_has_what_it_selects() {
        let project = Project {
            root: Some("/p".into()),
            pipelines: vec!["pipelines/*.json".into()],
            ..Project::default()
        };
        let expected = Some(vec!["base".to_owned(), "named".to_owned()]);
        assert_eq!(ids(&project, &host(), "/p/x.json", CHILD), expected);
        assert_eq!(ids(&project, &host(), "/p/x.json", "{}"), None);
    }

    #[test]
    fn without_one_the_folder_is_the_project() {
        let expected = Some(vec!["one-two".to_owned()]);
        let project = Project::default();
        assert_eq!(ids(&project, &host(), "/p/other/x.json", CHILD), expected);
    }
}
