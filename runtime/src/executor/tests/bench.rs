//! Runs a pipeline in a test with the real driver, and keeps the lines it writes.
//!
//! Enters: drafts, input, environment. Leaves: how the run ended, and its lines. `PROBE` is a leaf
//! that takes as long and fails as often as its settings say, and writes when it starts and ends.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use fmc_expr::Value;
use futures_util::{StreamExt, stream};

#[cfg(feature = "http")]
use crate::host::http::{allowed::Allowed, client::Clients};
use crate::{
    base::fault::{ErrorType, Outcome, StageError},
    component::{Call, Component, Work},
    entry::failure::{Style, report},
    executor::{
        drive::{self, Options, RunEnd, RunResult, Signal, Signals, effects::Here, mock::Mocks},
        tests::drafts::{Draft, pipeline},
    },
    host::{
        clock::System,
        deadline::Limits,
        environment::{EnvVar, Environment},
        mask::Mask,
        report::{Level, LogFormat, Reporter, Sink},
        world::World,
    },
    plan::PipelinePlan,
    run::{site::Run, store::Store},
};

/// `ms`: how long an attempt takes; `fail`: how many attempts fail, with `message`; `out`: its
/// output.
pub(crate) static PROBE: Component = Component {
    name: "probe",
    side_effect: true,
    presets: &[],
    run: |call| Work::Task(Box::pin(async { Work::Done(probe(call).await) })),
    preflight: None,
};

async fn probe(call: Call) -> Outcome {
    let site = &call.site;
    let items = site
        .context("item")
        .map(|item| format!(" {}", item.to_json()))
        .unwrap_or_default();
    let id = format!("{}{items}", site.stage_id);
    site.run
        .reporter
        .line(&fmc_expr::outside::line(&format!("+{id}")));
    let ms = call.settings.count("ms")?.unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(ms)).await;
    site.run
        .reporter
        .line(&fmc_expr::outside::line(&format!("-{id}")));
    let fails = call.settings.count("fail")?.unwrap_or(0);
    if u64::from(site.attempt) <= fails {
        let message = call.settings.text("message")?.unwrap_or("refused".into());
        let mut fault = StageError::new(ErrorType::Connection, message.as_str());
        fault.retry_after_ms = call.settings.count("retry_after")?;
        return Err(fault);
    }
    Ok(call.settings.any("out"))
}

/// A run that has not started.
pub(crate) struct Bench {
    pub(crate) pipeline: &'static PipelinePlan,
    pub(crate) input: Value,
    pub(crate) env: Vec<(String, String)>,
    pub(crate) options: Options,
    pub(crate) events: bool,
    pub(crate) allow_hosts: Vec<String>,
    /// The clients of the process, instead of those that `allow_hosts` makes.
    #[cfg(feature = "http")]
    pub(crate) clients: Option<Clients>,
    /// The signals, each with the milliseconds after which it arrives.
    pub(crate) signals: Vec<(u64, Signal)>,
    /// A signal that another thread sends after a few milliseconds, while the run is computing. The
    /// grace time is over at once.
    pub(crate) sudden: Option<Signal>,
}

/// A run that has ended.
pub(crate) struct Ran {
    pub(crate) end: RunEnd,
    pub(crate) lines: Vec<String>,
    pub(crate) report: Option<String>,
    /// How long it took on the clock of the test.
    pub(crate) took_ms: u64,
}

impl Bench {
    pub(crate) fn new(drafts: &[Draft], output: &str) -> Self {
        let secret = |name| EnvVar {
            name,
            required: false,
            secret: true,
        };
        Self {
            pipeline: pipeline(drafts, output, vec![secret("API_KEY")]),
            input: Value::Null,
            env: vec![("API_KEY".to_owned(), "hunter22".to_owned())],
            options: Options {
                max_concurrency: 32,
                timeout_ms: None,
                grace_ms: 30_000,
                mocks: None,
            },
            events: false,
            allow_hosts: Vec::new(),
            #[cfg(feature = "http")]
            clients: None,
            signals: Vec::new(),
            sudden: None,
        }
    }

    pub(crate) fn input(mut self, json: &str) -> Self {
        self.input = Value::from_json(json.as_bytes()).unwrap();
        self
    }

    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn events(mut self) -> Self {
        self.events = true;
        self
    }

    pub(crate) fn signal(mut self, ms: u64, signal: Signal) -> Self {
        self.signals.push((ms, signal));
        self
    }

    pub(crate) fn mocks(mut self, json: &str) -> Self {
        let file = Value::from_json(json.as_bytes()).unwrap();
        self.options.mocks = Some(Rc::new(Mocks::new(&file, self.pipeline).unwrap()));
        self
    }

    /// Runs on the clock of the test, which moves on by itself when everything waits.
    pub(crate) fn run(self) -> Ran {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(self.go())
    }

    /// Runs on the real clock, for tests that use the network.
    pub(crate) async fn go(self) -> Ran {
        let lines = Rc::new(RefCell::new(Vec::new()));
        let environment = Environment::of(self.env);
        let mask = Mask::new(environment.secrets(self.pipeline.env));
        let system = System::new();
        let reporter = Reporter {
            system,
            mask: mask.clone(),
            sink: Sink::Kept(Rc::clone(&lines)),
            events: self.events,
            format: LogFormat::Text,
            level: Level::Info,
        };
        let effects = Here::new(system, reporter.clone());
        let run = Rc::new(Run {
            id: "run-1".to_owned(),
            pipeline_id: self.pipeline.id,
            pipeline_version: self.pipeline.version,
            variables: self.pipeline.env,
            started: effects.moment(),
            limits: Limits::new(system),
            world: Rc::clone(&effects) as Rc<dyn World>,
            input: self.input,
            reporter,
            environment,
            store: RefCell::new(Store::new()),
            usage: RefCell::default(),
            #[cfg(feature = "http")]
            network: crate::host::http::Network {
                clients: Rc::new(self.clients.unwrap_or_else(|| {
                    let entries = self
                        .allow_hosts
                        .iter()
                        .map(|host| fmc_expr::hosts::Entry::parse(host));
                    let entries: Vec<_> = entries.collect::<Result<_, _>>().unwrap();
                    Clients::new(Allowed::new(None, &entries))
                })),
                mask: mask.clone(),
            },
        });
        let signals: Signals =
            Box::pin(stream::iter(self.signals).then(|(ms, signal)| async move {
                tokio::time::sleep(Duration::from_millis(ms)).await;
                signal
            }));
        let (sender, mut receiver) = tokio::sync::mpsc::unbounded_channel();
        if let Some(signal) = self.sudden {
            let limits = Arc::clone(&run.limits);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(20));
                sender.send(signal).unwrap();
                limits.end_grace_in(0);
            });
        }
        let sudden = stream::poll_fn(move |cx| receiver.poll_recv(cx));
        let signals: Signals = Box::pin(stream::select(signals, sudden));
        let begin = tokio::time::Instant::now();
        let end = drive::run(self.pipeline, run, effects, self.options, signals).await;
        let took_ms = u64::try_from(begin.elapsed().as_millis()).unwrap();
        let lines = lines.borrow().clone();
        Ran {
            report: report(self.pipeline, "run-1", &end, &mask, Style { color: false }),
            end,
            lines,
            took_ms,
        }
    }
}

impl Ran {
    /// The output of a completed run as JSON; for any other run, why it did not complete.
    pub(crate) fn output(&self) -> String {
        match &self.end.result {
            RunResult::Completed(value) => value.to_json(),
            RunResult::Failed { failure, .. } => {
                format!("{}: {}", failure.fault.kind, failure.fault.message)
            }
            other @ (RunResult::Unfit(_)
            | RunResult::Refused(..)
            | RunResult::TimedOut(_)
            | RunResult::Interrupted(_)) => format!("{other:?}"),
        }
    }

    /// The lines, joined.
    pub(crate) fn lines(&self) -> String {
        self.lines.join("\n")
    }

    /// The report without times.
    pub(crate) fn report(&self) -> String {
        let report = self.report.clone().unwrap_or_default();
        let words = report.split(' ').collect::<Vec<_>>();
        let timeless = words.iter().enumerate().map(|(at, word)| {
            let unit = words
                .get(at + 1)
                .is_some_and(|next| next.starts_with("ms") || next.starts_with("s\n"));
            if unit && word.parse::<f64>().is_ok() {
                "N"
            } else {
                word
            }
        });
        timeless.collect::<Vec<_>>().join(" ")
    }
}
