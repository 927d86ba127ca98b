//! Properties of parsing, printing and evaluating: printing is the inverse of parsing, no input
//! makes anything panic, and no expression exceeds its limits.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    missing_docs,
    unreachable_pub
)]

mod strip;

use fmc_expr::{Cx, ErrorKind, Value, builtins, interp, parse, print, template};
use fmc_test_expressions::{Generator, Random};
use proptest::prelude::*;

/// `data` as the only name.
fn names(data: Value) -> interp::Names {
    interp::Names::from([("data".to_owned(), data)])
}

fn eval(text: &str) -> Result<Value, fmc_expr::EvalError> {
    let parsed = parse::parse(text);
    assert!(parsed.errors.is_empty(), "{text}: {:?}", parsed.errors);
    interp::eval(&parsed.expr, &names(Value::Null), &Cx::new()).map_err(|located| located.error)
}

/// Pieces of expressions in any order, so that random texts are almost expressions.
fn soup() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a",
        "upstream.",
        "x-y",
        "1",
        "0x",
        "1e",
        "'",
        "\"",
        "f'{",
        "}",
        "{{",
        "}}",
        "(",
        ")",
        "[",
        "]",
        "{",
        ":",
        ",",
        ".",
        " ",
        "for",
        "in",
        "if",
        "else",
        "not",
        "and",
        "|",
        "==",
        "=",
        "**",
        "-",
        "lambda",
        "\\",
        "\n",
        "é",
        "😀",
        "'''",
        "!r",
        "...",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn printing_is_the_inverse_of_parsing(seed in any::<u64>()) {
        let text = Generator::new(seed).expression();
        let first = parse::parse(&text);
        prop_assert!(first.errors.is_empty(), "{text}: {:?}", first.errors);
        let printed = print::print(&first.expr);
        let second = parse::parse(&printed);
        prop_assert!(second.errors.is_empty(), "{text}\n{printed}: {:?}", second.errors);
        prop_assert_eq!(strip::spans(first.expr), strip::spans(second.expr), "{}\n{}", text, printed);
    }

    #[test]
    fn generated_expressions_evaluate_without_a_panic(seed in any::<u64>()) {
        let data: Value = serde_json::from_str(&fmc_test_expressions::data(&mut Random::new(seed))).unwrap();
        let text = Generator::new(seed).expression();
        let parsed = parse::parse(&text);
        let printed = parse::parse(&print::print(&parsed.expr));
        let [first, second] = [parsed, printed].map(|parsed| {
            interp::eval(&parsed.expr, &names(data.clone()), &Cx::new())
                .map(|value| value.to_json())
                .map_err(|located| located.error.to_string())
        });
        // The clock and random numbers differ from one evaluation to the next.
        let pure = !["now", "time", "uuid"].iter().any(|name| text.contains(name));
        prop_assert!(!pure || first == second, "{text}: {first:?}, printed and parsed {second:?}");
    }

    #[test]
    fn nothing_panics_and_spans_are_inside_the_text(text in prop_oneof![soup(), any::<String>()]) {
        for parsed in [parse::parse(&text), parse::parse_condition(&text)] {
            for error in &parsed.errors {
                let place = text.get(error.span.start as usize..error.span.end as usize);
                prop_assert!(place.is_some(), "{error:?} in {text:?}");
                prop_assert!(!error.to_string().is_empty());
            }
            if parsed.errors.is_empty() {
                let _ = interp::eval(&parsed.expr, &names(Value::Null), &Cx::new());
            }
        }
        let pieces = template::split(&text);
        let covered: usize = pieces.iter().map(|piece| match piece {
            template::Piece::Text(range) => range.len(),
            template::Piece::Expr { outer, .. } => outer.len(),
        }).sum();
        prop_assert_eq!(covered, text.len());
    }

    #[test]
    fn no_builtin_panics_on_any_arguments(seed in any::<u64>()) {
        let mut random = Random::new(seed);
        for row in builtins::all() {
            let count = random.below(row.params.len() + 3);
            let mut args: Vec<Option<Value>> = (0..count).map(|_| argument(&mut random, 2)).collect();
            if row.receiver.is_some() {
                args.insert(0, argument(&mut random, 2));
            }
            let _ = (row.call)(&Cx::new(), &args);
        }
    }
}

proptest! {
    // Each case reads an expression as often as it has characters.
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_start_of_an_expression_has_at_most_one_error(seed in any::<u64>()) {
        let text = Generator::new(seed).expression();
        for (end, _) in text.char_indices() {
            let start = &text[..end];
            for errors in [parse::parse(start).errors, parse::parse_condition(start).errors] {
                prop_assert!(errors.len() <= 1, "{start:?}: {errors:?}");
            }
        }
    }
}

fn argument(random: &mut Random, depth: usize) -> Option<Value> {
    let text = [
        "",
        "a",
        "é b",
        "-12",
        "1e5",
        "%Y",
        "{0}",
        "(",
        "2026-01-01",
        "😀",
        "{:9}",
        "\\1",
    ];
    let ints = [0, 1, -1, 7, i64::MAX, i64::MIN, 1 << 40];
    let floats = [0.0, -0.5, 1e300, -1e-300, 2.5];
    Some(match random.below(if depth == 0 { 6 } else { 8 }) {
        0 => return None,
        1 => Value::Null,
        2 => Value::Bool(random.below(2) == 0),
        3 => Value::Int(ints[random.below(ints.len())]),
        4 => Value::Float(floats[random.below(floats.len())]),
        5 => Value::from(text[random.below(text.len())]),
        6 => Value::list(
            (0..random.below(4))
                .filter_map(|_| argument(random, depth - 1))
                .collect(),
        ),
        _ => Value::object(
            (0..random.below(3))
                .filter_map(|at| Some((text[at].into(), argument(random, depth - 1)?)))
                .collect(),
        ),
    })
}

#[test]
fn expressions_beyond_a_limit_say_which_limit() {
    let rows = [
        ("'a' * 10**9", ErrorKind::Limit),
        ("[0] * 10**9", ErrorKind::Limit),
        ("2 ** 10**9", ErrorKind::Value),
        ("range(10**12)", ErrorKind::Limit),
        (
            "sum([x for x in range(10**6) for y in range(10**6)])",
            ErrorKind::Limit,
        ),
        ("f'{1:>99999999}'", ErrorKind::Limit),
        ("'{:>60000000}'.format(1) * 2", ErrorKind::Limit),
        ("'x'.zfill(10**12)", ErrorKind::Limit),
        ("str([['a' * 10000] * 10000] * 10000)", ErrorKind::Limit),
        ("[[['a' * 1000] * 1000] * 1000]", ErrorKind::Limit),
        (
            "len(re.sub('', 'x' * 1000000, 'y' * 1000))",
            ErrorKind::Limit,
        ),
    ];
    for (text, kind) in rows {
        let error = eval(text).expect_err(text);
        assert_eq!(error.kind, kind, "{text}: {error}");
    }
    // A backtracking engine would take exponential time; this one takes linear time.
    assert_eq!(
        eval("re.match('(a+)+$', 'a' * 5000 + 'b')")
            .unwrap()
            .to_json(),
        "null"
    );
}

#[test]
fn deep_nesting_is_refused_and_never_overflows() {
    let deep = [
        "(".repeat(100_000),
        "[".repeat(100_000),
        "{".repeat(100_000),
        "-".repeat(100_000),
        "not ".repeat(100_000),
        "a.b".to_owned() + &".b".repeat(100_000),
        "1".to_owned() + &"+1".repeat(100_000),
        "1".to_owned() + &"**1".repeat(100_000),
        "f(".repeat(100_000),
        "a[".repeat(100_000),
        "x if y else ".repeat(100_000),
        "f'{".repeat(10_000),
        "{{".repeat(10_000),
    ];
    for text in deep {
        let start: String = text.chars().take(12).collect();
        assert!(!parse::parse(&text).errors.is_empty(), "{start}…");
        assert!(!parse::parse_condition(&text).errors.is_empty(), "{start}…");
    }
    let fits = "(".repeat(150) + "1" + &")".repeat(150);
    assert_eq!(eval(&fits).unwrap().to_json(), "1");
}
