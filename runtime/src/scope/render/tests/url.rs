//! Tests of `url`.

use super::*;
use proptest::prelude::*;

fn built(parts: &[UrlPart]) -> String {
    url(parts).map_or_else(|error| error.message, |url| url.to_json())
}

fn value(text: &str) -> UrlPart {
    UrlPart::Value(Value::from(text), "input.x")
}

fn text(text: &'static str) -> UrlPart {
    UrlPart::Text(Str::from_static(text))
}

#[test]
fn values_are_encoded_for_their_position() {
    let hostile = "../../admin?y=1#";
    let cases = [
        vec![value("http://h:1/a?b"), text("/rest")],
        vec![value("http://h"), text("/x/"), value(hostile), text("/y")],
        vec![text("http://"), value("a@b/c:80"), text("/x")],
        vec![
            text("http://h/?q="),
            value("a&b=c d"),
            text("&"),
            value("k="),
        ],
        vec![text("http://h/#"), value("a#b")],
        vec![
            value("http://h/"),
            UrlPart::Raw(Value::from("a/b?c=1"), "raw(input.x)"),
            text("&d="),
            value("/"),
        ],
        vec![
            value("http://h"),
            text("/"),
            UrlPart::Value(Value::Int(7), "input.n"),
            text("/"),
            UrlPart::Value(Value::Null, "input.none"),
        ],
        vec![text("http://h/"), value(".."), text("/x")],
        vec![text("http://h/."), value("."), text("?x")],
        vec![text("http://h/%2"), value("e"), text("./x")],
        vec![text("http://h/../"), value("x")],
        vec![text("http://h/p?path=a/"), value("..")],
        vec![text(" "), value("http://h"), text("/p")],
    ];
    let lines: Vec<_> = cases.iter().map(|parts| built(parts)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
        "http://h:1/a?b/rest"
        "http://h/x/..%2F..%2Fadmin%3Fy%3D1%23/y"
        "http://a%40b%2Fc:80/x"
        "http://h/?q=a%26b%3Dc%20d&k%3D"
        "http://h/#a%23b"
        "http://h/a/b?c=1&d=%2F"
        field `url`: in `input.none` a value is null, which would remove a path segment
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `%2e.`, which would lead to another path
        "http://h/../x"
        "http://h/p?path=a/.."
        "http://h/p"
        "##);
}

#[test]
fn no_value_changes_the_host_before_it() {
    let cases = [
        vec![value("http://127.0.0.1"), value(":45153")],
        vec![value("https://api.corp"), value(".evil.com"), text("/x")],
        vec![text("https://api.corp"), value("m"), text("/x")],
        vec![value("https://h"), value("/a")],
        vec![text("https://h:"), value("80@evil")],
        vec![text("https://h:8"), value("1")],
        vec![text("https://h:8."), value("evil")],
        vec![value("https://me@h"), text(":"), value("x")],
        vec![text("https://a."), value("b/c")],
        vec![text("https://"), value("a"), value("b"), text("/")],
    ];
    for parts in cases {
        let message = built(&parts);
        assert!(message.contains("would change it"), "{parts:?} {message}");
    }
    let cases = [
        vec![value("http://h"), value(""), text("/x")],
        vec![
            value("http://h"),
            text(":"),
            UrlPart::Value(Value::Int(8080), "input.n"),
        ],
        vec![text("http://"), value("a-1"), text(".corp/x")],
        vec![text("http://n"), value("1"), text(".corp/x")],
        vec![
            text("http://"),
            value("a"),
            text("."),
            value("corp"),
            text("/x"),
        ],
        vec![text("http://"), value("[::1]:80"), text("/x")],
        vec![text("http://u:"), value("p@/:"), text("@h/x")],
        vec![
            text("http://"),
            value("u"),
            text(":"),
            value("p"),
            text("@"),
            value("h:1"),
        ],
    ];
    let lines: Vec<_> = cases.iter().map(|parts| built(parts)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        "http://h/x"
        "http://h:8080"
        "http://a-1.corp/x"
        "http://n1.corp/x"
        "http://a.corp/x"
        "http://[::1]:80/x"
        "http://u:p%40%2F%3A@h/x"
        "http://u:p@h:1"
        "#);
}

#[test]
fn an_empty_value_never_removes_a_path_segment() {
    let null = || UrlPart::Value(Value::Null, "input.none");
    let raw = || UrlPart::Raw(Value::from(""), "raw(input.p)");
    let empty = || value("");
    let refused = [
        vec![text("http://h/x/"), null(), text("/y")],
        vec![text("http://h/users/"), empty()],
        vec![text("http://h/users/"), null(), text("?a=1")],
        vec![text("http://h/users/"), empty(), null(), text("#f")],
        vec![value("http://h"), text("/x/"), raw(), text("/y")],
        vec![value("http://h/"), empty()],
        vec![text("http://h/"), empty(), text("/"), value("a")],
        vec![text("http://h/a"), value("/b"), text("/"), null()],
    ];
    let lines: Vec<_> = refused.iter().map(|parts| built(parts)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
        field `url`: in `input.none` a value is null, which would remove a path segment
        field `url`: in `input.x` a value is empty, which would remove a path segment
        field `url`: in `input.none` a value is null, which would remove a path segment
        field `url`: in `input.x` a value is empty, which would remove a path segment
        field `url`: in `raw(input.p)` a value is empty, which would remove a path segment
        field `url`: in `input.x` a value is empty, which would remove a path segment
        field `url`: in `input.x` a value is empty, which would remove a path segment
        field `url`: in `input.none` a value is null, which would remove a path segment
        ");
    let fine = [
        vec![text("http://h/x"), null(), text("/y")],
        vec![text("http://h/"), empty(), text(".json")],
        vec![text("http://h/"), empty(), value("a")],
        vec![text("http://h/?q="), null(), text("&r=/"), empty()],
        vec![text("http://h/#/"), empty()],
        vec![value("http://h"), null(), text("/x")],
        vec![text("http://h//x/"), value("0")],
        vec![
            text("http://h/"),
            UrlPart::Value(Value::Bool(false), "input.b"),
        ],
        vec![value("http://h?a=b"), text("/"), empty()],
    ];
    let lines: Vec<_> = fine.iter().map(|parts| built(parts)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        "http://h/x/y"
        "http://h/.json"
        "http://h/a"
        "http://h/?q=&r=/"
        "http://h/#/"
        "http://h/x"
        "http://h//x/0"
        "http://h/false"
        "http://h?a=b/"
        "#);
}

fn pair(kind: i64, value: Value) -> Value {
    Value::list(vec![Value::Int(kind), value])
}

#[test]
fn what_an_expression_puts_together_is_escaped_behind_its_first_operand() {
    let literal = |text: &str| pair(0, Value::from(text));
    let data = |value: Value| pair(2, value);
    let sum_of = |parts: Vec<Value>| pair(3, Value::list(parts));
    let shown = |part: &Value| {
        let cx = Cx::new();
        let mut parts = Vec::new();
        match sum(&cx, part, "a + b", &mut parts) {
            Ok(whole) => format!("{} {}", whole.to_json(), built(&parts)),
            Err(error) => error.to_string(),
        }
    };
    let hostile = || data(Value::from("../../admin?y=1#"));
    // Data that looks like a part is data.
    let fake = || data(pair(0, Value::from("a/b")));
    let lines = [
        shown(&sum_of(vec![literal("http://h/p/"), hostile()])),
        shown(&sum_of(vec![
            data(Value::from("http://h/a?b")),
            literal("/x/"),
            hostile(),
        ])),
        shown(&sum_of(vec![
            sum_of(vec![literal("http://h/"), hostile()]),
            pair(1, Value::from("/a/../b")),
        ])),
        shown(&sum_of(vec![literal("http://h/"), data(Value::from(".."))])),
        shown(&sum_of(vec![literal("http://h/"), data(Value::from(""))])),
        shown(&sum_of(vec![literal("http://h"), hostile()])),
        shown(&sum_of(vec![literal("http://h/"), data(Value::Int(1))])),
        shown(&sum_of(vec![literal("http://h/"), fake()])),
        shown(&sum_of(vec![data(Value::Int(1)), data(Value::Int(2))])),
        shown(&data(Value::from("http://h/a/../b"))),
        shown(&pair(4, Value::from("http://h/a/%2E./b"))),
        shown(&pair(4, Value::from("http://h/a/x?../y"))),
        shown(&sum_of(vec![
            literal("http://h/"),
            pair(4, Value::from("a/b")),
        ])),
        shown(&fake()),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
        "http://h/p/../../admin?y=1#" "http://h/p/..%2F..%2Fadmin%3Fy%3D1%23"
        "http://h/a?b/x/../../admin?y=1#" "http://h/a?b/x/..%2F..%2Fadmin%3Fy%3D1%23"
        "http://h/../../admin?y=1#/a/../b" "http://h/..%2F..%2Fadmin%3Fy%3D1%23/a/../b"
        "http://h/.." field `url`: a value makes the path segment `..`, which would lead to another path
        "http://h/" field `url`: in `a + b` a value is empty, which would remove a path segment
        "http://h../../admin?y=1#" field `url`: a value after the host `h` would change it; expected `/` between them, `:` and digits, or `raw(…)`
        cannot add `string` and `int`; `str(…)` makes text of a value
        cannot add `string` and `list`; `str(…)` makes text of a value
        3 "12"
        "http://h/a/../b" "http://h/a/../b"
        "http://h/a/%2E./b" field `url`: a value makes the path segment `%2E.`, which would lead to another path
        "http://h/a/x?../y" "http://h/a/x?../y"
        "http://h/a/b" "http://h/a%2Fb"
        [0,"a/b"] "[0,\"a/b\"]"
        "#);
}

proptest! {
    /// A value in a path stays one segment, and decoding gives the value again.
    #[test]
    fn a_value_stays_in_its_segment(before in "\\PC*", value in "\\PC*") {
        let parts = [
            text("http://h/"),
            self::value(&before),
            text("/"),
            self::value(&value),
            text("/end?k=v#f"),
        ];
        let refused = |text: &str| matches!(text, "" | "." | "..");
        let Ok(url) = url(&parts) else {
            prop_assert!(refused(&before) || refused(&value));
            return Ok(());
        };
        let url = url.as_str().unwrap().to_owned();
        let path = url.strip_prefix("http://h/").unwrap();
        let (path, rest) = path.split_once('?').unwrap();
        prop_assert_eq!(rest, "k=v#f");
        let segments: Vec<_> = path.split('/').map(|segment| {
            percent_encoding::percent_decode_str(segment).decode_utf8().unwrap().into_owned()
        }).collect();
        prop_assert_eq!(segments, vec![before, value, "end".to_owned()]);
    }

    /// A value in a query stays one value of the query.
    #[test]
    fn a_value_stays_in_its_query(value in "\\PC*") {
        let parts = [
            text("http://h/?a="),
            self::value(&value),
            text("&b=1"),
        ];
        let url = url(&parts).unwrap();
        let (_, query) = url.as_str().unwrap().split_once('?').unwrap();
        let pairs: Vec<_> = query.split('&').collect();
        prop_assert_eq!(pairs.len(), 2);
        let raw = pairs[0].strip_prefix("a=").unwrap();
        let decoded = percent_encoding::percent_decode_str(raw).decode_utf8().unwrap();
        prop_assert_eq!(decoded.as_ref(), value.as_str());
        prop_assert!(!raw.contains(['#', '=', '?', '/']));
    }
}
