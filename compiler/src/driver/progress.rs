//! What long work says while it goes on.
//!
//! Enters: steps and counts. Leaves: lines on standard error, one a step; on a terminal the step
//! under way also has a line that moves, and goes when the step ends. Must not know the work.

use std::{
    io::{IsTerminal as _, stderr},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

/// How often the moving line is drawn anew.
const TICK: Duration = Duration::from_millis(120);

/// The moving line.
const TEMPLATE: &str = "  {spinner} {pos} {msg}, {elapsed}";

/// Says on standard error what takes long.
#[derive(Debug)]
pub struct Progress {
    quiet: bool,
    moving: Option<ProgressBar>,
}

impl Progress {
    /// Says nothing when quiet.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            moving: None,
        }
    }

    /// A step begins.
    pub fn step(&mut self, text: &str) {
        self.clear();
        if !self.quiet {
            eprintln!("{text}");
        }
    }

    /// So many things of the step are done.
    pub fn count(&mut self, done: usize, what: &'static str) {
        if self.quiet || !stderr().is_terminal() {
            return;
        }
        let moving = self.moving.get_or_insert_with(|| {
            let line = ProgressBar::new_spinner().with_message(what);
            // The template is right, as the tests see; a plain line is shown if it were not.
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                line.set_style(style);
            }
            line.enable_steady_tick(TICK);
            line
        });
        moving.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// The moving line goes.
    pub fn clear(&mut self) {
        if let Some(moving) = self.moving.take() {
            moving.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ProgressStyle, TEMPLATE};

    #[test]
    fn the_template_of_the_moving_line_is_right() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
