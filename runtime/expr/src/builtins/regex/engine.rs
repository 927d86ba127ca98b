//! Patterns and their matches in a text.
//!
//! Enters: a pattern in Python's syntax and a text. Leaves: the matches that CPython finds. A table
//! (`lazy`) finds where a match is; the exact way (`threads`) finds its groups, and takes over where
//! the table does not lead on. Both charge what they read. While a search lasts, the budget also holds
//! what its pattern takes; between searches, patterns are kept beside it (`kept`).
//! Python's `$` also matches before a final line break, but the engine has no look-ahead to say so.
//! For a pattern with `$`, a separator that is not in the text therefore replaces its final line
//! break (the stand-in), and is made the line terminator of the engine, before which its `$`
//! matches. Must not know the builtins.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use super::{
    automaton::Automaton,
    kept::{Key, Shelf},
    lazy::{Found, Table},
    pattern::Ends,
    threads::{self, Memory, Slots},
};
use crate::{cx::Cx, error::EvalError, str::Str};

/// From this length on, a text is searched by table.
const LONG: usize = 32;
/// Characters that may replace a final line break. CPython counts them as white space, like the
/// line break.
const STAND_INS: [u8; 4] = [0x1c, 0x1d, 0x1e, 0x1f];

/// A pattern with what its searches keep. Each part is made when it is first needed.
pub(super) struct Compiled {
    automaton: Automaton,
    tables: RefCell<Tables>,
    memory: RefCell<Option<Memory>>,
    /// The bytes that the shelf knows of; 0 when it was never kept.
    kept: Cell<usize>,
}

/// The tables of a pattern. `None` inside: the pattern has no such table.
#[derive(Default)]
struct Tables {
    forward: Option<Option<Table>>,
    backward: Option<Option<Table>>,
}

thread_local! {
    pub(super) static SHELF: RefCell<Shelf<Compiled>> = RefCell::new(Shelf::new());
}

/// A pattern together with the text it is searched in.
pub(super) struct Search<'t> {
    key: Key,
    compiled: Rc<Compiled>,
    /// The bytes that the budget holds until the search is over.
    held: u64,
    cx: &'t Cx,
    text: &'t str,
    /// The text as the engine sees it: with a stand-in for the final line break, if the pattern
    /// needs one.
    haystack: Cow<'t, str>,
    /// `re.match` sets it: the match must start where the search starts.
    anchored: bool,
}

impl<'t> Search<'t> {
    /// Prepares a search.
    ///
    /// # Errors
    /// The pattern is refused, or the budget is spent.
    pub(super) fn new(
        cx: &'t Cx,
        pattern: &Str,
        text: &'t str,
        anchored: bool,
    ) -> Result<Self, EvalError> {
        cx.scan(pattern.len())?;
        let stand_in = if pattern.contains('$') {
            cx.scan(text.len())?;
            let free = |stand_in: &u8| !text.as_bytes().contains(stand_in);
            STAND_INS.into_iter().find(free)
        } else {
            None
        };
        let key = Key {
            pattern: pattern.clone(),
            stand_in,
        };
        let compiled = compiled(cx, &key)?;
        let mut held = compiled.automaton.weight() as u64;
        cx.hold(held)?;
        let haystack = match (compiled.automaton.ends, text.strip_suffix('\n')) {
            (Ends::Text(stand_in), Some(start)) => {
                cx.reserve(text.len() as u64)?;
                held += text.len() as u64;
                let mut haystack = String::with_capacity(text.len());
                haystack.push_str(start);
                haystack.push(char::from(stand_in));
                Cow::Owned(haystack)
            }
            _ => Cow::Borrowed(text),
        };
        Ok(Self {
            key,
            compiled,
            held,
            cx,
            text,
            haystack,
            anchored,
        })
    }

    /// The names of the groups. Group 0 is the whole match and has no name.
    pub(super) fn names(&self) -> Vec<Option<&str>> {
        let groups = self.compiled.automaton.forward.group_info();
        groups.all_names().map(|(_, _, name)| name).collect()
    }

    /// The first match.
    ///
    /// # Errors
    /// The budget is spent.
    pub(super) fn first(&self) -> Result<Option<Match<'t>>, EvalError> {
        self.from(0, &mut true)
    }

    /// All matches from left to right, without overlap. An empty match may directly follow one that
    /// is not empty. An error is the last item.
    pub(super) fn all(&self) -> impl Iterator<Item = Result<Match<'t>, EvalError>> {
        let mut next = Some(0);
        // Whether tables still help. Where one did not lead on once, it would not do so again.
        let mut by_table = true;
        std::iter::from_fn(move || {
            let found = match self.from(next.take()?, &mut by_table).transpose()? {
                Ok(found) => found,
                Err(error) => return Some(Err(error)),
            };
            let Range { start, end } = found.span();
            next = if start < end {
                Some(end)
            } else {
                self.behind(end)
            };
            Some(Ok(found))
        })
    }

    /// The position behind the next character.
    fn behind(&self, at: usize) -> Option<usize> {
        let next = self.text.get(at..)?.chars().next()?;
        Some(at + next.len_utf8())
    }

    fn from(&self, at: usize, by_table: &mut bool) -> Result<Option<Match<'t>>, EvalError> {
        let mut at = at;
        loop {
            self.cx.charge(4)?;
            let Some(slots) = self.slots(at, by_table)? else {
                return Ok(None);
            };
            let found = Match::new(self.text, &slots);
            let Range { start, end } = found.span();
            // The engine reads bytes, and so finds empty matches inside a character too.
            if start < end || self.haystack.is_char_boundary(end) {
                return Ok(Some(found));
            }
            let next = (end..self.haystack.len()).find(|at| self.haystack.is_char_boundary(*at));
            at = match next {
                Some(next) if !self.anchored => next,
                _ => return Ok(None),
            };
        }
    }

    /// The positions of the groups of the first match at or after a position.
    fn slots(&self, at: usize, by_table: &mut bool) -> Result<Option<Slots>, EvalError> {
        let Self {
            compiled,
            cx,
            haystack,
            anchored,
            ..
        } = self;
        let text = haystack.as_bytes();
        if !*by_table || text.len() - at < LONG {
            return compiled.exact(cx, text, at..text.len(), *anchored);
        }
        let mut tables = compiled.tables.borrow_mut();
        let found = match compiled.forward(&mut tables) {
            Some(table) => table.end(cx, text, at, *anchored)?,
            None => Found::Unknown,
        };
        let end = match found {
            Found::Nothing => return Ok(None),
            Found::At(end) => end,
            Found::Unknown => {
                *by_table = false;
                return compiled.exact(cx, text, at..text.len(), *anchored);
            }
        };
        if *anchored {
            return compiled.groups(cx, text, at..end);
        }
        let found = match compiled.backward(cx, &mut tables)? {
            Some(table) => table.start(cx, text, at, end)?,
            None => Found::Unknown,
        };
        match found {
            Found::At(start) => compiled.groups(cx, text, start..end),
            Found::Nothing | Found::Unknown => compiled.exact(cx, text, at..end, false),
        }
    }
}

impl Compiled {
    /// The bytes that it takes now.
    fn bytes(&self) -> usize {
        let tables = self.tables.borrow();
        let table = |table: &Option<Option<Table>>| {
            let made = table.as_ref().and_then(Option::as_ref);
            made.map_or(0, Table::bytes)
        };
        let memory = self.memory.borrow();
        self.automaton.forward.memory_usage()
            + table(&tables.forward)
            + table(&tables.backward)
            + memory.as_ref().map_or(0, Memory::bytes)
    }

    /// Searches a part of the text state by state.
    fn exact(
        &self,
        cx: &Cx,
        text: &[u8],
        part: Range<usize>,
        anchored: bool,
    ) -> Result<Option<Slots>, EvalError> {
        let nfa = &self.automaton.forward;
        let mut memory = self.memory.borrow_mut();
        let memory = match &mut *memory {
            Some(memory) => memory,
            none @ None => none.insert(Memory::new(cx, nfa)?),
        };
        threads::search(cx, (nfa, memory), text, part, anchored)
    }

    /// The positions of the groups of a match that is known.
    fn groups(&self, cx: &Cx, text: &[u8], span: Range<usize>) -> Result<Option<Slots>, EvalError> {
        if self.automaton.forward.group_info().slot_len() == 2 {
            return Ok(Some(vec![span.start, span.end]));
        }
        self.exact(cx, text, span, true)
    }

    fn forward<'a>(&self, tables: &'a mut Tables) -> Option<&'a mut Table> {
        let make = || Table::new(&self.automaton.forward, false);
        tables.forward.get_or_insert_with(make).as_mut()
    }

    fn backward<'a>(
        &self,
        cx: &Cx,
        tables: &'a mut Tables,
    ) -> Result<Option<&'a mut Table>, EvalError> {
        let known = match &mut tables.backward {
            Some(known) => known,
            none @ None => {
                let nfa = self.automaton.backward(cx)?;
                none.insert(nfa.and_then(|nfa| Table::new(&nfa, true)))
            }
        };
        Ok(known.as_mut())
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        self.cx.release(self.held);
        let bytes = self.compiled.bytes();
        if self.compiled.kept.replace(bytes) != bytes {
            SHELF.with_borrow_mut(|shelf| shelf.keep(&self.key, &self.compiled, bytes));
        }
    }
}

/// A match: the text, and the positions of its groups.
pub(super) struct Match<'t> {
    text: &'t str,
    groups: Vec<Option<Range<usize>>>,
}

impl<'t> Match<'t> {
    fn new(text: &'t str, slots: &[usize]) -> Self {
        let group = |pair: &[usize]| {
            let start = threads::position(pair, 0)?;
            Some(start..threads::position(pair, 1)?)
        };
        Self {
            text,
            groups: slots.chunks(2).map(group).collect(),
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

fn compiled(cx: &Cx, key: &Key) -> Result<Rc<Compiled>, EvalError> {
    if let Some(known) = SHELF.with_borrow(|shelf| shelf.find(key)) {
        return Ok(known);
    }
    Ok(Rc::new(Compiled {
        automaton: Automaton::new(cx, &key.pattern, key.stand_in)?,
        tables: RefCell::default(),
        memory: RefCell::default(),
        kept: Cell::new(0),
    }))
}
