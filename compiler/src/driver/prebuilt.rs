//! The runtime, compiled once for each combination of features, profile and toolchain.
//!
//! Enters: features, a profile, a toolchain. Leaves: the paths that rustc needs to link against the
//! runtime, taken from cargo's messages. A record of them is written last: after a killed build
//! there is no record, and cargo continues where it stopped. Must not know pipelines.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Instant, SystemTime},
};

use fmc_expr::outside::layout;
use serde_json::{Value, json};

use super::{
    cache::{Cache, key},
    embedded, out, process,
    progress::Progress,
    project::Profile,
    sum,
    toolchain::Toolchain,
    tools,
};
use crate::codegen::Feature;

/// The compiled runtime.
#[derive(Clone, Debug)]
pub struct Prebuilt {
    /// The runtime's own library.
    pub runtime: PathBuf,
    /// The folders of the libraries that it depends on.
    pub folders: Vec<PathBuf>,
    /// The folders of native libraries.
    pub native: Vec<String>,
    /// Every library that is linked, with what it is; see [`sum`].
    pub sums: Vec<(PathBuf, String)>,
}

/// The name of a profile, as cargo's flags take it.
#[must_use]
pub fn profile_name(profile: Profile) -> &'static str {
    match profile {
        Profile::Release => "release",
        Profile::Dev => "dev",
    }
}

/// The names of features, separated by commas.
#[must_use]
pub fn feature_names(features: &BTreeSet<Feature>) -> String {
    let names: Vec<_> = features.iter().map(|feature| feature.name()).collect();
    names.join(",")
}

/// The folder with the unpacked source of the runtime.
///
/// # Errors
/// One line: it cannot be unpacked.
pub fn source(cache: &Cache) -> Result<PathBuf, String> {
    let version = env!("CARGO_PKG_VERSION");
    let hash = embedded::hash().get(..16).unwrap_or_default();
    let folder = cache.path("runtime", &format!("{version}-{hash}"));
    let files = embedded::files()?;
    let whole = |folder: &Path| is_source(folder, &files);
    if whole(&folder) {
        return Ok(folder);
    }
    let refused = |error| cache.refused(&error);
    let made = cache.temporary("runtime").map_err(refused)?;
    for (path, text) in &files {
        write(&made.path().join(path), text).map_err(refused)?;
    }
    cache.keep(made, &folder, whole).map_err(refused)?;
    Ok(folder)
}

/// Whether a folder holds the source of the runtime and nothing else, which cargo might run: it
/// takes every `build.rs` for a program.
fn is_source(folder: &Path, files: &[(String, String)]) -> bool {
    let same = |(path, text): &(String, String)| {
        fs::read(folder.join(path)).is_ok_and(|bytes| bytes == text.as_bytes())
    };
    files.iter().all(same) && all_files(folder).is_ok_and(|all| all.len() == files.len())
}

/// The files in a folder and below.
fn all_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    Ok(files)
}

/// Makes every source file look new to cargo. The caller must hold the lock of the runtime.
///
/// All versions of `fmc` share one target folder, so that they share the crates of others. In it,
/// cargo tells the runtime of one version from that of another by the modification times of the
/// files. Without this call, a version whose source was unpacked before another version compiled
/// its own would get the other version's `fmc-expr`.
///
/// # Errors
/// The error of the file system.
pub fn renew(source: &Path) -> std::io::Result<()> {
    let now = SystemTime::now();
    for path in all_files(source)? {
        let file = fs::File::options().append(true).open(path)?;
        file.set_modified(now)?;
    }
    Ok(())
}

/// Writes a file and the folders above it.
///
/// # Errors
/// The error of the file system.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// The compiled runtime. It is compiled if that has not been done before.
///
/// # Errors
/// One line; before it, what cargo said is on standard error.
pub fn get(
    cache: &Cache,
    toolchain: &Toolchain,
    features: &BTreeSet<Feature>,
    profile: Profile,
    progress: &mut Progress,
) -> Result<Prebuilt, String> {
    let names = feature_names(features);
    let name = key([
        env!("CARGO_PKG_VERSION"),
        embedded::hash(),
        &toolchain.id,
        profile_name(profile),
        &names,
    ]
    .map(str::as_bytes));
    let record = cache.path("prebuilt", &format!("{name}.json"));
    if let Some(prebuilt) = recall(&record)
        && prebuilt.damaged().is_empty()
    {
        return Ok(prebuilt);
    }
    let _lock = cache
        .lock("runtime", || {
            progress.step("waiting for another build of the runtime")
        })
        .map_err(|error| cache.refused(&error))?;
    // The process that held the lock before may have compiled it.
    if let Some(prebuilt) = recall(&record) {
        let damaged = prebuilt.damaged();
        if damaged.is_empty() {
            return Ok(prebuilt);
        }
        // Cargo takes a file for whole if it is new enough; a missing one it makes again.
        for path in damaged {
            let _ = fs::remove_file(path);
        }
    }
    let source = source(cache)?;
    renew(&source).map_err(|error| cache.refused(&error))?;
    let with = if names.is_empty() {
        String::new()
    } else {
        format!(" with {names}")
    };
    progress.step(&format!(
        "compiling the runtime{with}; later builds reuse it"
    ));
    let started = Instant::now();
    let mut command = cargo(toolchain, cache);
    command
        .arg("--manifest-path")
        .arg(source.join("Cargo.toml"))
        .args(["--package", "fmc-runtime", "--lib", "--no-default-features"])
        .args(["--profile", profile_name(profile), "--features", &names]);
    let built = build(&mut command, progress)?;
    let runtime = built
        .library("fmc_runtime")
        .ok_or("cargo did not name the library of the runtime")?;
    let prebuilt = Prebuilt {
        runtime,
        sums: built.sums().map_err(|error| cache.refused(&error))?,
        folders: built.folders,
        native: built.native,
    };
    cache
        .write(&record, prebuilt.to_json().to_string().as_bytes())
        .map_err(|error| cache.refused(&error))?;
    let seconds = started.elapsed().as_secs_f64();
    progress.step(&format!(
        "compiled {} crates in {seconds:.1} s",
        built.compiled
    ));
    Ok(prebuilt)
}

/// A `cargo build` with this toolchain into the target folder of the cache.
#[must_use]
pub fn cargo(toolchain: &Toolchain, cache: &Cache) -> Command {
    let mut command = tools::command(&toolchain.cargo);
    command
        .env("RUSTC", &toolchain.rustc)
        .args([
            "build",
            "--message-format",
            // Artifacts as JSON on standard output, errors of rustc as text on standard error.
            "json-render-diagnostics",
            "--target-dir",
        ])
        .arg(cache.path("target", ""));
    command
}

/// What cargo's messages say about a build.
#[derive(Debug, Default)]
pub struct Built {
    libraries: Vec<(String, PathBuf)>,
    folders: Vec<PathBuf>,
    native: Vec<String>,
    /// The program, if one was built.
    pub executable: Option<PathBuf>,
    /// How many crates were compiled and not reused.
    pub compiled: usize,
    /// Whether rustc reported an error. Set from cargo's messages; `failed` reads it to say that the
    /// code is wrong, and not something around it.
    refused: bool,
}

impl Built {
    fn library(&self, name: &str) -> Option<PathBuf> {
        let found = self.libraries.iter().rev().find(|(other, _)| other == name);
        found.map(|(_, path)| path.clone())
    }

    /// What each library is, and its metadata beside it, which rustc may read instead.
    fn sums(&self) -> std::io::Result<Vec<(PathBuf, String)>> {
        let mut files = BTreeSet::new();
        for (_, library) in &self.libraries {
            files.insert(library.clone());
            files.extend(Some(library.with_extension("rmeta")).filter(|file| file.is_file()));
        }
        let sums = files.into_iter().map(|file| {
            let sum = sum::of(&file)?;
            Ok((file, sum))
        });
        sums.collect()
    }

    fn read(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            return;
        };
        match message.get("reason").and_then(Value::as_str) {
            Some("compiler-artifact") => self.artifact(&message),
            Some("compiler-message") => {
                let level = message.pointer("/message/level").and_then(Value::as_str);
                self.refused |= level.is_some_and(|level| level.starts_with("error"));
            }
            Some("build-script-executed") => {
                let paths = message.get("linked_paths").and_then(Value::as_array);
                let paths = paths.into_iter().flatten().filter_map(Value::as_str);
                self.native.extend(paths.map(str::to_owned));
            }
            _ => {}
        }
    }

    fn artifact(&mut self, message: &Value) {
        // cargo names the crates that it did not have to compile, too.
        if message.get("fresh").and_then(Value::as_bool) != Some(true) {
            self.compiled += 1;
        }
        if let Some(program) = message.get("executable").and_then(Value::as_str) {
            self.executable = Some(program.into());
        }
        let name = message
            .pointer("/target/name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let files = message.get("filenames").and_then(Value::as_array);
        for file in files
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(PathBuf::from)
        {
            if let Some(library) = hashed_library(&file) {
                let folder = library.parent().map(Path::to_owned).unwrap_or_default();
                if !self.folders.contains(&folder) {
                    self.folders.push(folder);
                }
                self.libraries.push((name.replace('-', "_"), library));
            }
        }
    }
}

/// The library with a hash in its name. Cargo also names a copy without hash, which the next set of
/// features overwrites. The metadata file next to the hashed library tells which one it is.
fn hashed_library(file: &Path) -> Option<PathBuf> {
    match file.extension()?.to_str()? {
        "rlib" => file
            .file_stem()?
            .to_str()?
            .contains('-')
            .then(|| file.to_owned()),
        "rmeta" => {
            let library = file.with_extension("rlib");
            library.is_file().then_some(library)
        }
        _ => None,
    }
}

/// Runs a build: first without the network, which is faster and works offline, then with the
/// network if something is missing.
///
/// # Errors
/// One line; before it, what cargo said is on standard error.
pub fn build(command: &mut Command, progress: &mut Progress) -> Result<Built, String> {
    let mut offline = Command::new(command.get_program());
    offline.args(command.get_args()).arg("--offline");
    if let Some(folder) = command.get_current_dir() {
        offline.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => offline.env(name, value),
            None => offline.env_remove(name),
        };
    }
    let (built, finished) = attempt(&mut offline, progress)?;
    if finished.status.success() {
        return Ok(built);
    }
    if !offline_is_why(&finished.stderr) {
        return Err(failed(&built, &finished.stderr));
    }
    progress.step("fetching the runtime's dependencies");
    let (built, finished) = attempt(command, progress)?;
    if finished.status.success() {
        return Ok(built);
    }
    if !network_is_why(&finished.stderr) {
        return Err(failed(&built, &finished.stderr));
    }
    show(&finished.stderr);
    Err(
        "the runtime's dependencies are not on this machine and cannot be fetched: \
         the first build needs a network or a filled cargo cache"
            .to_owned(),
    )
}

/// Shows what cargo said.
fn show(said: &str) {
    out::error(&layout(said.trim_end(), false));
}

/// Whether cargo stopped because it may not use the network. It then names the flag.
fn offline_is_why(said: &str) -> bool {
    said.contains("--offline") || said.contains("offline mode")
}

/// Whether cargo stopped because the network did not answer.
fn network_is_why(said: &str) -> bool {
    const SAID: [&str; 6] = [
        "failed to download",
        "failed to fetch",
        "failed to get `",
        "failed to query",
        "Could not resolve host",
        "network failure",
    ];
    offline_is_why(said) || SAID.iter().any(|part| said.contains(part))
}

/// Shows what cargo said. The line repeats its first error, which may not be about the code at all:
/// a full disk, a name that is too long, a mistake in the configuration.
fn failed(built: &Built, said: &str) -> String {
    show(said);
    if built.refused || built.compiled > 0 {
        return "the runtime cannot be compiled here; see the output of cargo above".to_owned();
    }
    let mut lines = said.lines();
    match lines.find_map(|line| line.strip_prefix("error: ")) {
        Some(error) => format!("cargo failed: {error}"),
        None => "cargo failed; see its output above".to_owned(),
    }
}

fn attempt(
    command: &mut Command,
    progress: &mut Progress,
) -> Result<(Built, process::Finished), String> {
    let mut built = Built::default();
    let finished = process::run(command, |line| {
        let before = built.compiled;
        built.read(line);
        if built.compiled != before {
            progress.count(built.compiled, "crates compiled");
        }
    });
    progress.clear();
    Ok((built, finished?))
}

impl Prebuilt {
    /// The files that are missing or not as they were made. The metadata of a damaged library counts
    /// as damaged too.
    fn damaged(&self) -> Vec<PathBuf> {
        let sums = self.sums.iter();
        let damaged = sums.filter(|(file, sum)| !sum::holds(file, sum));
        damaged
            .flat_map(|(file, _)| ["rlib", "rmeta"].map(|kind| file.with_extension(kind)))
            .collect()
    }

    fn to_json(&self) -> Value {
        let text = |path: &PathBuf| path.to_string_lossy().into_owned();
        let sums = self.sums.iter().map(|(file, sum)| json!([text(file), sum]));
        json!({
            "runtime": text(&self.runtime),
            "folders": self.folders.iter().map(text).collect::<Vec<_>>(),
            "native": self.native,
            "sums": sums.collect::<Vec<_>>(),
        })
    }
}

fn recall(path: &Path) -> Option<Prebuilt> {
    let record: Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let list = |name: &str| record.get(name)?.as_array();
    let texts = |name: &str| -> Option<Vec<String>> { list(name)?.iter().map(text).collect() };
    let sum = |pair: &Value| {
        let (file, sum) = (pair.get(0)?, pair.get(1)?);
        Some((PathBuf::from(text(file)?), text(sum)?))
    };
    Some(Prebuilt {
        runtime: PathBuf::from(record.get("runtime")?.as_str()?),
        folders: texts("folders")?.into_iter().map(PathBuf::from).collect(),
        native: texts("native")?,
        sums: list("sums")?.iter().map(sum).collect::<Option<_>>()?,
    })
}
