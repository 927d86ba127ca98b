//! Built pipelines and their runs as processes.
//!
//! Enters: a pipeline, then input, variables and mocks. Leaves: standard output, standard error and
//! the exit status. A run sees only the variables it is given, and is stopped if it takes longer
//! than a minute. Must not know what is asserted.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    io::{Read, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{fmc, pipeline::Pipeline};

const PATIENCE: Duration = Duration::from_secs(60);

/// A built pipeline.
#[derive(Clone, Debug)]
pub struct Program {
    binary: PathBuf,
}

/// Programs by the text of their pipelines. The first test that needs one builds it.
type Built = Mutex<HashMap<String, Arc<OnceLock<PathBuf>>>>;

impl Program {
    /// Builds a pipeline with `fmc build`.
    pub(crate) fn build(pipeline: &Pipeline) -> Self {
        static BUILT: OnceLock<Built> = OnceLock::new();
        let text = pipeline.text();
        let mut built = BUILT
            .get_or_init(Built::default)
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let cell = Arc::clone(built.entry(text.clone()).or_default());
        drop(built);
        let binary = cell.get_or_init(|| build(pipeline.id(), &text)).clone();
        Self { binary }
    }

    /// A run that can be given input, variables and mocks.
    #[must_use]
    pub fn run(&self) -> Run {
        let mut command = Command::new(&self.binary);
        command.env_clear();
        Run {
            command,
            input: None,
            files: Vec::new(),
        }
    }

    /// The program's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.binary
    }
}

fn build(id: &str, text: &str) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let folder = fmc::scratch("pipelines").join(format!("{id}-{:016x}", hasher.finish()));
    fs::create_dir_all(&folder).unwrap();
    let source = folder.join("pipeline.json");
    fs::write(&source, text).unwrap();
    let binary = folder.join(format!("{id}{}", std::env::consts::EXE_SUFFIX));
    let output = fmc::command()
        .args(["build", "--quiet"])
        .arg(&source)
        .arg("-o")
        .arg(&binary)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{id} cannot be built: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    binary
}

/// A run that has not started yet.
#[derive(Debug)]
pub struct Run {
    command: Command,
    input: Option<String>,
    /// Temporary files, kept until the run has ended.
    files: Vec<tempfile::NamedTempFile>,
}

impl Run {
    /// The input, on standard input.
    #[must_use]
    pub fn input(mut self, input: &Value) -> Self {
        self.command.args(["--input", "-"]);
        self.input = Some(input.to_string());
        self
    }

    /// One variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Several variables.
    #[must_use]
    pub fn envs<'a>(mut self, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        self.command.envs(variables);
        self
    }

    /// Mocks.
    #[must_use]
    pub fn mock(mut self, mocks: &Value) -> Self {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(mocks.to_string().as_bytes()).unwrap();
        self.command.arg("--mock").arg(file.path());
        self.files.push(file);
        self
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// Starts it, with `--events`.
    #[must_use]
    pub fn start(mut self) -> Running {
        let mut child = self
            .command
            .arg("--events")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A run may end without reading its input.
        let _ = stdin.write_all(self.input.unwrap_or_default().as_bytes());
        drop(stdin);
        Running {
            started: Instant::now(),
            stdout: collect(child.stdout.take().unwrap()),
            stderr: collect(child.stderr.take().unwrap()),
            child,
            _files: self.files,
        }
    }

    /// Runs it until it ends.
    #[must_use]
    pub fn finish(self) -> Ended {
        self.start().wait()
    }
}

fn collect(mut stream: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// A run in progress.
#[derive(Debug)]
pub struct Running {
    child: Child,
    started: Instant,
    stdout: JoinHandle<Vec<u8>>,
    stderr: JoinHandle<Vec<u8>>,
    _files: Vec<tempfile::NamedTempFile>,
}

impl Running {
    /// Sends a signal: `TERM`, `INT`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .arg(format!("-{name}"))
            .arg(self.child.id().to_string())
            .status()
            .unwrap();
        assert!(status.success(), "kill -{name}: {status}");
    }

    /// The most bytes of memory that it has held so far; `None` where the system does not tell.
    #[must_use]
    pub fn most_memory(&self) -> Option<u64> {
        let status = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(status).ok()?;
        let most = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kibibytes: u64 = most.trim().strip_suffix(" kB")?.trim().parse().ok()?;
        Some(kibibytes << 10)
    }

    /// Waits for its end.
    #[must_use]
    pub fn wait(mut self) -> Ended {
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.started.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let stderr = self.stderr.join().unwrap();
                panic!(
                    "not ended after {PATIENCE:?}: {}",
                    String::from_utf8_lossy(&stderr)
                );
            }
            thread::sleep(Duration::from_millis(2));
        };
        Ended {
            status,
            elapsed: self.started.elapsed(),
            stdout: String::from_utf8(self.stdout.join().unwrap()).unwrap(),
            stderr: String::from_utf8(self.stderr.join().unwrap()).unwrap(),
        }
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// How long it took.
    pub elapsed: Duration,
    /// Standard output.
    pub stdout: String,
    /// Standard error: events, logs, the report.
    pub stderr: String,
}

impl Ended {
    /// The exit status.
    #[must_use]
    pub fn code(&self) -> i32 {
        self.status.code().unwrap_or(-1)
    }

    /// The output of a completed run: one JSON document and nothing else.
    #[must_use]
    pub fn output(&self) -> Value {
        assert_eq!(self.code(), 0, "{}", self.stderr);
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {:?}", self.stdout))
    }

    /// The report of a failed run: what is on standard error besides events and log lines.
    #[must_use]
    pub fn report(&self) -> String {
        assert_eq!(self.code(), 1, "{}\n{}", self.stdout, self.stderr);
        assert_eq!(self.stdout, "", "nothing on standard output");
        let text: Vec<_> = self
            .stderr
            .lines()
            .filter(|line| !line.starts_with('{'))
            .collect();
        text.join("\n")
    }

    /// The events and log lines.
    #[must_use]
    pub fn events(&self) -> Vec<Value> {
        let lines = self.stderr.lines().filter(|line| line.starts_with('{'));
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// The events of one kind about one stage.
    #[must_use]
    pub fn events_of(&self, kind: &str, stage: &str) -> Vec<Value> {
        let mut events = self.events();
        events.retain(|event| event["event"] == kind && event["stage"] == stage);
        events
    }

    /// What happened to each stage that ended or was skipped; for a loop stage, the last time.
    #[must_use]
    pub fn statuses(&self) -> BTreeMap<String, String> {
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        self.events()
            .iter()
            .filter(|event| event["event"] == "stage_end" || event["event"] == "stage_skip")
            .map(|event| (word(&event["stage"]), word(&event["status"])))
            .collect()
    }

    /// The stages with a status, in alphabetical order.
    #[must_use]
    pub fn with_status(&self, status: &str) -> Vec<String> {
        let statuses = self.statuses().into_iter();
        statuses
            .filter(|(_, found)| found == status)
            .map(|(stage, _)| stage)
            .collect()
    }

    /// The log lines of `logger` stages.
    #[must_use]
    pub fn logs(&self) -> Vec<Value> {
        let mut events = self.events();
        events.retain(|event| event["event"] == "log");
        events
    }
}

/// Whether an output is what `expected.json` says, where `"<time>"` stands for any time.
///
/// # Panics
/// When it is not.
pub fn assert_matches(actual: &Value, expected: &Value) {
    let mut actual = actual.clone();
    forget_times(&mut actual, expected);
    assert_eq!(actual, *expected);
}

fn forget_times(actual: &mut Value, expected: &Value) {
    match (actual, expected) {
        (Value::String(time), Value::String(mark)) if mark == "<time>" && is_time(time) => {
            time.clone_from(mark);
        }
        (Value::Object(actual), Value::Object(expected)) => {
            for (key, value) in actual {
                forget_times(value, expected.get(key).unwrap_or(&Value::Null));
            }
        }
        (Value::Array(actual), Value::Array(expected)) => {
            for (value, expected) in actual.iter_mut().zip(expected) {
                forget_times(value, expected);
            }
        }
        _ => {}
    }
}

/// `2026-03-01T09:30:00.000Z`
#[must_use]
pub fn is_time(text: &str) -> bool {
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    shape == "0000-00-00T00:00:00.000Z"
}
