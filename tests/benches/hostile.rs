//! The time and memory of `fmc check` for hostile files of one megabyte, one of each shape.
//!
//! `cargo build --release && cargo bench -p fmc-tests --bench hostile`. A line is marked when the
//! check takes more than a second of processor time or more than 200 MB. `-- NAME` measures only
//! the shapes with this in their name. Skipped, with a word, where GNU time is not installed.

use std::{env, fs};

use fmc_tests::{
    hostile,
    memory::{self, Cost},
    timing,
};

/// Bytes of each file.
const SIZE: usize = 1_000_000;
/// How much processor time a check may take, in seconds.
const SECONDS: f64 = 1.0;
/// How much memory, in bytes.
const BYTES: u64 = 200_000_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fmc = timing::program("fmc")?;
    let folder = tempfile::tempdir()?;
    let wanted = env::args().skip(1).find(|argument| argument != "--bench");
    let wanted = wanted.unwrap_or_default();
    let pipelines = hostile::shapes().into_iter();
    let pipelines = pipelines.map(|shape| (shape.name, "p.json", shape.text(SIZE)));
    let projects = hostile::projects(SIZE).map(|(name, text)| (name, "fmc.toml", text));
    let small = hostile::shapes().first().map(|shape| shape.text(100));
    let mut over = 0;
    for (name, file, text) in pipelines.chain(projects) {
        if !name.contains(&wanted) {
            continue;
        }
        // A configuration is read with a pipeline beside it.
        fs::write(
            folder.path().join("p.json"),
            small.as_deref().unwrap_or("[]"),
        )?;
        let _ = fs::remove_file(folder.path().join("fmc.toml"));
        fs::write(folder.path().join(file), &text)?;
        let path = folder.path().join("p.json");
        let arguments = [
            "check".as_ref(),
            "--format".as_ref(),
            "json".as_ref(),
            path.as_os_str(),
        ];
        let Some(Cost { seconds, peak }) = memory::cost(&fmc, &arguments) else {
            println!("skipped: /usr/bin/time is not installed");
            return Ok(());
        };
        let bad = seconds > SECONDS || peak > BYTES;
        over += usize::from(bad);
        let mark = if bad { "  <- too much" } else { "" };
        let (size, peak) = (text.len() / 1_000, peak / 1_000_000);
        println!("{name:<32} {size:>5} kB {seconds:>6.2} s {peak:>5} MB{mark}");
    }
    match over {
        0 => Ok(()),
        over => Err(format!("{over} shapes take too much").into()),
    }
}
