//! Every kind of broken JSON; and the same result as `serde_json` for valid JSON.

#![allow(clippy::string_slice)]

mod locate;

use std::fmt::Write as _;

use proptest::prelude::*;

use super::{
    parse, parse_file,
    tree::{JsonString, Node, NodeKind},
};
use crate::{
    diagnostics::Diagnostic,
    source::{FileId, SourceMap},
};

/// Findings with the text they point at, and the text after all fixes are applied.
fn show(text: &str, findings: &[Diagnostic]) -> String {
    let mut out = String::new();
    for found in findings {
        let place = found.primary.span;
        let guilty = &text[place.start as usize..place.end as usize];
        let code = found.code.code();
        writeln!(out, "    {code} {guilty:?} {}", found.message).unwrap();
        for related in &found.related {
            let place = related.span;
            let there = &text[place.start as usize..place.end as usize];
            writeln!(out, "      related {there:?} {}", related.message).unwrap();
        }
        for help in &found.help {
            writeln!(out, "      help {help}").unwrap();
        }
        if let Some(fix) = &found.fix {
            let safe = if fix.safe { "safe" } else { "unsafe" };
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
            let mut fixed = text.to_owned();
            for edit in edits {
                let range = edit.span.start as usize..edit.span.end as usize;
                fixed.replace_range(range, &edit.text);
            }
            writeln!(out, "      fix ({safe}) {}: {fixed:?}", fix.title).unwrap();
        }
    }
    out
}

/// The tree on one line; `!` is an error node.
fn dump(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "null".into(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Int(value) => value.to_string(),
        NodeKind::Float(value) => format!("{value:?}"),
        NodeKind::String(string) => format!("{:?}", string.text),
        NodeKind::Array(items) => {
            let items: Vec<_> = items.iter().map(dump).collect();
            format!("[{}]", items.join(" "))
        }
        NodeKind::Object(entries) => {
            let entries: Vec<_> = entries
                .iter()
                .map(|entry| format!("{:?}:{}", entry.key.text, dump(&entry.value)))
                .collect();
            format!("{{{}}}", entries.join(" "))
        }
        NodeKind::Error => "!".into(),
    }
}

const BROKEN: &str = include_str!("broken.txt");

#[test]
fn every_mistake_is_one_finding_and_the_rest_is_read() {
    let mut out = String::new();
    for case in BROKEN.split("\n---\n") {
        let case = case.strip_suffix('\n').unwrap_or(case);
        let (node, findings) = parse(FileId(0), case);
        writeln!(out, "{case}\n  = {}", dump(&node)).unwrap();
        out.push_str(&show(case, &findings));
        out.push('\n');
    }
    insta::assert_snapshot!(out);
}

#[test]
fn deep_nesting_is_one_finding_and_no_overflow() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for text in [
            open.repeat(100_000),
            format!("{}1{}", open.repeat(100_000), close.repeat(100_000)),
        ] {
            let (_, findings) = parse(FileId(0), &text);
            let codes: Vec<_> = findings.iter().map(|found| found.code.code()).collect();
            assert_eq!(codes, ["FMC0116"]);
        }
    }
    let allowed = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert!(parse(FileId(0), &allowed).1.is_empty());
}

fn findings_of(bytes: &[u8]) -> (String, String) {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes("a.json", bytes.to_vec());
    let file = sources.get(id).unwrap();
    let (node, findings) = parse_file(id, file);
    (dump(&node), show(&file.text, &findings))
}

#[test]
fn bytes_that_are_not_utf8_are_one_finding() {
    let (tree, findings) = findings_of(b"{\"a\": \"caf\xE9 \xE8\", \"b\": 1}");
    assert_eq!(tree, r#"{"a":"caf? ?" "b":1}"#);
    assert_eq!(
        findings,
        "    FMC0107 \"?\" pipeline files must be UTF-8; these bytes are not\n      \
         help 1 more place is not UTF-8; save the file as UTF-8\n"
    );
    let (tree, findings) = findings_of(b"{\"a\": \xE9, \"b\": 1}");
    assert_eq!(tree, r#"{"a":! "b":1}"#);
    assert_eq!(findings.matches("FMC").count(), 1);
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("{\"a\": 1}".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let (_, findings) = findings_of(&utf16);
    assert!(
        findings.contains("UTF-16") && findings.matches("FMC").count() == 1,
        "{findings}"
    );
}

#[test]
fn a_byte_order_mark_is_accepted() {
    assert_eq!(
        findings_of(b"\xEF\xBB\xBF{\"a\": 1}"),
        ("{\"a\":1}".into(), String::new())
    );
}

/// The string under the key `"a"` of a text.
fn string_of(text: &str) -> JsonString {
    let (node, _) = parse(FileId(0), text);
    let NodeKind::Object(entries) = node.kind else {
        panic!("{text}");
    };
    let NodeKind::String(string) = &entries[0].value.kind else {
        panic!("{text}");
    };
    string.clone()
}

#[test]
fn every_decoded_character_knows_its_source() {
    let text = r#"{"a": "x\u00e9\ud83d\ude00\n日\"z"}"#;
    let string = string_of(text);
    assert_eq!(&*string.text, "xé😀\n日\"z");
    let places: Vec<_> = string
        .text
        .char_indices()
        .map(|(at, c)| {
            let place = string.source(at, at + c.len_utf8());
            &text[place.start as usize..place.end as usize]
        })
        .collect();
    assert_eq!(
        places,
        ["x", r"\u00e9", r"\ud83d\ude00", r"\n", "日", r#"\""#, "z"]
    );
    let inner = string.inner();
    assert_eq!(
        &text[inner.start as usize..inner.end as usize],
        r#"x\u00e9\ud83d\ude00\n日\"z"#
    );
}

#[test]
fn the_position_after_a_last_escape_is_the_end_of_the_text() {
    let text = r#"{"a": "x\n"}"#;
    let string = string_of(text);
    let place = string.source(2, 2);
    assert_eq!((place.start, place.end), (10, 10));
    assert_eq!(&text[10..], r#""}"#);
    let empty = string_of(r#"{"a": ""}"#).inner();
    assert_eq!((empty.start, empty.end), (7, 7));
}

/// Every span of a tree, and of every character in its strings.
fn spans(node: &Node, out: &mut Vec<(u32, u32)>) {
    let mut string = |string: &JsonString| {
        out.push((string.span.start, string.span.end));
        for (at, c) in string.text.char_indices() {
            for place in [string.source(at, at + c.len_utf8()), string.source(at, at)] {
                out.push((place.start, place.end));
            }
        }
        let end = string.source(string.text.len(), string.text.len());
        out.push((end.start, end.end));
    };
    match &node.kind {
        NodeKind::String(value) => string(value),
        NodeKind::Array(items) => items.iter().for_each(|item| spans(item, out)),
        NodeKind::Object(entries) => {
            for entry in entries {
                string(&entry.key);
            }
            entries.iter().for_each(|entry| spans(&entry.value, out));
        }
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::Error => {}
    }
    out.push((node.span.start, node.span.end));
}

fn check_places(bytes: &[u8]) {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes("a.json", bytes.to_vec());
    let file = sources.get(id).unwrap();
    let (node, findings) = parse_file(id, file);
    let mut places = Vec::new();
    spans(&node, &mut places);
    for found in &findings {
        let labels = found.related.iter().map(|label| label.span);
        let edits = found
            .fix
            .iter()
            .flat_map(|fix| &fix.edits)
            .map(|edit| edit.span);
        let all = labels.chain(edits).chain([found.primary.span]);
        places.extend(all.map(|span| (span.start, span.end)));
    }
    for (start, end) in places {
        assert!(
            file.text.get(start as usize..end as usize).is_some(),
            "{start}..{end} of {:?}",
            file.text
        );
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn to_serde(node: &Node) -> serde_json::Value {
    match &node.kind {
        NodeKind::Null => serde_json::Value::Null,
        NodeKind::Bool(value) => (*value).into(),
        NodeKind::Int(value) => (*value).into(),
        NodeKind::Float(value) => (*value).into(),
        NodeKind::String(string) => (*string.text).into(),
        NodeKind::Array(items) => items.iter().map(to_serde).collect(),
        NodeKind::Object(entries) => serde_json::Value::Object(
            entries
                .iter()
                .map(|entry| (entry.key.text.to_string(), to_serde(&entry.value)))
                .collect(),
        ),
        NodeKind::Error => panic!("an error node in whole JSON"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_have_a_tree_with_places_inside(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        check_places(&bytes);
    }

    #[test]
    fn any_json_like_text_has_a_tree_with_places_inside(
        text in "([{}\\[\\],:;\"'\\\\#/*=é😀“”\n\t\u{7} ]|true|nul|-1|1e|key|\\\\u00e|\\\\ud83d|\\{\\{|//){0,40}",
    ) {
        check_places(text.as_bytes());
    }

    #[test]
    fn whole_json_is_read_as_serde_reads_it(value in json(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let (node, findings) = parse(FileId(0), &text);
        prop_assert!(findings.is_empty(), "{:?}", findings);
        prop_assert_eq!(to_serde(&node), value);
    }

    #[test]
    fn a_cut_or_doubled_byte_never_loses_the_findings(value in json(), at in any::<prop::sample::Index>(), cut in any::<bool>()) {
        let mut bytes = value.to_string().into_bytes();
        let at = at.index(bytes.len());
        if cut { bytes.remove(at); } else { bytes.insert(at, bytes[at]); }
        check_places(&bytes);
        // When `serde_json` refuses a text, we must have a finding.
        if serde_json::from_slice::<serde_json::Value>(&bytes).is_err() {
            let mut sources = SourceMap::new();
            let id = sources.add_bytes("a.json", bytes);
            prop_assert!(!parse_file(id, sources.get(id).unwrap()).1.is_empty());
        }
    }
}
