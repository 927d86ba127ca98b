//! `fmc.toml`, loaded in the same way for the command line and the language server.
//!
//! Enters: the text of the file. Leaves: a [`Project`], and findings of family 00. A setting that
//! could not be read has its default. Must not know what uses a setting.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use fmc_expr::hosts;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::host::Host;
use crate::{
    check::Settings,
    diagnostics::{
        Code, Diagnostic, suggest,
        suppress::{Level, LevelError, Levels, WARNINGS},
    },
    source::{FileId, SourceMap, Span},
};

/// The file's name.
pub const FILE_NAME: &str = "fmc.toml";

/// A project's configuration: what its `fmc.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The folder of the file; paths and globs in the file are relative to it.
    pub root: Option<PathBuf>,
    /// `[project] pipelines`: globs of the pipeline files. Without it, every `*.json` file.
    pub pipelines: Vec<String>,
    /// `[project] exclude`: globs of files to leave out.
    pub exclude: Vec<String>,
    /// The settings for checking: `[lints]`, `[env]`, `[http]`.
    pub settings: Settings,
    /// `[build]`
    pub build: Build,
}

/// `[build]`
#[derive(Clone, Debug, Default)]
pub struct Build {
    /// `profile`
    pub profile: Option<Profile>,
    /// `out-dir`, relative to the folder of `fmc.toml`.
    pub out_dir: Option<PathBuf>,
}

/// How a binary is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Optimised.
    Release,
    /// Fast to build.
    Dev,
}

impl Project {
    /// Whether a file in the project's folder is one of its pipelines.
    #[must_use]
    pub fn selects(&self, path: &Path) -> bool {
        let Some(root) = &self.root else {
            return true;
        };
        let matches = |globs: &[String]| {
            matcher(root, globs)
                .is_some_and(|matcher| matcher.matched_path_or_any_parents(path, false).is_ignore())
        };
        let inside = path.starts_with(root);
        !inside
            || ((self.pipelines.is_empty() || matches(&self.pipelines)) && !matches(&self.exclude))
    }
}

fn matcher(root: &Path, globs: &[String]) -> Option<Gitignore> {
    let mut builder = GitignoreBuilder::new(root);
    for glob in globs {
        // The glob was checked when it was read.
        let _ = builder.add_line(None, glob);
    }
    builder.build().ok()
}

/// The `fmc.toml` that applies to a file: the nearest one above it.
#[must_use]
pub fn find(host: &dyn Host, path: &Path) -> Option<PathBuf> {
    let path = host.absolute(path);
    let mut folders = path
        .ancestors()
        .skip(1)
        .map(|folder| folder.join(FILE_NAME));
    folders.find(|candidate| host.is_file(candidate))
}

/// Reads and loads a `fmc.toml`. `shown` is its path as findings show it.
///
/// # Errors
/// The error of the file system.
pub fn read(
    host: &dyn Host,
    path: &Path,
    shown: String,
    sources: &mut SourceMap,
) -> std::io::Result<(Project, Vec<Diagnostic>)> {
    let id = sources.add_bytes(shown, host.read(path)?);
    let Some(file) = sources.get(id) else {
        return Ok(Default::default());
    };
    let (mut project, mut findings) = load(id, &file.text);
    if let Some(bad) = file.bad_bytes.first() {
        let span = Span {
            file: id,
            start: bad.start,
            end: bad.end,
        };
        findings.push(Diagnostic::new(
            Code::BadSetting,
            span,
            "configuration files must be UTF-8; these bytes are not",
        ));
    }
    project.root = path.parent().map(Path::to_owned);
    Ok((project, findings))
}

/// Loads the text of a `fmc.toml`.
#[must_use]
pub fn load(file: FileId, text: &str) -> (Project, Vec<Diagnostic>) {
    let mut loader = Loader {
        file,
        project: Project::default(),
        findings: Vec::new(),
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    // Later syntax errors are often caused by the first one.
    if let Some(error) = errors.first() {
        let range = error.span().unwrap_or(0..0);
        let message = error.message().trim_end_matches('.').to_owned();
        loader.report(Code::BadSetting, range, message);
    } else {
        loader.tables(table.get_ref());
    }
    (loader.project, loader.findings)
}

type Item<'a, 'i> = (
    &'a Spanned<std::borrow::Cow<'i, str>>,
    &'a Spanned<DeValue<'i>>,
);

/// The keys of a table in `fmc.toml`, with the function that reads each.
type Keys = &'static [(&'static str, fn(&mut Loader, &Spanned<DeValue<'_>>))];

/// Every table except `[lints]`, whose keys are codes.
const TABLES: &[(&str, Keys)] = &[
    (
        "project",
        &[
            ("pipelines", |loader, value| {
                loader.project.pipelines = loader.globs(value);
            }),
            ("exclude", |loader, value| {
                loader.project.exclude = loader.globs(value);
            }),
        ],
    ),
    (
        "env",
        &[
            ("secret", |loader, value| {
                loader.project.settings.secret = loader.strings(value);
            }),
            ("optional", |loader, value| {
                loader.project.settings.optional = loader.strings(value);
            }),
        ],
    ),
    (
        "build",
        &[
            ("profile", |loader, value| {
                loader.project.build.profile = loader.choice(
                    value,
                    &[("release", Profile::Release), ("dev", Profile::Dev)],
                );
            }),
            ("out-dir", |loader, value| {
                loader.project.build.out_dir = loader.string(value).map(PathBuf::from);
            }),
        ],
    ),
    (
        "http",
        &[("allow-hosts", |loader, value| {
            loader.project.settings.allow_hosts = Some(loader.hosts(value));
        })],
    ),
];

const LEVELS: &[(&str, Level)] = &[
    ("error", Level::Error),
    ("deny", Level::Error),
    ("warn", Level::Warn),
    ("allow", Level::Allow),
];

struct Loader {
    file: FileId,
    project: Project,
    findings: Vec<Diagnostic>,
}

impl Loader {
    fn span(&self, range: Range<usize>) -> Span {
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span {
            file: self.file,
            start: offset(range.start),
            end: offset(range.end),
        }
    }

    fn report(&mut self, code: Code, range: Range<usize>, message: String) {
        let span = self.span(range);
        self.findings.push(Diagnostic::new(code, span, message));
    }

    fn tables(&mut self, root: &DeTable<'_>) {
        for (key, value) in in_order(root) {
            let name = key.get_ref().as_ref();
            let keys = TABLES.iter().find(|(table, _)| *table == name);
            if keys.is_none() && name != "lints" {
                let tables = TABLES.iter().map(|(table, _)| *table);
                self.unknown(key, "table", tables.chain(["lints"]));
                continue;
            }
            let Some(table) = value.get_ref().as_table() else {
                self.wrong_type(value, "expected a table");
                continue;
            };
            match keys {
                Some((_, keys)) => self.table(table, keys),
                None => self.lints(table),
            }
        }
    }

    fn table(&mut self, table: &DeTable<'_>, keys: Keys) {
        for (key, value) in in_order(table) {
            let name = key.get_ref().as_ref();
            match keys.iter().find(|(known, _)| *known == name) {
                Some((_, read)) => read(self, value),
                None => self.unknown(key, "key", keys.iter().map(|(known, _)| *known)),
            }
        }
    }

    fn lints(&mut self, table: &DeTable<'_>) {
        let mut levels = Levels::default();
        for (key, value) in in_order(table) {
            let word = key.get_ref().as_ref();
            let Some(level) = self.choice(value, LEVELS) else {
                continue;
            };
            if let Err(error) = levels.set(word, level) {
                let place = self.span(key.span());
                self.findings.push(self.lint_error(&error, word, place));
            }
        }
        self.project.settings.levels = levels;
    }

    fn lint_error(&self, error: &LevelError, word: &str, place: Span) -> Diagnostic {
        let found = error.finding(word, place);
        match error {
            LevelError::Unknown(None) => {
                found.help(format!("`{WARNINGS}` stands for all warnings"))
            }
            LevelError::Unknown(Some(_)) | LevelError::NotAllowable(_) => found,
        }
    }

    fn unknown<'a>(
        &mut self,
        key: &Spanned<std::borrow::Cow<'_, str>>,
        noun: &str,
        known: impl Iterator<Item = &'a str>,
    ) {
        let name = key.get_ref().as_ref();
        let span = self.span(key.span());
        let message = format!("`{FILE_NAME}` has no {noun} `{name}` here");
        let known: Vec<&str> = known.collect();
        let list = |found: Diagnostic| {
            found.known(&format!("the {noun}s here are"), known.iter().copied())
        };
        self.findings.push(
            Diagnostic::new(Code::UnknownSetting, span, message)
                .meant_or(name, known.iter().copied(), span, list)
                .safe_if_same_but_for_style(name),
        );
    }

    fn wrong_type(&mut self, value: &Spanned<DeValue<'_>>, expected: &str) {
        let message = format!("{expected}, found {}", value.get_ref().type_str());
        self.report(Code::BadSetting, value.span(), message);
    }

    fn string(&mut self, value: &Spanned<DeValue<'_>>) -> Option<String> {
        let string = value.get_ref().as_str();
        if string.is_none() {
            self.wrong_type(value, "expected a string");
        }
        string.map(str::to_owned)
    }

    fn strings(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, "expected a list of strings");
            return Vec::new();
        };
        array.iter().filter_map(|item| self.string(item)).collect()
    }

    /// The hosts of a list, as the runtime will write them.
    fn hosts(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, "expected a list of strings");
            return Vec::new();
        };
        let mut hosts = Vec::new();
        for item in array.iter() {
            match self.string(item).map(|text| hosts::Entry::parse(&text)) {
                Some(Ok(host)) => hosts.push(host.to_string()),
                Some(Err(error)) => self.report(Code::BadSetting, item.span(), error),
                None => {}
            }
        }
        hosts
    }

    fn globs(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<String> {
        let globs = self.strings(value);
        for glob in &globs {
            // Globs are those of `.gitignore`, so the same code checks them.
            if let Err(error) = GitignoreBuilder::new("").add_line(None, glob) {
                let message = format!("`{glob}` is not a valid glob: {error}");
                self.report(Code::BadSetting, value.span(), message);
            }
        }
        globs
    }

    fn choice<T: Copy>(
        &mut self,
        value: &Spanned<DeValue<'_>>,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.string(value)?;
        if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*choice);
        }
        let known = suggest::list(choices.iter().map(|(name, _)| *name));
        let message = format!("expected one of {known}, found `{word}`");
        self.report(Code::BadSetting, value.span(), message);
        None
    }
}

/// The items of a table, in the order in which they are written.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Item<'a, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

#[cfg(test)]
mod tests {
    use super::{FileId, Path, Project, find, load};
    use crate::driver::host::Memory;

    /// Code, guilty text and message of each finding.
    fn findings(text: &str) -> Vec<String> {
        let (_, findings) = load(FileId(0), text);
        let shown = findings.iter().map(|found| {
            let span = found.primary.span;
            let guilty = text.get(span.start as usize..span.end as usize).unwrap();
            format!("{} {guilty:?} {}", found.code.code(), found.message)
        });
        shown.collect()
    }

    #[test]
    fn a_whole_file() {
        let text = r#"
            [project]
            pipelines = ["pipelines/*.json"]
            exclude = ["**/old/**"]
            [lints]
            unknown-key = "allow"
            warnings = "error"
            [env]
            secret = ["PAGER"]
            optional = ["REGION"]
            [build]
            profile = "dev"
            out-dir = "bin"
            [http]
            allow-hosts = ["api.example.com"]
        "#;
        let (project, findings) = load(FileId(0), text);
        assert_eq!(findings, []);
        insta::assert_debug_snapshot!(project);
    }

    #[test]
    fn every_mistake_has_its_place() {
        let text = "[projekt]\n[project]\npipeline = []\nexclude = 'x'\n[lints]\nunknown-kei = 'allow'\n\
                    unknown-stage = 'allow'\nunknown-key = 'off'\nrubbish-word = 'warn'\n[build]\nprofile = 3\n[env]\nsecret = [1, 'é']\n";
        insta::assert_snapshot!(format!("{text}---\n{}", findings(text).join("\n")));
    }

    #[test]
    fn allowed_hosts_are_read_as_hosts() {
        let text = "[http]\nallow-hosts = ['API.corp', '*.B.corp:80', '0x7f.1', '::1']\n";
        let (project, found) = load(FileId(0), text);
        assert_eq!(found, []);
        let hosts = project.settings.allow_hosts.unwrap();
        assert_eq!(hosts, ["api.corp", "*.b.corp:80", "127.0.0.1", "[::1]"]);
        let wrong = "[http]\nallow-hosts = ['https://api.corp', '[::1', '']\n";
        let found = findings(wrong);
        assert_eq!(found.len(), 3, "{found:?}");
        let first =
            "FMC0002 \"'https://api.corp'\" `https://api.corp` has more than a host and a port";
        assert!(
            found.iter().any(|found| found.starts_with(first)),
            "{found:?}"
        );
    }

    #[test]
    fn broken_toml_is_one_finding() {
        let found = findings("[project\npipelines = 3\n[build]\nx");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found.iter().all(|found| found.starts_with("FMC0002")));
    }

    #[test]
    fn the_nearest_configuration_above_applies() {
        let host = Memory::new();
        host.insert("/a/fmc.toml", "");
        host.insert("/a/b/c/x.json", "");
        host.insert("/a/b/fmc.toml", "");
        let found = |path: &str| find(&host, Path::new(path));
        assert_eq!(
            found("/a/b/c/x.json").as_deref(),
            Some(Path::new("/a/b/fmc.toml"))
        );
        assert_eq!(
            found("/a/y.json").as_deref(),
            Some(Path::new("/a/fmc.toml"))
        );
        assert_eq!(found("/y.json"), None);
    }

    #[test]
    fn globs_select() {
        let project = Project {
            root: Some("/p".into()),
            pipelines: vec!["pipelines/*.json".into()],
            exclude: vec!["old*".into()],
            ..Project::default()
        };
        assert!(project.selects(Path::new("/p/pipelines/a.json")));
        assert!(!project.selects(Path::new("/p/a.json")));
        assert!(!project.selects(Path::new("/p/pipelines/old-a.json")));
        assert!(project.selects(Path::new("/elsewhere/a.json")));
    }
}
