//! Progress messages of long work.
//!
//! Enters: steps and counts. Leaves: lines on standard error, one for each step. On a terminal the
//! current step also has a moving line, which disappears when the step ends. Must not know the
//! work.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::out;

/// How often the moving line is redrawn.
const TICK: Duration = Duration::from_millis(120);

/// The moving line.
const TEMPLATE: &str = "  {spinner} {pos} {msg}, {elapsed}";

/// Shows progress on standard error.
#[derive(Debug)]
pub struct Progress {
    /// Set from `--quiet`; nothing is printed then.
    quiet: bool,
    moving: Option<ProgressBar>,
}

impl Progress {
    /// A progress display; it prints nothing when `quiet`.
    #[must_use]
    pub fn new(quiet: bool) -> Self {
        Self {
            quiet,
            moving: None,
        }
    }

    /// Starts a step.
    pub fn step(&mut self, text: &str) {
        self.clear();
        if !self.quiet {
            out::say(text);
        }
    }

    /// Says how much of the step is done.
    pub fn count(&mut self, done: usize, what: &'static str) {
        if self.quiet || !out::errors_on_terminal() {
            return;
        }
        let moving = self.moving.get_or_insert_with(|| {
            let line = ProgressBar::new_spinner().with_message(what);
            // The template is valid, as the tests show; if it were not, a plain line would be
            // shown.
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                line.set_style(style);
            }
            line.enable_steady_tick(TICK);
            line
        });
        moving.set_position(u64::try_from(done).unwrap_or(u64::MAX));
    }

    /// Removes the moving line.
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
    fn the_template_of_the_moving_line_is_valid() {
        assert!(ProgressStyle::with_template(TEMPLATE).is_ok());
    }
}
