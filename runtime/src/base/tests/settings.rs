//! Tests of `settings`.

use std::{cell::Cell, rc::Rc};

use fmc_expr::{
    Map,
    cx::{self, Alarm},
};

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
        settings
            .list(&Cx::new(), "l")
            .unwrap()
            .map(|items| items.len()),
        Some(2)
    );
    assert_eq!(
        settings
            .object(&Cx::new(), "o")
            .unwrap()
            .map(|entries| entries.len()),
        Some(1)
    );
    assert_eq!(settings.text("null"), Ok(None));
    assert_eq!(settings.text("absent"), Ok(None));
}

/// An alarm that rings when it was looked at so often.
#[derive(Debug)]
struct After(Cell<u64>);

impl Alarm for After {
    fn rings(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

#[test]
fn reading_json_text_ends_when_the_time_is_over() {
    let texts = [
        format!("[{}0]", "0,".repeat(500_000)),
        format!("[{}0]", "[],".repeat(300_000)),
        format!("[{}0]", r#"{"a":0},"#.repeat(100_000)),
        format!("{{{}\"\":0}}", r#""a":0,"#.repeat(200_000)),
    ];
    for text in texts {
        let object = Map::from_iter([(Str::from("f"), Value::from(text.as_str()))]);
        let settings = Settings::new(Value::object(object));
        let cx = || Cx::new().until(Rc::new(After(Cell::new(1))));
        let stopped = [
            settings.list(&cx(), "f").map(|_| ()),
            settings.object(&cx(), "f").map(|_| ()),
            settings.texts(&cx(), "f").map(|_| ()),
        ];
        for stopped in stopped {
            let fault = stopped.unwrap_err();
            assert_eq!(fault.message, "field `f`: stopped");
        }
    }
}

#[test]
fn json_text_that_would_take_too_much_memory_is_refused_with_the_reason() {
    let text = format!("[{}0]", "[[[[[[0]]]]]],".repeat(50_000));
    let object = Map::from_iter([(Str::from("f"), Value::from(text))]);
    let settings = Settings::new(Value::object(object));
    let cx = Cx::new();
    settings.list(&cx, "f").unwrap();
    assert!(cx.spent() > 50_000 && cx.alive() > 700_000, "{cx:?}");
    let most = Cx::new();
    most.reserve(cx::MAX_ALIVE - 700_000).unwrap();
    let fault = settings.list(&most, "f").unwrap_err();
    assert_eq!(
        fault.message,
        "field `f`: values would hold more than 256 MiB at one time"
    );
}

#[test]
fn a_very_long_text_is_no_number() {
    let json = format!(
        r#"{{"n": "{}7", "m": "{}7"}}"#,
        "0".repeat(4_095),
        "0".repeat(4_096)
    );
    let settings = settings(&json);
    assert_eq!(settings.integer("n"), Ok(Some(7)));
    assert_eq!(settings.number("n"), Ok(Some(7.0)));
    settings.integer("m").unwrap_err();
    settings.number("m").unwrap_err();
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
        settings.list(&Cx::new(), "l").map(|_| ()),
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
