//! The language server as a process: the same findings as `fmc check`, in order, for each version.

use std::{
    fs,
    path::{Path, PathBuf},
};

use fmc_tests::{
    editor::{Editor, uri},
    fmc, tree,
};
use serde_json::{Value, json};

/// A finding as an editor sees it, made from what `fmc check --format json` wrote.
fn expected(found: &Value, text: &str) -> Value {
    let position = |at: &Value| {
        let line = at["line"].as_u64().unwrap() - 1;
        let column = at["column"].as_u64().unwrap() - 1;
        let line_text = text.split('\n').nth(line.try_into().unwrap()).unwrap();
        let before = line_text.chars().take(column.try_into().unwrap());
        json!({"line": line, "character": before.map(char::len_utf16).sum::<usize>()})
    };
    let mut message = found["message"].as_str().unwrap().to_owned();
    for help in found["help"].as_array().unwrap() {
        message = message + "\n" + help.as_str().unwrap();
    }
    let severity = match found["severity"].as_str().unwrap() {
        "error" => 1,
        "warning" => 2,
        _ => 3,
    };
    json!({
        "code": found["code"],
        "severity": severity,
        "message": message,
        "range": {"start": position(&found["range"]["start"]), "end": position(&found["range"]["end"])},
        "related": found["related"].as_array().unwrap().len(),
    })
}

fn got(found: &Value) -> Value {
    json!({
        "code": found["code"],
        "severity": found["severity"],
        "message": found["message"],
        "range": found["range"],
        "related": found["relatedInformation"].as_array().map_or(0, Vec::len),
    })
}

/// The findings of `fmc check` in files, one JSON object each.
fn check(paths: &[PathBuf]) -> Vec<Value> {
    let output = fmc::command()
        .args(["check", "--format", "json"])
        .args(paths)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The byte offset of a position as editors count.
fn offset(text: &str, at: &Value) -> usize {
    let line = usize::try_from(at["line"].as_u64().unwrap()).unwrap();
    let mut units = at["character"].as_u64().unwrap();
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut offset = start;
    for c in text[start..].chars() {
        if units == 0 {
            break;
        }
        units = units.saturating_sub(u64::try_from(c.len_utf16()).unwrap());
        offset += c.len_utf8();
    }
    offset
}

/// A text after edits that do not overlap; each is a byte range and its new text.
fn edited(text: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort_by_key(|(start, end, _)| std::cmp::Reverse((*start, *end)));
    let mut text = text.to_owned();
    for (start, end, new) in edits {
        text.replace_range(start..end, &new);
    }
    text
}

/// A text after the fix that `fmc check --format json` shows. `mark` is the number of bytes before
/// the text in the file (a byte-order mark).
fn after_fix(text: &str, fix: &Value, mark: usize) -> String {
    let edits = fix["edits"].as_array().unwrap().iter().map(|edit| {
        let offset = |at: &str| {
            let offset = edit["range"][at]["offset"].as_u64().unwrap();
            usize::try_from(offset).unwrap() - mark
        };
        let new = edit["text"].as_str().unwrap().to_owned();
        (offset("start"), offset("end"), new)
    });
    edited(text, edits.collect())
}

/// A text after a code action for its first version.
fn after_action(text: &str, action: &Value, uri: &str) -> String {
    let changes = action["edit"]["documentChanges"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{action}");
    let document = json!({"uri": uri, "version": 1});
    assert_eq!(changes[0]["textDocument"], document);
    let edits = changes[0]["edits"].as_array().unwrap().iter().map(|edit| {
        let offset = |at: &str| offset(text, &edit["range"][at]);
        let new = edit["newText"].as_str().unwrap().to_owned();
        (offset("start"), offset("end"), new)
    });
    edited(text, edits.collect())
}

/// Compares the fix of each finding with the code actions at its place. Returns how many fixes
/// there are.
fn compare_fixes(editor: &mut Editor, path: &Path, text: &str, all: &[Value]) -> usize {
    let name = path.to_str().unwrap();
    let mark = usize::from(fs::read(path).unwrap().starts_with(b"\xEF\xBB\xBF")) * 3;
    let uri = uri(path);
    let mut fixes = 0;
    for found in all.iter().filter(|found| found["file"] == name) {
        let wanted = expected(found, text);
        let actions = editor.actions(&uri, &wanted["range"]);
        let mut of_finding = actions.iter().filter(|action| {
            let diagnostics = action["diagnostics"].as_array().unwrap();
            diagnostics.iter().map(got).eq([wanted.clone()])
        });
        let fix = &found["fix"];
        if fix.is_null() {
            assert_eq!(of_finding.next(), None, "{name}");
            continue;
        }
        let action = of_finding.next().unwrap_or_else(|| panic!("{name}: {fix}"));
        assert_eq!(of_finding.next(), None, "{name}");
        fixes += 1;
        assert_eq!(action["title"], fix["title"]);
        assert_eq!(action["kind"], "quickfix");
        let preferred = action["isPreferred"].as_bool().unwrap_or(false);
        assert_eq!(preferred, fix["safe"] == true, "{action}");
        let (here, there) = (after_action(text, action, &uri), after_fix(text, fix, mark));
        assert_eq!(here, there, "{name}");
        assert_ne!(here, text, "{name}");
    }
    fixes
}

fn compare(editor: &mut Editor, path: &Path, text: &str, all: &[Value]) -> usize {
    let name = path.to_str().unwrap();
    let of_file = all.iter().filter(|found| found["file"] == name);
    let expected: Vec<_> = of_file.map(|found| expected(found, text)).collect();
    editor.open(&uri(path), text);
    let published = editor.published();
    assert_eq!(published["uri"], uri(path));
    let found = published["diagnostics"].as_array().unwrap();
    let found: Vec<_> = found.iter().map(got).collect();
    assert_eq!(found, expected, "{name}");
    found.len()
}

#[test]
fn the_server_finds_what_the_command_line_finds() {
    let mut paths = Vec::new();
    for folder in ["fixtures/err", "fixtures/reference"] {
        let files = tree::files(folder, ".json");
        paths.extend(files.into_iter().map(|(_, path)| path));
    }
    // Editors hold text, so bytes that are not UTF-8 never reach a server. Both ignore JSON that is
    // not a pipeline; files that the command line checks only because they were named are left out
    // too.
    paths.retain(|path| fs::read_to_string(path).is_ok());
    let all = check(&paths);
    let (mut editor, _) = Editor::start();
    let (mut findings, mut fixes) = (0, 0);
    for path in &paths {
        let name = path.file_name().unwrap().to_str().unwrap();
        if ["input.json", "mock.json", "output.json", "expected.json"].contains(&name) {
            continue;
        }
        let text = fs::read_to_string(path).unwrap();
        let text = text.trim_start_matches('\u{feff}');
        findings += compare(&mut editor, path, text, &all);
        fixes += compare_fixes(&mut editor, path, text, &all);
    }
    assert!(fixes > 50, "{fixes} fixes compared");
    assert!(findings > 140, "{findings} findings compared");
    assert!(editor.stop().success());
}

#[test]
fn the_server_finds_what_the_command_line_finds_in_configurations() {
    let (mut editor, _) = Editor::start();
    let (mut findings, mut fixes) = (0, 0);
    for (_, path) in tree::files("fixtures/err", ".toml") {
        let folder = tempfile::tempdir().unwrap();
        let pipeline = folder.path().join("pipeline.json");
        let stage = r#"{"id": "a", "component_type": "logger", "config": {"message": "m"}}"#;
        let text = format!(r#"{{"name": "n", "stages": [{stage}]}}"#);
        fs::write(&pipeline, &text).unwrap();
        let config = folder.path().join("fmc.toml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&config, &text).unwrap();
        let all = check(&[pipeline]);
        findings += compare(&mut editor, &config, &text, &all);
        fixes += compare_fixes(&mut editor, &config, &text, &all);
        editor.notify(
            "textDocument/didClose",
            &json!({"textDocument": {"uri": uri(&config)}}),
        );
        assert_eq!(editor.published()["diagnostics"], json!([]));
    }
    assert!(findings >= 4, "{findings}");
    assert!(fixes >= 3, "{fixes}");
    assert!(editor.stop().success());
}

const GOOD: &str = r#"{"name": "n", "stages": [
  {"id": "a", "component_type": "logger", "config": {"message": "m"}},
  {"id": "b", "component_type": "logger", "config": {"message": "🔥 {{upstream.a.logged}}"}, "depends_on": ["a"]}
]}"#;

#[test]
fn edits_are_handled_in_order_and_carry_their_versions() {
    let (mut editor, answer) = Editor::start();
    assert_eq!(
        answer["result"]["capabilities"]["textDocumentSync"]["change"],
        1
    );
    let folder = tempfile::tempdir().unwrap();
    let uri = uri(&folder.path().join("p.json"));
    let bad = GOOD.replace("logged", "loged");
    editor.open(&uri, GOOD);
    for version in 2..200 {
        let text = if version % 2 == 0 { &bad } else { GOOD };
        editor.change(&uri, version, text);
    }
    for version in 1..200 {
        let published = editor.published();
        assert_eq!(published["version"], version);
        let found = published["diagnostics"].as_array().unwrap();
        assert_eq!(found.len(), usize::from(version % 2 == 0));
        if let Some(found) = found.first() {
            // The fire emoji is two UTF-16 units.
            let line = bad.lines().nth(2).unwrap();
            let before = &line[..line.find("loged").unwrap()];
            let units = before.encode_utf16().count();
            assert_eq!(units, before.chars().count() + 1);
            let start = json!({"line": 2, "character": units});
            assert_eq!(found["range"]["start"], start);
        }
    }
    editor.notify(
        "textDocument/didClose",
        &json!({"textDocument": {"uri": uri}}),
    );
    assert_eq!(editor.published()["diagnostics"], json!([]));
    assert!(editor.stop().success());
}

#[test]
fn the_safe_fixes_of_the_editor_are_those_of_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.json");
    // One safe fix, and one that may not be what was meant.
    let text = GOOD
        .replace("depends_on", "dependsOn")
        .replace("\"message\": \"m\"", "\"mesage\": \"🔥\"");
    fs::write(&path, &text).unwrap();
    let (mut editor, answer) = Editor::start();
    let kinds = &answer["result"]["capabilities"]["codeActionProvider"]["codeActionKinds"];
    assert_eq!(*kinds, json!(["quickfix"]));
    let uri = uri(&path);
    editor.open(&uri, &text);
    editor.published();
    let everything = json!({
        "start": {"line": 0, "character": 0},
        "end": {"line": 4, "character": 0},
    });
    let actions = editor.actions(&uri, &everything);
    assert_eq!(actions.len(), 2, "{actions:?}");
    let safe = actions
        .iter()
        .filter(|action| action["isPreferred"] == true);
    let safe: Vec<_> = safe.collect();
    assert_eq!(safe.len(), 1, "{actions:?}");
    let fixed = after_action(&text, safe[0], &uri);
    let status = fmc::command().args(["check", "--fix"]).arg(&path).status();
    assert_eq!(status.unwrap().code(), Some(1), "one is left");
    assert_eq!(fs::read_to_string(&path).unwrap(), fixed);
    // A cursor elsewhere, and a document that is not open.
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    assert_eq!(editor.actions(&uri, &start), [] as [Value; 0]);
    let other = format!("{uri}x");
    assert_eq!(editor.actions(&other, &everything), [] as [Value; 0]);
    // After the next edit, the offered fix is about the new text.
    editor.change(&uri, 2, GOOD);
    assert_eq!(editor.actions(&uri, &everything), [] as [Value; 0]);
    assert!(editor.stop().success());
}

#[test]
fn an_editor_without_versioned_edits_gets_plain_ones() {
    let (mut editor, _) = Editor::start_with(&json!({}));
    let uri = "untitled:Untitled-1";
    editor.open(uri, r#"{"name": "n", "stages": [], "extends": True}"#);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let actions = editor.actions(uri, &whole);
    assert_eq!(actions[0]["edit"]["changes"][uri][0]["newText"], "true");
    // The editor asks for other kinds only.
    let params = json!({
        "textDocument": {"uri": uri},
        "range": whole,
        "context": {"diagnostics": [], "only": ["source.organizeImports"]},
    });
    let answer = editor.request("textDocument/codeAction", &params);
    assert_eq!(answer["result"], json!([]));
    assert!(editor.stop().success());
}

#[test]
fn an_open_configuration_applies_before_it_is_saved() {
    let (mut editor, _) = Editor::start();
    let folder = tempfile::tempdir().unwrap();
    let pipeline = uri(&folder.path().join("p.json"));
    let config = uri(&folder.path().join("fmc.toml"));
    let unknown = GOOD.replacen("{\"name\"", "{\"nmae\": 1, \"name\"", 1);
    editor.open(&pipeline, &unknown);
    assert_eq!(editor.published()["diagnostics"][0]["severity"], 2);
    editor.open(&config, "[lints]\nunknown-key = \"error\"\n");
    let mut severities = Vec::new();
    for _ in 0..3 {
        let published = editor.published();
        if published["uri"] == pipeline {
            severities.push(published["diagnostics"][0]["severity"].clone());
        }
    }
    assert_eq!(severities, [json!(1)]);
    assert!(editor.stop().success());
}

#[test]
fn foreign_json_is_ignored_and_unknown_requests_are_refused() {
    let (mut editor, _) = Editor::start();
    editor.open(
        "untitled:Untitled-1",
        r#"{"name": "left-pad", "version": "1"}"#,
    );
    assert_eq!(editor.published()["diagnostics"], json!([]));
    editor.change(
        "untitled:Untitled-1",
        2,
        r#"{"name": "left-pad", "stages": []}"#,
    );
    assert_eq!(editor.published()["diagnostics"][0]["code"], "FMC0408");
    let answer = editor.request("textDocument/hover", &json!({}));
    assert!(answer["error"]["message"].is_string(), "{answer}");
    // An edit without changes, and an edit of a document that was never opened.
    editor.notify(
        "textDocument/didChange",
        &json!({"textDocument": {"uri": "file:///a.json", "version": 1}, "contentChanges": []}),
    );
    editor.change("file:///never/opened.json", 3, GOOD);
    assert_eq!(editor.published()["version"], 3);
    assert!(editor.stop().success());
}

#[test]
fn exit_without_shutdown_is_an_error() {
    let (editor, _) = Editor::start();
    assert_eq!(editor.exit().code(), Some(1));
}

#[test]
fn no_message_ends_the_session() {
    let (mut editor, _) = Editor::start();
    let framed = |text: &str| format!("Content-Length: {}\r\n\r\n{text}", text.len());
    let bad = [
        ("{", -32700),
        ("", -32700),
        ("[]", -32600),
        (r#"{"id":1,"method":"shutdown"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":[],"method":"shutdown"}"#, -32600),
        (r#"{"jsonrpc":"2.0","id":1,"method":"no/such"}"#, -32601),
        (
            r#"{"jsonrpc":"2.0","id":1,"method":"textDocument/codeAction","params":3}"#,
            -32602,
        ),
    ];
    for (text, code) in bad {
        editor.send_raw(framed(text).as_bytes());
        let answer = editor.receive();
        assert_eq!(answer["error"]["code"], code, "{text}: {answer}");
    }
    for header in [
        "Content-Length: -5\r\n\r\n",
        "Content-Length: 9999999999999\r\n\r\n{}\r\n",
    ] {
        editor.send_raw(header.as_bytes());
        assert_eq!(editor.receive()["error"]["code"], -32700, "{header}");
    }
    // Half an emoji, as JavaScript writes it.
    let open = r#"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///half.json","languageId":"json","version":1,"text":"{\"stages\": [\"\ud83d\"]}"}}}"#;
    editor.send_raw(framed(open).as_bytes());
    let published = editor.published();
    assert_eq!(published["uri"], "file:///half.json");
    assert!(!published["diagnostics"].as_array().unwrap().is_empty());
    assert!(editor.stop().success());
}
