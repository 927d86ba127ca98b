//! Order, ownership, and which stages have finished when: small graphs, and the findings about
//! each.
//!
//! A graph is written with one line for each stage: `id component list=a,b < dependencies : reads`.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::support::{self, code_and_word};

/// A pipeline of stages that read each other.
fn pipeline(lines: &[&str]) -> String {
    let stages: Vec<Value> = lines.iter().map(|line| stage(line)).collect();
    json!({"name": "Order", "stages": stages}).to_string()
}

fn stage(line: &str) -> Value {
    let (head, reads) = line.split_once(" : ").unwrap_or((line, ""));
    let (head, depends) = head.split_once(" < ").unwrap_or((head, ""));
    let mut words = head.split_whitespace();
    let (id, kind) = (words.next().unwrap(), words.next().unwrap_or("log"));
    let message: String = reads
        .split_whitespace()
        .fold("m ".to_owned(), |mut text, read| {
            match read.strip_prefix('$') {
                Some(name) => write!(text, "{{{{ context.{name} }}}} ").unwrap(),
                None => write!(text, "{{{{ upstream.{read} }}}} ").unwrap(),
            }
            text
        });
    let (component, mut config) = match kind {
        "log" => ("logger", json!({"message": message})),
        "if" => ("conditional", json!({"condition": "{{ input.a }}"})),
        "route" => ("router", json!({"value": "{{ input.a }}", "routes": {}})),
        "try" => ("trycatch", json!({"try_stages": []})),
        "each" => ("foreach", json!({"items": [1], "loop_stages": []})),
        "set" => ("variable-set", json!({"name": "v", "value": message})),
        other => panic!("{other}"),
    };
    let config_object: &mut Map<String, Value> = config.as_object_mut().unwrap();
    let mut disabled = false;
    for list in words {
        if list == "off" {
            disabled = true;
            continue;
        }
        let (name, members) = list.split_once('=').unwrap();
        let members: Vec<&str> = members.split(',').collect();
        match name {
            "true" | "false" | "try" | "catch" | "finally" | "loop" => {
                config_object.insert(format!("{name}_stages"), json!(members));
            }
            "default" => {
                config_object.insert("default_route".into(), json!(members));
            }
            route => config_object["routes"][route] = json!(members),
        }
    }
    let depends: Vec<&str> = depends.split_whitespace().collect();
    json!({"id": id, "component_type": component, "config": config, "depends_on": depends, "enabled": !disabled})
}

/// The findings: the code, and the words at its spans.
fn findings(lines: &[&str]) -> Vec<String> {
    let text = pipeline(lines);
    let findings = support::findings(&text);
    let shown = findings.iter().map(|found| code_and_word(&text, found));
    shown.collect()
}

#[track_caller]
fn clean(lines: &[&str]) {
    assert_eq!(findings(lines), Vec::<String>::new(), "{lines:#?}");
}

#[track_caller]
fn gives(lines: &[&str], expected: &[&str]) {
    assert_eq!(findings(lines), expected, "{lines:#?}");
}

#[test]
fn ancestors_have_finished() {
    clean(&["a", "b < a", "c < b : a b"]);
    clean(&["c < b : a b", "b < a", "a"]);
    gives(&["a", "b : a"], &["FMC0602 a"]);
    gives(&["a", "b < a", "c < a : b"], &["FMC0602 b"]);
    // One finding for each stage that is read too early, however often it is read.
    gives(&["a", "b : a a a"], &["FMC0602 a"]);
    gives(&["a : a"], &["FMC0602 a"]);
}

#[test]
fn owners_and_their_ancestors_have_finished() {
    clean(&["a", "r route x=m < a", "m : a r"]);
    clean(&["a", "i if true=m < a", "m if true=n : a i", "n : a i"]);
    gives(&["a", "r route x=m", "m : a"], &["FMC0602 a"]);
}

#[test]
fn blocks_have_not_finished_when_their_stages_run() {
    gives(&["l each loop=a", "a : l"], &["FMC0602 l"]);
    // That loops do not have this field is not reported as well.
    gives(&["l each loop=a", "a : l.current_item"], &["FMC0602 l"]);
    gives(&["t try try=a", "a : t.status"], &["FMC0602 t"]);
    gives(
        &["t try try=a finally=f", "a", "f : t.status"],
        &["FMC0602 t"],
    );
    gives(&["t try try=i", "i if true=a", "a : t i"], &["FMC0602 t"]);
    gives(
        &["t each loop=k", "k each loop=a", "a : t k"],
        &["FMC0602 t", "FMC0602 k"],
    );
    // Inside a block, waiting for the block means waiting until it has begun.
    gives(&["t try try=a", "a < t : t"], &["FMC0602 t"]);
    clean(&["p", "t try try=a < p", "a < t : p"]);
    // A router has decided when its stages run, but it has not run its other routes.
    clean(&["r route x=m,n", "m < r : r", "n"]);
    gives(&["r route x=m,n", "m < r : n", "n"], &["FMC0602 n"]);
    // When a block waits for a misspelt id, its stages get no findings about order either.
    gives(
        &["fetch", "t try try=a < xyz", "a : fetch"],
        &["FMC0301 xyz"],
    );
}

#[test]
fn with_several_owners_only_what_all_wait_for_is_certain() {
    clean(&["a", "r route x=m < a", "s route x=m < a", "m : a"]);
    gives(
        &["a", "r route x=m < a", "s route x=m", "m : a"],
        &["FMC0602 a"],
    );
    // As in the reference: a default route that is also a catch stage.
    clean(&[
        "p",
        "r route x=t default=e < p",
        "t try try=w catch=e",
        "w : p",
        "e : p r",
    ]);
}

#[test]
fn lists_run_in_order() {
    clean(&[
        "t try try=a,b catch=c,d finally=e",
        "a",
        "b : a",
        "c : a b",
        "d : c a",
        "e : a b c d",
    ]);
    clean(&["t each loop=a,b", "a", "b : a"]);
    gives(&["t try try=a,b", "a : b", "b"], &["FMC0602 b"]);
    gives(&["t try try=a catch=c", "a : c", "c"], &["FMC0602 c"]);
    gives(&["i if true=a,b", "a", "b : a"], &["FMC0602 a"]);
    // The stages of a list run in the order of the list, not of the file.
    clean(&["t try catch=c try=a finally=e", "a", "c : a", "e : a c"]);
}

#[test]
fn an_entry_of_a_list_ends_with_the_stages_it_selects() {
    clean(&["t try try=i,z", "i if true=m", "m", "z : m"]);
    clean(&[
        "t each loop=i,z",
        "i if true=m false=n",
        "m",
        "n",
        "z : m n",
    ]);
}

#[test]
fn a_stage_that_depends_on_a_block_waits_for_all_of_it() {
    clean(&["t try try=a catch=c", "a", "c", "z < t : a c"]);
    clean(&["t try try=a catch=c", "a", "c", "z < a : t c"]);
    clean(&["i if true=m", "m", "z < i : m"]);
    // Another owner may select it later.
    gives(
        &["i if true=m", "j if true=m", "m", "z < i : m"],
        &["FMC0602 m"],
    );
}

#[test]
fn loop_stages_have_no_single_output_outside_their_loop() {
    gives(&["l each loop=a", "a", "z < l : a"], &["FMC0310 a"]);
    gives(
        &["l each loop=i", "i if true=a", "a", "z < l : a"],
        &["FMC0310 a"],
    );
    clean(&["l each loop=a", "a", "z < l : l"]);
    clean(&["l each loop=k", "k each loop=b,c", "b", "c : b"]);
    clean(&["l each loop=b,k", "b", "k each loop=c", "c : b"]);
}

#[test]
fn variables_are_set_before_they_are_read() {
    clean(&["s set", "a < s : $v"]);
    clean(&["a < t : $v", "t try try=s", "s set"]);
    clean(&["t try try=s,a", "s set", "a : $v"]);
    clean(&["i if true=s false=u", "s set", "u set", "a < s u : $v"]);
    gives(&["s set", "a : $v"], &["FMC0308 v"]);
    gives(&["a : $v"], &["FMC0308 v"]);
    // When stages wait for each other, nothing is reported about variables.
    gives(&["s set < a", "a < s : $v"], &["FMC0601 a"]);
}

#[test]
fn a_cycle_is_reported_once() {
    gives(&["a < c", "b < a", "c < b"], &["FMC0601 c"]);
    gives(
        &["a < b", "b < a", "c < d", "d < c"],
        &["FMC0601 b", "FMC0601 d"],
    );
    // A cycle through selection: the router waits for its own member.
    gives(&["r route x=m < m", "m"], &["FMC0601 m"]);
    // A cycle through a list: the first entry waits for the second.
    gives(&["t try try=a,b", "a < b", "b"], &["FMC0601 b"]);
    // A cycle through the end of a block: a stage outside waits for the whole block.
    gives(&["t try try=a", "a < z", "z < t"], &["FMC0601 a"]);
    gives(&["t try try=a,b", "a", "b < z", "z < a"], &["FMC0601 b"]);
    clean(&["t try try=a,b", "a", "b < a"]);
    clean(&["t each loop=a", "a < t"]);
    clean(&[
        "t try try=i,b catch=c",
        "i if true=a",
        "a < t",
        "b < t",
        "c < t",
    ]);
    clean(&["t try try=a", "r route x=a", "a < t"]);
    // A cycle through the lists of a block: the first list would wait for the last.
    gives(
        &["t try try=a,b catch=c", "a < c", "b", "c"],
        &["FMC0601 c"],
    );
    gives(&["t try try=a finally=c", "a < c", "c"], &["FMC0601 c"]);
    gives(
        &["t try finally=d catch=c try=a", "a", "c < d", "d"],
        &["FMC0601 d"],
    );
    clean(&[
        "t try try=a,b catch=c finally=d",
        "a",
        "b",
        "c < a b",
        "d < a c",
    ]);
    clean(&["t try try=a,b catch=a", "a", "b"]);
    // A branch may wait for a stage that waits for the router itself.
    clean(&["r route x=m", "m < z", "z < r"]);
}

#[test]
fn ownership_is_checked() {
    gives(&["a < a"], &["FMC0604 a"]);
    gives(&["i if true=i"], &["FMC0604 i"]);
    gives(&["i if true=j", "j if true=i"], &["FMC0605 j"]);
    gives(&["t try try=a,a", "a"], &["FMC0606 a"]);
    gives(&["k each loop=a", "l each loop=a", "a"], &["FMC0607 a"]);
    gives(&["k each loop=a", "i if true=a", "a"], &["FMC0608 a"]);
    gives(
        &["k each loop=i", "i if true=a", "j if true=a", "a"],
        &["FMC0608 a"],
    );
    gives(
        &[
            "k each loop=i,l",
            "i if true=a",
            "l each loop=j",
            "j if true=a",
            "a",
        ],
        &["FMC0608 a"],
    );
    clean(&["i if true=a false=a", "a"]);
    clean(&["r route x=a y=a default=a", "a"]);
    clean(&["k each loop=i,j", "i if true=a", "j if true=a", "a"]);
}

#[test]
fn stages_that_can_never_run_are_found() {
    gives(&["a log off", "b < a"], &["FMC0603 a"]);
    gives(&["i if true=a false=b", "a", "b < a"], &["FMC0603 a"]);
    clean(&["i if true=a false=b", "a", "b", "z < a b"]);
    clean(&["a log off", "i if true=b", "b", "z < a b"]);
    clean(&["i if true=a", "a", "b < a"]);
    // One finding for each disabled owner, however many stages it would have selected.
    gives(
        &["l each loop=a,b off", "a", "b", "z < l"],
        &["FMC0603 a", "FMC0603 l"],
    );
    gives(&["l each loop=i off", "i if true=a", "a"], &["FMC0603 i"]);
    gives(&["l try try=a off", "k if true=a off", "a"], &["FMC0603 a"]);
    clean(&["l each loop=a off", "a log off"]);
    clean(&["i if true=a off", "k if true=a", "a"]);
}

#[test]
fn no_fix_makes_a_block_wait_for_its_own_stages() {
    let text = json!({"name": "Order", "stages": [
        {"id": "l", "component_type": "foreach", "config": {"items": "{{ upstream.a.x }}", "loop_stages": ["a"]}},
        {"id": "a", "component_type": "json-transform", "config": {"template": {"x": []}}},
    ]});
    let found = support::findings(&text.to_string());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.code(), "FMC0310");
    let text = text.to_string();
    let text = text
        .replace("foreach", "trycatch")
        .replace("loop_stages", "try_stages");
    let text = text.replace("items", "catch_error_types");
    let found = support::findings(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code.code(), "FMC0602");
    assert!(found[0].fix.is_none());
    assert_eq!(found[0].help, ["`a` itself waits for `l`"]);
}

#[test]
fn the_output_stage_cannot_be_a_loop_stage() {
    let text = pipeline(&["l each loop=a", "a"]);
    let codes = |output: &str| {
        let text = text.replacen('{', &format!("{{\"output_stage_id\":\"{output}\","), 1);
        let found = support::findings(&text);
        let codes = found.iter().map(|found| found.code.code());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(codes("a"), ["FMC0310"]);
    assert_eq!(codes("l"), Vec::<&str>::new());
}

#[test]
fn long_chains_and_wide_graphs_are_checked_quickly() {
    let count = 4000;
    let mut lines: Vec<String> = vec!["s0".into()];
    lines.extend((1..count).map(|at| format!("s{at} < s{} : s{} s0", at - 1, at - 1)));
    lines.reverse();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let started = std::time::Instant::now();
    clean(&lines);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    // Every stage of a level is owned by both stages of the level above: 2^40 paths lead down.
    let mut lines: Vec<String> = Vec::new();
    for level in 0..40 {
        for side in ["l", "r"] {
            lines.push(format!(
                "{side}{level} if true=l{} false=r{}",
                level + 1,
                level + 1
            ));
        }
    }
    lines.extend(["l40".into(), "r40".into()]);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    clean(&lines);
}
