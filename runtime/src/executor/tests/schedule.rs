//! The scheduler against tables of situations and against random graphs.

use std::{collections::HashMap, fmt::Write as _};

use proptest::prelude::*;

use super::drafts::{Draft, conditional, foreach, leaf, returns, router, stages, trycatch};
use crate::executor::{
    graph::Graph,
    machine::Machine,
    state::{Action, BlockEnd, Done, End, Instance, LoopSettings, Stop, TrySettings},
    store::ROOT,
};
use crate::{
    error::{ErrorType, StageError},
    plan::{Kind, StageIndex},
};

/// Plays the driver: every started stage ends at once, in the order of starting, as told.
struct Play {
    machine: Machine,
    /// Ids of stages that fail, each so many times.
    failures: HashMap<String, u32>,
    /// The choice of routers by key and of conditionals by `true` and `false`.
    choices: HashMap<String, String>,
    tries: TrySettings,
    loops: LoopSettings,
    started: Vec<Instance>,
    trace: String,
    starts: HashMap<Instance, u32>,
}

impl Play {
    fn new(drafts: &[Draft]) -> Self {
        Self {
            machine: Machine::new(Graph::new(stages(drafts)), 32),
            failures: HashMap::new(),
            choices: HashMap::new(),
            tries: TrySettings::default(),
            loops: LoopSettings {
                count: 2,
                parallel: 1,
                break_on_error: true,
            },
            started: Vec::new(),
            trace: String::new(),
            starts: HashMap::new(),
        }
    }

    fn failing(mut self, ids: &str) -> Self {
        for id in ids.split_whitespace() {
            *self.failures.entry(id.to_owned()).or_default() += 1;
        }
        self
    }

    fn choosing(mut self, id: &str, key: &str) -> Self {
        self.choices.insert(id.to_owned(), key.to_owned());
        self
    }

    fn name(&self, instance: Instance) -> String {
        let id = self.machine.graph().id(instance.stage);
        if instance.frame == ROOT {
            id.to_owned()
        } else {
            format!("{id}#{}", instance.frame)
        }
    }

    fn say(&mut self, what: &str) {
        let _ = writeln!(self.trace, "{what}");
    }

    /// Runs to the end and gives the trace.
    fn run(mut self) -> String {
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

    fn act(&mut self) {
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
                Action::Delay(instance, ms) => {
                    let name = self.name(instance);
                    self.say(&format!("delay {name} {ms}"));
                    self.machine.resume(instance);
                }
                Action::Cancel(instance) => {
                    let name = self.name(instance);
                    self.say(&format!("cancel {name}"));
                    self.started.retain(|one| *one != instance);
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

    fn close(&mut self, instance: Instance, end: BlockEnd) {
        let name = self.name(instance);
        let (how, result) = match end {
            BlockEnd::Selected => ("selected".to_owned(), Some(Ok(()))),
            BlockEnd::Tried { error: None } => ("success".to_owned(), Some(Ok(()))),
            BlockEnd::Tried {
                error: Some(failure),
            } => (format!("caught {}", self.name(failure.at)), Some(Ok(()))),
            BlockEnd::Looped { failed } => (format!("looped, {failed} failed"), Some(Ok(()))),
            BlockEnd::Failed(failure) => (
                format!("failed by {}", self.name(failure.at)),
                Some(Err(failure)),
            ),
            BlockEnd::Cut => ("cut".to_owned(), None),
        };
        self.say(&format!("close {name}: {how}"));
        match result {
            Some(result) => self.machine.closed(instance, result),
            None => self.machine.cut(instance),
        }
    }

    fn end(&mut self, instance: Instance) {
        let id = self.machine.graph().id(instance.stage);
        if let Some(left) = self.failures.get_mut(id).filter(|left| **left > 0) {
            *left -= 1;
            self.machine.finish(
                instance,
                Err(StageError::new(ErrorType::Connection, "refused")),
            );
            return;
        }
        let stage = self.machine.graph().stage(instance.stage).unwrap();
        let choice = self.choices.get(id).map_or("", String::as_str);
        let done = match &stage.kind {
            Kind::Leaf(_) => Done::Plain,
            Kind::Return => {
                self.machine.stop(Stop::Returned(instance));
                Done::Plain
            }
            Kind::Router { routes, default } => {
                let route = routes
                    .iter()
                    .find(|(key, _)| *key == choice)
                    .map(|(_, list)| *list);
                Done::Select(route.or(*default).unwrap_or_default().to_vec())
            }
            Kind::Conditional { on_true, on_false } => {
                Done::Select(if choice == "true" { on_true } else { on_false }.to_vec())
            }
            Kind::TryCatch { .. } => Done::Try(self.tries.clone()),
            Kind::Foreach { .. } => Done::Loop(self.loops),
        };
        self.machine.finish(instance, Ok(done));
    }
}

fn remediation() -> Vec<Draft> {
    vec![
        leaf("parse"),
        router(
            "action",
            &[("memory", "restart"), ("cpu", "scale-up")],
            Some("escalate"),
        )
        .after("parse"),
        trycatch("restart", "execute", "escalate", "log"),
        leaf("execute"),
        leaf("wait").after("execute"),
        leaf("verify").after("wait"),
        leaf("scale-up"),
        leaf("escalate"),
        leaf("log"),
        leaf("notify").after("verify"),
    ]
}

#[test]
fn a_chain_behind_a_block_runs_after_it() {
    let trace = Play::new(&remediation()).choosing("action", "memory").run();
    insta::assert_snapshot!(trace);
}

#[test]
fn a_caught_failure_skips_what_rests_on_the_failed_stage() {
    let trace = Play::new(&remediation())
        .choosing("action", "memory")
        .failing("execute")
        .run();
    insta::assert_snapshot!(trace);
}

#[test]
fn a_default_route_may_be_a_catch_stage_too() {
    let trace = Play::new(&remediation())
        .choosing("action", "unknown")
        .run();
    insta::assert_snapshot!(trace);
}

#[test]
fn a_failure_outside_a_try_stops_what_has_not_started() {
    let trace = Play::new(&remediation())
        .choosing("action", "memory")
        .failing("verify")
        .run();
    insta::assert_snapshot!(trace);
}

#[test]
fn a_join_runs_after_whichever_branch_ran() {
    let drafts = [
        conditional("if", "yes", "no"),
        leaf("yes"),
        leaf("no"),
        leaf("join").after("yes no"),
        leaf("only-yes").after("yes"),
        leaf("after-only").after("only-yes"),
        leaf("after-if").after("if"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).choosing("if", "false").run());
}

#[test]
fn a_try_list_is_run_again_then_caught_then_finally() {
    let drafts = [
        trycatch("t", "a b", "c", "f"),
        leaf("a"),
        leaf("b"),
        leaf("c").after("b"),
        leaf("f"),
    ];
    let mut play = Play::new(&drafts).failing("b b");
    play.tries.max_retries = 1;
    play.tries.retry_delay_ms = 5;
    insta::assert_snapshot!(play.run());
}

#[test]
fn what_is_not_caught_goes_up_after_finally() {
    let drafts = [
        trycatch("t", "a", "c", "f"),
        leaf("a"),
        leaf("c"),
        leaf("f"),
        leaf("z").after("t"),
    ];
    let mut play = Play::new(&drafts).failing("a");
    play.tries.catch_types = vec!["TimeoutError".to_owned()];
    insta::assert_snapshot!(play.run());
}

#[test]
fn a_failing_catch_list_fails_the_block_after_finally() {
    let drafts = [
        trycatch("t", "a", "c d", "f"),
        leaf("a"),
        leaf("c"),
        leaf("d"),
        leaf("f"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).failing("a c").run());
}

#[test]
fn propagate_raises_again_and_an_outer_try_catches() {
    let drafts = [
        trycatch("outer", "inner", "rescue", ""),
        trycatch("inner", "a", "c", "f"),
        leaf("a"),
        leaf("c"),
        leaf("f"),
        leaf("rescue"),
    ];
    let mut play = Play::new(&drafts).failing("a rescue");
    play.tries.propagate = true;
    insta::assert_snapshot!(play.run());
}

#[test]
fn finally_runs_while_the_run_fails_elsewhere() {
    let drafts = [
        trycatch("t", "a b", "c", "f g"),
        leaf("a"),
        leaf("b"),
        leaf("c"),
        leaf("f"),
        leaf("g"),
        leaf("bad"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).failing("bad").run());
}

#[test]
fn loops_run_their_list_in_order_for_each_item() {
    let drafts = [
        foreach("each", "a if"),
        leaf("a").after("each"),
        conditional("if", "b", "c"),
        leaf("b"),
        leaf("c"),
        leaf("sum").after("each"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).choosing("if", "true").run());
}

#[test]
fn parallel_loops_stop_at_a_failure_but_finish_what_runs() {
    let drafts = [foreach("each", "a b"), leaf("a"), leaf("b")];
    let mut play = Play::new(&drafts).failing("b");
    play.loops = LoopSettings {
        count: 4,
        parallel: 2,
        break_on_error: true,
    };
    insta::assert_snapshot!(play.run());
}

#[test]
fn failed_items_may_be_results() {
    let drafts = [foreach("outer", "inner"), foreach("inner", "a"), leaf("a")];
    let mut play = Play::new(&drafts).failing("a");
    play.loops.break_on_error = false;
    insta::assert_snapshot!(play.run());
}

#[test]
fn an_empty_loop_runs_nothing() {
    let drafts = [foreach("each", "a"), leaf("a"), leaf("z").after("each")];
    let mut play = Play::new(&drafts);
    play.loops.count = 0;
    insta::assert_snapshot!(play.run(), @r"
    start each
    close each: looped, 0 failed
    start z
    completed
    ");
}

#[test]
fn a_return_lets_running_stages_finish_and_finally_lists_run() {
    let drafts = [
        trycatch("t", "a r b", "c", "f"),
        leaf("a"),
        returns("r"),
        leaf("b"),
        leaf("c"),
        leaf("f"),
        leaf("side"),
        leaf("z").after("side t"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).run());
}

#[test]
fn disabled_stages_count_as_skipped() {
    let drafts = [
        leaf("off").disabled(),
        leaf("a").after("off"),
        trycatch("t", "x", "", "").disabled(),
        leaf("x"),
    ];
    insta::assert_snapshot!(Play::new(&drafts).run(), @r"
    skip off: it is not enabled
    skip t: it is not enabled
    skip a: `off` did not succeed
    skip x: nothing selected it
    completed
    ");
}

#[test]
fn mistaken_graphs_end_too() {
    let drafts = [
        leaf("a").after("b"),
        leaf("b").after("a"),
        router("r", &[("k", "r s")], None),
        router("s", &[("k", "r q")], None),
        router("q", &[("k", "s")], None),
        trycatch("t", "u v", "", ""),
        leaf("u").after("v"),
        leaf("v"),
    ];
    let play = Play::new(&drafts)
        .choosing("r", "k")
        .choosing("s", "k")
        .choosing("q", "k");
    insta::assert_snapshot!(play.run());
}

#[test]
fn an_expired_block_cancels_what_runs_and_cleans_up() {
    let drafts = [
        trycatch("t", "e", "c", "f"),
        foreach("e", "a"),
        leaf("a"),
        leaf("c"),
        leaf("f"),
    ];
    let mut play = Play::new(&drafts);
    for _ in 0..3 {
        play.act();
        let instance = play.started[0];
        if play.name(instance).starts_with("a#") {
            break;
        }
        play.started.remove(0);
        play.end(instance);
    }
    let t = Instance {
        stage: 0,
        frame: ROOT,
    };
    play.machine
        .expire(t, StageError::new(ErrorType::Timeout, "late"));
    insta::assert_snapshot!(play.run());
}

/// A random pipeline: any graph, any ownership, also mistaken ones.
fn any_drafts() -> impl Strategy<Value = Vec<Draft>> {
    let stage = (
        0..8_u8,
        prop::collection::vec(0..14_usize, 0..3),
        prop::collection::vec(0..14_usize, 0..4),
        0..9_u8,
    );
    prop::collection::vec(stage, 1..14).prop_map(|rows| {
        let count = rows.len();
        let id = |at: usize| format!("s{}", at % count);
        let build =
            |(at, (kind, after, members, enabled)): (usize, (u8, Vec<usize>, Vec<usize>, u8))| {
                let mut lists: [String; 3] = Default::default();
                for (slot, member) in members.into_iter().enumerate() {
                    lists[slot % 3] += &format!("{} ", id(member));
                }
                let [a, b, c] = lists;
                let name = format!("s{at}");
                let mut draft = match kind {
                    0 => router(&name, &[("k", &a)], Some(&b)),
                    1 => conditional(&name, &a, &b),
                    2 => trycatch(&name, &a, &b, &c),
                    3 => foreach(&name, &a),
                    4 => returns(&name),
                    _ => leaf(&name),
                };
                draft.after = after.into_iter().map(id).collect();
                draft.enabled = enabled > 0;
                draft
            };
        rows.into_iter().enumerate().map(build).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever the graph: the run ends, every stage ends in one state, none runs twice unless
    /// a try list is run again, and none starts before what it rests on has ended.
    #[test]
    fn every_graph_runs_to_its_end(
        drafts in any_drafts(),
        failing in prop::collection::vec(0..14_usize, 0..4),
        choice in any::<bool>(),
        settings in (0..3_u32, any::<bool>(), 0..4_usize, 1..3_usize, any::<bool>()),
        newest_first in any::<bool>(),
    ) {
        let (max_retries, propagate, count, parallel, break_on_error) = settings;
        let mut play = Play::new(&drafts);
        for at in failing {
            *play.failures.entry(format!("s{at}")).or_default() += 1;
        }
        for draft in &drafts {
            play.choices.insert(draft.id.clone(), if choice { "k" } else { "true" }.to_owned());
        }
        play.tries = TrySettings { max_retries, propagate, ..TrySettings::default() };
        play.loops = LoopSettings { count, parallel, break_on_error };
        let mut steps = 0;
        loop {
            let before = play.started.len();
            play.act();
            check_starts(&play, before, &drafts)?;
            let overlooked = play.machine.has_overlooked();
            prop_assert!(overlooked.is_none(), "overlooked {overlooked:?}:\n{}", play.trace);
            if play.started.is_empty() {
                break;
            }
            let at = if newest_first { play.started.len() - 1 } else { 0 };
            let instance = play.started.remove(at);
            play.end(instance);
            steps += 1;
            prop_assert!(steps < 20_000, "no end:\n{}", play.trace);
        }
        prop_assert!(play.machine.is_finished(), "stuck:\n{}", play.trace);
        for (stage, at) in stages(&drafts).iter().zip(0..) {
            let end = play.machine.end(at);
            prop_assert!(stage.loop_stage.is_some() || end.is_some(), "{}: no end\n{}", stage.id, play.trace);
        }
        for times in play.starts.values() {
            prop_assert!(*times <= 1, "twice:\n{}", play.trace);
        }
    }
}

/// When a stage starts, its dependencies in the same frame have ended (or are its own owners); a
/// try list that is run again may take that back later.
fn check_starts(play: &Play, before: usize, drafts: &[Draft]) -> Result<(), TestCaseError> {
    let machine = &play.machine;
    for instance in play.started.iter().skip(before) {
        let stage = machine.graph().stage(instance.stage).unwrap();
        for dependency in stage.depends_on {
            let target: StageIndex = dependency.stage;
            let other = machine.graph().stage(target).unwrap();
            let relevant = instance.frame == ROOT
                && other.loop_stage.is_none()
                && !machine.graph().is_inside(instance.stage, target)
                && drafts[target as usize].enabled;
            if relevant {
                let end = machine.end(target);
                let fine = match end {
                    Some(End::Succeeded) => true,
                    Some(_) => dependency.conditional || in_cleanup(machine, *instance),
                    // A list that is run again takes ends back.
                    None => {
                        in_cleanup(machine, *instance)
                            || is_tried_again(machine, target, instance.stage)
                    }
                };
                prop_assert!(
                    fine,
                    "{} started, {} is {end:?}\n{}",
                    stage.id,
                    other.id,
                    play.trace
                );
            }
        }
    }
    Ok(())
}

/// Whether both stages belong to one trycatch.
fn is_tried_again(machine: &Machine, target: StageIndex, stage: StageIndex) -> bool {
    let graph = machine.graph();
    let mut around = graph.tries_around(target).iter();
    around.any(|block| graph.is_inside(stage, *block))
}

/// Catch and finally stages run although what they rest on failed.
fn in_cleanup(machine: &Machine, instance: Instance) -> bool {
    machine.error_at(instance).is_some() || machine.is_cleaning_up(instance)
}
