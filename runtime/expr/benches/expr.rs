//! Measures how long expressions take: parsing, printing, evaluating.
//!
//! `cargo bench -p fmc-expr --features parse,regex`. The baseline of each group is work that cannot
//! be avoided: reading the bytes of the text for parsing, cloning the value for evaluation.

use divan::{Bencher, black_box, counter::BytesCount};
use fmc_expr::{Cx, Value, interp, parse, print};

fn main() {
    divan::main();
}

/// Expressions of the reference pipelines, from the shortest to the longest.
const EXPRESSIONS: &[(&str, &str)] = &[
    ("name", "data.alert_id"),
    ("fallback", "data.service or data.labels.service"),
    (
        "ternary",
        "'danger' if data.severity == 'critical' else 'warning'",
    ),
    (
        "comprehension",
        "len([s for s in data.steps if s.get('passed')])",
    ),
    (
        "long",
        "f\"{data.service.upper()}: {', '.join(sorted([str(s.n * 2 + 1) for s in data.steps if s.n > 1 and not s.get('passed', False)]))} ({data.severity | default('none')})\"",
    ),
];

fn text(name: &str) -> &'static str {
    let found = EXPRESSIONS.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, text)| text)
}

const NAMES: &[&str] = &["name", "fallback", "ternary", "comprehension", "long"];

/// `data` as the only name.
fn names(data: Value) -> interp::Names {
    interp::Names::from([("data".to_owned(), data)])
}

fn data() -> Value {
    let text = r#"{"alert_id": "al-1", "severity": "critical", "labels": {"service": "checkout"},
        "service": "checkout", "steps": [{"n": 1, "passed": true}, {"n": 2}, {"n": 3, "passed": false}]}"#;
    Value::from_json(text.as_bytes()).unwrap_or(Value::Null)
}

#[divan::bench(args = NAMES)]
fn parse_baseline_bytes(bencher: Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| black_box(text).bytes().map(u64::from).sum::<u64>());
}

#[divan::bench(args = NAMES)]
fn parse_expression(bencher: Bencher<'_, '_>, name: &str) {
    let text = text(name);
    bencher
        .counter(BytesCount::of_str(text))
        .bench(|| parse::parse(black_box(text)));
}

#[divan::bench(args = NAMES)]
fn print_expression(bencher: Bencher<'_, '_>, name: &str) {
    let parsed = parse::parse(text(name));
    bencher.bench(|| print::print(black_box(&parsed.expr)));
}

#[divan::bench]
fn evaluate_baseline_clone(bencher: Bencher<'_, '_>) {
    let data = data();
    bencher.bench(|| black_box(&data).clone());
}

#[divan::bench(args = NAMES)]
fn evaluate(bencher: Bencher<'_, '_>, name: &str) {
    let parsed = parse::parse(text(name));
    let scope = names(data());
    bencher.bench(|| interp::eval(black_box(&parsed.expr), &scope, &Cx::new()).is_ok());
}
