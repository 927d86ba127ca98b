//! What compiler and runtime both say about components: names, side effects, features, defaults,
//! choices, error types, names in scope.
//!
//! Enters: the catalogue of the compiler and the rows of the runtime; only this test links both.
//! Leaves: nothing, or every difference. A row on one side only is a difference.

use std::collections::{BTreeMap, BTreeSet};

use fmc::catalogue::{self, Component as Row, Feature, Field, FieldKind, Runs};
use fmc_runtime::{
    component::{
        Component, FILTER, GENERATOR, HTTP_REQUEST, JSON_TRANSFORM, LOGGER, LOOP, VARIABLE_SET,
    },
    parity::{ERROR_TYPES, FACTS, PRESETS, Row as Preset, Usual},
};

/// Every leaf component with the name of its static, which generated code uses, and with the
/// features that it needs.
const LEAVES: &[(&str, &Component, &[Feature])] = &[
    ("FILTER", &FILTER, &[]),
    ("GENERATOR", &GENERATOR, &[Feature::Http]),
    ("HTTP_REQUEST", &HTTP_REQUEST, &[Feature::Http]),
    ("JSON_TRANSFORM", &JSON_TRANSFORM, &[]),
    ("LOGGER", &LOGGER, &[]),
    ("LOOP", &LOOP, &[]),
    ("VARIABLE_SET", &VARIABLE_SET, &[]),
];

fn row(name: &str) -> &'static Row {
    catalogue::find(name).unwrap_or_else(|| panic!("the catalogue has no `{name}`"))
}

#[test]
fn leaves_have_the_same_names_statics_features_and_side_effects() {
    let mut of_runtime = BTreeSet::new();
    for &(item, component, features) in LEAVES {
        let row = row(component.name);
        let runs = Runs::Leaf { item, features };
        assert_eq!(row.runs, runs, "{}", component.name);
        assert_eq!(row.side_effect, component.side_effect, "{}", component.name);
        of_runtime.insert(component.name);
    }
    let leaves = catalogue::components().filter(|row| matches!(row.runs, Runs::Leaf { .. }));
    let of_compiler: BTreeSet<_> = leaves.map(|row| row.name).collect();
    assert_eq!(of_compiler, of_runtime);
}

/// The default that the catalogue documents, as JSON.
fn usual(preset: &Preset) -> String {
    match preset.usual {
        Usual::Flag(flag) => flag.to_string(),
        Usual::Count(count) => count.to_string(),
        Usual::Word(words, at) => format!("{:?}", words[at]),
    }
}

/// Defaults for which the runtime has no row, and why.
fn is_elsewhere(row: &Row, field: &Field) -> bool {
    // Code generation writes these into the table of the stage.
    let names = matches!(field.kind, FieldKind::Name(_));
    // A value that was left out is null; and a `return` without a condition always returns.
    let absent = field.default == "null" || row.name == "return" && field.name == "condition";
    names || absent || !row.is_buildable()
}

#[test]
fn defaults_and_choices_are_what_the_catalogue_documents() {
    let leaves = LEAVES.iter().map(|(_, leaf, _)| (leaf.name, leaf.presets));
    let all: BTreeMap<&str, &[Preset]> = leaves.chain(PRESETS.iter().copied()).collect();
    let mut compared = 0;
    for (&name, presets) in &all {
        for preset in *presets {
            let field = row(name).field(preset.name);
            let field = field.unwrap_or_else(|| panic!("{name} has no field `{}`", preset.name));
            assert_eq!(field.name, preset.name, "{name}: the canonical name");
            assert_eq!(field.default, usual(preset), "{name}.{}", preset.name);
            if let Usual::Word(words, _) = preset.usual {
                assert_eq!(
                    field.kind,
                    FieldKind::Choice(words),
                    "{name}.{}",
                    preset.name
                );
            }
            compared += 1;
        }
    }
    assert!(compared >= 20, "only {compared}");
    for row in catalogue::components() {
        let presets = all.get(row.name).copied().unwrap_or_default();
        for field in row.fields {
            let documented = !field.default.is_empty() && !is_elsewhere(row, field);
            let known = presets.iter().any(|preset| preset.name == field.name);
            assert!(
                !documented || known,
                "{}.{}: the runtime has no default",
                row.name,
                field.name
            );
        }
    }
}

#[test]
fn error_types_and_classes_are_what_can_be_caught() {
    let types = ERROR_TYPES.iter().map(|(_, name, _)| *name);
    let types: BTreeSet<&str> = types.collect();
    let classes = ERROR_TYPES.iter().flat_map(|(_, _, classes)| *classes);
    let classes: BTreeSet<&str> = classes.copied().collect();
    let field = row("trycatch").field("catch_error_types");
    let kind = field.map(|field| field.kind);
    let Some(FieldKind::ListOf(FieldKind::Exactly(words))) = kind else {
        panic!("{kind:?}");
    };
    let words: BTreeSet<&str> = words.iter().copied().collect();
    assert!(words.is_superset(&types) && words.is_superset(&classes));
    // FlowMason's classes for errors that cannot happen here: they are accepted, and catch nothing.
    let left: Vec<_> = words.difference(&types).copied().collect();
    let left: Vec<_> = left
        .into_iter()
        .filter(|word| !classes.contains(word))
        .collect();
    assert_eq!(left, ["CONTROL_FLOW", "ROUTING", "SECURITY"]);
}

#[test]
fn the_facts_of_a_run_have_the_same_names() {
    let everywhere = catalogue::FACTS.iter().filter(|fact| !fact.in_loops);
    let everywhere: Vec<_> = everywhere.map(|fact| fact.name).collect();
    assert_eq!(everywhere, FACTS);
}
