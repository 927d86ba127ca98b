//! A pattern as an automaton, built within the budget.
//!
//! Enters: a pattern in Python's syntax. Leaves: the automaton that reads texts from left to right,
//! and the one that reads backwards; or why the pattern is refused. Building is charged by the size
//! of what was built. Must not know texts or matches.

use regex_automata::{
    nfa::thompson::{BuildError, Compiler, Config, NFA, WhichCaptures},
    util::look::LookMatcher,
};

use super::{
    lazy::TABLE,
    pattern::{Ends, translate},
    threads,
};
use crate::{
    cx::Cx,
    error::{EvalError, excerpt},
};

/// How many bytes an automaton may take. `\w` alone takes about 15,000.
const MOST: usize = 1 << 20;
/// How many bytes a pattern may have. One that is longer would nearly always be too large as an
/// automaton, but that takes long to find out.
const LONGEST: usize = 16 << 10;
/// How many positions all states together may keep: each state keeps two for each group.
const POSITIONS: usize = 1 << 20;

/// A pattern, ready to be searched for.
pub(super) struct Automaton {
    /// Reads from left to right; knows the groups.
    pub(super) forward: NFA,
    /// What the engine needs to build the automaton that reads backwards.
    syntax: String,
    pub(super) ends: Ends,
}

impl Automaton {
    /// Builds it.
    ///
    /// # Errors
    /// The pattern is refused, or the budget is spent.
    pub(super) fn new(cx: &Cx, pattern: &str, stand_in: Option<u8>) -> Result<Self, EvalError> {
        // The messages of all refusals name the pattern.
        let refuse = |reason: String| {
            let pattern = excerpt(pattern);
            EvalError::value_error(format!("bad pattern `{pattern}`: {reason}"))
        };
        if pattern.len() > LONGEST {
            return Err(refuse(too_large()));
        }
        cx.charge(1_000 + pattern.len() as u64 * 64)?;
        let (syntax, ends) = translate(pattern, stand_in).map_err(refuse)?;
        let forward = build(&syntax, ends, false).map_err(refuse)?;
        charge(cx, &forward)?;
        let slots = forward.group_info().slot_len();
        if forward.states().len().saturating_mul(slots) > POSITIONS {
            return Err(refuse(too_large()));
        }
        Ok(Self {
            forward,
            syntax,
            ends,
        })
    }

    /// About how many bytes it takes at most, with all that its searches need.
    pub(super) fn weight(&self) -> usize {
        2 * (self.forward.memory_usage() + TABLE) + threads::size(&self.forward)
    }

    /// Builds the automaton that reads backwards. It does not know the groups.
    ///
    /// # Errors
    /// The budget is spent.
    pub(super) fn backward(&self, cx: &Cx) -> Result<Option<NFA>, EvalError> {
        let Ok(backward) = build(&self.syntax, self.ends, true) else {
            // It can be too large where the one that reads forward is not.
            return Ok(None);
        };
        charge(cx, &backward)?;
        Ok(Some(backward))
    }
}

/// Charges what it took to build an automaton.
fn charge(cx: &Cx, nfa: &NFA) -> Result<(), EvalError> {
    cx.charge(nfa.memory_usage() as u64 / 2)
}

fn too_large() -> String {
    "it is too large".to_owned()
}

fn build(syntax: &str, ends: Ends, backward: bool) -> Result<NFA, String> {
    let mut look = LookMatcher::new();
    if let Ends::Text(stand_in) = ends {
        look.set_line_terminator(stand_in);
    }
    let groups = if backward {
        WhichCaptures::None
    } else {
        WhichCaptures::All
    };
    let config = Config::new()
        .nfa_size_limit(Some(MOST))
        .reverse(backward)
        .which_captures(groups)
        .look_matcher(look);
    let built = Compiler::new().configure(config).build(syntax);
    built.map_err(|error| reason(&error))
}

/// Why the engine refuses a pattern, in one line.
fn reason(error: &BuildError) -> String {
    if error.size_limit().is_some() {
        return too_large();
    }
    let source = std::error::Error::source(error);
    let text = source.map_or_else(|| error.to_string(), ToString::to_string);
    let last = text.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}
