//! Tests of `body`.

use fmc_expr::cx::MAX_ALIVE;

use super::*;
use crate::host::{clock::System, deadline::Limits, http::rooms::Rooms};

fn encoded(json: &str, content_type: Option<&str>) -> (String, Option<&'static str>) {
    let value = Value::from_json(json.as_bytes()).unwrap();
    let out = encode(&Cx::new(), &value, content_type).unwrap();
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

#[test]
fn a_body_that_would_be_too_large_is_refused_while_it_is_written() {
    let refused = |json: &str, content_type| {
        let cx = Cx::new();
        cx.reserve(MAX_ALIVE - 1_000).unwrap();
        let value = Value::from_json(json.as_bytes()).unwrap();
        encode(&cx, &value, content_type).unwrap_err().to_string()
    };
    let message = "values would hold more than 256 MiB at one time";
    let wide = format!(r#"{{"a": ["{}"]}}"#, "\\u0000".repeat(1_000));
    assert_eq!(refused(&wide, None), message);
    let form = Some("application/x-www-form-urlencoded");
    assert_eq!(refused(&wide, form), message);
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
fn an_integer_that_does_not_fit_is_kept_as_text_and_named() {
    let read = whole(
        br#"{"ok": true, "trace": [{}, {"id": 99999999999999999999}], "span": -9223372036854775809}"#,
        "application/json",
    );
    let trace =
        r#"{"ok":true,"trace":[{},{"id":"99999999999999999999"}],"span":"-9223372036854775809"}"#;
    assert_eq!(read.value.to_json(), trace);
    assert_eq!(
        read.complaint.unwrap(),
        "the integer at `body.trace[1].id` does not fit 64 bits and is kept as text, \
         and so is 1 other"
    );
    let text = whole(b"99999999999999999999", "text/plain");
    assert_eq!(
        (text.value.as_str(), text.complaint),
        (Some("99999999999999999999"), None)
    );
}

#[test]
fn half_a_surrogate_pair_becomes_a_replacement_character() {
    let read = whole(
        br#"{"a": "x\ud83d", "b": "\ud83d\ude00\udead"}"#,
        "application/json",
    );
    assert_eq!(
        read.value.to_json(),
        "{\"a\":\"x\u{fffd}\",\"b\":\"\u{1F600}\u{fffd}\"}"
    );
    assert_eq!(read.complaint, None);
}

#[test]
fn a_body_that_is_nested_too_deep_or_has_a_number_too_large_says_so() {
    let deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    for (body, why) in [
        (
            deep.as_str(),
            "it is nested deeper than 127 levels at line 1 column 128",
        ),
        (
            "[1e400]",
            "a number is too large for a float at line 1 column 6",
        ),
    ] {
        let complaint = whole(body.as_bytes(), "application/json").complaint;
        assert_eq!(
            complaint.unwrap(),
            format!(
                "the body is not JSON, although its content type says so: {why}; it stays text"
            )
        );
    }
}

#[test]
fn a_body_after_the_deadline_is_not_read() {
    let limits = Limits::new(System::new());
    limits.end_at_once();
    let deadline = Deadline::new(&limits, None);
    let text = format!("[{}0]", "0,".repeat(10_000));
    let read = read(text.clone().into_bytes(), None, true, &deadline);
    assert_eq!(
        (read.value.as_str(), read.complaint),
        (Some(text.as_str()), None)
    );
}

#[test]
fn responses_are_read_as_json_or_text() {
    assert_eq!(decoded(b"{\"a\":1}", "application/json"), r#"{"a":1}"#);
    assert_eq!(decoded(b"\xef\xbb\xbf[1]", "text/plain"), "[1]");
    assert_eq!(decoded(b"{\"a\":", "application/json"), r#""{\"a\":""#);
    assert_eq!(decoded(b"", "text/plain"), r#""""#);
    assert_eq!(
        decoded(b"caf\xe9", "text/plain; Charset=\"ISO-8859-1\""),
        r#""café""#
    );
    assert_eq!(decoded(b"caf\xe9", "text/plain"), "\"caf\u{fffd}\"");
}

/// An alarm that rings when it was looked at so often.
#[derive(Debug)]
struct After(std::cell::Cell<u64>);

impl fmc_expr::cx::Alarm for After {
    fn rings(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

#[test]
fn a_form_ends_when_the_time_is_over() {
    let form = Some("application/x-www-form-urlencoded");
    let texts = [
        format!(r#"{{"a": "{}"}}"#, "é ".repeat(500_000)),
        format!(r#"{{"{}": 1}}"#, "é ".repeat(500_000)),
        format!(r#"{{"a": [{}1]}}"#, "1,".repeat(50_000)),
        format!(r#"{{"a": [{}null]}}"#, "null,".repeat(50_000)),
    ];
    for text in texts {
        let value = Value::from_json(text.as_bytes()).unwrap();
        let whole = encode(&Cx::new(), &value, form).unwrap();
        for looks in [0, 1, 5] {
            let cx = Cx::new().until(Rc::new(After(std::cell::Cell::new(looks))));
            let error = encode(&cx, &value, form).unwrap_err();
            assert_eq!(error.kind, ErrorKind::Stopped);
        }
        // A piece ends in the middle of a character.
        let whole = String::from_utf8(whole.bytes.to_vec()).unwrap();
        assert!(!whole.contains("%20") && !whole.contains("%%"));
        assert_eq!(whole.matches("%C3%A9+").count(), text.matches("é ").count());
    }
}
