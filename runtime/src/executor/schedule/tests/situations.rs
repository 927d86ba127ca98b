//! The scheduler in tables of situations.

use super::play::Play;
use crate::{
    base::fault::{ErrorType, StageError},
    executor::{
        schedule::types::{ForeachSettings, Instance, Stop},
        tests::drafts::{Draft, conditional, foreach, leaf, returns, router, trycatch},
    },
    run::store::ROOT,
};

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
    play.loops = ForeachSettings {
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

/// `inner` lists `x`, which runs in the frames of `outer` because `t` lists it too. When `x` ends
/// after the run was stopped, the iterations of `inner` that waited for it end with it.
#[test]
fn a_loop_is_moved_by_a_stage_of_its_list_that_runs_outside_it() {
    let drafts = [
        foreach("outer", "t"),
        router("x", &[("k", "")], Some("")),
        trycatch("t", "inner", "x", ""),
        foreach("inner", "x"),
    ];
    let mut play = Play::new(&drafts);
    play.loops.parallel = 2;
    for (at, name) in [(0, "outer"), (1, "t#2"), (1, "inner#2")] {
        play.act();
        let instance = play.started.remove(at);
        assert_eq!(play.name(instance), name);
        play.end(instance);
    }
    play.act();
    play.machine.stop(Stop::Interrupted);
    let instance = play.started.remove(1);
    assert_eq!(play.name(instance), "x#2");
    play.end(instance);
    play.act();
    let overlooked = play.machine.has_overlooked();
    assert_eq!(overlooked, None, "{}", play.trace);
}

/// `t` runs outside the loop whose `b` selects it: `d` waits for `t`, and so in every iteration
/// for that `b`, whichever iteration it stands in.
#[test]
fn a_block_is_waited_for_in_other_iterations_where_it_selects_a_stage_outside() {
    let drafts = [
        foreach("outer", "inner own"),
        router("own", &[("k", "t")], None),
        foreach("inner", "b d"),
        trycatch("b", "t slow", "", ""),
        leaf("t"),
        leaf("slow"),
        leaf("d").after("t"),
    ];
    let mut play = Play::new(&drafts);
    play.loops.parallel = 2;
    let ends = "outer inner#1 b#3 b#4 t#1 slow#4 slow#3";
    for name in ends.split(' ') {
        play.act();
        let mut started = play.started.iter();
        let at = started.position(|one| play.name(*one) == name);
        let instance = play.started.remove(at.expect(name));
        play.end(instance);
    }
    play.act();
    let overlooked = play.machine.has_overlooked();
    assert_eq!(overlooked, None, "{}", play.trace);
    assert!(play.trace.contains("start d#4"), "{}", play.trace);
}
