//! Compares with CPython on tens of thousands of generated expressions. Where CPython evaluates one
//! without an exception, our result must be the same, except for the documented differences, each
//! of which is written once in `oracle.py`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod characters;
mod specs;

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Command, Stdio},
};

use fmc_expr::{Cx, Value, builtins, interp, parse};
use fmc_test_expressions::{Generator, Random};

const EXPRESSIONS: u64 = 30_000;
/// How many times each operator and builtin must have been compared with success.
const AT_LEAST: usize = 20;

/// `data` as the only name.
fn names(data: Value) -> interp::Names {
    interp::Names::from([("data".to_owned(), data)])
}

fn ours(text: &str, data: &str) -> Result<String, String> {
    let parsed = parse::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(format!("syntax: {error}"));
    }
    let data = Value::from_json(data.as_bytes()).unwrap();
    interp::eval(&parsed.expr, &names(data), &Cx::new())
        .map(|value| value.to_json())
        .map_err(|located| located.error.message)
}

fn oracle(input: String) -> Option<Vec<serde_json::Value>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle.py");
    let spawned = Command::new("python3")
        .args(["-W", "ignore", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        return None;
    };
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

#[test]
fn agrees_with_cpython() {
    let mut cases = Vec::new();
    let mut input = String::new();
    for seed in 0..EXPRESSIONS {
        let mut generator = Generator::new(seed);
        let text = generator.expression();
        let data = fmc_test_expressions::data(&mut Random::new(seed + 1_000_000));
        input += &format!(
            "{{\"expr\":{},\"data\":{data}}}\n",
            serde_json::Value::from(text.clone())
        );
        cases.push((text, data, generator.used));
    }
    let Some(answers) = oracle(input) else {
        eprintln!("skipped: there is no python3 on this machine to compare with");
        return;
    };
    assert_eq!(answers.len(), cases.len());
    let (mut same, mut both_failed, mut documented, mut lenient) = (0, 0, 0, 0);
    let mut wrong = Vec::new();
    let mut covered: BTreeMap<&str, usize> = BTreeMap::new();
    for ((text, data, used), answer) in cases.iter().zip(&answers) {
        let ours = ours(text, data);
        match (answer.get("ok").and_then(|ok| ok.as_str()), &ours) {
            (Some(theirs), Ok(ours)) if theirs == ours => {
                same += 1;
                used.iter()
                    .for_each(|tag| *covered.entry(tag).or_default() += 1);
            }
            (Some(theirs), _) => wrong.push(format!(
                "{text}\n  data    {data}\n  CPython {theirs}\n  ours    {ours:?}"
            )),
            (None, Err(_)) => both_failed += 1,
            (None, Ok(_)) if answer.get("documented").is_some() => documented += 1,
            (None, Ok(_)) => lenient += 1,
        }
    }
    println!(
        "{EXPRESSIONS} expressions: {same} equal, {} different, {both_failed} refused by both, \
         {documented} documented, {lenient} where only CPython raises",
        wrong.len()
    );
    assert!(
        wrong.is_empty(),
        "{}",
        wrong[..wrong.len().min(25)].join("\n")
    );
    assert!(same > 20_000, "only {same} were evaluated by both");
    let rare: Vec<_> = covered
        .iter()
        .filter(|(_, count)| **count < AT_LEAST)
        .collect();
    assert!(rare.is_empty(), "{rare:?}");
    let missing: Vec<_> = expected_tags()
        .into_iter()
        .filter(|tag| !covered.contains_key(tag.as_str()))
        .collect();
    assert!(missing.is_empty(), "never compared: {missing:?}");
}

/// Builtins that CPython does not have, or whose results differ from run to run.
const NOT_PYTHON: &[&str] = &[
    "last",
    "flatten",
    "raw",
    "sha256",
    "base64_encode",
    "base64_decode",
    "urlencode",
    "uuid",
    "now",
    "now_ms",
    "time.time",
    "timestamp",
    "date_add",
    "format_date",
    // Functions that also exist as methods; the methods are compared.
    "replace",
    "startswith",
    "endswith",
];

/// Every operator, and every builtin that CPython has too.
fn expected_tags() -> Vec<String> {
    let operators = [
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "neg",
        "pos",
        "not",
        "and",
        "or",
        "if",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "in",
        "not in",
        "is",
        "is not",
        "chain",
        "slice",
        "index",
        "member",
        "comprehension",
        "set comprehension",
        "dict comprehension",
        "generator",
        "nested for",
        "unpack",
        "f-string",
        "spec",
        "!r",
        "constant",
    ];
    let rows = builtins::all()
        .filter(|row| !NOT_PYTHON.contains(&row.name))
        .map(|row| match row.receiver {
            None => row.name.to_owned(),
            Some(kinds) if kinds == builtins::Kinds::LIST => format!(".list_{}", row.name),
            Some(_) => format!(".{}", row.name),
        });
    operators
        .iter()
        .map(|tag| (*tag).to_owned())
        .chain(rows)
        .collect()
}
