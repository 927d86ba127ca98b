//! The ids of a project's pipelines, for files that name others.
//!
//! Enters: a project, a file of it and its text. Leaves: the settings its check needs. The
//! other files are only read where the text has a word for them, and once a project.

use std::{borrow::Cow, path::Path, sync::OnceLock};

use super::{host::Host, project::Project};
use crate::{
    check::{Settings, id_of},
    source::SourceMap,
};

/// Keys that name another pipeline.
const NAMING: [&str; 2] = ["pipeline_id", "extends"];

/// The ids of a project, once they were sought; none where some file could not be read.
#[derive(Debug, Default)]
pub struct Ids(OnceLock<Option<Vec<String>>>);

impl Project {
    /// What checking a file needs: the project's settings, and where the text names other
    /// pipelines, the ids of those the project selects. Without a `fmc.toml` nobody knows where
    /// the project ends (the file may lie in someone's home), so nothing is said of ids.
    #[must_use]
    pub fn settings_for(&self, host: &dyn Host, text: &str) -> Cow<'_, Settings> {
        let Some(folder) = &self.root else {
            return Cow::Borrowed(&self.settings);
        };
        if !NAMING.iter().any(|word| text.contains(word)) {
            return Cow::Borrowed(&self.settings);
        }
        let ids = self.ids.0.get_or_init(|| find(host, self, folder));
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
    use super::Project;
    use crate::driver::host::Memory;

    const CHILD: &str = r#"{"extends": "base", "stages": []}"#;

    fn ids(project: &Project, host: &Memory, text: &str) -> Option<Vec<String>> {
        project.settings_for(host, text).pipelines.clone()
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
        assert_eq!(ids(&project, &host(), CHILD), expected);
        assert_eq!(ids(&project, &host(), "{}"), None);
    }

    #[test]
    fn without_one_nothing_is_known() {
        assert_eq!(ids(&Project::default(), &host(), CHILD), None);
    }
}
