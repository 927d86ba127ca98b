//! Generated source: its text, that it is valid Rust whatever a pipeline contains, that it is the
//! same each time, and that it grows linearly with the stages.

use std::{fs, path::Path};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::assert_formatted;
use crate::{
    check::{Settings, check},
    codegen::{Program, generate},
    source::SourceMap,
};

fn program(text: &str) -> Program {
    let mut sources = SourceMap::new();
    let file = sources.add("p.json", text);
    let checked = check(&sources, file, &Settings::default());
    let findings = format!("{:#?}", checked.findings());
    let checked = checked
        .into_checked_model()
        .unwrap_or_else(|_| panic!("{findings}\n{text}"));
    generate(&checked, text).unwrap()
}

/// The reference pipelines, by name.
fn references() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/reference");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let text = fs::read_to_string(path.join("pipeline.json")).ok()?;
            Some((path.file_name()?.to_str()?.to_owned(), text))
        })
        .collect();
    found.sort();
    assert!(found.len() >= 6, "{}", found.len());
    found
}

#[test]
fn the_basic_incident_handler() {
    let references = references();
    let (_, text) = references
        .iter()
        .find(|(name, _)| name == "basic-incident-handler")
        .unwrap();
    let program = program(text);
    // The hash changes with every byte of the fixture, and the version with every release.
    let hash = program
        .main_rs
        .lines()
        .find(|line| line.contains("hash: "))
        .unwrap();
    let source = program.main_rs.replace(hash, "    hash: \"…\",");
    let source = source.replace(env!("CARGO_PKG_VERSION"), "0.0.0");
    insta::assert_snapshot!(source);
}

#[test]
fn references_are_formatted_like_rustfmt_and_the_same_each_time() {
    for (name, text) in references() {
        let first = program(&text);
        assert_formatted(&first.main_rs);
        assert_eq!(first, program(&text), "{name}");
    }
}

/// Every kind of stage and of value, and the features they need.
#[test]
fn every_kind_of_stage() {
    let text = include_str!("every_kind.json");
    let program = program(text);
    assert_formatted(&program.main_rs);
    let features: Vec<_> = program
        .features
        .iter()
        .map(|feature| feature.name())
        .collect();
    assert_eq!(features, ["dynamic", "http", "regex"]);
    let (_, tables) = program.main_rs.split_once("const PLAIN").unwrap();
    insta::assert_snapshot!(tables.replace(env!("CARGO_PKG_VERSION"), "0.0.0"));
}

/// Equal expressions share a function, but each use keeps its own position for messages.
#[test]
fn equal_expressions_are_one_function() {
    let stage = |id: &str, message: &str| json!({"id": id, "component_type": "logger", "config": {"message": message}});
    let text = json!({"id": "p", "name": "p", "stages": [
        stage("a", "{{input.a or 1}} {{input.a or 1}}"),
        stage("b", "{{ input.a  or 1 }} {{input.a or 2}}"),
    ]});
    let source = program(&text.to_string()).main_rs;
    let functions = source.matches("\nfn e").count();
    assert_eq!(functions, 2, "{source}");
    let rows = |of: &str| source.matches(&format!("run: {of},")).count();
    assert_eq!((rows("e0"), rows("e1")), (3, 1), "{source}");
    let places: std::collections::BTreeSet<_> = source
        .lines()
        .filter(|line| line.trim_start().starts_with("column: "))
        .collect();
    assert_eq!(places.len(), 4, "{source}");
}

/// So many that differ in constants only share one body, which takes the constants; fewer, or
/// small ones, do not.
#[test]
fn many_expressions_that_are_alike_share_a_body() {
    let source = |stages: usize, message: fn(usize) -> String| {
        let stages: Vec<_> = (0..stages)
            .map(|at| json!({"id": format!("s{at}"), "component_type": "logger", "config": {"message": message(at)}}))
            .collect();
        let source =
            program(&json!({"id": "p", "name": "p", "stages": stages}).to_string()).main_rs;
        assert_formatted(&source);
        source
    };
    let large = |at: usize| format!("{{{{input.a{at} if {at} in [1, {at}] else 'no {at}'}}}}");
    let shared = source(8, large);
    insta::assert_snapshot!(function_of(&shared, "e7"), @r#"
    fn e7(s: &Scope<'_>, cx: &Cx) -> Result<Value, EvalError> {
        shape0(s, cx, 7, &K7, "a7", "no 7")
    }
    "#);
    insta::assert_snapshot!(function_of(&shared, "shape0"), @r"
    fn shape0(
        s: &Scope<'_>,
        cx: &Cx,
        c0: i64,
        c1: &Value,
        c2: &'static str,
        c3: &'static str,
    ) -> Result<Value, EvalError> {
        if ops::contains(cx, &Value::Int(c0), c1)? {
            ops::path(s.input(), &[c2])
        } else {
            Ok(render::text(c3))
        }
    }
    ");
    assert_eq!(shared.matches("\nfn shape").count(), 1, "{shared}");
    assert!(!source(7, large).contains("fn shape"));
    assert!(!source(9, |at| format!("{{{{input.a{at}}}}}")).contains("fn shape"));
    let wide = source(8, |at| {
        format!("{{{{'a{at}' if input.a{at} else 'b{at}' if input.b{at} else 'c{at}' + 'd{at}'}}}}")
    });
    assert!(wide.contains("fn shape0(\n    s: &Scope<'_>,\n"), "{wide}");
}

/// A function of generated source.
fn function_of(source: &str, name: &str) -> String {
    let (_, from) = source.split_once(&format!("\nfn {name}(")).unwrap();
    let (function, _) = from.split_once("\n}\n").unwrap();
    format!("fn {name}({function}\n}}")
}

#[test]
fn the_size_of_a_stage_does_not_depend_on_how_many_there_are() {
    let stage = |at: usize| {
        json!({
            "id": format!("s{at:03}"),
            "component_type": "logger",
            "config": {"message": "{{input.a or 'x'}}: {{[y for y in input.b or [] if y]}}"},
            "depends_on": if at > 100 { vec![format!("s{:03}", at - 1)] } else { vec![] },
        })
    };
    let size = |stages: usize| {
        let stages: Vec<_> = (100..100 + stages).map(stage).collect();
        program(&json!({"id": "p", "name": "p", "stages": stages}).to_string())
            .main_rs
            .len()
    };
    let (small, medium, large) = (size(100), size(200), size(400));
    let growth = |from: usize, to: usize, stages: usize| (to - from) as f64 / stages as f64;
    let (first, second) = (growth(small, medium, 100), growth(medium, large, 200));
    // Numbers may get longer; nothing else may.
    assert!(
        (first - second).abs() / first < 0.02,
        "{first} and {second} bytes a stage"
    );
}

/// Text that means something to Rust, to templates, or to neither.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\\\\\"'{}#/*\\n\\r\\t\u{202e}\u{feff}é😀a-z ]{0,24}",
        Just("\"; std::process::exit(1); //".to_owned()),
        Just("*/ fn main() {} /*".to_owned()),
        Just("r#\"x\"#".to_owned()),
    ]
}

/// Text without a template. The replacement runs twice, because from `{{{` the first pass leaves `{
/// {{`.
fn literal() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace("{{", "{ {").replace("{{", "{ {"))
}

/// A text inside a template, written as a string literal of the expression language.
fn quoted(text: &str) -> String {
    let mut out = String::from("'");
    for character in text.chars() {
        match character {
            '\\' | '\'' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever text a pipeline contains, its source is valid Rust with the same number of items,
    /// and every text is in it as a literal that reads back.
    #[test]
    fn no_text_changes_the_shape_of_the_source(
        message in literal(),
        key in literal(),
        name in text(),
        inside in text(),
        environment in "[A-Z_]{1,12}",
    ) {
        let pipeline = |message: &str, key: &str, name: &str, inside: &str| -> Value {
            json!({
                "id": "p",
                "name": name,
                "description": name,
                "sample_input": {"x": name},
                "stages": [
                    {"id": "a", "component_type": "logger", "config": {
                        "message": message,
                        "data": {key: message, "b": [message, {"c": message}]},
                    }},
                    {"id": "b", "component_type": "json-transform", "config": {"template": {
                        key: format!("{{{{ input[{}] or env.{environment} }}}}", quoted(inside)),
                        "f": format!("{{{{ f'{{input.x}}' + {} }}}}", quoted(inside)),
                    }}},
                ],
            })
        };
        let source = program(&pipeline(&message, &key, &name, &inside).to_string()).main_rs;
        let file = syn::parse_file(&source).unwrap();
        let plain = program(&pipeline("m", "key", "n", "i").to_string()).main_rs;
        let plain = syn::parse_file(&plain).unwrap();
        prop_assert_eq!(file.items.len(), plain.items.len(), "{}", source);
        for text in [&message, &name, &inside] {
            prop_assert!(source.contains(&format!("{text:?}")), "{text:?} in {source}");
        }
    }
}
