//! `fmc build`: a pipeline as a native binary, as Rust, or as typed IR.
//!
//! Enters: a pipeline without errors. Leaves: a whole file or folder, or nothing at all. Refuses
//! while an error stands. Must not know how a program is built.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use fmc_expr::outside::layout;

use super::{
    Global, Outcome,
    buildable::Buildable,
    left_out::{LeftOut, no_pipelines},
    plural,
};
use crate::{
    codegen::{self, Program},
    driver::{
        Progress,
        cache::Cache,
        export,
        host::{Disk, Host},
        out, paths,
        place::{self, Place},
        program::{self, file_name},
        project::{self, Profile},
        workspace::{Workspace, is_pipeline},
    },
    model::dump::dump,
};

/// Compile pipelines to native binaries
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  fmc build pipelines/incident.json\n  fmc build incident.json -o bin/incident --profile dev\n  \
                  fmc build incident.json --emit rust -o incident-rust\n  fmc build --all -o bin"
)]
pub(super) struct Arguments {
    /// The pipeline file
    #[arg(value_name = "PIPELINE", required_unless_present = "all")]
    pipeline: Option<PathBuf>,
    /// Where to write the result; by default the pipeline's id in the current folder, or standard
    /// output for the IR
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// How to build the binary; by default what `fmc.toml` says, otherwise `release`
    #[arg(long, value_enum)]
    profile: Option<ProfileName>,
    /// Write this instead of a binary
    #[arg(long, value_enum)]
    emit: Option<Emit>,
    /// Build every pipeline of the project; `-o` is then a folder
    #[arg(long, conflicts_with_all = ["pipeline", "emit"])]
    all: bool,
}

/// `--profile`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ProfileName {
    /// Optimised
    Release,
    /// Faster to build the first time
    Dev,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Release => Self::Release,
            ProfileName::Dev => Self::Dev,
        }
    }
}

/// `--emit`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// The typed intermediate representation
    Ir,
    /// A complete crate that `cargo build` can build
    Rust,
}

/// Runs `fmc build`.
pub(super) fn run(arguments: &Arguments, global: &Global) -> Outcome {
    let host = Disk;
    let Some(path) = &arguments.pipeline else {
        return all(&host, arguments, global);
    };
    let Some(pipeline) = Buildable::open(&mut Workspace::default(), &host, path, global)? else {
        return Ok(1);
    };
    if arguments.emit == Some(Emit::Ir) {
        return emit_ir(&host, &pipeline, arguments);
    }
    let Some(program) = generate(&pipeline, global) else {
        return Ok(1);
    };
    if arguments.emit == Some(Emit::Rust) {
        return emit_rust(&program, arguments, global);
    }
    binary(
        &pipeline,
        &program,
        arguments,
        arguments.output.as_deref(),
        global,
    )?;
    Ok(0)
}

/// The program of a pipeline. `None` when it cannot be built yet; the reason has been printed.
pub(super) fn generate(pipeline: &Buildable, global: &Global) -> Option<Program> {
    match codegen::generate(&pipeline.checked, pipeline.text()) {
        Ok(program) => Some(program),
        Err(found) => {
            pipeline.print(found, global);
            None
        }
    }
}

/// The profile of the command line, else that of the project, else release.
pub(super) fn profile(asked: Option<ProfileName>, pipeline: &Buildable) -> Profile {
    asked
        .map(Profile::from)
        .or(pipeline.project().build.profile)
        .unwrap_or(Profile::Release)
}

fn binary(
    pipeline: &Buildable,
    program: &Program,
    arguments: &Arguments,
    output: Option<&Path>,
    global: &Global,
) -> Result<(), String> {
    let place = destination(pipeline, &file_name(&program.id), output)?;
    let target = place.target(pipeline.path())?;
    let cache = Cache::locate()?;
    let mut progress = Progress::new(global.quiet);
    let profile = profile(arguments.profile, pipeline);
    let built = program::build(&cache, program, profile, &mut progress)?;
    place::place(&built, &target)
        .map_err(|error| format!("cannot write `{}`: {error}", target.display()))?;
    if global.verbose {
        out::say(&format!("built {}", target.display()));
    }
    Ok(())
}

/// Where the binary goes: the file that `-o` names, else the pipeline's name in a folder.
fn destination(pipeline: &Buildable, name: &str, output: Option<&Path>) -> Result<Place, String> {
    Ok(match output {
        Some(output) if output.is_dir() || ends_with_separator(output) => {
            Place::Called(output.join(name))
        }
        Some(output) => Place::Named(output.to_owned()),
        None => Place::Called(out_folder(pipeline)?.join(name)),
    })
}

fn ends_with_separator(path: &Path) -> bool {
    path.as_os_str()
        .to_string_lossy()
        .ends_with(std::path::is_separator)
}

/// `[build] out-dir` of the project, else the current folder.
fn out_folder(pipeline: &Buildable) -> Result<PathBuf, String> {
    let project = pipeline.project();
    let (Some(root), Some(folder)) = (&project.root, &project.build.out_dir) else {
        return Ok(PathBuf::new());
    };
    // `fmc.toml` was checked when it was read; the build may have taken a while.
    match place::link_in(root, folder) {
        Some(link) => Err(format!(
            "`{}` is a link: `out-dir` must not lead through one",
            link.display()
        )),
        None => Ok(root.join(folder)),
    }
}

fn all(host: &dyn Host, arguments: &Arguments, global: &Global) -> Outcome {
    let here = host.absolute(Path::new(project::FILE_NAME));
    let mut workspace = Workspace::default();
    // Findings about `fmc.toml` are printed together with those of each pipeline.
    let loaded = workspace.project(host, &here)?;
    let config = loaded.config.as_deref().unwrap_or(&here);
    let root = config.parent().unwrap_or(&here);
    let files = host
        .json_files(root)
        .map_err(|error| format!("cannot read `{}`: {error}", root.display()))?;
    let mut left_out = LeftOut::default();
    left_out.add(files.left_out);
    let mut status = 0;
    let (mut looked_at, mut built) = (0_usize, 0_usize);
    let mut names: Vec<(String, PathBuf)> = Vec::new();
    for file in files.files {
        if !loaded.project.selects(&file)? {
            left_out.file(paths::shown(host, config));
            continue;
        }
        looked_at += 1;
        if !is_pipeline(host, &file) {
            continue;
        }
        let Some(pipeline) = Buildable::open(&mut workspace, host, &file, global)? else {
            status = 1;
            continue;
        };
        let Some(program) = generate(&pipeline, global) else {
            status = 1;
            continue;
        };
        if let Some((_, other)) = names.iter().find(|(id, _)| *id == program.id) {
            return Err(format!(
                "`{}` and `{}` both have the id `{}`",
                other.display(),
                file.display(),
                program.id
            ));
        }
        names.push((program.id.clone(), file));
        let folder = arguments.output.as_ref().map(|folder| folder.join(""));
        binary(&pipeline, &program, arguments, folder.as_deref(), global)?;
        built += 1;
    }
    let left_out = left_out.shown();
    if built == 0 && status == 0 {
        let what = "name one, or run this in a project that has one";
        return Err(no_pipelines(looked_at, left_out, what));
    }
    if !global.quiet {
        let mut line = vec![format!("built {}", plural(built, "pipeline"))];
        line.extend(left_out);
        out::say(&line.join("; "));
    }
    Ok(status)
}

fn emit_ir(host: &dyn Host, pipeline: &Buildable, arguments: &Arguments) -> Outcome {
    let text = dump(pipeline.checked.model());
    let Some(target) = &arguments.output else {
        return super::print(&layout(&text, false));
    };
    let target = Place::Named(target.clone()).target(pipeline.path())?;
    host.write(&target, text.as_bytes())
        .map_err(|error| format!("cannot write `{}`: {error}", target.display()))?;
    Ok(0)
}

fn emit_rust(program: &Program, arguments: &Arguments, global: &Global) -> Outcome {
    let default = PathBuf::from(format!("{}-rust", program.id));
    let target = arguments.output.as_ref().unwrap_or(&default);
    if target
        .read_dir()
        .is_ok_and(|mut entries| entries.next().is_some())
    {
        return Err(format!("`{}` is not empty", target.display()));
    }
    let refused = |error: std::io::Error| format!("cannot write `{}`: {error}", target.display());
    let parent = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(parent).map_err(refused)?;
    let made = tempfile::Builder::new()
        .prefix(".fmc-")
        .tempdir_in(parent)
        .map_err(refused)?;
    export::write_crate(program, made.path()).map_err(refused)?;
    let _ = fs::remove_dir(target);
    fs::rename(made.path(), target).map_err(refused)?;
    let _ = made.keep();
    readable(target);
    if !global.quiet {
        let name = target.file_name().unwrap_or(OsStr::new("."));
        let name = name.to_string_lossy();
        out::say(&format!("wrote {name}; `cargo build --release` builds it"));
    }
    Ok(0)
}

/// A temporary folder can be read only by its owner; the finished crate is for everybody.
fn readable(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
    }
    #[cfg(not(unix))]
    let _ = folder;
}
