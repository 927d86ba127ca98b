//! `fmc eval` as a process.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

fn fmc(arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_fmc"))
        .arg("eval")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A process that does not read its input may have ended before this write.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn values_are_json() {
    let output = fmc(
        &[
            "--scope",
            "input={\"n\": 3}",
            "[x / 2 for x in range(input.n)]",
        ],
        "",
    );
    assert_eq!(text(&output.stdout), "[\n  0.0,\n  0.5,\n  1.0\n]\n");
    let output = fmc(
        &["--data", "-", "data.labels.service or 'none'"],
        "{\"labels\": null}",
    );
    assert_eq!(text(&output.stdout), "\"none\"\n");
    assert!(output.status.success());
}

#[test]
fn a_failure_is_reported_at_its_place_with_exit_status_one() {
    let output = fmc(&["'日本' + 1"], "");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let lines: Vec<_> = text(&output.stderr).lines().collect();
    assert_eq!(lines[1..], ["  '日本' + 1", "  ^^^^^^^^"], "{lines:?}");
    let output = fmc(&["1 +"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("expected an expression"));
}

#[test]
fn bad_usage_has_status_two() {
    for arguments in [
        &[][..],
        &["--scope", "x", "1"],
        &["--scope", "x={", "1"],
        &["--scope", "1a=1", "1"],
        &["--scope", "if=1", "1"],
        &["--data", "/no/such/file", "1"],
        &["--batch", "1"],
    ] {
        let output = fmc(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
    }
}

#[test]
fn without_an_expression_only_a_terminal_is_asked() {
    let output = fmc(&["--scope", "x=1"], "x + 1\n");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        "fmc: no expression given, and standard input is not a terminal; `--batch` \
         reads one per line\n"
    );
}

#[test]
fn integers_beyond_64_bits_are_refused() {
    let wide = "99999999999999999999";
    let output = fmc(&["--data", "-", "data + 1"], wide);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        text(&output.stderr),
        format!(
            "fmc: cannot read standard input as JSON: the integer `{wide}` does not fit 64 bits at \
             line 1 column 20\n"
        )
    );
    let output = fmc(&[&format!("fromjson('[{wide}]')")], "");
    let expected = format!("fmc: `fromjson` cannot read JSON: the integer `{wide}` does not fit");
    assert!(text(&output.stderr).starts_with(&expected));
    let output = fmc(
        &["--batch"],
        &format!("{{\"expr\": \"1\", \"data\": {wide}}}"),
    );
    assert!(
        text(&output.stdout).starts_with("{\"error\":\"cannot read the line as JSON: the integer")
    );
}

#[test]
fn a_batch_answers_line_by_line() {
    let lines = "{\"expr\": \"data.a + x\", \"data\": {\"a\": 1}, \"scope\": {\"x\": 2}}\n\n\
                 {\"expr\": \"1 / 0\"}\nrubbish\n{\"expr\": \"{'é': [None, True]}\"}\n{}";
    let output = fmc(&["--batch"], lines);
    assert!(output.status.success());
    let answers: Vec<serde_json::Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    // The answer to a line is on the same line, whatever that line holds.
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[0]["ok"], 3);
    assert_eq!(answers[4]["ok"], serde_json::json!({"é": [null, true]}));
    for at in [1, 2, 3, 5] {
        assert!(answers[at]["error"].is_string(), "{}", answers[at]);
    }
}

#[test]
fn a_batch_refuses_keys_it_does_not_know() {
    let lines = "{\"expr\": \"1\", \"scope\": []}\n{\"expr\": \"1\", \"scpoe\": {}}\n\
                 {\"expr\": \"1\", \"scope\": {\"1a\": 1}}\nnope\n";
    let output = fmc(&["--batch"], lines);
    let expected = [
        "`scope` must be an object of names",
        "found `scpoe`",
        "expected a name, found `1a`",
        "cannot read the line as JSON",
    ];
    let answers: Vec<_> = text(&output.stdout).lines().collect();
    assert_eq!(answers.len(), expected.len(), "{answers:?}");
    for (answer, expected) in answers.iter().zip(expected) {
        assert!(answer.contains(expected), "{answer}");
    }
}

#[test]
fn braces_of_templates_are_called_templates() {
    for arguments in [&["{{1}}"][..], &["--type", "{{1}}"]] {
        let output = fmc(arguments, "");
        assert_eq!(output.status.code(), Some(1));
        let first = text(&output.stderr).lines().next().unwrap();
        assert!(first.contains("leave out the `{{ }}`"), "{first}");
    }
    assert_eq!(text(&fmc(&["{1}"], "").stdout), "[\n  1\n]\n");
    let unknown = fmc(&["--type", "foo"], "");
    assert!(text(&unknown.stderr).contains("no names are in scope"));
    assert!(text(&fmc(&["foo"], "").stderr).contains("no names are in scope"));
}
