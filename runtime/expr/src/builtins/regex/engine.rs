//! Compiled patterns, kept between evaluations, and their matches in a text.
//!
//! Enters: a pattern in Python's syntax and a text. Leaves: the matches that CPython finds.
//! Python's `$` also matches before a final line break, but the engine has no look-ahead to say so.
//! For a pattern with `$`, a separator that is not in the text therefore replaces its final line
//! break (the stand-in), and is made the line terminator of the engine, before which its `$`
//! matches. Must not know the builtins.

use std::{borrow::Cow, cell::RefCell, ops::Range, sync::Arc};

use indexmap::IndexMap;
use regex::{Captures, Regex, RegexBuilder};

use super::pattern::{Ends, translate};
use crate::{cx::Cx, error::EvalError, str::Str};

/// How many compiled patterns are kept, for use in loops.
const CACHED: usize = 64;
/// Characters that may replace a final line break. CPython counts them as white space, like the
/// line break.
const STAND_INS: [u8; 4] = [0x1c, 0x1d, 0x1e, 0x1f];

/// What a compiled pattern depends on.
#[derive(PartialEq, Eq, Hash)]
struct Key {
    pattern: Str,
    anchored: bool,
    stand_in: Option<u8>,
}

/// A compiled pattern.
struct Compiled {
    regex: Regex,
    ends: Ends,
}

thread_local! {
    static CACHE: RefCell<IndexMap<Key, Arc<Compiled>>> = RefCell::new(IndexMap::new());
}

/// A pattern together with the text it is searched in.
pub(super) struct Search<'t> {
    compiled: Arc<Compiled>,
    text: &'t str,
    /// The text as the engine sees it: with a stand-in for the final line break, if the pattern
    /// needs one.
    haystack: Cow<'t, str>,
}

impl<'t> Search<'t> {
    /// Compiles the pattern. With `anchored`, which `re.match` sets, it matches at the start of the
    /// text only.
    ///
    /// # Errors
    /// The pattern is refused, or the budget is spent.
    pub(super) fn new(
        cx: &Cx,
        pattern: &Str,
        text: &'t str,
        anchored: bool,
    ) -> Result<Self, EvalError> {
        cx.charge(text.len() as u64 / 8)?;
        let free = |stand_in: &u8| !text.as_bytes().contains(stand_in);
        let stand_in = pattern
            .contains('$')
            .then(|| STAND_INS.into_iter().find(free));
        let key = Key {
            pattern: pattern.clone(),
            anchored,
            stand_in: stand_in.flatten(),
        };
        let compiled = compiled(cx, key)?;
        let haystack = match (compiled.ends, text.strip_suffix('\n')) {
            (Ends::Text(stand_in), Some(start)) => {
                cx.charge(text.len() as u64 / 64)?;
                Cow::Owned(format!("{start}{}", char::from(stand_in)))
            }
            _ => Cow::Borrowed(text),
        };
        Ok(Self {
            compiled,
            text,
            haystack,
        })
    }

    /// The names of the groups. Group 0 is the whole match and has no name.
    pub(super) fn names(&self) -> Vec<Option<&str>> {
        self.compiled.regex.capture_names().collect()
    }

    /// The first match.
    pub(super) fn first(&self) -> Option<Match<'t>> {
        self.from(0)
    }

    /// All matches from left to right, without overlap. An empty match may directly follow one that
    /// is not empty.
    pub(super) fn all(&self) -> impl Iterator<Item = Match<'t>> {
        let mut next = Some(0);
        std::iter::from_fn(move || {
            let found = self.from(next?)?;
            let Range { start, end } = found.span();
            next = if start < end {
                Some(end)
            } else {
                let behind = self.text.get(end..).and_then(|rest| rest.chars().next());
                behind.map(|character| end + character.len_utf8())
            };
            Some(found)
        })
    }

    fn from(&self, at: usize) -> Option<Match<'t>> {
        let captures = self.compiled.regex.captures_at(&self.haystack, at)?;
        Some(Match::new(self.text, &captures))
    }
}

/// A match: the text, and the positions of its groups.
pub(super) struct Match<'t> {
    text: &'t str,
    groups: Vec<Option<Range<usize>>>,
}

impl<'t> Match<'t> {
    fn new(text: &'t str, captures: &Captures<'_>) -> Self {
        let groups = captures.iter();
        Self {
            text,
            groups: groups
                .map(|found| found.map(|found| found.range()))
                .collect(),
        }
    }

    /// How many groups there are, including the whole match.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// The text that a group matched.
    pub(super) fn group(&self, at: usize) -> Option<&'t str> {
        let range = self.groups.get(at)?.clone()?;
        self.text.get(range)
    }

    /// The position of the match, in bytes.
    pub(super) fn span(&self) -> Range<usize> {
        let whole = self.groups.first().cloned().flatten();
        whole.unwrap_or_default()
    }
}

fn compiled(cx: &Cx, key: Key) -> Result<Arc<Compiled>, EvalError> {
    let known = CACHE.with_borrow(|cache| cache.get(&key).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    let pattern = &key.pattern;
    cx.charge(1000 + pattern.len() as u64)?;
    let built = build(&key)
        .map_err(|reason| EvalError::value_error(format!("bad pattern `{pattern}`: {reason}")))?;
    let built = Arc::new(built);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHED {
            cache.shift_remove_index(0);
        }
        cache.insert(key, Arc::clone(&built));
    });
    Ok(built)
}

fn build(key: &Key) -> Result<Compiled, String> {
    let (syntax, ends) = translate(&key.pattern, key.stand_in)?;
    let syntax = if key.anchored {
        format!(r"\A(?:{syntax})")
    } else {
        syntax
    };
    let mut builder = RegexBuilder::new(&syntax);
    builder.size_limit(1 << 20);
    if let Ends::Text(stand_in) = ends {
        builder.line_terminator(stand_in);
    }
    let regex = builder.build().map_err(|error| {
        if matches!(error, regex::Error::CompiledTooBig(_)) {
            return "it is too large".to_owned();
        }
        let reason = error.to_string();
        let last = reason.lines().last().unwrap_or_default();
        last.trim_start_matches("error: ").to_owned()
    })?;
    Ok(Compiled { regex, ends })
}
