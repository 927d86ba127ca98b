//! What was passed over in a folder, and who says so.
//!
//! Enters: what `.gitignore` and `fmc.toml` leave out. Leaves: a part of the last line, so that
//! nobody can take a pipeline out of a check or a build unseen. Must not know what files are for.

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

/// The line for a command that found nothing to work on among so many JSON files. Silence would
/// pass for a good result.
pub(super) fn no_pipelines(among: usize, left_out: Option<String>, what: &str) -> String {
    let among = plural(among, "JSON file");
    let left_out = left_out
        .map(|left| format!(" ({left})"))
        .unwrap_or_default();
    format!("no pipelines found among {among}{left_out}: {what}")
}
