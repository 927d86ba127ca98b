//! What reading costs. (`tests/memory` measures what it takes in memory.)

use std::{cell::Cell, rc::Rc};

use super::*;
use crate::{cx::Alarm, error::ErrorKind};

const SHAPES: &[&str] = &[
    r#"{"id": %, "service": "checkout of the shop", "ok": true, "tags": ["a", "b"]}"#,
    "0",
    "{}",
    "[]",
    r#"{"": 0}"#,
    "[[[%]]]",
    r#"{"%": 0}"#,
    r#""a text that is longer than a value has room for: %""#,
    "1.5e3",
];

fn text(shape: &str, count: usize) -> String {
    let parts: Vec<_> = (0..count)
        .map(|n| shape.replace('%', &n.to_string()))
        .collect();
    format!("[{}]", parts.join(","))
}

#[test]
fn twice_the_text_costs_twice_the_steps() {
    for shape in SHAPES {
        let steps = |count| {
            let cx = Cx::new();
            let text = text(shape, count);
            read(&cx, text.as_bytes()).unwrap();
            (cx.spent(), text.len() as u64)
        };
        let ((small, _), (large, bytes)) = (steps(10_000), steps(20_000));
        assert!(large < small * 23 / 10 + 1_000, "{shape}: {small} {large}");
        assert!(
            large < bytes && large > bytes / 40,
            "{shape}: {large} for {bytes}"
        );
    }
}

#[test]
fn chains_of_lists_are_refused_before_they_fill_memory() {
    let chain = |n: usize| format!("{}{n}{}", "[".repeat(126), "]".repeat(126));
    let chains: Vec<_> = (0..30_000).map(chain).collect();
    let refused = read(&Cx::new(), format!("[{}]", chains.join(",")).as_bytes()).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Limit);
    let expected = "JSON of so many small parts would take more than 16 times its size in memory";
    assert_eq!(refused.message, expected);
    // The same few over and over are in memory once.
    let chains: Vec<_> = (0..30_000).map(|n| chain(n % 7)).collect();
    assert!(read(&Cx::new(), format!("[{}]", chains.join(",")).as_bytes()).is_ok());
}

#[test]
fn values_are_held_and_end_by_the_limit() {
    let cx = Cx::new();
    let zeros = text("0", 2_000_000);
    read(&cx, zeros.as_bytes()).unwrap();
    assert!(cx.alive() >= 16 * 2_000_000, "{}", cx.alive());
    let mut kept = Vec::new();
    let all = (0..20).try_for_each(|_| read(&cx, zeros.as_bytes()).map(|read| kept.push(read)));
    assert_eq!(all.unwrap_err().kind, ErrorKind::Limit);
}

/// Rings when it has been looked at so many times.
#[derive(Debug)]
struct Patience(Cell<u32>);

impl Alarm for Patience {
    fn rings(&self) -> bool {
        self.0.set(self.0.get().saturating_sub(1));
        self.0.get() == 0
    }
}

#[test]
fn reading_stops_when_the_alarm_rings() {
    let alarm = Rc::new(Patience(Cell::new(4)));
    let cx = Cx::new().until(alarm);
    let refused = read(&cx, text(SHAPES[0], 100_000).as_bytes()).unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Stopped);
    assert!(cx.spent() < 100_000, "{}", cx.spent());
}

#[test]
fn equal_short_lists_are_one_list_in_memory() {
    let value =
        Value::from_json(b"[[1], [1], [1.0], [true], [null], [[1]], [[1]], [1, 2], [1, 2]]");
    let value = value.unwrap();
    let items = value.as_list().unwrap();
    assert!(items[0].is_unchanged(&items[1]) && items[5].is_unchanged(&items[6]));
    assert!(items[7].is_unchanged(&items[8]));
    assert_eq!(
        value.to_json(),
        "[[1],[1],[1.0],[true],[null],[[1]],[[1]],[1,2],[1,2]]"
    );
}
