//! Child processes that end when this process is interrupted.
//!
//! Enters: a command. Leaves: its output. An interrupt ends the child and becomes an error, so that
//! half-finished files are removed on the way out. Must not know what is run.

use std::{
    collections::BTreeMap,
    io::{BufRead as _, BufReader, Read as _},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Mutex, Once, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use super::out;

/// The message of an interrupted build.
const INTERRUPTED_LINE: &str = "interrupted";

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// The running children, each under a number.
static CHILDREN: Mutex<BTreeMap<u64, Child>> = Mutex::new(BTreeMap::new());
static NUMBERS: AtomicU64 = AtomicU64::new(0);

/// After this call, an interrupt ends the running child and then the build.
pub fn watch_interrupts() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Without a handler an interrupt ends the process at once, which leaves temporary files
        // behind.
        let _ = ctrlc::set_handler(|| {
            INTERRUPTED.store(true, Ordering::SeqCst);
            let mut children = lock();
            if children.is_empty() {
                out::say(&format!("fmc: {INTERRUPTED_LINE}"));
                std::process::exit(2);
            }
            for child in children.values_mut() {
                let _ = child.kill();
            }
        });
    });
}

/// The result of a child process.
pub struct Finished {
    /// How it ended.
    pub status: ExitStatus,
    /// What it wrote on standard error.
    pub stderr: String,
}

/// Runs a command and calls `line` with each line of its standard output.
///
/// # Errors
/// One line: it cannot be started, or this process was interrupted.
pub fn run(command: &mut Command, mut line: impl FnMut(&str)) -> Result<Finished, String> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            format!(
                "cannot start `{}`: {error}",
                command.get_program().to_string_lossy()
            )
        })?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
    lock().insert(number, child);
    let errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stderr) = stderr {
            // Output that cannot be read is not shown; the exit status still counts.
            let _ = stderr.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    });
    if let Some(stdout) = stdout {
        for text in BufReader::new(stdout).lines().map_while(Result::ok) {
            line(&text);
        }
    }
    let stderr = errors.join().unwrap_or_default();
    let child = lock().remove(&number);
    let status = child.map(|mut child| child.wait());
    if INTERRUPTED.load(Ordering::SeqCst) {
        return Err(INTERRUPTED_LINE.to_owned());
    }
    match status {
        Some(Ok(status)) => Ok(Finished { status, stderr }),
        _ => Err(INTERRUPTED_LINE.to_owned()),
    }
}

fn lock() -> std::sync::MutexGuard<'static, BTreeMap<u64, Child>> {
    // The map is consistent between operations, even when another thread panicked.
    CHILDREN.lock().unwrap_or_else(PoisonError::into_inner)
}
