//! Tests of `body`.

use super::*;
use crate::host::{clock::System, deadline::Limits, http::rooms::Rooms};

fn encoded(json: &str, content_type: Option<&str>) -> (String, Option<&'static str>) {
    let out = encode(&Value::from_json(json.as_bytes()).unwrap(), content_type);
    (
        String::from_utf8(out.bytes.to_vec()).unwrap(),
        out.content_type,
    )
}

#[test]
fn the_type_of_a_value_decides_how_it_is_sent() {
    let json = Some("application/json");
    let form = Some("application/x-www-form-urlencoded; charset=utf-8");
    assert_eq!(
        encoded(r#"{"a": [1, null]}"#, None),
        (r#"{"a":[1,null]}"#.to_owned(), json)
    );
    assert_eq!(encoded("{}", None), ("{}".to_owned(), json));
    assert_eq!(encoded("null", None), (String::new(), None));
    assert_eq!(
        encoded(r#""plain {}""#, None),
        ("plain {}".to_owned(), None)
    );
    assert_eq!(
        encoded(r#"{"a b": "x&y", "l": [1, 2], "n": null, "t": true}"#, form),
        ("a+b=x%26y&l=1&l=2&t=true".to_owned(), None)
    );
}

fn whole(bytes: &[u8], content_type: &str) -> Decoded {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
    let deadline = Deadline::new(&Limits::new(System::new()), None);
    let body = Body {
        bytes: bytes.to_vec(),
        room: Some(Rooms::default().room()),
    };
    let work = decode(body, &headers, &deadline);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work)
}

fn decoded(bytes: &[u8], content_type: &str) -> String {
    whole(bytes, content_type).value.to_json()
}

#[test]
fn a_large_body_is_read_as_a_small_one() {
    let items: Vec<_> = (0..20_000).map(|item| item.to_string()).collect();
    let text = format!("[{}]", items.join(","));
    assert!(text.len() > LARGE);
    assert_eq!(decoded(text.as_bytes(), "application/json"), text);
}

#[test]
fn a_body_that_should_be_json_says_why_it_is_text() {
    let complaint = |bytes, kind| whole(bytes, kind).complaint;
    let said = complaint(b"{\"a\":", "application/problem+json; charset=utf-8").unwrap();
    assert_eq!(
        said,
        "the body is not JSON, although its content type says so: \
         EOF while parsing a value at line 1 column 5; it stays text"
    );
    for (bytes, kind) in [
        (&b"{\"a\":"[..], "text/plain"),
        (b"", "application/json"),
        (b"[]", "application/json"),
    ] {
        assert_eq!(complaint(bytes, kind), None);
    }
}

#[test]
fn responses_are_read_as_json_or_text() {
    assert_eq!(decoded(b"{\"a\":1}", "application/json"), r#"{"a":1}"#);
    assert_eq!(decoded(b"\xef\xbb\xbf[1]", "text/plain"), "[1]");
    assert_eq!(decoded(b"{\"a\":", "application/json"), r#""{\"a\":""#);
    assert_eq!(decoded(b"", "text/plain"), r#""""#);
    // An integer that does not fit 64 bits stays text, so that no digits are lost.
    let wide = b"[99999999999999999999]";
    assert_eq!(
        decoded(wide, "application/json"),
        r#""[99999999999999999999]""#
    );
    assert_eq!(
        decoded(b"caf\xe9", "text/plain; Charset=\"ISO-8859-1\""),
        r#""café""#
    );
    assert_eq!(decoded(b"caf\xe9", "text/plain"), "\"caf\u{fffd}\"");
}
