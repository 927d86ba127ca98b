//! What must hold for any input: the bodies of the fuzz targets, and of the properties in
//! `suite/robustness.rs`.
//!
//! Enters: bytes or texts from anywhere. Leaves: nothing, or a panic that says what broke. Must not
//! know where the input came from.

use fmc::{
    Settings, check,
    diagnostics::{
        Diagnostic, Findings,
        render::{github, human, json, oneline},
    },
    driver::project,
    source::SourceMap,
};
use fmc_expr::{Cx, Value, condition, interp, parse, print, template};

use crate::spellings::ENCODINGS;

fn checked(bytes: &[u8]) -> (SourceMap, Findings) {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes("a.json", bytes.to_vec());
    let findings = check(&sources, id, &Settings::default()).findings().clone();
    (sources, findings)
}

/// Every span of a finding is inside its file and on character boundaries.
fn sound(found: &Diagnostic, sources: &SourceMap) {
    let related = found.related.iter().map(|label| label.span);
    let edits = found.fix.iter().flat_map(|fix| &fix.edits);
    let edits = edits.map(|edit| edit.span);
    for span in related.chain(edits).chain([found.primary.span]) {
        let text = &sources.get(span.file).unwrap().text;
        let range = span.start as usize..span.end as usize;
        assert!(text.get(range).is_some(), "{found:?} in {text:?}");
    }
    assert!(!found.message.is_empty() && !found.message.ends_with('.'));
}

/// Any bytes as a pipeline file. The findings have spans inside it, each is shown once in every
/// format, and a second check gives the same ones.
pub fn pipeline(bytes: &[u8]) {
    let (sources, findings) = checked(bytes);
    for found in &findings {
        sound(found, &sources);
        assert!(json::render(found, &sources).is_object());
        for line in [
            oneline::render(found, &sources),
            github::render(found, &sources).into_string(),
        ] {
            assert!(!line.contains('\n'), "{line}");
        }
    }
    let shown = human::render(&findings, &sources, false);
    assert_eq!(shown.matches("[FMC").count(), findings.len(), "{shown}");
    assert_eq!(checked(bytes).1, findings);
}

/// Any text as an expression and as a condition. Errors are inside it; what parses is printed and
/// parsed again to the same tree, and is evaluated within the limits.
pub fn expression(text: &str) {
    for parsed in [parse::parse(text), parse::parse_condition(text)] {
        for error in &parsed.errors {
            let place = text.get(error.span.start as usize..error.span.end as usize);
            assert!(place.is_some(), "{error:?} in {text:?}");
        }
    }
    let parsed = parse::parse(text);
    if parsed.errors.is_empty() {
        let printed = print::print(&parsed.expr);
        let again = parse::parse(&printed);
        assert!(again.errors.is_empty(), "{printed:?} of {text:?}");
        assert_eq!(print::print(&again.expr), printed, "{text:?}");
        let names = interp::Names::from([("data".to_owned(), Value::Null)]);
        let _ = interp::eval(&parsed.expr, &names, &Cx::new());
    }
}

/// Any text as a dynamic condition.
pub fn dynamic_condition(text: &str) {
    let _ = condition::evaluate(text, Value::Null, None, &Cx::new());
}

/// Any text as a template string. Its pieces together are the text, with nothing left out.
pub fn template(text: &str) {
    let pieces = template::split(text);
    let lengths = pieces.iter().map(|piece| match piece {
        template::Piece::Text(range) => range.len(),
        template::Piece::Expr { outer, .. } => outer.len(),
    });
    assert_eq!(lengths.sum::<usize>(), text.len(), "{text:?}");
}

/// Any text as a `fmc.toml`.
pub fn configuration(text: &str) {
    let mut sources = SourceMap::new();
    let id = sources.add("fmc.toml", text);
    let (_, findings) = project::load(id, &sources.get(id).unwrap().text);
    for found in &findings {
        sound(found, &sources);
    }
}

/// Any text, with secrets to mask. The secret, in the text as it is or in any case, never stays;
/// what is masked once has nothing left to mask.
pub fn masked(text: &str) {
    const SECRET: &str = "tok-SECRET/a%41b+\\&x";
    let secrets = [SECRET, "https://hooks.example/services/T0/xyz?k=v", "x7Q"];
    for text in [text.to_owned(), format!("{text}{SECRET}{text}")] {
        let masked = fmc_runtime::inside::masked(&secrets, &text);
        assert!(
            !masked.to_lowercase().contains(&SECRET.to_lowercase()),
            "{text:?}"
        );
        assert!(masked.contains("***") || masked == text, "{text:?}");
    }
}

/// Any secret, written in up to three ways around each other, between any texts. Nothing of it
/// stays but what is written beside it.
pub fn hidden(secret: &str, ways: &[usize], around: &str) {
    let secret = secret.trim();
    let known = secret.chars().filter(|char| char.is_alphanumeric()).count() >= 8;
    if !known {
        return;
    }
    let mut written = secret.to_owned();
    let mut names = Vec::new();
    for way in ways {
        let (name, write) = ENCODINGS[way % ENCODINGS.len()];
        names.push(name);
        written = write(&written);
    }
    // A blank ends what is written: a letter beside hexadecimal digits may be one of them.
    let masked = fmc_runtime::inside::masked(&[secret], &format!("{around} {written} {around}"));
    assert!(
        !masked.contains(&written) && masked.contains("***"),
        "{secret:?} in {names:?} is {written:?}: {masked:?}"
    );
}
