//! The patterns of one `.gitignore` or of one list in `fmc.toml`.
//!
//! Enters: lines, then paths below their folder. Leaves: the last line that matches, which decides.
//! Names without wildcards, which most lines are, are found by their hash; the others are tried one
//! after the other. Must not know what is done with a path.

use std::collections::HashMap;

use super::glob::{Below, Glob, Steps, TooLong};

/// A line that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::driver) struct Line {
    /// Its number; the first is 1.
    pub(in crate::driver) number: u32,
    /// Whether it takes back what a line before it said.
    pub(in crate::driver) negated: bool,
}

/// Patterns with the same folder.
#[derive(Clone, Debug, Default)]
pub(in crate::driver) struct List {
    /// The last line with a name, and the last one that means folders only.
    names: HashMap<Box<[u8]>, [Option<Line>; 2]>,
    globs: Vec<(Line, Glob)>,
}

impl List {
    /// Adds a line.
    ///
    /// # Errors
    /// Why it can match nothing.
    pub(in crate::driver) fn add(&mut self, number: u32, line: &str) -> Result<(), &'static str> {
        let Some(glob) = Glob::parse(line)? else {
            return Ok(());
        };
        let line = Line {
            number,
            negated: glob.negated,
        };
        if glob.name_only && glob.is_literal() {
            let [any, folder] = self.names.entry(glob.text).or_default();
            *(if glob.folders_only { folder } else { any }) = Some(line);
        } else {
            self.globs.push((line, glob));
        }
        Ok(())
    }

    /// The last line that matches a path.
    ///
    /// # Errors
    /// The path has no steps left.
    pub(in crate::driver) fn last(
        &self,
        below: Below<'_>,
        steps: &mut Steps,
    ) -> Result<Option<Line>, TooLong> {
        steps.take(1)?;
        let named = self.names.get(below.name()).copied().unwrap_or_default();
        let [any, folder] = named;
        let folder = folder.filter(|_| below.is_folder);
        let number = |line: &Line| line.number;
        let named = any.into_iter().chain(folder).max_by_key(number);
        for (line, glob) in self.globs.iter().rev() {
            if named.is_some_and(|named| named.number > line.number) {
                break;
            }
            if glob.matches(below, steps)? {
                return Ok(Some(*line));
            }
        }
        Ok(named)
    }
}
