//! Drawn findings next to their input: Chinese, emoji, tabs, long lines, several files.

use std::fmt::Write as _;

use super::render;
use crate::{
    diagnostics::{Code, Diagnostic, Findings},
    source::{FileId, SourceMap, Span},
    syntax::parse_file,
};

/// The findings of a text, drawn without colour.
fn shown(name: &str, text: &str) -> String {
    let mut sources = SourceMap::new();
    let id = sources.add(name, text);
    let (_, findings) = parse_file(id, sources.get(id).unwrap());
    render(&Findings::new(findings), &sources, false)
}

#[test]
fn every_kind_of_text() {
    let long = format!(
        "[{}, tru, {}]",
        vec!["\"日本\""; 60].join(", "),
        vec!["0"; 200].join(", ")
    );
    let duplicate = format!("{{\"k\": [{}],\n \"k\": 1}}", vec!["0"; 200].join(", "));
    let cases = [
        ("plain", "{\"a\": 1,\n \"b\": tru}"),
        (
            "Chinese and emoji",
            "{\"名前\": \"日本語\", \"😀é\": tru, \"x\": 1}",
        ),
        ("tabs", "{\n\t\"a\":\ttru\n}"),
        ("at the end", "{\"a\": 1"),
        ("behind the last line end", "{\"a\": \n"),
        ("empty", ""),
        ("several labels", "{\"a\": 1,\n \"b\": 2,\n \"a\": 3}"),
        ("several lines", "{\"a\": 1 /* one\n two */}"),
        ("a long line", &long),
        ("a related long line", &duplicate),
        (
            "nothing steers the terminal",
            "{\"a\u{1b}[31m\u{202E}\u{2028}\u{85}\": tru}",
        ),
    ];
    let mut out = String::new();
    for (name, text) in cases {
        let text_shown: String = text.chars().take(120).collect();
        writeln!(
            out,
            "=== {name}\n{text_shown}\n---\n{}",
            shown("a.json", text)
        )
        .unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_span_outside_the_text_or_inside_a_character_is_still_shown() {
    let mut sources = SourceMap::new();
    let file = sources.add("a.json", "日本");
    for (start, end) in [(1, 2), (0, 1), (4, 99), (99, 100), (6, 6)] {
        let found = Diagnostic::new(Code::BadLiteral, Span { file, start, end }, "m");
        assert!(
            render([&found], &sources, false).contains("FMC0117"),
            "{start}..{end}"
        );
    }
    let nowhere = Span {
        file: FileId(9),
        start: 0,
        end: 1,
    };
    let found = Diagnostic::new(Code::BadLiteral, nowhere, "m");
    assert!(render([&found], &sources, false).contains("FMC0117"));
}

#[test]
fn colour_is_decided_by_the_caller() {
    let mut sources = SourceMap::new();
    let id = sources.add("a.json", "tru");
    let (_, findings) = parse_file(id, sources.get(id).unwrap());
    assert!(render(&findings, &sources, true).contains("\u{1b}["));
    assert!(!render(&findings, &sources, false).contains('\u{1b}'));
}
