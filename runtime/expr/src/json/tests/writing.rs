//! Writing within a budget gives the same text as without, makes room for it, and stops in time.

use super::*;
use crate::{
    builder::Builder,
    cx::{Cx, MAX_BYTES},
    error::ErrorKind,
};

fn within(cx: &Cx, value: &Value, indent: Option<usize>) -> Result<String, ErrorKind> {
    let mut out = Builder::new(cx);
    let written = write_within(&mut out, value, indent).and_then(|()| out.into_str());
    written
        .map(|text| text.to_string())
        .map_err(|error| error.kind)
}

#[test]
fn a_budget_changes_no_text_and_room_is_made_for_all_of_it() {
    let long = "\"é\u{1}\u{1F600}\\\n".repeat(3_000);
    for text in [
        "null".to_owned(),
        r#"{"a": [1, -2.5, true, "x\ty"], "b": {}, "c": []}"#.to_owned(),
        serde_json::Value::from(long).to_string(),
    ] {
        let value = Value::from_json(text.as_bytes()).unwrap();
        for indent in [None, Some(0), Some(2)] {
            let mut plain = String::new();
            write(&mut plain, &value, indent);
            let cx = Cx::new();
            assert_eq!(within(&cx, &value, indent).as_ref(), Ok(&plain));
            assert_eq!(cx.alive(), plain.len() as u64);
            let again: serde_json::Value = serde_json::from_str(&plain).unwrap();
            assert_eq!(
                again,
                serde_json::from_str::<serde_json::Value>(&text).unwrap()
            );
        }
    }
}

#[test]
fn text_beyond_the_limit_is_refused_while_it_grows() {
    let most = usize::try_from(MAX_BYTES).unwrap();
    // Each of these characters is written as six.
    let text = Value::from("\u{1}".repeat(most / 2));
    let cx = Cx::new();
    let mut out = Builder::new(&cx);
    let refused = write_within(&mut out, &text, None).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Limit);
    assert!(out.len() <= most, "{}", out.len());
}

#[test]
fn a_value_that_holds_itself_many_times_ends_by_the_steps() {
    let mut value = Value::empty_list();
    for _ in 0..40 {
        value = Value::list(vec![value.clone(), value]);
    }
    assert_eq!(within(&Cx::new(), &value, None), Err(ErrorKind::Limit));
}
