//! Tests of the scheduler with random graphs, some of which have mistakes.

use proptest::prelude::*;

use super::play::Play;
use crate::{
    executor::{
        schedule::{
            machine::Machine,
            types::{End, ForeachSettings, Instance, Stop, TrySettings},
        },
        tests::drafts::{Draft, conditional, foreach, leaf, returns, router, stages, trycatch},
    },
    run::store::{ROOT, StageIndex},
};

/// A random pipeline: any graph and any ownership, even with mistakes.
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

    /// For every graph: the run ends; every stage ends in one state; no stage runs twice unless a
    /// try list runs again; and none starts before its dependencies have ended.
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
        play.loops = ForeachSettings { count, parallel, break_on_error };
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
            prop_assert!(stage.foreach.is_some() || end.is_some(), "{}: no end\n{}", stage.id, play.trace);
        }
        prop_assert!(play.starts.values().all(|times| *times <= 1), "twice:\n{}", play.trace);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    /// Whatever rests, and whenever the run stops: it ends without waiting for a timer, nothing is
    /// tried again, and the finally list of every trycatch that was opened has run. When a try list
    /// runs again, nothing of the earlier try is left.
    #[test]
    fn a_stopped_run_waits_for_no_timer(
        drafts in any_drafts(),
        failing in prop::collection::vec((0..14_usize, 1..4_u32), 0..6),
        choice in any::<bool>(),
        settings in (0..3_u32, any::<bool>(), 0..4_usize, 1..3_usize, any::<bool>()),
        stop_after in 0..12_usize,
        turns in prop::collection::vec(any::<usize>(), 40),
    ) {
        let (max_retries, propagate, count, parallel, break_on_error) = settings;
        let mut play = Play::new(&drafts);
        play.holds_rests = true;
        play.retries = true;
        for (at, times) in failing {
            *play.failures.entry(format!("s{at}")).or_default() += times;
        }
        for draft in &drafts {
            play.choices.insert(draft.id.clone(), if choice { "k" } else { "true" }.to_owned());
        }
        play.tries = TrySettings { max_retries, propagate, ..TrySettings::default() };
        play.loops = ForeachSettings { count, parallel, break_on_error };
        for step in 0.. {
            play.act();
            let stopped = play.machine.stopped().is_some();
            if stopped {
                prop_assert!(play.resting.is_empty(), "rests:\n{}", play.trace);
            }
            let overlooked = play.machine.has_overlooked();
            prop_assert!(overlooked.is_none(), "overlooked {overlooked:?}:\n{}", play.trace);
            if step == stop_after && !stopped {
                play.say("interrupt");
                play.machine.stop(Stop::Interrupted);
                continue;
            }
            let (running, resting) = (play.started.len(), play.resting.len());
            if running + resting == 0 {
                break;
            }
            let at = turns[step % turns.len()] % (running + resting);
            if at < running {
                let instance = play.started.remove(at);
                play.end(instance);
            } else {
                play.rest_is_over(at - running);
            }
            prop_assert!(step < 20_000, "no end:\n{}", play.trace);
        }
        prop_assert!(play.machine.is_finished(), "stuck:\n{}", play.trace);
        prop_assert!(play.wrong.is_empty(), "{:?}\n{}", play.wrong, play.trace);
    }
}

/// When a stage starts, its dependencies in the same frame have ended, or are its owners. A try
/// list that runs again may take an end back later.
fn check_starts(play: &Play, before: usize, drafts: &[Draft]) -> Result<(), TestCaseError> {
    let machine = &play.machine;
    for instance in play.started.iter().skip(before) {
        let stage = machine.graph().stage(instance.stage).unwrap();
        for dependency in stage.depends_on {
            let target: StageIndex = dependency.stage;
            let other = machine.graph().stage(target).unwrap();
            let relevant = instance.frame == ROOT
                && other.foreach.is_none()
                && !machine.graph().is_inside(instance.stage, target)
                && drafts[target as usize].enabled;
            if relevant {
                let end = machine.end(target);
                let fine = match end {
                    Some(End::Succeeded) => true,
                    Some(_) => dependency.conditional || in_cleanup(machine, *instance),
                    // A list that runs again takes ends back.
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

/// Catch and finally stages run even if their dependencies failed.
fn in_cleanup(machine: &Machine, instance: Instance) -> bool {
    machine.error_at(instance).is_some() || machine.is_cleaning_up(instance)
}
