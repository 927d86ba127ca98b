//! How long the mask takes for 16 MiB of text: usual text, and text made to be slow.
//!
//! `cargo bench -p fmc-runtime --bench mask`. Every line should stay below a second. Behind `--`, words
//! choose the shapes whose names hold one of them.

use std::{hint::black_box, time::Instant};

use fmc_runtime::inside::masked;

const SIZE: usize = 16 << 20;

/// What a text is made of, over and over.
const SHAPES: &[(&str, &str)] = &[
    (
        "log lines",
        "2026-03-01T09:30:00Z checkout answered 500 to POST /pay in 31 ms\n",
    ),
    (
        "json",
        r#"{"service": "checkout", "path": "\/pay\/42", "ok": true, "ms": 31.5}, "#,
    ),
    ("the secret", "tok-SECRET/abc+def=123&x"),
    ("base64 of it", "dG9rLVNFQ1JFVC9hYmMrZGVmPTEyMyZ4"),
    (
        "base64 of base64",
        "ZEc5ckxWTkZRMUpGVkM5aFltTXJaR1ZtUFRFeU15WjQ",
    ),
    (
        "hexadecimal",
        "746f6b2d5345435245542f6162632b6465663d31323326",
    ),
    ("cut marks", "…"),
    ("dots", "..."),
    ("begun and cut", "tok-SECRET/abc…"),
    ("percent signs", "%25"),
    ("ampersands", "&amp;amp;"),
    ("backslashes", "\\"),
    ("units", "\\u0074\\u006f"),
    ("groups", "YWFh"),
    ("letters", "AAAA"),
    ("line breaks", "t\no\nk\n"),
    ("unseen", "t\u{200B}"),
    ("short words", "7Q "),
];

fn main() {
    let key = format!(
        "-----BEGIN KEY-----\n{}-----END KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n".repeat(85)
    );
    let secrets = [
        "tok-SECRET/abc+def=123&x",
        "https://hooks.example/services/T0/B0/xyz?k=v",
        "x7Q",
        &key,
    ];
    let start = Instant::now();
    black_box(masked(&secrets, black_box("")));
    println!("making the mask    {:>6} ms", start.elapsed().as_millis());
    let words: Vec<_> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let is_chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    for (name, shape) in SHAPES.iter().filter(|(name, _)| is_chosen(name)) {
        let text = shape.repeat(SIZE / shape.len());
        let start = Instant::now();
        let masked = black_box(masked(&secrets, black_box(&text)));
        println!(
            "{name:<18} {:>6} ms, {} KiB left",
            start.elapsed().as_millis(),
            masked.len() >> 10
        );
    }
}
