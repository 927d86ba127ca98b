//! `fmc.toml`, loaded in the same way for the command line and the language server.
//!
//! Enters: the text of the file. Leaves: a [`Project`], and findings of family 00. A setting that
//! could not be read has its default. Must not know what uses a setting.

use std::{
    ops::Range,
    path::{Component, Path, PathBuf},
};

use fmc_expr::hosts;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    globs::{self, Globs},
    host::Host,
    read::Expected,
};
use crate::{
    check::Settings,
    diagnostics::{
        Code, Diagnostic, suggest,
        suppress::{Level, LevelError, Levels, WARNINGS},
    },
    source::{FileId, SourceMap, Span},
};

/// How many findings about one file are shown.
const SHOWN: usize = 100;

/// How many globs a list may hold.
const GLOBS: usize = 1_000;

/// How many bytes the globs of a list may have together.
const GLOB_BYTES: usize = 64 << 10;

/// The longest path of a folder in the file, in bytes; no system has room for much more.
const LONGEST_PATH: usize = 1_000;

/// The file's name.
pub const FILE_NAME: &str = "fmc.toml";

/// A project's configuration: what its `fmc.toml` says.
#[derive(Clone, Debug, Default)]
pub struct Project {
    /// The folder of the file; paths and globs in the file are relative to it.
    pub root: Option<PathBuf>,
    /// `[project] pipelines`: globs of the pipeline files. Without it, every `*.json` file.
    pub pipelines: Globs,
    /// `[project] exclude`: globs of files to leave out.
    pub exclude: Globs,
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
    /// `out-dir`, relative to the folder of `fmc.toml` and below it.
    pub out_dir: Option<PathBuf>,
    /// Where `out-dir` is written.
    out_dir_span: Span,
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
    ///
    /// # Errors
    /// One line: its globs take too long to compare.
    pub fn selects(&self, path: &Path) -> Result<bool, String> {
        let inside = self
            .root
            .as_ref()
            .is_some_and(|root| path.starts_with(root));
        if !inside {
            return Ok(true);
        }
        let named = self.pipelines.is_empty() || self.pipelines.matches(path)?;
        Ok(named && !self.exclude.matches(path)?)
    }

    /// Says in which folder its `fmc.toml` is.
    #[must_use]
    pub fn below(mut self, root: &Path) -> Self {
        self.root = Some(root.to_owned());
        self.pipelines.below(root);
        self.exclude.below(root);
        self
    }
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
    let id = sources.add_bytes(shown, host.read(path, Expected::Settings)?);
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
    project = project.below(path.parent().unwrap_or(Path::new("")));
    findings.extend(linked_out_dir(host, &project));
    Ok((project, findings))
}

/// The finding about an `out-dir` that leads through a link, which may lead anywhere.
fn linked_out_dir(host: &dyn Host, project: &Project) -> Option<Diagnostic> {
    let (root, folder) = (project.root.as_ref()?, project.build.out_dir.as_ref()?);
    let link = folder.ancestors().find(|part| {
        // The last ancestor is the empty path: the folder of `fmc.toml` itself.
        !part.as_os_str().is_empty() && host.is_link(&root.join(part))
    })?;
    let message = format!(
        "`out-dir` must not lead through a link, and `{}` is one",
        link.display()
    );
    let found = Diagnostic::new(Code::BadSetting, project.build.out_dir_span, message);
    Some(found.help("`fmc build -o` writes to any other place"))
}

/// Loads the text of a `fmc.toml`.
#[must_use]
pub fn load(file: FileId, text: &str) -> (Project, Vec<Diagnostic>) {
    let mut loader = Loader {
        file,
        project: Project::default(),
        findings: Vec::new(),
        more: 0,
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
    if loader.more > 0
        && let Some(last) = loader.findings.pop()
    {
        let more = format!("{} more mistakes of this file are not shown", loader.more);
        loader.findings.push(last.help(more));
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
                loader.project.build.out_dir = loader.out_dir(value);
                loader.project.build.out_dir_span = loader.span(value.span());
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
    /// How many findings there are beyond those that are shown.
    more: usize,
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
        self.push(|_| Diagnostic::new(code, span, message));
    }

    /// Adds a finding, unless there are enough already: a file of a megabyte may hold a mistake in
    /// every line.
    fn push(&mut self, found: impl FnOnce(&Self) -> Diagnostic) {
        if self.findings.len() < SHOWN {
            let found = found(self);
            self.findings.push(found);
        } else {
            self.more += 1;
        }
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
            // Enough is shown; looking for the words that were meant takes time.
            if self.more > 0 {
                self.more += 1;
                continue;
            }
            let Some(level) = self.choice(value, LEVELS) else {
                continue;
            };
            if let Err(error) = levels.set(word, level) {
                let place = self.span(key.span());
                self.push(|loader| loader.lint_error(&error, word, place));
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
        self.push(|_| {
            Diagnostic::new(Code::UnknownSetting, span, message)
                .meant_or(name, known.iter().copied(), span, list)
                .safe_if_same_but_for_style(name)
        });
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

    /// A folder below that of `fmc.toml`: who writes the file must not choose where on this machine
    /// programs are written.
    fn out_dir(&mut self, value: &Spanned<DeValue<'_>>) -> Option<PathBuf> {
        let text = self.string(value)?;
        let long = (text.len() > LONGEST_PATH).then_some("it is too long");
        let wrong = Path::new(&text).components().find_map(|part| match part {
            Component::Prefix(_) | Component::RootDir => Some("it is an absolute path"),
            Component::ParentDir => Some("it leads out of the folder"),
            Component::Normal(name) if name.eq_ignore_ascii_case(".git") => {
                Some("git's own folder is not for programs")
            }
            Component::Normal(_) | Component::CurDir => None,
        });
        let Some(why) = long.or(wrong) else {
            return Some(PathBuf::from(text));
        };
        let message = format!("`out-dir` must be a folder below that of `{FILE_NAME}`: {why}");
        let span = self.span(value.span());
        self.push(|_| {
            Diagnostic::new(Code::BadSetting, span, message)
                .help("`fmc build -o` writes to any other place")
        });
        None
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

    /// The globs of a list, as far as there is room for them: every file that is found is compared
    /// with all of them.
    fn globs(&mut self, value: &Spanned<DeValue<'_>>) -> Globs {
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type(value, "expected a list of strings");
            return Globs::default();
        };
        let mut globs = Vec::new();
        let mut room = GLOB_BYTES;
        for item in array.iter() {
            let Some(glob) = self.string(item) else {
                continue;
            };
            match room.checked_sub(glob.len()) {
                Some(left) if globs.len() < GLOBS => room = left,
                _ => {
                    self.push(|loader| too_many_globs(loader.span(item.span())));
                    break;
                }
            }
            // Globs are those of `.gitignore`, so the same code checks them.
            if let Some(error) = globs::mistake(&glob) {
                let message = format!("`{glob}` is not a valid glob: {error}");
                self.report(Code::BadSetting, item.span(), message);
            }
            globs.push(glob);
        }
        Globs::new(globs)
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

/// The finding about the first glob of a list for which there is no room.
fn too_many_globs(place: Span) -> Diagnostic {
    let message = format!(
        "a list of globs holds at most {GLOBS} globs of {GLOB_BYTES} bytes together; this one and \
         those after it do not count"
    );
    Diagnostic::new(Code::BadSetting, place, message)
        .help("name folders instead of files: `old/` is everything below `old`")
}

/// The items of a table, in the order in which they are written.
fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Item<'a, 'i>> {
    let mut items: Vec<_> = table.iter().collect();
    items.sort_by_key(|(key, _)| key.span().start);
    items
}

#[cfg(test)]
mod tests;
