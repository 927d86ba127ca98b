//! Tests of `body`.

use super::*;

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

fn decoded(bytes: &[u8], content_type: &str) -> String {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, content_type.parse().unwrap());
    decode(bytes, &headers).to_json()
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
