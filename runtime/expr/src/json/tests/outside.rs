//! What a text from outside has that a value cannot hold: wide integers, halves of surrogate pairs.

use super::*;

fn kept(text: &str) -> (String, Option<String>) {
    let read = read(&Cx::new(), text.as_bytes()).unwrap();
    (read.value.to_json(), read.warning("body"))
}

#[test]
fn a_wide_integer_is_kept_as_text_with_all_its_digits() {
    for (text, value, place) in [
        ("9223372036854775808", r#""9223372036854775808""#, "body"),
        ("-9223372036854775809", r#""-9223372036854775809""#, "body"),
        (
            "[0, 18446744073709551616 ]",
            r#"[0,"18446744073709551616"]"#,
            "body[1]",
        ),
        (
            r#"{"a": {"b]\"": [], "c": 0}, "x y": [[], {"id":99999999999999999999}]}"#,
            r#"{"a":{"b]\"":[],"c":0},"x y":[[],{"id":"99999999999999999999"}]}"#,
            r#"body["x y"][1].id"#,
        ),
        (
            r#"{"t": "99999999999999999999", "n": 99999999999999999999}"#,
            r#"{"t":"99999999999999999999","n":"99999999999999999999"}"#,
            "body.n",
        ),
    ] {
        let warning = format!("the integer at `{place}` does not fit 64 bits and is kept as text");
        assert_eq!(kept(text), (value.to_owned(), Some(warning)), "{text}");
    }
    for text in [
        "9223372036854775807",
        "99999999999999999999.5",
        "99999999999999999999e1",
    ] {
        assert_eq!(kept(text).1, None, "{text}");
    }
    let (_, warning) = kept("[99999999999999999999, 99999999999999999998, 99999999999999999997]");
    let expected = "the integer at `body[0]` does not fit 64 bits and is kept as text, \
        and so are 2 others";
    assert_eq!(warning.unwrap(), expected);
}

#[test]
fn what_is_not_json_is_refused_where_it_was() {
    for (text, expected) in [
        (
            "[99999999999999999999, x]",
            "expected value at line 1 column 24",
        ),
        (
            "{99999999999999999999: 1}",
            "key must be a string at line 1 column 2",
        ),
        (
            "[-099999999999999999999]",
            "invalid number at line 1 column 4",
        ),
        (
            "[1 99999999999999999999]",
            "expected `,` or `]` at line 1 column 4",
        ),
        (r#"["\ud83d", x]"#, "expected value at line 1 column 12"),
        (r#"["\ud8"#, "EOF while parsing a string at line 1 column 6"),
        ("\"", "EOF while parsing a string at line 1 column 1"),
    ] {
        let refused = read(&Cx::new(), text.as_bytes()).unwrap_err();
        assert_eq!(refused.message, expected, "{text}");
    }
}

#[test]
fn half_a_pair_becomes_a_replacement_character() {
    for (text, expected) in [
        (r#""\ud83d\ude00""#, "\u{1F600}"),
        (r#""\uD83D\uDE00""#, "\u{1F600}"),
        (r#""a\ud83d""#, "a\u{fffd}"),
        (r#""\ud83dx\ude00""#, "\u{fffd}x\u{fffd}"),
        (r#""\ude00\ud83d\ude00""#, "\u{fffd}\u{1F600}"),
        (r#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1F600}"),
        (r#""\\ud83d""#, "\\ud83d"),
        (r#""\\\ud83d""#, "\\\u{fffd}"),
    ] {
        let read = read(&Cx::new(), text.as_bytes()).unwrap();
        assert_eq!(read.value.as_str(), Some(expected), "{text}");
    }
    let value = Value::from_json(br#"{"k\ud800": 1}"#).unwrap();
    assert_eq!(
        value.get("k\u{fffd}").map(Value::to_json).as_deref(),
        Some("1")
    );
}
