//! Tests of `log`.

use std::{cell::RefCell, rc::Rc};

use super::*;
use crate::host::{mask::Mask, report::Sink};

fn lines(format: LogFormat, level: Level) -> Vec<String> {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let reporter = Reporter {
        system: crate::host::clock::System::new(),
        mask: Mask::new(["hunter22"]),
        sink: Sink::Kept(Rc::clone(&kept)),
        events: false,
        format,
        level,
    };
    for level in [Level::Debug, Level::Warning] {
        reporter.log(&Entry {
            level,
            stage: "log",
            run_id: "r",
            message: "token hunter22\nforged line",
            data: Value::from_json(br#"{"k":"hunter22"}"#).unwrap(),
            tags: Value::Null,
            id: "1",
        });
    }
    let lines = kept.borrow().clone();
    let after_time = |line: String| match line.split_once(' ') {
        Some((_, rest)) if format == LogFormat::Text => rest.to_owned(),
        _ => line,
    };
    lines.into_iter().map(after_time).collect()
}

#[test]
fn text_events_are_masked_and_are_one_line() {
    let lines = lines(LogFormat::Text, Level::Info);
    assert_eq!(
        lines,
        [r#"WARNING log: token ***\nforged line {"k":"***"}"#]
    );
}

#[test]
fn json_events_have_the_same_content() {
    let lines = lines(LogFormat::Json, Level::Debug);
    assert_eq!(lines.len(), 2);
    let record = Value::from_json(lines[1].as_bytes()).unwrap();
    assert_eq!(
        record.get("message").unwrap().as_str(),
        Some("token ***\nforged line")
    );
    assert_eq!(record.get("data").unwrap().to_json(), r#"{"k":"***"}"#);
    assert_eq!(record.get("level").unwrap().as_str(), Some("warning"));
}

/// An alarm that rings.
#[derive(Debug)]
struct Now;

impl fmc_expr::cx::Alarm for Now {
    fn rings(&self) -> bool {
        true
    }
}

#[test]
fn an_event_that_takes_too_long_is_not_written() {
    for format in [LogFormat::Text, LogFormat::Json] {
        let kept = Rc::new(RefCell::new(Vec::new()));
        let reporter = Reporter {
            system: crate::host::clock::System::new(),
            mask: Mask::new(["hunter22"]),
            sink: Sink::Kept(Rc::clone(&kept)),
            events: false,
            format,
            level: Level::Info,
        };
        let (long, null) = ("a".repeat(1 << 20), Value::Null);
        let text = Value::from(long.as_str());
        for (message, data, tags) in [
            (long.as_str(), &null, &null),
            ("m", &text, &null),
            ("m", &null, &text),
        ] {
            let entry = Entry {
                level: Level::Error,
                stage: "log",
                run_id: "r",
                message,
                data: data.clone(),
                tags: tags.clone(),
                id: "1",
            };
            let cx = Cx::new().until(Rc::new(Now));
            let error = reporter.log_within(Some(&cx), &entry).unwrap_err();
            assert_eq!(error.to_string(), "stopped");
            assert!(kept.borrow().is_empty());
        }
    }
}
