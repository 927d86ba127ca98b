//! Counts the instructions for reading an expression. There is no clock, so the figures are the
//! same on every machine.
//!
//! `cargo bench -p fmc-expr --features parse,regex --bench reading`. Counts with callgrind and says
//! so when valgrind is missing. The baseline is the hand-written parser that the grammar replaced.

use std::{env, hint::black_box, process::Command};

use fmc_expr::parse;

/// Expressions of the reference pipelines and of the fixtures, one per line.
const EXPRESSIONS: &str = include_str!("expressions.txt");

/// Instructions that the hand-written parser took for one of these expressions, at commit 06eb89c.
const BASELINE: u64 = 16_461;

/// The name of the whole list, used like a name in `GROWING`.
const CORPUS: &str = "every expression";

/// How many times the baseline is allowed.
const MOST: f64 = 1.5;

/// Texts whose cost must grow no faster than they do: name, start, repeated part, end.
const GROWING: &[(&str, &str, &str, &str)] = &[
    ("sum", "1", " + 1", ""),
    ("members", "a", ".b", ""),
    ("list", "[1", ", 1", "]"),
    ("calls", "f(1", ", f(2)", ")"),
    ("texts", "'a'", " 'b'", ""),
    ("f-string", "f'", "{a}b", "'"),
    ("open brackets", "", "[", ""),
    ("closed brackets", "", "]", ""),
    ("`not`", "", "not ", "a"),
    ("signs", "", "-", "a"),
    ("ternaries", "a", " if b else a", ""),
    ("powers", "a", " ** a", ""),
    ("nested f-strings", "", "f'{", ""),
    ("comparisons", "a", " < b", ""),
    ("filters", "a", " | f(1)", ""),
    ("clauses", "[a for a in b", " for c in d if e", "]"),
    ("errors", "", "a b ", ""),
    ("missing arguments", "f(a", ",", ")"),
    ("parts", "a", " == {{ b }}", ""),
    ("parts with lone quotes", "", "{{\"}}'{{'}}", ""),
];

fn main() {
    // The bench runs itself under callgrind, with `--work WHAT TIMES`.
    let arguments: Vec<_> = env::args().collect();
    if let Some(at) = arguments.iter().position(|word| word == "--work") {
        let what = arguments.get(at + 1).map_or("", String::as_str);
        let times = arguments.get(at + 2).and_then(|times| times.parse().ok());
        work(what, times.unwrap_or(0));
        return;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        println!("skipped: valgrind, which counts the instructions, is not installed");
        return;
    }
    println!("instructions for reading, counted by callgrind");
    let count = EXPRESSIONS.lines().count() as u64;
    let reading = instructions(CORPUS, 12).saturating_sub(instructions(CORPUS, 2)) / 10 / count;
    let times = reading as f64 / BASELINE as f64;
    println!(
        "one of {count} expressions: {reading}, {times:.2} times the {BASELINE} of the parser by \
         hand at 06eb89c; wanted at most {MOST}"
    );
    for (name, ..) in GROWING {
        let [none, once, twice] = [0, 2_000, 4_000].map(|times| instructions(name, times));
        let parts = once.saturating_sub(none);
        let growth = twice.saturating_sub(none) as f64 / parts as f64;
        println!("{name}: 2,000 parts {parts}, twice as many {growth:.2} times");
    }
}

/// Reads the list `times` times, or one text with `times` parts.
fn work(what: &str, times: usize) {
    if what == CORPUS {
        for _ in 0..times {
            for text in EXPRESSIONS.lines() {
                black_box(parse::parse(black_box(text)));
            }
        }
    } else if let Some((_, start, part, end)) = GROWING.iter().find(|(name, ..)| *name == what) {
        let text = format!("{start}{}{end}", part.repeat(times));
        if part.contains("{{") {
            black_box(parse::parse_condition(black_box(&text)));
        } else {
            black_box(parse::parse(black_box(&text)));
        }
    }
}

/// The instructions that callgrind counts for some work; zero when it fails.
fn instructions(what: &str, times: u64) -> u64 {
    let Ok(own) = env::current_exe() else {
        return 0;
    };
    let counted = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args(["--work", what, &times.to_string()])
        .output();
    let said = counted.map_or(String::new(), |output| {
        String::from_utf8_lossy(&output.stderr).into_owned()
    });
    let line = said
        .lines()
        .find_map(|line| line.split_once("Collected : "));
    line.and_then(|(_, count)| count.trim().parse().ok())
        .unwrap_or(0)
}
