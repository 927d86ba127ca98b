//! Checking files in parallel.
//!
//! Enters: jobs. Leaves: findings as text, in the order of the jobs, whichever thread finished
//! first. Must not know how the jobs were chosen.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use fmc_expr::outside::{self, Shown, layout};

use super::Format;
use crate::{
    ast::is_pipeline,
    diagnostics::{
        Findings, Severity,
        render::{github, human, json, oneline, sarif},
    },
    driver::{
        host::Host,
        paths::{slashes, unreadable},
        read::Expected,
        workspace::{LoadedProject, not_a_pipeline},
    },
    mend::{Mended, mend},
    source::{FileId, SourceMap},
};

/// The stack of a thread, as large as that of the main thread, because trees are walked by
/// recursion.
const STACK: usize = 8 << 20;

/// One file to check.
pub(super) struct Job {
    pub(super) path: PathBuf,
    /// The bytes of a file that is not on disk (standard input).
    bytes: Option<Vec<u8>>,
    /// Whether the user named the file, as in `fmc check a.json`, or gave it on standard input.
    /// `one` reads it: a named file is always checked; a file found in a folder is skipped unless
    /// it has `stages`.
    named: bool,
    project: Arc<LoadedProject>,
}

impl Job {
    pub(super) fn file(path: PathBuf, named: bool, project: Arc<LoadedProject>) -> Self {
        Self {
            path,
            bytes: None,
            named,
            project,
        }
    }

    fn expected(&self) -> Expected {
        if self.named {
            Expected::Named
        } else {
            Expected::Found
        }
    }

    pub(super) fn stdin(path: &Path, bytes: Vec<u8>, project: Arc<LoadedProject>) -> Self {
        Self {
            path: path.to_owned(),
            bytes: Some(bytes),
            named: true,
            project,
        }
    }
}

/// How to check and show.
pub(super) struct Options {
    pub(super) format: Format,
    /// From `--color` and the terminal; read by the human format.
    pub(super) colour: bool,
    /// From `--fix`: applies safe fixes and checks the new text again, until no safe fix is left.
    pub(super) fix: bool,
}

/// A checked file.
pub(super) struct Done {
    pub(super) path: PathBuf,
    /// False for a `fmc.toml`. Read for the last line, which counts the checked files.
    pub(super) pipeline: bool,
    pub(super) rendered: Shown<'static>,
    /// The codes of the findings that are shown. The SARIF document begins with their rules.
    pub(super) codes: BTreeSet<&'static str>,
    /// How many errors and warnings there are, shown or not.
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// The fixes that `--fix` applied, and how often.
    pub(super) fixed: Vec<(String, usize)>,
    /// The bytes before and after the fixes.
    pub(super) change: Option<Change>,
}

/// What `--fix` makes of a file.
pub(super) struct Change {
    pub(super) before: Vec<u8>,
    pub(super) after: Vec<u8>,
}

impl Done {
    pub(super) fn new(
        path: &Path,
        findings: &Findings,
        sources: &SourceMap,
        options: &Options,
    ) -> Self {
        Self {
            path: path.to_owned(),
            pipeline: true,
            rendered: render(findings, sources, options),
            codes: findings
                .shown()
                .iter()
                .map(|found| found.code.code())
                .collect(),
            errors: findings.count(Severity::Error),
            warnings: findings.count(Severity::Warning),
            fixed: Vec::new(),
            change: None,
        }
    }

    /// The findings about a project's `fmc.toml`. `None` when there is no such file.
    pub(super) fn configuration(loaded: &LoadedProject, options: &Options) -> Option<Self> {
        let path = loaded.config.as_ref()?;
        Some(Self {
            pipeline: false,
            ..Self::new(path, &loaded.findings, &loaded.sources, options)
        })
    }
}

fn render(findings: &Findings, sources: &SourceMap, options: &Options) -> Shown<'static> {
    if options.format == Format::Sarif {
        let results = sarif::results(findings.shown().iter(), sources);
        return [outside::json(&results)].into_iter().collect();
    }
    let mut human = human::Human::new(sources, options.colour);
    findings
        .shown()
        .iter()
        .map(|found| match options.format {
            Format::Human => layout(&human.render(found), options.colour).ended(),
            Format::Oneline => layout(&oneline::render(found, sources), false).ended(),
            Format::Json => outside::json(&json::render(found, sources).to_string()).ended(),
            Format::Github => github::render(found, sources).ended(),
            // It was written above, because commas come between its results.
            Format::Sarif => Shown::default(),
        })
        .collect()
}

/// Checks every job. Results are in the order of the jobs.
pub(super) fn run(host: &dyn Host, jobs: &[Job], options: &Options) -> Result<Vec<Done>, String> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        // Threads take jobs one by one, so a large file does not leave the others idle.
        while let at = next.fetch_add(1, Ordering::Relaxed)
            && let Some(job) = jobs.get(at)
        {
            results.push((at, one(host, job, options)));
        }
        results
    };
    let mut results = std::thread::scope(|scope| {
        // This thread works too, in case no other thread can be started.
        let helpers: Vec<_> = (1..threads.min(jobs.len()))
            .filter_map(|_| {
                let thread = std::thread::Builder::new().stack_size(STACK);
                thread.spawn_scoped(scope, work).ok()
            })
            .collect();
        let mut results = work();
        for helper in helpers {
            match helper.join() {
                Ok(mut more) => results.append(&mut more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    });
    results.sort_by_key(|(at, _)| *at);
    results
        .into_iter()
        .filter_map(|(_, result)| result.transpose())
        .collect()
}

/// Checks one job. `None` for a file found in a folder that is not a pipeline.
fn one(host: &dyn Host, job: &Job, options: &Options) -> Result<Option<Done>, String> {
    let bytes = match &job.bytes {
        Some(bytes) => bytes.clone(),
        None => host
            .read(&job.path, job.expected())
            .map_err(|error| unreadable(&job.path, &error))?,
    };
    let shown = slashes(&job.path);
    let check = |sources: &SourceMap, id: FileId| job.project.check(host, sources, id);
    let mut mended = Mended::default();
    // A file somewhere else, to which a link leads, is not rewritten.
    if options.fix && !host.is_link(&job.path) {
        mended = mend(&shown, &bytes, &check);
    }
    let mut sources = SourceMap::new();
    let id = sources.add_bytes(shown, mended.bytes.clone().unwrap_or_else(|| bytes.clone()));
    let checked = check(&sources, id);
    if !job.named && !is_pipeline(checked.tree()) {
        return Ok(None);
    }
    if job.bytes.is_none()
        && let Some(line) = not_a_pipeline(host, &job.path, checked.tree())
    {
        return Err(line);
    }
    Ok(Some(Done {
        fixed: mended.applied,
        change: mended.bytes.map(|after| Change {
            before: bytes,
            after,
        }),
        ..Done::new(&job.path, checked.findings(), &sources, options)
    }))
}
