//! Parsing expressions: which trees and errors they give, also when half-typed or broken; how
//! deeply they may be nested; and that the cost of parsing grows no faster than the text.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod broken;

mod dump;

use std::fmt::Write;

use fmc_expr::{
    ast::ExprKind,
    parse::{self, Parsed, SyntaxErrorKind},
    print,
};

/// A text, its tree and its errors.
fn shown(text: &str, parsed: &Parsed) -> String {
    let mut out = format!("{text:?}\n  {}\n", dump::dump(&parsed.expr));
    for error in &parsed.errors {
        let span = error.span;
        writeln!(out, "  {}..{} {error}", span.start, span.end).unwrap();
    }
    out
}

/// Texts as an editor sees them while somebody types.
const HALF_TYPED: &[&str] = &[
    "upstream.",
    "upstream.a-b.",
    "f(a,,b)",
    "f(",
    "f(a, ",
    "f(a=",
    "a if b",
    "a if ",
    "a if b else",
    "x[",
    "x[]",
    "x[1:",
    "1 + * 2",
    "1 +",
    "not",
    "{'a': }",
    "{'a'",
    "{'a': 1, }",
    "{'a': 1, 'b'",
    "[1, , 2]",
    "[x for",
    "[x for y",
    "[x for y in",
    "x | ",
    "x | f(",
    "(a",
    "f'{upstream.",
    "f'{a} {'",
    "'abc",
    "a ? b : c",
    "a ? b",
    "x := 1",
    "a & b",
    "~a",
    "lambda x: x",
    "f(lambda x: x, 1)",
    "a b c",
    "a = 1",
    "a && !b",
    "",
    "  ",
];

#[test]
fn half_typed_text_gives_a_tree_and_one_error() {
    let mut out = String::new();
    for text in HALF_TYPED {
        let parsed = parse::parse(text);
        out += &shown(text, &parsed);
        // A text with two mistakes has two errors.
        let mistakes = match *text {
            "{'a': 1, }" => 0,
            "a && !b" => 2,
            _ => 1,
        };
        assert_eq!(parsed.errors.len(), mistakes, "{text}: {:?}", parsed.errors);
    }
    insta::assert_snapshot!(out);
}

/// Texts with one mistake, behind which reading finds more that does not fit.
const ONE_MISTAKE: &[&str] = &[
    "'it's'",
    "'it's 5pm \\q'",
    "input.a == b'",
    "'a + 'b'",
    "'\\x4",
    "[x for x i",
    "[a for a of b]",
    "[x for (a",
    "input.a &&",
    "input.a ||",
    "input.a <>",
    "input.a ===",
    "input.a ?",
    "input.a ? b :",
    "input.a ?: b",
    "input.a =",
    "input.a :=",
    "input.a &",
    "input.a @",
    "input.a ^",
    "!",
    "~",
    "input.a =< b",
    "input.a => b",
    "input.a = = 1",
    "{a: 1, **b}",
    "and",
    "is",
    "%",
    ".",
    "..",
    "len(input.a,,",
    "x.y(.",
    "input.a and or",
    "f(and x=1)",
    "[(1])",
    "([)]",
    "(a if b) else c",
    "a not b",
    "[a not b]",
    "f(a",
    "(a,",
    "[",
    "[a",
    "[a,",
    "{",
    "{a",
    "{a,",
    "{a, b",
    "{a: 1",
    "{a: 1,",
    "x[1",
    "x[1:2",
    "x[1:2:",
    "x[1:2:3",
    "lambda x: 'a",
];

#[test]
fn one_mistake_has_one_error() {
    let mut out = String::new();
    for text in ONE_MISTAKE {
        let errors = parse::parse(text).errors;
        let [error] = errors.as_slice() else {
            panic!("{text}: {errors:?}");
        };
        let span = error.span;
        writeln!(out, "{text}\n  {}..{} {error}", span.start, span.end).unwrap();
    }
    insta::assert_snapshot!(out);
    for text in broken::WHOLE {
        for (end, _) in text.char_indices() {
            let start = &text[..end];
            for errors in [
                parse::parse(start).errors,
                parse::parse_condition(start).errors,
            ] {
                assert!(errors.len() <= 1, "{start:?}: {errors:?}");
            }
        }
    }
}

#[test]
fn two_mistakes_have_two_errors() {
    let texts = [
        "a && b || c",
        "!a =< b",
        "'\\q\\w'",
        "a && 'b",
        "1x + 0xg",
        "f(a & b, lambda x: x)",
    ];
    for text in texts {
        let errors = parse::parse(text).errors;
        assert_eq!(errors.len(), 2, "{text}: {errors:?}");
    }
}

#[test]
fn conditions_give_their_parts() {
    let texts = [
        "{{ a }} == 'b {{ c }} d'",
        "{{ a",
        "{{ }} and 'x {{'",
        "'{{ a' == {{ b }}",
        "{{ a b }} or c d",
        "f'{ {{x}} }' != f'{{{ {{y}} }}}'",
    ];
    let shown = texts.map(|text| shown(text, &parse::parse_condition(text)));
    insta::assert_snapshot!(shown.concat());
}

#[test]
fn random_texts_give_the_trees_and_errors_they_gave() {
    let mut out = String::new();
    for seed in 0..300 {
        let text = broken::text(seed);
        out += &shown(&text, &parse::parse(&text));
        let condition = parse::parse_condition(&text);
        if condition.errors != parse::parse(&text).errors {
            out += &shown(&text, &condition);
        }
    }
    insta::assert_snapshot!(out);
}

#[test]
fn spans_of_trees_and_errors_are_inside_the_text() {
    for seed in 0..4_000 {
        let text = broken::text(seed);
        for parsed in [parse::parse(&text), parse::parse_condition(&text)] {
            let spans = parsed.errors.iter().map(|error| error.span);
            for span in spans.chain([parsed.expr.span]) {
                let inside = text.get(span.start as usize..span.end as usize);
                assert!(inside.is_some(), "{span:?} of {text:?}");
            }
            // An error node always comes with an error, and it can be printed.
            let holds_error = dump::dump(&parsed.expr).contains("(!@");
            assert!(!holds_error || !parsed.errors.is_empty(), "{text:?}");
            let _ = print::print(&parsed.expr);
        }
    }
}

/// Name, start, what is repeated, end, and whether repeating it makes the text nested.
const REPEATED: &[(&str, &str, &str, &str, bool)] = &[
    ("round brackets", "", "(", "", true),
    ("square brackets", "", "[", "", true),
    ("curly brackets", "", "{", "", true),
    ("closed brackets", "", "]", "", false),
    ("not", "", "not ", "a", true),
    ("signs", "", "- ", "a", true),
    ("bits", "", "~", "a", true),
    ("tight nots", "", "a * not ", "a", true),
    ("calls", "", "f(", "", true),
    ("later elements", "", "[1, ", "", true),
    ("later arguments", "", "f(1, a=", "", true),
    ("values", "", "{1: ", "", true),
    ("later values", "", "{1: 1, 2: ", "", true),
    ("conditions", "", "[a for b in c if (", "", true),
    ("bounds", "", "a[1:", "", true),
    ("filter arguments", "", "a | f(", "", true),
    ("indices", "", "a[", "", true),
    ("f-strings", "", "f'{", "", true),
    ("quoted f-strings", "", "f'{f\"{", "", true),
    ("specifications", "f'{a", ":{a", "", true),
    ("targets", "[a for ", "(", "", true),
    ("parts", "", "{{", "", true),
    ("ternaries", "a", " if b else a", "", true),
    ("other ternaries", "a", " ? b : a", "", true),
    ("powers", "a", " ** a", "", true),
    ("walruses", "a", " := a", "", true),
    ("members", "a", ".b", "", true),
    ("sums", "1", "+1", "", true),
    ("products", "1", "*1", "", true),
    ("logic", "a", " and a or b", "", true),
    ("filters", "a", " | f", "", true),
    ("comparisons", "a", " < b", "", false),
    ("elements", "[1", ", 1", "]", false),
    ("entries", "{1: 1", ", 1: 1", "}", false),
    ("arguments", "f(1", ", a=f(2)", ")", false),
    ("missing arguments", "f(a", ",", ")", false),
    ("literals", "'a'", " 'b'", "", false),
    ("fields", "f'", "{a}b", "'", false),
    ("clauses", "[a for a in b", " for c in d if e", "]", false),
    ("target lists", "[a for a", ", a", " in b]", false),
    ("left over", "", "a b ", "", false),
    ("unfinished ternaries", "a", " if b", "", false),
    ("lambdas", "", "lambda ", "", false),
];

#[test]
fn texts_nested_too_deeply_have_one_error() {
    for (name, start, part, end, _) in REPEATED.iter().filter(|row| row.4) {
        let text = format!("{start}{}{end}", part.repeat(100_000));
        for parsed in [parse::parse(&text), parse::parse_condition(&text)] {
            let kinds: Vec<_> = parsed.errors.iter().map(|error| &error.kind).collect();
            let unclosed = *name == "parts" && *kinds == [&SyntaxErrorKind::UnclosedPart];
            let deep = *kinds == [&SyntaxErrorKind::TooDeep];
            assert!(deep || unclosed, "{name}: {} errors", kinds.len());
            let nothing = matches!(parsed.expr.kind, ExprKind::Error(_));
            assert!(unclosed || nothing, "{name}");
        }
    }
}

#[test]
fn two_hundred_levels_are_allowed() {
    let nested = |count: usize, open: &str, close: &str| {
        let text = format!("{}1{}", open.repeat(count), close.repeat(count));
        parse::parse(&text).errors.len()
    };
    let pairs = [
        ("(", ")"),
        ("[", "]"),
        ("f(", ")"),
        ("-", ""),
        ("not ", ""),
        ("1 + (", ")"),
        ("f'{", "}'"),
        ("1 if 2 else ", ""),
    ];
    for (open, close) in pairs {
        assert_eq!(nested(200, open, close), 0, "{open}");
        assert_eq!(nested(201, open, close), 1, "{open}");
    }
}

#[test]
fn loops_and_links_are_counted_as_levels() {
    let refused = |text: String| {
        let kinds: Vec<_> = parse::parse(&text)
            .errors
            .into_iter()
            .map(|error| error.kind)
            .collect();
        assert!(
            kinds.iter().all(|kind| *kind == SyntaxErrorKind::TooDeep),
            "{kinds:?}"
        );
        !kinds.is_empty()
    };
    let allowed = [
        (" for x in y", 99),
        (" for x, z in y", 99),
        (" for x in y if x", 99),
    ];
    for (clause, count) in allowed {
        let text = |count: usize| format!("[1{}]", clause.repeat(count));
        assert!(!refused(text(count)), "{clause}");
        assert!(refused(text(count + 1)), "{clause}");
        assert!(refused(text(100_000)), "{clause}");
    }
    let chain = |count: usize| format!("1{}", " < x".repeat(count));
    assert!(!refused(chain(166)));
    assert!(refused(chain(170)));
    // Beside each other they are not in each other.
    let list = format!("[{}]", "[x for x in y], 1 < x < 2, ".repeat(300));
    assert!(!refused(list));
}

#[test]
fn the_cost_of_parsing_grows_no_faster_than_the_text() {
    for (name, start, part, end, _) in REPEATED {
        let text = |count: usize| format!("{start}{}{end}", part.repeat(count));
        // Nested texts are parsed at the first two counts, and refused at the last one.
        for count in [8, 95, 2_000] {
            let text = text(count);
            let looks = parse::looks(&text);
            let longer = format!("{start}{}{end}", part.repeat(2 * count));
            let growth = parse::looks(&longer) as f64 / looks as f64;
            assert!(
                growth < 2.1,
                "{name}: {count} parts {looks}, twice as many {growth:.2} x"
            );
            assert!(looks < 120 * text.len(), "{name}: {looks} looks");
        }
    }
    for seed in 0..2_000 {
        let text = broken::text(seed);
        let looks = parse::looks(&text);
        assert!(looks < 120 * (text.len() + 1), "{looks}: {text:?}");
    }
}
