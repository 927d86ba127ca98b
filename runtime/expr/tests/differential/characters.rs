//! Compares what builtins know about characters with CPython, for every character CPython knows.

use std::process::Command;

use fmc_expr::{Cx, Value, interp, parse};

use crate::names;

/// The facts that `characters.py` prints about a character, as expressions.
const FACTS: &str = "[data.isalpha(), data.isdigit(), re.match('[^\\\\W_]', data) is not None, \
    re.match('\\\\s', data) is not None, int(data) if re.match('\\\\d', data) else None, \
    data.title(), data.capitalize(), ('a' + data).title(), ('1' + data + 'B').title()]";

/// Characters from before Unicode 15 whose case Unicode 15 or later changed.
const RECASED: &str = "ƛɤʕჼꟓꟕꟲꟳꟴꭩ";

#[test]
fn every_character_is_as_in_cpython() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/characters.py");
    let Ok(output) = Command::new("python3").arg(script).output() else {
        eprintln!("skipped: there is no python3 on this machine to compare with");
        return;
    };
    assert!(output.status.success());
    let parsed = parse::parse(FACTS);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors.first());
    let mut wrong = Vec::new();
    // The CPython of this machine may have an older or newer Unicode than the regex engine.
    let common = regex::Regex::new(r"^\p{Age=14.0}$").unwrap();
    let mut compared = 0;
    for line in output.stdout.split(|byte| *byte == b'\n') {
        let Ok(row) = Value::from_json(line) else {
            continue;
        };
        let [character, facts] = row.as_list().unwrap() else {
            panic!("{row:?}");
        };
        let ours = interp::eval(&parsed.expr, &names(character.clone()), &Cx::new()).unwrap();
        let text = character.as_str().unwrap();
        if !common.is_match(text) || RECASED.contains(text) {
            continue;
        }
        compared += 1;
        if ours.to_json() != facts.to_json() {
            let code = u32::from(text.chars().next().unwrap());
            let (ours, theirs) = (ours.to_json(), facts.to_json());
            wrong.push(format!(
                "U+{code:04X}\n  CPython {theirs}\n  ours    {ours}"
            ));
        }
    }
    assert!(compared > 20_000, "only {compared} characters");
    let shown = wrong[..wrong.len().min(20)].join("\n");
    assert!(wrong.is_empty(), "{} characters\n{shown}", wrong.len());
}
