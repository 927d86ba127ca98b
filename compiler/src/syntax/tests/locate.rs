//! From offsets to nodes, and from source bytes to decoded bytes.

use proptest::prelude::*;

use super::{BROKEN, json};
use crate::{
    source::FileId,
    syntax::{
        locate::{Inside, LocatedNode, PathStep},
        parse,
        tree::{JsonString, Node, NodeKind},
    },
};

/// A path and what is at its end, on one line: `/stages/0 key "id"+1`.
fn show(located: &LocatedNode<'_>) -> String {
    let steps = located.path.iter().map(|step| match step {
        PathStep::Key(entry) => format!("/{}", entry.key.text),
        PathStep::Index(index) => format!("/{index}"),
    });
    let path: String = steps.collect();
    match located.inside {
        Inside::Key { entry, decoded } => format!("{path} key {:?}+{decoded}", entry.key.text),
        Inside::Text { string, decoded } => format!("{path} text {:?}+{decoded}", string.text),
        Inside::Value => {
            let kind = match located.node.kind {
                NodeKind::Array(_) => "array",
                NodeKind::Object(_) => "object",
                NodeKind::Error => "error",
                NodeKind::Null
                | NodeKind::Bool(_)
                | NodeKind::Int(_)
                | NodeKind::Float(_)
                | NodeKind::String(_) => "scalar",
            };
            format!("{path} {kind}")
        }
    }
}

/// What is at the `|` in a text. The `|` is removed before parsing.
fn at(marked: &str) -> String {
    let offset = marked.find('|').unwrap();
    let text = marked.replacen('|', "", 1);
    let (tree, _) = parse(FileId(0), &text);
    show(&tree.path_at(&text, u32::try_from(offset).unwrap()))
}

#[test]
fn whole_files() {
    let cases = [
        (r#"|{"a": 1}"#, " object"),
        (r#"{|"a": 1}"#, " object"),
        (r#"{"|a": 1}"#, r#" key "a"+0"#),
        (r#"{"a|": 1}"#, r#" key "a"+1"#),
        (r#"{"a"|: 1}"#, "/a scalar"),
        (r#"{"a":| 1}"#, "/a scalar"),
        (r#"{"a": 1|}"#, "/a scalar"),
        (r#"{"a": 1 |}"#, " object"),
        (r#"{"a": 1}|"#, " object"),
        (r#"{"a": [1,| "x"]}"#, "/a array"),
        (r#"{"a": [1, |"x"]}"#, "/a/1 scalar"),
        (r#"{"a": [1, "|x"]}"#, r#"/a/1 text "x"+0"#),
        (r#"{"a": [1, "x|"]}"#, r#"/a/1 text "x"+1"#),
        (r#"{"a": [1, "x"|]}"#, "/a/1 scalar"),
        (r#"{"a": {"b": [{"c": {}|}]}}"#, "/a/b/0/c object"),
        (r#"{"a": "", "a": "|"}"#, r#"/a text ""+0"#),
        ("|", " error"),
    ];
    for (marked, expected) in cases {
        assert_eq!(at(marked), expected, "{marked}");
    }
}

#[test]
fn of_a_duplicate_key_the_entry_at_the_offset_is_found() {
    let text = r#"{"a": 1, "a": [2]}"#;
    let (tree, _) = parse(FileId(0), text);
    let located = tree.path_at(text, 15);
    let [PathStep::Key(entry), PathStep::Index(0)] = located.path.as_slice() else {
        panic!("{located:?}");
    };
    assert_eq!(entry.key.span.start, 9);
}

#[test]
fn escapes() {
    let cases = [
        (r#"["a\u00e9|b"]"#, r#"/0 text "aéb"+3"#),
        (r#"["a\u0|0e9b"]"#, r#"/0 text "aéb"+1"#),
        (r#"["a|\u00e9b"]"#, r#"/0 text "aéb"+1"#),
        // One character, written as a surrogate pair: no position between its halves exists.
        (r#"["\ud83d|\ude00x"]"#, r#"/0 text "😀x"+0"#),
        (r#"["\ud83d\ude00|x"]"#, r#"/0 text "😀x"+4"#),
        (r#"["😀|x"]"#, r#"/0 text "😀x"+4"#),
        (r#"["\n|"]"#, r#"/0 text "\n"+1"#),
        (r#"{"\u0061|b": 1}"#, r#" key "ab"+1"#),
    ];
    for (marked, expected) in cases {
        assert_eq!(at(marked), expected, "{marked}");
    }
}

#[test]
fn broken_files() {
    let cases = [
        // The value is missing.
        (r#"{"a":  |}"#, "/a error"),
        (r#"{"a":  |"#, "/a error"),
        (r#"{"a"|}"#, "/a error"),
        (r#"{"a": |, "b": 1}"#, "/a error"),
        (r#"{"a": , |"b": 1}"#, " object"),
        // The end is missing.
        (r#"{"a": {"b|"#, r#"/a key "b"+1"#),
        (r#"{"a": [{"b": "x", |"#, "/a/0 object"),
        (r#"{"a": [{"b": {} |"#, "/a/0 object"),
        (r#"{"a": [1, |}"#, "/a array"),
        // Quotes and commas are missing.
        (r#"{a|b: 1}"#, r#" key "ab"+1"#),
        (r#"["x" "y|"]"#, r#"/1 text "y"+1"#),
        (r#"{'a': 'x|y'}"#, r#"/a text "xy"+1"#),
        // A string that is not closed holds poison.
        ("{\"a\": \"x|y\n}", "/a error"),
        // Text after the end belongs to nothing.
        (r#"{"a": 1} x|"#, " object"),
    ];
    for (marked, expected) in cases {
        assert_eq!(at(marked), expected, "{marked}");
    }
}

/// Asserts that every offset of a text has a node, and that its path leads to that node.
fn every_offset_is_somewhere(text: &str) {
    let (tree, _) = parse(FileId(0), text);
    for offset in 0..=text.len() {
        let located = tree.path_at(text, u32::try_from(offset).unwrap());
        let mut node = &tree;
        for step in &located.path {
            node = match (step, &node.kind) {
                (PathStep::Key(entry), NodeKind::Object(entries)) => {
                    let own = entries.iter().find(|other| std::ptr::eq(*other, *entry));
                    &own.expect("an entry of the object").value
                }
                (PathStep::Index(index), NodeKind::Array(items)) => &items[*index],
                (step, kind) => panic!("{step:?} into {kind:?}"),
            };
        }
        assert!(std::ptr::eq(node, located.node), "{text:?} at {offset}");
        let (string, decoded) = match located.inside {
            Inside::Key { entry, decoded } => (&entry.key, decoded),
            Inside::Text { string, decoded } => (string, decoded),
            Inside::Value => continue,
        };
        assert!(string.text.is_char_boundary(decoded));
        let back = string.source(decoded, decoded).start as usize;
        assert!(back <= offset, "{text:?} at {offset}: {back}");
    }
}

#[test]
fn every_offset_of_every_broken_text_is_somewhere() {
    for case in BROKEN.split("\n---\n") {
        every_offset_is_somewhere(case);
    }
}

/// Every string in a tree: keys and values.
fn strings<'a>(node: &'a Node, found: &mut Vec<&'a JsonString>) {
    match &node.kind {
        NodeKind::String(string) => found.push(string),
        NodeKind::Array(items) => items.iter().for_each(|item| strings(item, found)),
        NodeKind::Object(entries) => {
            for entry in entries {
                found.push(&entry.key);
                strings(&entry.value, found);
            }
        }
        NodeKind::Null
        | NodeKind::Bool(_)
        | NodeKind::Int(_)
        | NodeKind::Float(_)
        | NodeKind::Error => {}
    }
}

/// A JSON string that writes its characters in every way that JSON has.
fn written(text: &[(char, bool)]) -> String {
    let mut out = String::from("\"");
    for &(c, escape) in text {
        if escape || c < ' ' || matches!(c, '"' | '\\') {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
    out.push('"');
    out
}

proptest! {
    #[test]
    fn decoding_an_offset_is_the_inverse_of_its_source(
        text in prop::collection::vec((any::<char>(), any::<bool>()), 0..20),
    ) {
        let source = written(&text);
        let (tree, findings) = parse(FileId(0), &source);
        prop_assert!(findings.is_empty());
        let NodeKind::String(string) = &tree.kind else {
            panic!("{tree:?}");
        };
        let mut last = 0;
        for (at, _) in string.text.char_indices().chain([(string.text.len(), ' ')]) {
            let place = string.source(at, at).start;
            prop_assert_eq!(string.decoded(place), at);
            // The source bytes before it belong to the characters before it.
            for between in last..place {
                prop_assert!(string.decoded(between) <= at);
            }
            last = place;
        }
        prop_assert_eq!(string.decoded(0), 0);
        prop_assert_eq!(string.decoded(u32::MAX), string.text.len());
    }

    #[test]
    fn inside_a_character_is_its_start(
        text in prop::collection::vec((any::<char>(), any::<bool>()), 1..10),
    ) {
        let source = written(&text);
        let (tree, _) = parse(FileId(0), &source);
        let NodeKind::String(string) = &tree.kind else {
            panic!("{tree:?}");
        };
        for (at, c) in string.text.char_indices() {
            let place = string.source(at, at + c.len_utf8());
            for inside in place.start..place.end {
                prop_assert_eq!(string.decoded(inside), at);
            }
            prop_assert_eq!(string.decoded(place.end), at + c.len_utf8());
        }
    }

    #[test]
    fn every_offset_of_any_text_is_somewhere(
        value in json(),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = value.to_string();
        every_offset_is_somewhere(&text);
        // A text cut off at any byte is broken.
        let mut cut = cut.index(text.len() + 1);
        while !text.is_char_boundary(cut) {
            cut -= 1;
        }
        every_offset_is_somewhere(&text[..cut]);
        every_offset_is_somewhere(&text[cut..]);
    }

    #[test]
    fn verbatim_text_and_its_source_are_the_same(text in ".{0,20}") {
        let string = JsonString::verbatim(FileId(0), &text);
        for (at, _) in text.char_indices() {
            prop_assert_eq!(string.decoded(u32::try_from(at).unwrap()), at);
        }
    }

    #[test]
    fn the_offset_of_a_string_leads_to_it(value in json()) {
        let text = value.to_string();
        let (tree, _) = parse(FileId(0), &text);
        let mut all = Vec::new();
        strings(&tree, &mut all);
        for string in all {
            let found = match tree.path_at(&text, string.inner().start).inside {
                Inside::Key { entry, .. } => &entry.key,
                Inside::Text { string, .. } => string,
                Inside::Value => panic!("{string:?}"),
            };
            prop_assert!(std::ptr::eq(found, string));
        }
    }
}
