//! The mistakes that were found, as many as a person reads.
//!
//! Enters: mistakes. Leaves: the first of them as lines, and how many more there are. Must not know
//! schemas.

/// How many mistakes are shown.
const SHOWN: usize = 20;

/// The mistakes so far.
#[derive(Default)]
pub(super) struct Mistakes {
    shown: Vec<String>,
    count: usize,
}

impl Mistakes {
    /// Adds a mistake. Its text is made only if it is shown.
    pub(super) fn add(&mut self, text: impl FnOnce() -> String) {
        if self.shown.len() < SHOWN {
            self.shown.push(text());
        }
        self.count += 1;
    }

    /// Adds all mistakes of another list.
    pub(super) fn append(&mut self, other: Self) {
        let room = SHOWN.saturating_sub(self.shown.len());
        self.shown.extend(other.shown.into_iter().take(room));
        self.count += other.count;
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One line for each that is shown, and one for all others.
    pub(super) fn lines(mut self) -> Vec<String> {
        match self.count - self.shown.len() {
            0 => {}
            more => self.shown.push(format!("and {more} more")),
        }
        self.shown
    }
}
