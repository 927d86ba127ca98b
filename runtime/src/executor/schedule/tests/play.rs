//! A driver for tests. The test says when and how each started stage ends.

use std::{collections::HashMap, fmt::Write as _};

use crate::{
    base::fault::{ErrorType, StageError},
    executor::{
        schedule::{
            graph::Graph,
            machine::Machine,
            types::{
                Action, BlockEnd, Done, Failure, ForeachSettings, Instance, State, Stop,
                TrySettings,
            },
        },
        tests::drafts::{Draft, stages},
    },
    plan::StageKind,
    run::store::ROOT,
};

/// Plays the driver: each started stage ends at once, in the order of starting, as the test says.
pub(super) struct Play {
    pub(super) machine: Machine,
    /// The ids of stages that fail, each with the number of its failures.
    pub(super) failures: HashMap<String, u32>,
    /// What routers choose, by key, and conditionals, by `true` or `false`.
    pub(super) choices: HashMap<String, String>,
    pub(super) tries: TrySettings,
    pub(super) loops: ForeachSettings,
    pub(super) started: Vec<Instance>,
    pub(super) trace: String,
    pub(super) starts: HashMap<Instance, u32>,
    /// Whether rests last until the test ends them; otherwise they end at once.
    pub(super) holds_rests: bool,
    /// Whether failed stages and blocks ask to rest and are tried again.
    pub(super) retries: bool,
    /// Everything that rests, each with the failure it ends with if nothing follows.
    pub(super) resting: Vec<(Instance, Option<Failure>)>,
    /// How many rests ended because their time was over.
    pub(super) rested: u32,
    /// The properties that did not hold.
    pub(super) wrong: Vec<String>,
}

impl Play {
    pub(super) fn new(drafts: &[Draft]) -> Self {
        Self {
            machine: Machine::new(Graph::new(stages(drafts)), 32),
            failures: HashMap::new(),
            choices: HashMap::new(),
            tries: TrySettings::default(),
            loops: ForeachSettings {
                count: 2,
                parallel: 1,
                break_on_error: true,
            },
            started: Vec::new(),
            trace: String::new(),
            starts: HashMap::new(),
            holds_rests: false,
            retries: false,
            resting: Vec::new(),
            rested: 0,
            wrong: Vec::new(),
        }
    }

    pub(super) fn failing(mut self, ids: &str) -> Self {
        for id in ids.split_whitespace() {
            *self.failures.entry(id.to_owned()).or_default() += 1;
        }
        self
    }

    pub(super) fn choosing(mut self, id: &str, key: &str) -> Self {
        self.choices.insert(id.to_owned(), key.to_owned());
        self
    }

    pub(super) fn name(&self, instance: Instance) -> String {
        let id = self.machine.graph().id(instance.stage);
        if instance.frame == ROOT {
            id.to_owned()
        } else {
            format!("{id}#{}", instance.frame)
        }
    }

    pub(super) fn say(&mut self, what: &str) {
        let _ = writeln!(self.trace, "{what}");
    }

    /// Runs to the end and returns the trace.
    pub(super) fn run(mut self) -> String {
        loop {
            self.act();
            if self.started.is_empty() {
                break;
            }
            let instance = self.started.remove(0);
            self.end(instance);
        }
        assert!(self.machine.is_finished(), "{}", self.trace);
        let result = match self.machine.stopped() {
            None => "completed".to_owned(),
            Some(Stop::Failed(failure)) => format!("failed at {}", self.name(failure.at)),
            Some(Stop::Returned(at)) => format!("returned at {}", self.name(*at)),
            Some(Stop::Interrupted) => "interrupted".to_owned(),
        };
        self.say(&result);
        self.trace
    }

    pub(super) fn act(&mut self) {
        while let Some(action) = self.machine.next() {
            match action {
                Action::Start(instance) => {
                    let name = self.name(instance);
                    self.say(&format!("start {name}"));
                    *self.starts.entry(instance).or_default() += 1;
                    self.started.push(instance);
                }
                Action::Skipped(instance, why) => {
                    let (name, why) = (self.name(instance), self.machine.reason(why));
                    self.say(&format!("skip {name}: {why}"));
                }
                Action::Iterate { frame, index, .. } => {
                    self.say(&format!("iterate #{frame} [{index}]"))
                }
                Action::Iterated {
                    frame,
                    failure,
                    cut,
                    ..
                } => {
                    let how = if failure.is_some() {
                        "failed"
                    } else if cut {
                        "cut"
                    } else {
                        "done"
                    };
                    self.say(&format!("iterated #{frame} {how}"));
                }
                Action::Close(instance, end) => self.close(instance, end),
                Action::Rest(instance, ms) => {
                    let name = self.name(instance);
                    self.say(&format!("delay {name} {ms}"));
                    self.resting.push((instance, None));
                    if !self.holds_rests {
                        self.rest_is_over(self.resting.len() - 1);
                    }
                }
                Action::Wake(instance) => {
                    let name = self.name(instance);
                    self.say(&format!("wake {name}"));
                    let at = self.resting.iter().position(|(one, _)| *one == instance);
                    match at.map(|at| self.resting.remove(at)) {
                        Some((_, Some(failure))) => self.give_up(instance, failure),
                        Some((_, None)) => {}
                        None => self.wrong.push(format!("{name} does not rest")),
                    }
                }
                Action::Cancel(instance) => {
                    let name = self.name(instance);
                    self.say(&format!("cancel {name}"));
                    self.started.retain(|one| *one != instance);
                    self.resting.retain(|(one, _)| *one != instance);
                    self.machine
                        .finish(instance, Err(StageError::new(ErrorType::Timeout, "late")));
                }
                Action::Forget(instance) => {
                    let name = self.name(instance);
                    self.starts.remove(&instance);
                    self.say(&format!("forget {name}"));
                }
            }
        }
    }

    pub(super) fn close(&mut self, instance: Instance, end: BlockEnd) {
        let name = self.name(instance);
        let (how, result) = match end {
            BlockEnd::Selected => ("selected".to_owned(), Some(Ok(()))),
            BlockEnd::Tried { error: None } => ("success".to_owned(), Some(Ok(()))),
            BlockEnd::Tried {
                error: Some(failure),
            } => (format!("caught {}", self.name(failure.at)), Some(Ok(()))),
            BlockEnd::Iterated { failed } => (format!("looped, {failed} failed"), Some(Ok(()))),
            BlockEnd::Failed(failure) => (
                format!("failed by {}", self.name(failure.at)),
                Some(Err(failure)),
            ),
            BlockEnd::Cut => ("cut".to_owned(), None),
        };
        self.say(&format!("close {name}: {how}"));
        self.check_finally(instance);
        match result {
            Some(Err(failure))
                if self.retries
                    && instance.stage.is_multiple_of(2)
                    && self.machine.rest(instance) =>
            {
                self.resting.push((instance, Some(failure)));
            }
            Some(result) => self.machine.closed(instance, result),
            None => self.machine.cut(instance),
        }
    }

    /// Ends a rest because its time is over; what rested continues.
    pub(super) fn rest_is_over(&mut self, at: usize) {
        let (instance, _) = self.resting.remove(at);
        let name = self.name(instance);
        if self.holds_rests {
            self.say(&format!("rested {name}"));
        }
        self.rested += 1;
        // A block that rests before it is run again as a whole has closed. One that rests before
        // its try list may close at once, if its failed stages belong to another block.
        let closed = matches!(self.machine.state(instance), Some(State::Closing));
        self.machine.rested(instance);
        match self.machine.state(instance) {
            Some(State::Running) => self.started.push(instance),
            Some(State::Closing) if closed => self.machine.rerun(instance),
            Some(State::Closing) => {}
            _ => {
                let left = self.machine.left_of_try(instance);
                self.wrong
                    .extend(left.map(|left| format!("{name}: {left} is left")));
            }
        }
    }

    /// Ends a rest after which nothing follows: what rested fails.
    fn give_up(&mut self, instance: Instance, failure: Failure) {
        match self.machine.state(instance) {
            Some(State::Closing) => self.machine.closed(instance, Err(failure)),
            _ => self.machine.finish(instance, Err(failure.fault)),
        }
    }

    /// Checks that the finally list has run when a trycatch ends.
    fn check_finally(&mut self, instance: Instance) {
        if let Some(missed) = self.machine.missed_finally(instance) {
            let (name, missed) = (self.name(instance), self.name(missed));
            self.wrong.push(format!("{name} ended without {missed}"));
        }
    }

    pub(super) fn end(&mut self, instance: Instance) {
        let id = self.machine.graph().id(instance.stage);
        if let Some(left) = self.failures.get_mut(id).filter(|left| **left > 0) {
            *left -= 1;
            let fault = StageError::new(ErrorType::Connection, "refused");
            // Some failures are the last of their stage, and others are followed by an attempt.
            if self.retries && *left % 2 == 1 && self.machine.rest(instance) {
                let at = instance;
                self.resting.push((instance, Some(Failure { at, fault })));
            } else {
                self.machine.finish(instance, Err(fault));
            }
            return;
        }
        let stage = self.machine.graph().stage(instance.stage).unwrap();
        let choice = self.choices.get(id).map_or("", String::as_str);
        let done = match &stage.kind {
            StageKind::Leaf(_) => Done::Plain,
            StageKind::Return => {
                self.machine.stop(Stop::Returned(instance));
                Done::Plain
            }
            StageKind::Router { routes, default } => {
                let route = routes
                    .iter()
                    .find(|(key, _)| *key == choice)
                    .map(|(_, list)| *list);
                Done::Select(route.or(*default).unwrap_or_default().to_vec())
            }
            StageKind::Conditional { on_true, on_false } => {
                Done::Select(if choice == "true" { on_true } else { on_false }.to_vec())
            }
            StageKind::TryCatch { .. } => Done::Try(self.tries.clone()),
            StageKind::Foreach { .. } => Done::Foreach(self.loops),
        };
        self.machine.finish(instance, Ok(done));
    }
}
