//! `fmc clean`: empties the build cache.
//!
//! Enters: nothing. Leaves: an empty cache, and a line that says how much space that freed. Must
//! not know what is in the cache.

use clap::Args;

use super::{Global, Outcome};
use crate::driver::{cache::Cache, out};

/// Empty the build cache
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  fmc clean")]
pub(super) struct Arguments {}

/// Runs `fmc clean`.
pub(super) fn run(_arguments: &Arguments, global: &Global) -> Outcome {
    let cache = Cache::locate()?;
    let bytes = cache.clean()?;
    if !global.quiet {
        let size = bytes as f64 / f64::from(1 << 20);
        let root = cache.root().display();
        out::say(&format!("removed {size:.1} MiB from {root}"));
    }
    Ok(0)
}
