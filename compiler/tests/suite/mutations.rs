//! One misspelt word causes one error, at exactly that word, and the error names the right word.
//!
//! Every stage id, field of a known output, setting, component and function of the reference
//! pipelines is misspelt in several ways, one at a time. The findings of the original pipeline must
//! stay, and exactly one error must be added.

use std::{fs, ops::Range, path::PathBuf};

use fmc::{
    Settings, check,
    diagnostics::{Diagnostic, Severity},
    source::SourceMap,
    syntax::tree::{Entry, JsonString, Node, NodeKind},
};

use crate::support;

fn pipelines() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/reference");
    let mut found: Vec<(String, String)> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .flat_map(|folder| ["pipeline.json", "verbatim.json"].map(|name| folder.join(name)))
        .filter(|path| path.is_file())
        .map(|path| {
            (
                path.display().to_string(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    found.sort();
    assert_eq!(found.len(), 7, "six pipelines, one of them twice");
    found
}

fn errors(text: &str) -> Vec<Diagnostic> {
    let mut found = support::findings(text);
    found.retain(|found| found.severity == Severity::Error);
    found
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    /// The `id` of a stage where it is defined.
    Definition,
    /// A stage id anywhere else.
    Reference,
    /// A field of a known output.
    Field,
    /// A key in `config`.
    Setting,
    /// A value of `component_type`.
    Component,
    /// A function, a method or a root name.
    Name,
}

/// A word in a pipeline that the compiler must know.
#[derive(Debug)]
struct Word {
    what: What,
    place: Range<usize>,
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let NodeKind::Object(entries) = &node.kind else {
        return None;
    };
    entries
        .iter()
        .find(|entry| &*entry.key.text == key)
        .map(|entry| &entry.value)
}

fn string(node: &Node) -> Option<&JsonString> {
    let NodeKind::String(text) = &node.kind else {
        return None;
    };
    Some(text)
}

fn range(text: &JsonString) -> Range<usize> {
    let span = text.inner();
    span.start as usize..span.end as usize
}

/// The words of a pipeline, found only by reading its text and JSON.
fn words(text: &str) -> Vec<Word> {
    let mut sources = SourceMap::new();
    let file = sources.add("pipeline.json", text.to_owned());
    let checked = check(&sources, file, &Settings::default());
    let mut words = Vec::new();
    let NodeKind::Array(stages) = &entry(checked.tree(), "stages").unwrap().kind else {
        panic!("no stages")
    };
    for stage in stages {
        let id = string(entry(stage, "id").unwrap()).unwrap();
        words.push(Word {
            what: What::Definition,
            place: range(id),
        });
        let component = string(entry(stage, "component_type").unwrap()).unwrap();
        words.push(Word {
            what: What::Component,
            place: range(component),
        });
        if let Some(Node {
            kind: NodeKind::Array(ids),
            ..
        }) = entry(stage, "depends_on")
        {
            words.extend(ids.iter().map(|id| Word {
                what: What::Reference,
                place: range(string(id).unwrap()),
            }));
        }
        let Some(Node {
            kind: NodeKind::Object(settings),
            ..
        }) = entry(stage, "config")
        else {
            continue;
        };
        for setting in settings {
            words.push(Word {
                what: What::Setting,
                place: range(&setting.key),
            });
            words.extend(keys_read_by_others(text, &id.text, setting));
            let lists: Vec<&Node> = match &*setting.key.text {
                "routes" => {
                    let NodeKind::Object(routes) = &setting.value.kind else {
                        panic!("routes")
                    };
                    routes.iter().map(|route| &route.value).collect()
                }
                "default_route" | "try_stages" | "catch_stages" | "finally_stages"
                | "loop_stages" => vec![&setting.value],
                _ => Vec::new(),
            };
            for list in lists {
                let NodeKind::Array(ids) = &list.kind else {
                    panic!("a list")
                };
                words.extend(ids.iter().map(|id| Word {
                    what: What::Reference,
                    place: range(string(id).unwrap()),
                }));
            }
        }
    }
    for (at, _) in text.match_indices("upstream.") {
        words.push(Word {
            what: What::Name,
            place: at..at + "upstream".len(),
        });
        let id = run(text, at + "upstream.".len(), true);
        let behind = id.end;
        words.push(Word {
            what: What::Reference,
            place: id,
        });
        if text[behind..].starts_with('.') {
            words.push(Word {
                what: What::Field,
                place: run(text, behind + 1, false),
            });
        }
    }
    for name in ["len(", "now(", ".get("] {
        for (at, _) in text.match_indices(name) {
            let start = at + usize::from(name.starts_with('.'));
            words.push(Word {
                what: What::Name,
                place: run(text, start, false),
            });
        }
    }
    for root in ["{{input.", "{{env.", "{{context.step."] {
        for (at, _) in text.match_indices(root) {
            words.push(Word {
                what: What::Name,
                place: run(text, at + 2, false),
            });
        }
    }
    words
}

/// The keys of a template that other stages read, and the item variable of a loop.
fn keys_read_by_others(text: &str, id: &str, setting: &Entry) -> Vec<Word> {
    let definition = |name: &JsonString| Word {
        what: What::Definition,
        place: range(name),
    };
    match (&*setting.key.text, &setting.value.kind) {
        ("template", NodeKind::Object(entries)) => entries
            .iter()
            .filter(|entry| {
                let read = format!("upstream.{id}.{}", entry.key.text);
                let mut places = text.match_indices(&read);
                places.any(|(at, read)| run(text, at + read.len(), false).is_empty())
            })
            .map(|entry| definition(&entry.key))
            .collect(),
        ("item_variable", NodeKind::String(name)) => vec![definition(name)],
        _ => Vec::new(),
    }
}

/// The word that starts at this offset.
fn run(text: &str, start: usize, hyphens: bool) -> Range<usize> {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || hyphens && c == '-';
    let end = text[start..]
        .find(|c| !part(c))
        .map_or(text.len(), |end| start + end);
    start..end
}

/// Four misspellings: a letter left out, two letters swapped, one doubled, one added.
fn misspellings(word: &str) -> Vec<String> {
    let middle = word.len() / 2;
    let mut swapped: Vec<u8> = word.bytes().collect();
    swapped.swap(middle, middle - 1);
    let mut all = vec![
        format!("{}{}", &word[..middle], &word[middle + 1..]),
        String::from_utf8(swapped).unwrap(),
        format!("{}{}", &word[..=middle], &word[middle..]),
        format!("{word}x"),
    ];
    all.retain(|other| other != word);
    all
}

fn names(found: &Diagnostic, word: &str) -> bool {
    let quoted = format!("`{word}`");
    found.help.iter().any(|help| help.contains(&quoted)) || found.message.contains(&quoted)
}

/// What is wrong with the findings after a misspelling; `None` when they are right.
fn verdict(
    before: usize,
    found: &[Diagnostic],
    word: &str,
    other: &str,
    place: &Word,
) -> Option<String> {
    if found.len() != before + 1 {
        let shown: Vec<String> = found
            .iter()
            .map(|found| format!("{} {}", found.code.code(), found.message))
            .collect();
        return Some(format!(
            "{} errors instead of {}: {shown:#?}",
            found.len(),
            before + 1
        ));
    }
    let start = u32::try_from(place.place.start).unwrap();
    let end = start + u32::try_from(other.len()).unwrap();
    let here = |span: fmc::source::Span| (span.start, span.end) == (start, end);
    let exact = found.iter().find(|found| here(found.primary.span));
    match (exact, place.what) {
        (Some(found), What::Definition) if names(found, word) => None,
        (Some(found), _) if names(found, word) => None,
        (Some(found), _) => Some(format!(
            "`{word}` is not named: {} {:?}",
            found.message, found.help
        )),
        // With one reference and one definition, nobody can say which of them is wrong.
        (None, What::Definition)
            if found.iter().any(|found| {
                found.related.iter().any(|label| here(label.span)) && names(found, other)
            }) =>
        {
            None
        }
        (None, _) => Some(format!("no error at the word: {found:#?}")),
    }
}

#[test]
fn one_misspelt_word_is_one_error_at_that_word() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for (path, text) in pipelines() {
        let before = errors(&text).len();
        for word in words(&text) {
            let written = &text[word.place.clone()];
            let mentions = text.matches(written).count();
            let missing = path.ends_with("verbatim.json")
                && ["cleanup-disk", "renew-cert"].contains(&written);
            if word.what == What::Definition && mentions == 1 || missing {
                continue;
            }
            for other in misspellings(written) {
                let mut mutant = text.clone();
                mutant.replace_range(word.place.clone(), &other);
                let found = errors(&mutant);
                tried += 1;
                if let Some(why) = verdict(before, &found, written, &other, &word) {
                    wrong.push(format!(
                        "{path}: {:?} `{written}` as `{other}`: {why}",
                        word.what
                    ));
                }
            }
        }
    }
    assert!(tried > 500, "{tried}");
    assert!(
        wrong.is_empty(),
        "{} of {tried}\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn the_reference_pipelines_have_no_errors_but_the_two_missing_stages() {
    for (path, text) in pipelines() {
        let found: Vec<&str> = errors(&text)
            .iter()
            .map(|found| &text[found.primary.span.start as usize..found.primary.span.end as usize])
            .collect::<Vec<_>>();
        let expected: &[&str] = if path.ends_with("verbatim.json") {
            &["cleanup-disk", "renew-cert"]
        } else {
            &[]
        };
        assert_eq!(found, expected, "{path}");
    }
}
