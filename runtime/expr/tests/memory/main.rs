//! The memory that reading JSON takes at its peak, by the size of the text, for texts of many shapes
//! and for random ones.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    missing_docs,
    unreachable_pub
)]

use fmc_expr::{Cx, ErrorKind, json};
use fmc_test_expressions::Random;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZE: usize = 512 << 10;
/// Other memory than that of the values: tables of keys and lists.
const BESIDE: usize = 1 << 20;

/// `%` is a number that grows.
const SHAPES: &[&str] = &[
    r#"{"alert_id": "al-%", "severity": "critical", "value": %.5, "ok": true, "labels": {"instance": "10.0.0.1:9100", "job": "node"}, "message": "Half of all payments are declined since the deploy"}"#,
    "0",
    "%",
    "-1.5",
    "null",
    "{}",
    "[]",
    "[0]",
    "[%]",
    "[[[0]]]",
    "[[[%]]]",
    "[0,0]",
    "[%,[%,[%]]]",
    "[0,0,0]",
    "[0,[0,0]]",
    "{\"\":0}",
    "{\"\":{\"\":{}}}",
    "{\"%\":0}",
    "{\"%\":%,\"a\":0}",
    "{\"%a\":0,\"%b\":0}",
    "\"\"",
    "\"a\"",
    "\"12345678901234567\"",
    "\"\\n%\"",
    "99999999999999999999",
    "\"\\ud800\"",
    "[[],[]]",
    "[{},0]",
    "[\"a\",\"b\"]",
];

/// The peak of reading a text; and whether it was read.
fn peak(text: &str) -> (usize, bool) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let read = json::read(&Cx::new(), text.as_bytes());
    let peak = MEMORY.peak_usage().saturating_sub(before);
    if let Err(error) = &read {
        assert_eq!(error.kind, ErrorKind::Limit, "{error}");
    }
    (peak, read.is_ok())
}

fn list(shape: &str) -> String {
    let mut text = String::from("[");
    for number in 0.. {
        if text.len() > SIZE {
            break;
        }
        text.push_str(if number > 0 { "," } else { "" });
        text.push_str(&shape.replace('%', &number.to_string()));
    }
    text + "]"
}

fn table() -> String {
    let mut text = String::from("{\"a\":0");
    for number in 0.. {
        if text.len() > SIZE {
            break;
        }
        text.push_str(&format!(",\"{number:x}\":0"));
    }
    text + "}"
}

/// A random value with short texts and few elements, which costs most.
fn random(random: &mut Random, out: &mut String, depth: usize) {
    let ends = depth > 60 || out.len() > SIZE;
    match random.below(if ends { 5 } else { 14 }) {
        0 => out.push('0'),
        1 => out.push_str(&random.below(100_000).to_string()),
        2 => out.push_str("\"a\""),
        3 => out.push_str("[]"),
        4 => out.push_str("{}"),
        5..=10 => {
            out.push('[');
            for at in 0..=random.below(3) {
                out.push_str(if at > 0 { "," } else { "" });
                self::random(random, out, depth + 1);
            }
            out.push(']');
        }
        _ => {
            out.push('{');
            for at in 0..=random.below(3) {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&format!("\"{:x}\":", random.below(300)));
                self::random(random, out, depth + 1);
            }
            out.push('}');
        }
    }
}

#[test]
fn no_shape_takes_more_than_16_times_its_size() {
    for shape in SHAPES {
        let text = list(shape);
        let (peak, read) = peak(&text);
        let times = peak as f64 / text.len() as f64;
        println!("{times:>5.1} {shape}");
        assert!(read, "{shape} was refused at {times:.1}");
        // The allocator of this test copies a long list when it grows; the system moves it.
        let most = if *shape == "0" { 21 } else { 16 };
        assert!(
            peak + text.len() <= most * text.len() + BESIDE,
            "{shape}: {times:.1}"
        );
    }
    let text = list(SHAPES[0]);
    assert!(peak(&text).0 + text.len() < 4 * text.len(), "usual JSON");
    let text = table();
    let times = peak(&text).0 as f64 / text.len() as f64;
    println!("{times:>5.1} a table");
    assert!(times < 15.0, "{times}");
    for seed in 0..6 {
        let mut source = Random::new(seed);
        let mut text = String::from("[0");
        while text.len() < SIZE {
            text.push(',');
            random(&mut source, &mut text, 0);
        }
        text.push(']');
        let (peak, _) = peak(&text);
        assert!(peak + text.len() <= 16 * text.len() + BESIDE, "seed {seed}");
    }
}
