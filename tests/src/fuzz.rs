//! What must hold for any input: the bodies of the fuzz targets, and of the properties in
//! `suite/robustness.rs`.
//!
//! Enters: bytes or texts from anywhere. Leaves: nothing, or a panic that says what broke. Must not
//! know where the input came from.

use std::collections::BTreeSet;

use fmc::{
    Settings,
    ast::is_pipeline,
    check,
    diagnostics::{
        Code, Diagnostic, Edit, Findings, Severity,
        render::{github, human, json, oneline},
    },
    driver::project,
    mend::{Mended, mend},
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

/// How bad a pipeline file is: whether it is one at all, its errors and all its findings, and the
/// kinds of mistakes in its syntax.
fn badness(text: String) -> (bool, (usize, usize), BTreeSet<Code>) {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes("a.json", text.into_bytes());
    let checked = check(&sources, id, &Settings::default());
    let findings = checked.findings();
    let codes = findings.iter().map(|found| found.code);
    let syntax = codes.filter(|code| matches!(code.family(), 1 | 2));
    let size = (findings.count(Severity::Error), findings.len());
    (is_pipeline(checked.tree()), size, syntax.collect())
}

/// Any bytes as a pipeline file that `fmc check --fix` mends. Each round makes it better. It is text
/// with the same line ends and byte-order mark, differs only where it was mended, and has nothing
/// left to mend. Returns how many rounds there were.
pub fn fixed(bytes: &[u8]) -> usize {
    let mend = |bytes: &[u8]| {
        mend("a.json", bytes, &|sources, id| {
            check(sources, id, &Settings::default())
        })
    };
    let Mended {
        bytes: after,
        rounds,
        ..
    } = mend(bytes);
    let Some(after) = after else {
        assert!(rounds.is_empty(), "{rounds:?}");
        return 0;
    };
    let before = std::str::from_utf8(bytes).expect("only text is changed");
    let text = std::str::from_utf8(&after).expect("what is mended is text");
    assert_ne!(before, text, "{rounds:?}");
    let (mark, body) = before.split_at(usize::from(before.starts_with(BOM)) * BOM.len_utf8());
    let mut replayed = body.to_owned();
    let mut bad = badness(before.to_owned());
    for edits in &rounds {
        let next = replaced(&replayed, edits);
        let left = badness(format!("{mark}{next}"));
        assert!(
            left.0 && left.1 < bad.1 && left.2.is_subset(&bad.2),
            "{replayed:?} became {next:?}"
        );
        (replayed, bad) = (next, left);
    }
    assert_eq!(format!("{mark}{replayed}"), text, "of {before:?}");
    for (before, after) in line_ends(before).into_iter().zip(line_ends(text)) {
        assert!(before || !after, "{rounds:?} of {bytes:?}");
    }
    let again = mend(&after).applied;
    assert!(
        again.is_empty(),
        "{before:?} became {text:?}, then {again:?}"
    );
    rounds.len()
}

/// The mark that may stand at the start of a file.
const BOM: char = '\u{FEFF}';

/// The text with some places replaced, from the last one to the first.
fn replaced(text: &str, edits: &[Edit]) -> String {
    let mut text = text.to_owned();
    let mut end = text.len();
    for edit in edits.iter().rev() {
        let place = edit.span.start as usize..edit.span.end as usize;
        assert!(place.end <= end, "{edits:?} touch");
        end = place.start;
        text.replace_range(place, &edit.text);
    }
    text
}

/// Whether lines end in `\r\n`, and whether some end in `\n` alone.
fn line_ends(text: &str) -> [bool; 2] {
    let (all, windows) = (text.matches('\n').count(), text.matches("\r\n").count());
    [windows > 0, all > windows]
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
    const SECRETS: [&str; 3] = [SECRET, "https://hooks.example/services/T0/xyz?k=v", "x7Q"];
    thread_local! {
        static MASKING: Box<dyn Fn(&str) -> String> =
            Box::new(fmc_runtime::inside::masking(&SECRETS));
    }
    for text in [text.to_owned(), format!("{text}{SECRET}{text}")] {
        let masked = MASKING.with(|masking| masking(&text));
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
