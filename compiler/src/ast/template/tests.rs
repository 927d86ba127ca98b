//! Templates and conditions inside JSON strings: findings with their exact spans, and fixes.

use std::fmt::Write as _;

use super::{Part, parse_condition, parse_template};
use crate::{
    diagnostics::Diagnostic,
    source::FileId,
    syntax::{parse, tree::JsonString},
};

/// The string that is the whole of a JSON text.
fn string(json: &str) -> JsonString {
    let (node, findings) = parse(FileId(0), json);
    assert_eq!(*findings, [], "{json}");
    node.string().expect(json).clone()
}

fn show(json: &str, findings: &[Diagnostic]) -> String {
    let mut out = String::new();
    for found in findings {
        let place = found.primary.span;
        let range = place.start as usize..place.end as usize;
        let guilty = json.get(range).unwrap();
        let code = found.code.code();
        writeln!(
            out,
            "    {code} at {} {guilty:?} {}",
            place.start, found.message
        )
        .unwrap();
        for help in &found.help {
            writeln!(out, "      help {help}").unwrap();
        }
        if let Some(fix) = &found.fix {
            let mut fixed = json.to_owned();
            for edit in &fix.edits {
                let range = edit.span.start as usize..edit.span.end as usize;
                fixed.replace_range(range, &edit.text);
            }
            let safe = if fix.safe { "safe" } else { "unsafe" };
            writeln!(out, "      fix ({safe}) {}: {fixed}", fix.title).unwrap();
        }
    }
    out
}

#[test]
fn every_syntax_error_has_its_place_in_the_source() {
    let templates = [
        r#""plain { } }} text""#,
        r#""{{input.x""#,
        r#""é {{ }} {{}}""#,
        r#""{{ input.a + }}""#,
        r#""日本 \u00e9 {{ input.a ) }}""#,
        r#""{{ 'a\\qb' }}""#,
        r#""{{ lambda x: x }}""#,
        r#""{{ a if b = 1 else c }}""#,
        r#""\ud83d\ude00 {{ a&&b }} {{ !a }} {{ a === b }} {{ a || b }} {{ a ? b : c }}""#,
        r#""{{#if a}}x{{else}}y{{/if}}""#,
        r#""{{ 'abc }}""#,
        r#""{{ 99999999999999999999 }} {{ 1.2.3 }}""#,
        r#""{{ f(a,,b) }} {{ input. }}""#,
        r#""{{ \"it's\" }} {{ 'x\\u00e9' }}""#,
        r#""{{ x = 1 }}""#,
        r#""{{ a =< b }}""#,
        r#""{{ 'it's 5pm' }}""#,
        r#""{{ a == b' }}""#,
        r#""{{ a b }}""#,
        r#""{{ not }}""#,
    ];
    let conditions = [
        r#""data.a == 'x'""#,
        r#""{{upstream.a.b}} == False""#,
        r#""data.get('v') == '{{input.v}}'""#,
        r#""{{ a }} &&  {{ b }}""#,
        r#""""#,
        r#""{{ a == }} and b""#,
        r#""{{ a""#,
        r#""a == {{ }}""#,
        r#"" {{ a = b }} ""#,
        r#""a = \u0022b\u0022""#,
    ];
    let mut out = String::new();
    for json in templates {
        let (_, findings) = parse_template(&string(json));
        writeln!(out, "{json}\n{}", show(json, &findings)).unwrap();
    }
    for json in conditions {
        let (condition, findings) = parse_condition(&string(json));
        let whole = if condition.whole { " (whole)" } else { "" };
        writeln!(out, "condition{whole} {json}\n{}", show(json, &findings)).unwrap();
    }
    insta::assert_snapshot!(out);
}

#[test]
fn a_whole_template_may_have_whitespace_around_it() {
    let whole = |json: &str| parse_template(&string(json)).0.whole().is_some();
    assert!(whole(r#""{{ a }}""#));
    assert!(whole(r#"" \n {{ a or {} }}\t""#));
    assert!(!whole(r#""{{ a }}{{ b }}""#));
    assert!(!whole(r#""{{ a }}.""#));
    assert!(!whole(r#""""#));
}

#[test]
fn parts_cover_the_text_and_have_their_source_spans() {
    let json = r#""\u00e9\n{{ input['\u65e5'] }} x""#;
    let string = string(json);
    let (template, findings) = parse_template(&string);
    assert_eq!(*findings, []);
    let sources: Vec<_> = template
        .parts
        .iter()
        .map(|part| {
            let range = match part {
                Part::Text { range, .. } => range,
                Part::Expr(embedded) => &embedded.range,
            };
            let place = string.source(range.start, range.end);
            json.get(place.start as usize..place.end as usize).unwrap()
        })
        .collect();
    assert_eq!(sources, [r"\u00e9\n", r"{{ input['\u65e5'] }}", " x"]);
    let Some(Part::Expr(embedded)) = template.parts.get(1) else {
        panic!("{template:?}");
    };
    let place = embedded.span(&string);
    let text = json.get(place.start as usize..place.end as usize).unwrap();
    assert_eq!(text, r"input['\u65e5']");
    let place = embedded.source(&string, embedded.expr.span);
    let text = json.get(place.start as usize..place.end as usize).unwrap();
    assert_eq!(text, r"input['\u65e5']");
}

/// Quotes, braces, escapes, operators and non-Latin text, as JSON writes them.
const SOUP: &str = r#"(\{\{|\}\}|[{}()\[\]'.,:=!&|+*/<>%-]|\\"|\\\\|\\n|\\u00e9|\\ud83d\\ude00|日|é|a|1| |if|for|in|lambda){0,30}"#;

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config {
        failure_persistence: None,
        ..Default::default()
    })]

    #[test]
    fn places_are_inside_on_boundaries(body in SOUP) {
        let json = format!("\"{body}\"");
        let string = string(&json);
        let (template, mut findings) = parse_template(&string);
        findings.extend(parse_condition(&string).1);
        let parts = template.parts.iter().filter_map(|part| match part {
            Part::Expr(embedded) => Some(embedded.source(&string, embedded.expr.span)),
            Part::Text { .. } => None,
        });
        for place in findings.iter().map(|found| found.primary.span).chain(parts) {
            proptest::prop_assert!(json.get(place.start as usize..place.end as usize).is_some());
        }
    }
}
