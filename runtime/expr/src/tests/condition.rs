//! Dynamic conditions: which of their errors are about null.

use super::*;

#[test]
fn an_error_says_whether_a_null_was_refused() {
    let data = Value::from_json(br#"{"v": 5, "l": ["a"], "null": null}"#).unwrap_or_default();
    let null = |text: &str| {
        let result = evaluate(text, data.clone(), None, &Cx::new());
        result.err().map(|error| error.null)
    };
    let refused = [
        "data.no + 1",
        "1 < data.no",
        "data.null > 1",
        "-data.no",
        "len(data.no)",
        "data.no.upper()",
        "'a' in data.no",
        "data.l[data.no]",
        "[x for x in data.no]",
        "{data.no: 1}",
        "f'{data.no:>3}'",
    ];
    for text in refused {
        assert_eq!(null(text), Some(true), "{text}");
    }
    let others = [
        "data.v + '`null`'",
        "data.l < 1",
        "int('`null`')",
        "data =",
        "1 / 0",
    ];
    for text in others {
        assert_eq!(null(text), Some(false), "{text}");
    }
    assert_eq!(null("data.no or 1"), None);
}
