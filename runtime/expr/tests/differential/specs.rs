//! Compares format specifications with CPython, in all combinations of their parts, with widths and
//! precisions from nothing to far beyond what a number has digits.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use fmc_expr::{Cx, Value, format};
use fmc_test_expressions::Random;

/// Reads lines of a value and a specification, and writes the text or null.
const SCRIPT: &str = "
import sys, json
for line in sys.stdin:
    value, spec = json.loads(line)
    try:
        print(json.dumps(format(value, spec)))
    except Exception:
        print('null')
";

const VALUES: &[&str] = &[
    "0",
    "7",
    "-7",
    "65",
    "1234567",
    "-9223372036854775808",
    "true",
    "0.0",
    "-0.0",
    "1.5",
    "-1.5",
    "0.1",
    "100.0",
    "1234567.891",
    "2.5e-7",
    "-1e22",
    "1.7976931348623157e308",
    "5e-324",
    "0.00015",
    "\"\"",
    "\"abc\"",
    "\"h\u{e9}\u{1F600}\"",
    "999999.5",
    "0.5",
];
const PARTS: &[&[&str]] = &[
    &["", "", "", "<", ">", "^", "=", "*<", "0=", "\u{e9}^", "{>"],
    &["", "", "", "+", "-", " "],
    &["", "", "", "z"],
    &["", "", "", "#"],
    &["", "", "0"],
    &[
        "", "", "1", "5", "6", "7", "8", "9", "10", "11", "12", "13", "40", "400", "4001",
    ],
    &["", "", ",", "_"],
    &[
        "", "", ".0", ".1", ".2", ".3", ".6", ".15", ".17", ".40", ".1099", ".1100", ".1101",
        ".70000",
    ],
    &[
        "", "", "", "d", "b", "o", "x", "X", "c", "e", "E", "f", "F", "g", "G", "n", "%", "s", "q",
    ],
];

fn spec(random: &mut Random) -> String {
    let parts = PARTS.iter().map(|choices| random.pick(choices));
    parts.collect()
}

fn cpython(input: String) -> Option<Vec<Value>> {
    let spawned = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut child = spawned.ok()?;
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    let lines = output.stdout.split(|byte| *byte == b'\n');
    let lines = lines.filter(|line| !line.is_empty());
    Some(lines.map(|line| Value::from_json(line).unwrap()).collect())
}

#[test]
fn specifications_agree_with_cpython() {
    let mut random = Random::new(7);
    let asked: Vec<(Value, String)> = (0..40_000)
        .map(|_| {
            let value = Value::from_json(random.pick(VALUES).as_bytes()).unwrap();
            (value, spec(&mut random))
        })
        .collect();
    let lines = asked.iter().map(|(value, spec)| {
        let line = Value::list(vec![value.clone(), Value::from(spec.as_str())]);
        line.to_json() + "\n"
    });
    let Some(expected) = cpython(lines.collect()) else {
        println!("skipped: python3 is not installed");
        return;
    };
    assert_eq!(expected.len(), asked.len());
    let mut compared = 0;
    let mut wrong = Vec::new();
    for ((value, spec), expected) in asked.iter().zip(expected) {
        let Some(expected) = expected.as_str() else {
            continue;
        };
        // Infinity is refused, and `true` is written in lower case, as everywhere.
        if expected.contains("inf") || expected == "True" {
            continue;
        }
        compared += 1;
        let ours = format::field(&Cx::new(), value, None, spec);
        let ours = match &ours {
            Ok(text) => text.as_str().unwrap_or_default(),
            Err(error) => &error.message,
        };
        if ours != expected {
            let value = value.to_json();
            wrong.push(format!(
                "{value} `{spec}`: {ours:.200}, not {expected:.200}"
            ));
        }
    }
    let shown = wrong[..wrong.len().min(20)].join("\n");
    assert!(wrong.is_empty(), "{} of {compared}\n{shown}", wrong.len());
    assert!(compared > 5_000, "{compared}");
}
