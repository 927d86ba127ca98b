//! Tests of `url`.

use super::*;
use proptest::prelude::*;

fn built(parts: &[UrlPart]) -> String {
    url(parts).map_or_else(|error| error.message, |url| url.to_json())
}

fn value(text: &str) -> UrlPart {
    UrlPart::Value(Value::from(text))
}

#[test]
fn values_are_encoded_for_their_position() {
    let hostile = "../../admin?y=1#";
    let cases = [
        vec![value("http://h:1/a?b"), UrlPart::Text("/rest")],
        vec![
            value("http://h"),
            UrlPart::Text("/x/"),
            value(hostile),
            UrlPart::Text("/y"),
        ],
        vec![
            UrlPart::Text("http://"),
            value("a@b/c:80"),
            UrlPart::Text("/x"),
        ],
        vec![
            UrlPart::Text("http://h/?q="),
            value("a&b=c d"),
            UrlPart::Text("&"),
            value("k="),
        ],
        vec![UrlPart::Text("http://h/#"), value("a#b")],
        vec![
            value("http://h/"),
            UrlPart::Raw(Value::from("a/b?c=1")),
            UrlPart::Text("&d="),
            value("/"),
        ],
        vec![
            value("http://h"),
            UrlPart::Text("/"),
            UrlPart::Value(Value::Int(7)),
            UrlPart::Text("/"),
            UrlPart::Value(Value::Null),
        ],
        vec![UrlPart::Text("http://h/"), value(".."), UrlPart::Text("/x")],
        vec![UrlPart::Text("http://h/."), value("."), UrlPart::Text("?x")],
        vec![
            UrlPart::Text("http://h/%2"),
            value("e"),
            UrlPart::Text("./x"),
        ],
        vec![UrlPart::Text("http://h/../"), value("x")],
        vec![UrlPart::Text("http://h/p?path=a/"), value("..")],
        vec![UrlPart::Text(" "), value("http://h"), UrlPart::Text("/p")],
    ];
    let lines: Vec<_> = cases.iter().map(|parts| built(parts)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
        "http://h:1/a?b/rest"
        "http://h/x/..%2F..%2Fadmin%3Fy%3D1%23/y"
        "http://a%40b%2Fc:80/x"
        "http://h/?q=a%26b%3Dc%20d&k%3D"
        "http://h/#a%23b"
        "http://h/a/b?c=1&d=%2F"
        "http://h/7/"
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
    use UrlPart::Text;
    let cases = [
        vec![value("http://127.0.0.1"), value(":45153")],
        vec![value("https://api.corp"), value(".evil.com"), Text("/x")],
        vec![Text("https://api.corp"), value("m"), Text("/x")],
        vec![value("https://h"), value("/a")],
        vec![Text("https://h:"), value("80@evil")],
        vec![Text("https://h:8"), value("1")],
        vec![Text("https://h:8."), value("evil")],
        vec![value("https://me@h"), Text(":"), value("x")],
        vec![Text("https://a."), value("b/c")],
        vec![Text("https://"), value("a"), value("b"), Text("/")],
    ];
    for parts in cases {
        let message = built(&parts);
        assert!(message.contains("would change it"), "{parts:?} {message}");
    }
    let cases = [
        vec![value("http://h"), value(""), Text("/x")],
        vec![
            value("http://h"),
            Text(":"),
            UrlPart::Value(Value::Int(8080)),
        ],
        vec![Text("http://"), value("a-1"), Text(".corp/x")],
        vec![Text("http://n"), value("1"), Text(".corp/x")],
        vec![
            Text("http://"),
            value("a"),
            Text("."),
            value("corp"),
            Text("/x"),
        ],
        vec![Text("http://"), value("[::1]:80"), Text("/x")],
        vec![Text("http://u:"), value("p@/:"), Text("@h/x")],
        vec![
            Text("http://"),
            value("u"),
            Text(":"),
            value("p"),
            Text("@"),
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

proptest! {
    /// A value in a path stays one segment, and decoding gives the value again.
    #[test]
    fn a_value_stays_in_its_segment(before in "\\PC*", value in "\\PC*") {
        let parts = [
            UrlPart::Text("http://h/"),
            UrlPart::Value(Value::from(before.as_str())),
            UrlPart::Text("/"),
            UrlPart::Value(Value::from(value.as_str())),
            UrlPart::Text("/end?k=v#f"),
        ];
        let dotty = |text: &str| text == "." || text == "..";
        let Ok(url) = url(&parts) else {
            prop_assert!(dotty(&before) || dotty(&value));
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
            UrlPart::Text("http://h/?a="),
            UrlPart::Value(Value::from(value.as_str())),
            UrlPart::Text("&b=1"),
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
