//! Hostile files are checked, whatever they hold: without a panic, without a hang, with findings
//! inside the file, and in a memory that grows with the file and no faster.
//!
//! The files are small here, since this is a build without optimisation. The bench `hostile` takes
//! large ones and measures the time.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    missing_docs,
    unreachable_pub
)]

use std::{
    sync::{Mutex, mpsc},
    thread,
    time::Duration,
};

use fmc::{
    Settings, check,
    diagnostics::{
        Findings,
        render::{human, json},
    },
    driver::project,
    source::SourceMap,
};
use fmc_tests::hostile;
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The tests measure the memory of the whole process, so they run one by one.
static ALONE: Mutex<()> = Mutex::new(());

const SIZE: usize = 24 << 10;
/// Bytes of memory for each byte of the file. One megabyte may take 200 MB with the program itself.
const TIMES: usize = 190;
/// Memory that does not grow with the file: tables, and up to four thousand findings of each code
/// with their texts.
const BESIDE: usize = 8 << 20;
/// Nothing takes a second here. The tenfold and more is a hang.
const HANG: Duration = Duration::from_secs(90);
/// The stack of the main thread of `fmc`.
const STACK: usize = 8 << 20;

/// What one check leaves: how many findings are shown, and the peak of the memory.
struct Outcome {
    shown: usize,
    peak: usize,
}

/// Does something in a thread of its own, and waits for it.
fn watched(name: &str, work: impl FnOnce() -> usize + Send + 'static) -> Outcome {
    let (done, ended) = mpsc::channel();
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let thread = thread::Builder::new().stack_size(STACK);
    let thread = thread.spawn(move || done.send(work()).unwrap()).unwrap();
    let shown = match ended.recv_timeout(HANG) {
        Ok(shown) => shown,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name} hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => panic!("{name}: {:?}", thread.join()),
    };
    thread.join().unwrap();
    let peak = MEMORY.peak_usage().saturating_sub(before);
    Outcome { shown, peak }
}

/// Writes out what is shown of the findings; their number.
fn shown(findings: &Findings, sources: &SourceMap) -> usize {
    let shown = findings.shown();
    let mut human = human::Human::new(sources, false);
    let text: usize = shown.iter().map(|found| human.render(found).len()).sum();
    let lines = shown
        .iter()
        .map(|found| json::render(found, sources).to_string());
    let longest = lines.map(|line| line.len()).max().unwrap_or_default();
    // A finding that tells everything would fill the terminal.
    assert!(longest < 200_000, "a finding of {longest} bytes");
    assert!(text < 1 << 20, "{text} bytes for people");
    shown.len()
}

fn checked(text: String) -> usize {
    let mut sources = SourceMap::new();
    let id = sources.add("p.json", text);
    let checked = check(&sources, id, &Settings::default());
    shown(checked.findings(), &sources)
}

fn loaded(text: &str) -> usize {
    let mut sources = SourceMap::new();
    let id = sources.add("fmc.toml", text);
    let (_, findings) = project::load(id, text);
    shown(&Findings::new(findings), &sources)
}

#[test]
fn every_shape_is_checked_in_bounded_memory() {
    let alone = ALONE.lock();
    let mut wide = Vec::new();
    for shape in hostile::shapes() {
        let text = shape.text(SIZE);
        let room = text.len() * TIMES + BESIDE;
        let Outcome { shown, peak } = watched(shape.name, move || checked(text));
        assert!(shown <= 201, "{}: {shown} findings", shape.name);
        if peak > room {
            wide.push(format!("{}: {peak} bytes, {room} allowed", shape.name));
        }
    }
    drop(alone);
    assert!(wide.is_empty(), "{}", wide.join("\n"));
}

#[test]
fn every_configuration_is_read_in_bounded_memory() {
    let alone = ALONE.lock();
    for (name, text) in hostile::projects(SIZE) {
        let room = text.len() * TIMES + BESIDE;
        let Outcome { peak, .. } = watched(name, move || loaded(&text));
        assert!(peak <= room, "{name}: {peak} bytes, {room} allowed");
    }
    drop(alone);
}

#[test]
fn a_long_circle_is_told_by_its_first_stages() {
    let alone = ALONE.lock();
    let shapes = hostile::shapes();
    let circle = shapes.iter().find(|shape| shape.name == "circle").unwrap();
    let mut sources = SourceMap::new();
    let id = sources.add("p.json", circle.text(2_000));
    let findings = check(&sources, id, &Settings::default()).findings().clone();
    let messages: Vec<_> = findings.iter().map(|found| &*found.message).collect();
    let first = "stages wait for each other: `s0` → `s1` → `s2` → `s3` → `s4` → 13 more → `s0`";
    drop(alone);
    assert_eq!(messages, [first]);
}
