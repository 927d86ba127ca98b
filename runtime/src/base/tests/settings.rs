//! Tests of `settings`.

use super::*;

fn settings(json: &str) -> Settings {
    Settings::new(Value::from_json(json.as_bytes()).unwrap())
}

#[test]
fn values_are_converted_if_nothing_is_lost() {
    let settings = settings(
        r#"{"n": "30", "f": 2.0, "t": true, "i": 7, "l": "[1, 2]", "o": "{\"a\": 1}", "null": null}"#,
    );
    assert_eq!(settings.integer("n"), Ok(Some(30)));
    assert_eq!(settings.integer("f"), Ok(Some(2)));
    assert_eq!(settings.number("n"), Ok(Some(30.0)));
    assert_eq!(settings.text("t").unwrap().as_deref(), Some("true"));
    assert_eq!(settings.text("i").unwrap().as_deref(), Some("7"));
    assert_eq!(
        settings.list("l").unwrap().map(|items| items.len()),
        Some(2)
    );
    assert_eq!(
        settings.object("o").unwrap().map(|entries| entries.len()),
        Some(1)
    );
    assert_eq!(settings.text("null"), Ok(None));
    assert_eq!(settings.text("absent"), Ok(None));
}

#[test]
fn errors_say_the_field_what_was_expected_and_what_was_found() {
    let settings = settings(
        r#"{"n": "soon", "f": 2.5, "neg": -1, "zero": 0, "t": "yes", "s": [1], "l": {"a": 1}, "m": "FETCH"}"#,
    );
    let choice = Choice {
        name: "m",
        words: &["GET", "POST"],
        meanings: &[1, 2],
        usual: 0,
    };
    let messages = [
        settings.integer("n").map(|_| ()),
        settings.integer("f").map(|_| ()),
        settings.count("neg").map(|_| ()),
        settings.positive("zero").map(|_| ()),
        settings.boolean("t").map(|_| ()),
        settings.text("s").map(|_| ()),
        settings.list("l").map(|_| ()),
        settings.choice(&choice).map(|_| ()),
        settings.required_text("absent").map(|_| ()),
    ];
    let messages: Vec<_> = messages
        .into_iter()
        .map(|result| result.unwrap_err().message)
        .collect();
    insta::assert_snapshot!(messages.join("\n"), @r#"
        field `n`: expected `int`, found `string` "soon"
        field `f`: expected `int`, found `float` 2.5
        field `neg`: expected `int of 0 or more`, found `int` -1
        field `zero`: expected `int of 1 or more`, found `int` 0
        field `t`: expected `bool`, found `string` "yes"
        field `s`: expected `string`, found `list` [1]
        field `l`: expected `list`, found `object` {"a":1}
        field `m`: expected one of `GET`, `POST`, found `FETCH`
        field `absent`: expected `string`, found `null`
        "#);
}
