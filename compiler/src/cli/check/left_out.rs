//! What was not checked in a folder, and who says so.
//!
//! Enters: what `.gitignore` and `fmc.toml` leave out. Leaves: a part of the last line, so that
//! nobody can take a pipeline out of the check unseen. Must not know how files are checked.

use std::collections::BTreeMap;

use super::plural;
use crate::driver::walk;

/// How many lines are named.
const NAMED: usize = 8;

/// What was left out, by the file, or the line of a file, that says so.
#[derive(Default)]
pub(super) struct LeftOut(BTreeMap<String, walk::LeftOut>);

impl LeftOut {
    /// Adds what was left out of a folder.
    pub(super) fn add(&mut self, more: BTreeMap<String, walk::LeftOut>) {
        for (line, more) in more {
            let left = self.0.entry(line).or_default();
            left.files += more.files;
            left.folders += more.folders;
        }
    }

    /// Adds one file.
    pub(super) fn file(&mut self, line: String) {
        self.0.entry(line).or_default().files += 1;
    }

    /// `left out: 1 folder by .gitignore:2, 3 JSON files by fmc.toml`. `None` if nothing was.
    pub(super) fn shown(&self) -> Option<String> {
        let named = self.0.iter().take(NAMED).map(|(line, left)| {
            let some = |count: usize, noun| (count > 0).then(|| plural(count, noun));
            let what = [some(left.folders, "folder"), some(left.files, "JSON file")];
            let what: Vec<_> = what.into_iter().flatten().collect();
            format!("{} by {line}", what.join(" and "))
        });
        let mut named: Vec<_> = named.collect();
        if self.0.len() > NAMED {
            named.push(format!(
                "and more by {}",
                plural(self.0.len() - NAMED, "line")
            ));
        }
        (!named.is_empty()).then(|| format!("left out: {}", named.join(", ")))
    }
}
