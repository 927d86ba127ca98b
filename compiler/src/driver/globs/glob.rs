//! One pattern, as in a line of `.gitignore`.
//!
//! Enters: the line, then paths. Leaves: whether it matches, as git decides it. Whoever wrote the
//! line may want it to be slow, so a comparison counts its steps and ends when none are left; it
//! needs no more memory than the line. Must not know other patterns.

use super::class::class;

/// How many steps all comparisons of one path may take: those of a thousand usual patterns, many
/// times over.
const STEPS: usize = 50_000;

/// What comparing one path may still cost.
#[derive(Debug)]
pub(in crate::driver) struct Steps(usize);

/// There are no steps left.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::driver) struct TooLong;

impl Steps {
    /// Those of one path.
    pub(in crate::driver) fn of_one_path() -> Self {
        Self(STEPS)
    }

    pub(super) fn take(&mut self, count: usize) -> Result<(), TooLong> {
        self.0 = self.0.checked_sub(count).ok_or(TooLong)?;
        Ok(())
    }
}

/// A pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    /// What is compared: without `!` and without the slashes at both ends.
    pub(super) text: Box<[u8]>,
    /// Whether it takes back what a pattern before it said.
    pub(super) negated: bool,
    /// Whether it matches folders only, because it ends with a slash.
    pub(super) folders_only: bool,
    /// Whether it is compared with the last name of a path: it has no other slash.
    pub(super) name_only: bool,
    /// How many bytes at the start stand for themselves.
    head: usize,
    /// How many bytes at the end surely do.
    tail: usize,
}

/// A path below the folder of the patterns.
#[derive(Clone, Copy, Debug)]
pub(in crate::driver) struct Below<'a> {
    /// With `/` between its names.
    pub(in crate::driver) path: &'a [u8],
    pub(in crate::driver) is_folder: bool,
}

impl<'a> Below<'a> {
    pub(super) fn name(self) -> &'a [u8] {
        let mut names = self.path.rsplit(|byte| *byte == b'/');
        names.next().unwrap_or_default()
    }
}

impl Glob {
    /// The pattern of a line; `None` if the line is blank or a comment.
    ///
    /// # Errors
    /// Why it can match nothing.
    pub(super) fn parse(line: &str) -> Result<Option<Self>, &'static str> {
        let line = trimmed(line);
        if line.starts_with('#') {
            return Ok(None);
        }
        let (negated, rest) = without(line, line.strip_prefix('!'));
        let (folders_only, rest) = without(rest, rest.strip_suffix('/'));
        let name_only = !rest.contains('/');
        let text = rest.strip_prefix('/').unwrap_or(rest).as_bytes();
        if text.is_empty() {
            return Ok(None);
        }
        is_sound(text)?;
        let plain = |byte: &&u8| !matches!(byte, b'*' | b'?' | b'[' | b'\\');
        let head = text.iter().take_while(plain).count();
        // Behind a `[` or `\` it is not clear from the end what stands for itself.
        let clear = !text.iter().any(|byte| matches!(byte, b'[' | b'\\'));
        // A `**/` before a slash matches nothing too.
        let plain = |byte: &&u8| plain(byte) && **byte != b'/';
        let tail = text.iter().rev().take_while(plain).count();
        Ok(Some(Self {
            text: text.into(),
            negated,
            folders_only,
            name_only,
            head,
            tail: if clear { tail } else { 0 },
        }))
    }

    /// Whether every byte stands for itself.
    pub(super) fn is_literal(&self) -> bool {
        self.head == self.text.len()
    }

    /// Whether it matches a path.
    pub(super) fn matches(&self, below: Below<'_>, steps: &mut Steps) -> Result<bool, TooLong> {
        steps.take(1)?;
        let path = if self.name_only {
            below.name()
        } else {
            below.path
        };
        let head = self.text.get(..self.head).unwrap_or_default();
        let tail = self.text.get(self.text.len() - self.tail..);
        if self.folders_only && !below.is_folder
            || !path.starts_with(head)
            || !path.ends_with(tail.unwrap_or_default())
        {
            return Ok(false);
        }
        steps.take((self.head + self.tail) / 16)?;
        if self.is_literal() {
            return Ok(path.len() == self.text.len());
        }
        matches(&self.text, path, steps)
    }
}

/// The text without what was found at one of its ends, and whether it was found.
fn without<'a>(text: &'a str, rest: Option<&'a str>) -> (bool, &'a str) {
    (rest.is_some(), rest.unwrap_or(text))
}

/// The line without blanks at its end, except one behind a backslash.
fn trimmed(line: &str) -> &str {
    let rest = line.trim_end_matches(' ');
    let slashes = rest.bytes().rev().take_while(|byte| *byte == b'\\').count();
    match slashes % 2 {
        1 => line.get(..=rest.len()).unwrap_or(line),
        _ => rest,
    }
}

/// Whether a pattern can match at all.
fn is_sound(mut text: &[u8]) -> Result<(), &'static str> {
    while !text.is_empty() {
        let length = match text {
            [b'\\'] => return Err("nothing follows its last `\\`"),
            [b'\\', ..] => 2,
            [b'[', set @ ..] => 1 + class(set, 0).ok_or("a `[` has no `]`")?.1,
            _ => 1,
        };
        text = text.get(length..).unwrap_or_default();
    }
    Ok(())
}

/// Compares a pattern with a path. When the rest does not match, only the last `*` takes one more
/// character, and when that has reached the end of its name, the last `**/` one more folder. What
/// was before them need not be tried again: it matched as early as possible.
fn matches(pattern: &[u8], path: &[u8], steps: &mut Steps) -> Result<bool, TooLong> {
    let (mut at, mut byte) = (0, 0);
    // Behind the last `*` and the last `**/`: the place in the pattern, and that in the path.
    let mut star: Option<(usize, usize)> = None;
    let mut folders: Option<(usize, usize)> = None;
    loop {
        let rest = pattern.get(at..).unwrap_or_default();
        let stars = rest.iter().take_while(|byte| **byte == b'*').count();
        steps.take(1 + stars)?;
        if stars > 0 {
            let is_name = at == 0 || pattern.get(at - 1) == Some(&b'/');
            match rest.get(stars) {
                None if stars > 1 && is_name => return Ok(byte < path.len()),
                Some(b'/') if stars > 1 && is_name => {
                    at += stars + 1;
                    (star, folders) = (None, Some((at, byte)));
                }
                _ => {
                    at += stars;
                    star = Some((at, byte));
                }
            }
            continue;
        }
        let found = path.get(byte).copied();
        let (holds, length) = match (rest, found) {
            ([], None) => return Ok(true),
            (_, Some(found)) => one(rest, found),
            (_, None) => (false, 0),
        };
        steps.take(length / 8)?;
        if holds {
            at += length;
            byte += 1;
            if found == Some(b'/') {
                star = None;
            }
        } else if let Some((behind, from)) = star
            && path.get(from).is_some_and(|byte| *byte != b'/')
        {
            (at, byte) = (behind, from + 1);
            star = Some((at, byte));
        } else if let Some((behind, from)) = folders
            && let Some(name) = next_name(path, from)
        {
            steps.take(name - from)?;
            (at, byte) = (behind, name);
            (star, folders) = (None, Some((at, byte)));
        } else {
            return Ok(false);
        }
    }
}

/// Where the next name of a path begins.
fn next_name(path: &[u8], from: usize) -> Option<usize> {
    let rest = path.get(from..)?;
    let slash = rest.iter().position(|byte| *byte == b'/')?;
    Some(from + slash + 1)
}

/// Whether a byte matches the first character or set of a pattern, and how long that is.
fn one(pattern: &[u8], byte: u8) -> (bool, usize) {
    match pattern {
        [b'?', ..] => (byte != b'/', 1),
        [b'\\', escaped, ..] => (*escaped == byte, 2),
        [b'[', set @ ..] => {
            let (holds, length) = class(set, byte).unwrap_or_default();
            (holds, length + 1)
        }
        [plain, ..] => (*plain == byte, 1),
        [] => (false, 0),
    }
}
