//! Patterns for paths: those of `.gitignore`, and the lists of globs in `fmc.toml`.
//!
//! Enters: globs. Leaves: whether they match a path. They are read once, however many files are
//! compared with them, and comparing a path takes a bounded time whatever they are. Must not know
//! what is done with a file that matches.

mod class;

mod glob;

mod list;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub(super) use self::{
    glob::{Below, Steps, TooLong},
    list::List,
};

/// How many globs one with braces may stand for.
const ALTERNATIVES: usize = 64;

/// The longest glob, in bytes.
const LONGEST: usize = 1_000;

/// Globs, relative to one folder. They are written as in `.gitignore`, where `{a,b}` is `a` or `b`.
#[derive(Clone, Default)]
pub struct Globs {
    written: Vec<String>,
    /// Where they apply. `None` before [`Globs::below`].
    root: Option<PathBuf>,
    list: List,
}

impl Globs {
    /// Globs that match nothing until [`Globs::below`] says where they apply.
    #[must_use]
    pub fn new(written: Vec<String>) -> Self {
        let mut list = List::default();
        for (number, glob) in (1..).zip(&written) {
            for glob in alternatives(glob).unwrap_or_default() {
                // The glob was checked when it was read.
                let _ = list.add(number, &glob);
            }
        }
        Self {
            written,
            root: None,
            list,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// Makes them match paths below a folder.
    pub(super) fn below(&mut self, root: &Path) {
        self.root = Some(root.to_owned());
    }

    /// Whether one of them matches a file or a folder above it.
    ///
    /// # Errors
    /// One line: it takes too long to find out.
    pub fn matches(&self, path: &Path) -> Result<bool, String> {
        let root = self.root.as_deref();
        let Some(below) = root.and_then(|root| path.strip_prefix(root).ok()) else {
            return Ok(false);
        };
        let path = bytes(below);
        let mut steps = Steps::of_one_path();
        let ends = path.iter().enumerate().rev();
        let ends = ends.filter_map(|(at, byte)| (*byte == b'/').then_some(at));
        for end in std::iter::once(path.len()).chain(ends) {
            let below = Below {
                path: path.get(..end).unwrap_or_default(),
                is_folder: end < path.len(),
            };
            match self.list.last(below, &mut steps) {
                Ok(None) => {}
                Ok(Some(line)) => return Ok(!line.negated),
                Err(TooLong) => {
                    return Err(
                        "the globs in the `[project]` of `fmc.toml` are too many or too \
                                long to compare a path with them: use fewer wildcards"
                            .to_owned(),
                    );
                }
            }
        }
        Ok(false)
    }
}

impl fmt::Debug for Globs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.written.fmt(f)
    }
}

/// The bytes of a path, with `/` between its names on every system.
pub(super) fn bytes(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let slash = |byte: &u8| match std::path::is_separator(char::from(*byte)) {
        true => b'/',
        false => *byte,
    };
    bytes.iter().map(slash).collect()
}

/// Why a text is not a glob.
pub(super) fn mistake(glob: &str) -> Option<String> {
    let all = match alternatives(glob) {
        Ok(all) => all,
        Err(error) => return Some(error),
    };
    let added = all.iter().try_for_each(|glob| List::default().add(1, glob));
    added.err().map(str::to_owned)
}

/// What a glob with braces stands for: `a{b,c}` for `ab` and `ac`.
fn alternatives(glob: &str) -> Result<Vec<String>, String> {
    if glob.len() > LONGEST {
        return Err(format!("it is longer than {LONGEST} bytes"));
    }
    let (mut done, mut open) = (Vec::new(), vec![glob.to_owned()]);
    while let Some(glob) = open.pop() {
        let Some((before, inside, after)) = braces(&glob)? else {
            done.push(glob);
            continue;
        };
        let parts = inside.into_iter().rev();
        open.extend(parts.map(|part| format!("{before}{part}{after}")));
        if done.len() + open.len() > ALTERNATIVES {
            return Err(format!(
                "its braces stand for more than {ALTERNATIVES} globs"
            ));
        }
    }
    Ok(done)
}

/// What is before the first braces, between their commas, and behind them.
type Braces<'a> = (&'a str, Vec<&'a str>, &'a str);

fn braces(glob: &str) -> Result<Option<Braces<'_>>, String> {
    let (mut depth, mut escaped, mut cuts) = (0_usize, false, Vec::new());
    for (at, character) in glob.char_indices() {
        match character {
            _ if escaped => {
                escaped = false;
                continue;
            }
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return Err("a `}` has no `{`".to_owned()),
            '}' => depth -= 1,
            _ => {}
        }
        let is_cut = match character {
            '{' | ',' => depth == 1,
            '}' => depth == 0,
            _ => false,
        };
        if is_cut && cuts.len() > ALTERNATIVES {
            return Err(format!(
                "its braces stand for more than {ALTERNATIVES} globs"
            ));
        }
        if is_cut {
            cuts.push(at);
        }
        if is_cut && character == '}' {
            break;
        }
    }
    if depth > 0 {
        return Err("a `{` has no `}`".to_owned());
    }
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else {
        return Ok(None);
    };
    let parts = cuts.iter().zip(cuts.iter().skip(1));
    let parts = parts.map(|(start, end)| glob.get(start + 1..*end).unwrap_or_default());
    Ok(Some((
        glob.get(..*first).unwrap_or_default(),
        parts.collect(),
        glob.get(last + 1..).unwrap_or_default(),
    )))
}
