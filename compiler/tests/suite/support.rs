//! Helpers of several test files: folders with files, checked texts, the build cache.
//!
//! Enters: texts of pipelines. Leaves: findings and their texts. Must not know what is asserted.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use fmc::{
    Settings, check,
    diagnostics::Diagnostic,
    source::{SourceMap, Span},
};

/// A folder with files.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// The findings of a pipeline in a file on its own, in order.
pub(crate) fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = SourceMap::new();
    let file = sources.add("p.json", text.to_owned());
    let checked = check(&sources, file, &Settings::default());
    checked.findings().iter().cloned().collect()
}

/// The text of a span.
pub(crate) fn word(text: &str, span: Span) -> &str {
    &text[span.start as usize..span.end as usize]
}

/// The code and the guilty text of a finding: `FMC0301 fetsh`.
pub(crate) fn code_and_word(text: &str, found: &Diagnostic) -> String {
    format!("{} {}", found.code.code(), word(text, found.primary.span))
}

/// The folder of the cache that all tests share, so that the runtime is compiled once.
pub(crate) fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("fmc-cache")
}

static BUILDS: RwLock<()> = RwLock::new(());

/// `fmc` with these arguments in a folder, with the cache of the tests.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fmc"));
    command
        .args(arguments)
        .current_dir(folder)
        .env("FMC_CACHE_DIR", cache())
        .stdin(Stdio::null());
    command
}

/// Held while a test may build in the shared cache. Several tests may build at once.
pub(crate) fn building() -> RwLockReadGuard<'static, ()> {
    BUILDS.read().unwrap_or_else(PoisonError::into_inner)
}

/// Held while the shared cache is copied, because a copy of an unfinished build is useless.
pub(crate) fn nobody_builds() -> RwLockWriteGuard<'static, ()> {
    BUILDS.write().unwrap_or_else(PoisonError::into_inner)
}
