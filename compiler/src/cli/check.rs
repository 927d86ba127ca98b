//! `fmc check`: findings of files and folders.
//!
//! Enters: paths, levels, a format. Leaves: findings on standard output, in the order of the paths;
//! what `--fix` did on standard error. Must not know how files are checked.

mod collect;
mod work;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use fmc_expr::outside::json;

use super::{Global, Outcome, left_out, levels::LevelFlags, plural};
use crate::{
    diagnostics::render::sarif,
    driver::{
        host::{Disk, Host},
        out,
        read::{self, Expected, LARGEST_PIPELINE},
        workspace::Workspace,
    },
};
use collect::Jobs;
use work::{Done, Job};

/// Check pipelines: each mistake is reported once, at the exact characters
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  fmc check\n  fmc check pipelines/ --deny warnings\n  \
                  fmc check --fix broken.json\n  fmc check - --stdin-path pipelines/new.json < draft.json"
)]
pub(super) struct Arguments {
    /// Files, folders (respecting `.gitignore`), or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,
    /// The name to show for standard input; its `fmc.toml` is looked for from there
    #[arg(long, value_name = "PATH")]
    stdin_path: Option<PathBuf>,
    /// Apply the fixes that do not change what the pipeline means
    #[arg(long)]
    fix: bool,
    /// Accept that there is no pipeline to check
    #[arg(long)]
    allow_empty: bool,
    #[command(flatten)]
    levels: LevelFlags,
}

/// `--format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// With the text that each finding is about
    Human,
    /// One line per finding
    Oneline,
    /// One JSON object per line
    Json,
    /// One SARIF 2.1.0 document
    Sarif,
    /// Workflow annotations of GitHub Actions
    Github,
}

/// Runs `fmc check`.
pub(super) fn run(arguments: &Arguments, global: &Global) -> Outcome {
    let host = Disk;
    let stdin = PathBuf::from("-");
    let mut jobs = Jobs::default();
    let mut workspace = Workspace::new(arguments.levels.levels()?);
    for path in &arguments.paths {
        if *path == stdin {
            if arguments.fix {
                return Err("`--fix` cannot rewrite standard input; give a file".to_owned());
            }
            let bytes = read::stream(std::io::stdin().lock(), LARGEST_PIPELINE)
                .map_err(|error| format!("cannot read standard input: {error}"))?;
            let path = arguments.stdin_path.clone();
            let path = path.unwrap_or_else(|| PathBuf::from("<stdin>"));
            let job = Job::stdin(&path, bytes, workspace.project(&host, &path)?);
            jobs.list.push(job);
        } else {
            jobs.add(&host, path, &mut workspace)?;
        }
    }
    super::warn(&workspace.passed_over(), global);
    let options = work::Options {
        format: arguments.format,
        colour: global.colour_stdout(),
        fix: arguments.fix,
    };
    let mut done: Vec<Done> = workspace
        .projects()
        .filter_map(|loaded| Done::configuration(loaded, &options))
        .collect();
    done.extend(work::run(&host, &jobs.list, &options)?);
    report(&host, &done, &jobs, arguments, global)
}

fn report(
    host: &dyn Host,
    done: &[Done],
    jobs: &Jobs,
    arguments: &Arguments,
    global: &Global,
) -> Outcome {
    let mut missed = false;
    for file in done {
        if let Some(change) = &file.change
            && let Err(why) = replace(host, &file.path, change)
        {
            missed = true;
            out::say(&format!("not fixed {}: {why}", file.path.display()));
            continue;
        }
        if !global.quiet {
            for (line, times) in &file.fixed {
                let times = if *times > 1 {
                    format!(" ({times} times)")
                } else {
                    String::new()
                };
                let path = file.path.display();
                out::say(&format!("fixed {path}: {line}{times}"));
            }
        }
    }
    written(done, arguments.format)?;
    let errors: usize = done.iter().map(|file| file.errors).sum();
    let warnings: usize = done.iter().map(|file| file.warnings).sum();
    let files = done.iter().filter(|file| file.pipeline).count();
    let left_out = jobs.left_out.shown();
    if files == 0 && !arguments.allow_empty {
        let what = "name a file or folder that has one, or pass `--allow-empty`";
        return Err(left_out::no_pipelines(jobs.list.len(), left_out, what));
    }
    if !global.quiet {
        let mut line = Vec::new();
        if arguments.format == Format::Human {
            let files = plural(files, "file");
            let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
            line.push(format!("checked {files}: {errors}, {warnings}"));
        }
        line.extend(left_out);
        if !line.is_empty() {
            out::say(&line.join("; "));
        }
    }
    Ok(u8::from(errors > 0 || missed))
}

/// Writes the findings to standard output. A closed pipe means that the reader wants no more; the
/// exit status still counts.
fn written(done: &[Done], format: Format) -> Result<(), String> {
    let sarif = format == Format::Sarif;
    let mut more = true;
    if sarif {
        let codes = done.iter().flat_map(|file| &file.codes).copied().collect();
        more = out::result(&json(&sarif::start(&codes)))?;
    }
    let mut first = true;
    for file in done.iter().filter(|file| !file.rendered.is_empty()) {
        if sarif && !first {
            more = more && out::result(&json(sarif::BETWEEN))?;
        }
        first = false;
        more = more && out::result(&file.rendered)?;
        if !more {
            return Ok(());
        }
    }
    if sarif && more {
        out::result(&json(sarif::END))?;
    }
    Ok(())
}

/// Writes what `--fix` made of a file, unless somebody changed the file in the meantime.
///
/// # Errors
/// Says why the file was left as it is.
fn replace(host: &dyn Host, path: &Path, change: &work::Change) -> Result<(), String> {
    let now = host
        .read(path, Expected::Found)
        .map_err(|error| error.to_string())?;
    if now != change.before {
        return Err("it was changed meanwhile; run this again".to_owned());
    }
    let written = host.write(path, &change.after);
    written.map_err(|error| format!("it cannot be written: {error}"))
}
