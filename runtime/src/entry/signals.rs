//! SIGINT and SIGTERM, seen by a thread of its own, because the thread of the run may be computing.
//!
//! Enters: the limits of a run. Leaves: each signal as an event of the run; and the end of the
//! process, when the run does not end in the time that it has. If no handler can be installed,
//! signals have their usual effect. Must not know what signals do to a run.

use std::{
    process,
    sync::{Arc, mpsc as channel},
    thread,
    time::Duration,
};

use fmc_expr::outside::message;
use futures_util::{Stream, StreamExt, stream};
use tokio::{
    runtime,
    sync::mpsc,
    time::{Instant, timeout_at},
};

use crate::{
    executor::drive::{Signal, Signals},
    host::{deadline::Limits, out},
};

/// How long the run has to write its report after it should have ended at once.
const REPORT: Duration = Duration::from_millis(100);

/// How much later than the run itself this thread ends the process, for a run that cannot end by
/// itself, as when nobody reads what it writes.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit status of a run that took longer than `--timeout`.
const FAILED: i32 = 1;

/// Why the process ends although the run has not ended, and its exit status.
struct Last {
    status: i32,
    why: &'static str,
}

/// The run whose time is watched.
#[derive(Debug)]
pub(crate) struct Watched {
    /// The pipeline's id, for the message.
    pub(crate) id: &'static str,
    pub(crate) limits: Arc<Limits>,
    pub(crate) grace_ms: u64,
    pub(crate) timeout_ms: Option<u64>,
}

impl Watched {
    fn grace(&self) -> Duration {
        Duration::from_millis(self.grace_ms)
    }

    /// When the run must have ended although no signal came: after `--timeout` and the grace time
    /// for finally lists.
    fn latest(&self) -> Option<Instant> {
        let limit = Duration::from_millis(self.timeout_ms?);
        let latest = Instant::now().checked_add(limit)?;
        latest.checked_add(self.grace())?.checked_add(PATIENCE)
    }
}

/// The signals from now on.
pub(crate) fn signals(watched: Watched) -> Signals {
    let (sender, receiver) = mpsc::unbounded_channel();
    let (ready, is_ready) = channel::channel();
    let thread = thread::Builder::new().name("signals".to_owned());
    let thread = thread.spawn(move || watch(&watched, &sender, ready));
    if thread.is_ok() {
        // An error means that the thread has ended: there are no signals.
        let _ = is_ready.recv();
    }
    Box::pin(stream::unfold(receiver, |mut receiver| async {
        Some((receiver.recv().await?, receiver))
    }))
}

/// Watches until the process ends.
fn watch(watched: &Watched, sender: &mpsc::UnboundedSender<Signal>, ready: channel::Sender<()>) {
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else {
        return;
    };
    let last = runtime.block_on(async {
        let signals = installed();
        let _ = ready.send(());
        last(signals?, watched, sender).await
    });
    if let Some(Last { status, why }) = last {
        watched.limits.end_at_once();
        thread::park_timeout(REPORT);
        // The run has not written its report. If standard error is stuck, this is not written
        // either, and only this thread waits for it.
        let line = format!("{}: the process was ended, because {why}", watched.id);
        let watcher = thread::current();
        let writer = thread::Builder::new().spawn(move || {
            out::error(&message(&line));
            watcher.unpark();
        });
        if writer.is_ok() {
            thread::park_timeout(REPORT);
        }
        process::exit(status);
    }
}

/// Waits until the process must end. `None` if there are no signals.
async fn last(
    mut signals: impl Stream<Item = Signal> + Unpin,
    watched: &Watched,
    sender: &mpsc::UnboundedSender<Signal>,
) -> Option<Last> {
    let limits = &watched.limits;
    let mut first = None;
    let mut latest = watched.latest();
    loop {
        let next = match latest {
            Some(latest) => timeout_at(latest, signals.next()).await,
            None => Ok(signals.next().await),
        };
        let signal = match next {
            Ok(signal) => signal?,
            // Only the output is still being written: that may take as long as its reader wants.
            Err(_) if first.is_none() && limits.is_over() => {
                latest = None;
                continue;
            }
            Err(_) => {
                return Some(Last {
                    status: first.map_or(FAILED, status),
                    why: match first {
                        Some(_) => "the run did not stop within the grace time after a signal",
                        None => "the run did not stop at `--timeout`",
                    },
                });
            }
        };
        let _ = sender.send(signal);
        if first.is_some() || limits.is_over() {
            return Some(Last {
                status: status(first.unwrap_or(signal)),
                why: "there was a signal, and the run could not stop at once",
            });
        }
        limits.end_grace_in(watched.grace_ms);
        first = Some(signal);
        let end = Instant::now().checked_add(watched.grace() + PATIENCE);
        latest = match (latest, end) {
            (Some(latest), Some(end)) => Some(latest.min(end)),
            (latest, end) => latest.or(end),
        };
    }
}

fn status(signal: Signal) -> i32 {
    match signal {
        Signal::Interrupt => 130,
        Signal::Terminate => 143,
    }
}

/// The signals of this process; `None` when no handler can be installed.
#[cfg(unix)]
fn installed() -> Option<impl Stream<Item = Signal> + Unpin> {
    use tokio::signal::unix::{SignalKind, signal};
    let each = |kind, name| {
        let handler = signal(kind).ok()?;
        Some(Box::pin(stream::unfold(
            handler,
            move |mut handler| async move { handler.recv().await.map(|()| (name, handler)) },
        )))
    };
    let interrupt = each(SignalKind::interrupt(), Signal::Interrupt)?;
    let terminate = each(SignalKind::terminate(), Signal::Terminate)?;
    Some(stream::select(interrupt, terminate))
}

/// The signals of this process; `None` when no handler can be installed.
#[cfg(not(unix))]
fn installed() -> Option<impl Stream<Item = Signal> + Unpin> {
    Some(Box::pin(stream::unfold((), |()| async {
        let signal = tokio::signal::ctrl_c().await;
        signal.ok().map(|()| (Signal::Interrupt, ()))
    })))
}
