//! How much memory a run takes for its input: the peak of a built binary, for inputs of many
//! shapes, by the size of their text.
//!
//! `cargo build --release && cargo bench -p fmc-tests --bench memory`. The peak counts the text
//! too, which is dropped once it is read, and what the process itself takes: the first line,
//! an empty input. Skipped, with a word, where GNU time is not installed.

use std::{fmt::Write as _, path::Path, process::Command};

use fmc_tests::{memory, timing};

/// Bytes of text of each input, about.
const SIZE: usize = 8 << 20;

/// What an input is made of, over and over; `%` is a number that grows.
const SHAPES: &[(&str, &str)] = &[
    (
        "alerts",
        r#"{"alert_id": "al-%", "severity": "critical", "status": "firing", "value": %.5, "ok": true, "labels": {"instance": "10.0.0.1:9100", "job": "node"}, "message": "Half of all payments are declined since the deploy", "at": "2026-03-01T09:30:00.000Z"}"#,
    ),
    (
        "records",
        r#"{"id": %, "service": "checkout", "latency_ms": %.25, "ok": true}"#,
    ),
    ("points", r#"{"t": %, "v": %}"#),
    ("numbers", "%"),
    ("words", r#""word-%""#),
    (
        "lines",
        r#""%: the payment of the order was declined by the provider""#,
    ),
    ("empty objects", "{}"),
    ("tiny objects", r#"{"": 0}"#),
    ("tiny lists", "[0]"),
    ("lists in lists", "[[[0]]]"),
    ("ever new keys", r#"{"%": 0}"#),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Cargo passes `--bench`; there is nothing to choose from.
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    let pipeline = r#"{"name": "p", "stages": [{"id": "a", "component_type": "json-transform",
        "config": {"data": {}, "template": {"n": "{{ len(input) }}"}}}]}"#;
    std::fs::write(folder.path().join("p.json"), pipeline)?;
    let built = Command::new(&fmc)
        .args(["build", "p.json", "-o", "built", "--quiet"])
        .current_dir(folder.path())
        .env("FMC_CACHE_DIR", folder.path().join("cache"))
        .status()?;
    if !built.success() {
        return Err("the build failed".into());
    }
    let binary = folder.path().join("built");
    let Some(nothing) = memory::peak(&binary, &["--input", "{}"]) else {
        println!("skipped: /usr/bin/time is not installed");
        return Ok(());
    };
    println!("{:<16} {:>8} KiB", "no input", nothing / 1_024);
    for (name, shape) in SHAPES {
        show(name, &text(shape), folder.path(), &binary)?;
    }
    show("a table", &table(), folder.path(), &binary)
}

/// A list of one shape.
fn text(shape: &str) -> String {
    let mut text = String::from(r#"{"all": ["#);
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let comma = if number > 0 { ", " } else { "" };
        text.push_str(comma);
        text.push_str(&shape.replace('%', &number.to_string()));
    }
    text + "]}"
}

/// One object of many keys.
fn table() -> String {
    let mut text = String::from(r#"{"first": 1"#);
    for number in 0.. {
        if text.len() >= SIZE {
            break;
        }
        let _ = write!(text, r#", "host-{number}": {}"#, number % 7);
    }
    text + "}"
}

fn show(
    name: &str,
    text: &str,
    folder: &Path,
    binary: &Path,
) -> Result<(), Box<dyn std::error::Error>> {
    let input = folder.join("input.json");
    std::fs::write(&input, text)?;
    let arguments = ["--input".as_ref(), input.as_os_str()];
    let peak = memory::peak(binary, &arguments).ok_or("no peak")?;
    println!(
        "{name:<16} {:>8} KiB of text {:>8} KiB peak {:>6.1} times",
        text.len() / 1_024,
        peak / 1_024,
        peak as f64 / text.len() as f64
    );
    Ok(())
}
