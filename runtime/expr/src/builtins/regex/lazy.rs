//! The fast way through a long text: one table look-up for each byte.
//!
//! Enters: an automaton and a text. Leaves: where the next match ends, and where it starts; or that
//! this way does not lead on, because the table grows too fast or the text has characters that the
//! table cannot judge. The table is built while texts are read, and is kept for the next text.
//! Each byte and each new state is charged. Must not know groups.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::{
        LazyStateID,
        dfa::{Builder, Cache, Config, DFA},
    },
    nfa::thompson::NFA,
};

use crate::{cx::Cx, error::EvalError};

/// How many bytes a table may take before it is thrown away and begun anew.
pub(super) const TABLE: usize = 256 << 10;
/// How many bytes are read between two charges.
const BLOCK: usize = 1_024;

/// What a search by table found.
pub(super) enum Found {
    Nothing,
    /// A position in the text.
    At(usize),
    /// The table cannot tell.
    Unknown,
}

/// An automaton with its table.
pub(super) struct Table {
    dfa: DFA,
    cache: Cache,
    /// The steps that one new state costs.
    state_steps: u64,
    /// The least that a state takes in memory.
    state_bytes: usize,
    /// The bytes that the table had when it was charged last.
    charged: usize,
    clears: usize,
}

impl Table {
    /// An empty table. With `backward`, the automaton reads backwards, and the longest match
    /// counts. `None` for an automaton that has no table.
    pub(super) fn new(nfa: &NFA, backward: bool) -> Option<Self> {
        let kind = if backward {
            MatchKind::All
        } else {
            MatchKind::LeftmostFirst
        };
        let config = Config::new()
            .match_kind(kind)
            .unicode_word_boundary(true)
            .cache_capacity(TABLE)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(2))
            .minimum_bytes_per_state(Some(10));
        let dfa = Builder::new().configure(config).build_from_nfa(nfa.clone());
        let dfa = dfa.ok()?;
        let cache = dfa.create_cache();
        Some(Self {
            state_steps: 16 + nfa.states().len() as u64 / 8,
            state_bytes: 4 << dfa.byte_classes().stride2(),
            charged: cache.memory_usage(),
            clears: 0,
            dfa,
            cache,
        })
    }

    /// The bytes that it takes now, with its automaton.
    pub(super) fn bytes(&self) -> usize {
        self.cache.memory_usage() + self.dfa.get_nfa().memory_usage()
    }

    /// Where the first match at or after `at` ends. With `anchored`, it must start there.
    ///
    /// # Errors
    /// The budget is spent.
    pub(super) fn end(
        &mut self,
        cx: &Cx,
        text: &[u8],
        at: usize,
        anchored: bool,
    ) -> Result<Found, EvalError> {
        let anchor = if anchored {
            Anchored::Yes
        } else {
            Anchored::No
        };
        let input = Input::new(text).range(at..).anchored(anchor);
        let Ok(start) = self.dfa.start_state_forward(&mut self.cache, &input) else {
            return Ok(Found::Unknown);
        };
        self.cache.search_start(at);
        let mut walk = Walk::new(start);
        let mut done = at;
        for block in text.get(at..).unwrap_or_default().chunks(BLOCK) {
            for (offset, byte) in block.iter().enumerate() {
                if self.step(&mut walk, *byte, done + offset) {
                    self.charge(cx, offset)?;
                    self.cache.search_finish(done + offset);
                    return Ok(walk.found());
                }
            }
            done += block.len();
            self.cache.search_update(done);
            self.charge(cx, block.len())?;
        }
        self.cache.search_finish(done);
        self.finish(&mut walk, None, done);
        Ok(walk.found())
    }

    /// Where the longest match starts that ends at `end`, at or after `from`.
    ///
    /// # Errors
    /// The budget is spent.
    pub(super) fn start(
        &mut self,
        cx: &Cx,
        text: &[u8],
        from: usize,
        end: usize,
    ) -> Result<Found, EvalError> {
        let input = Input::new(text).range(from..end).anchored(Anchored::Yes);
        let Ok(start) = self.dfa.start_state_reverse(&mut self.cache, &input) else {
            return Ok(Found::Unknown);
        };
        self.cache.search_start(end);
        let mut walk = Walk::new(start);
        let mut done = end;
        for block in text.get(from..end).unwrap_or_default().rchunks(BLOCK) {
            for (offset, byte) in block.iter().rev().enumerate() {
                if self.step(&mut walk, *byte, done - offset) {
                    self.charge(cx, offset)?;
                    self.cache.search_finish(done - offset);
                    return Ok(walk.found());
                }
            }
            done -= block.len();
            self.cache.search_update(done);
            self.charge(cx, block.len())?;
        }
        self.cache.search_finish(done);
        let before = from.checked_sub(1).and_then(|before| text.get(before));
        self.finish(&mut walk, before.copied(), from);
        Ok(walk.found())
    }

    /// Takes one byte. A match is known one byte late, so a match that becomes known with this byte
    /// ended (or started) at `at`, before the byte. True when the search is over.
    fn step(&mut self, walk: &mut Walk, byte: u8, at: usize) -> bool {
        let Ok(state) = self.dfa.next_state(&mut self.cache, walk.state, byte) else {
            walk.unknown = true;
            return true;
        };
        walk.state = state;
        state.is_tagged() && walk.note(at)
    }

    /// Takes what follows the last byte: another byte that is not part of the search, or the end of
    /// the text.
    fn finish(&mut self, walk: &mut Walk, byte: Option<u8>, at: usize) {
        let state = match byte {
            Some(byte) => self.dfa.next_state(&mut self.cache, walk.state, byte),
            None => self.dfa.next_eoi_state(&mut self.cache, walk.state),
        };
        match state {
            Ok(state) => walk.state = state,
            Err(_) => walk.unknown = true,
        }
        walk.note(at);
    }

    /// Charges the bytes that were read and the states that were made since the last time.
    fn charge(&mut self, cx: &Cx, bytes: usize) -> Result<(), EvalError> {
        let size = self.cache.memory_usage();
        let mut grown = size.saturating_sub(self.charged);
        if self.cache.clear_count() > self.clears {
            let cleared = self.cache.clear_count() - self.clears;
            grown = size + (cleared - 1) * TABLE + TABLE.saturating_sub(self.charged);
            self.clears = self.cache.clear_count();
        }
        self.charged = size;
        let states = grown.div_ceil(self.state_bytes) as u64;
        let built = if grown == 0 {
            0
        } else {
            grown as u64 / 2 + states * self.state_steps
        };
        cx.charge(1 + bytes as u64 / 8 + built)
    }
}

/// One search.
struct Walk {
    state: LazyStateID,
    last: Option<usize>,
    unknown: bool,
}

impl Walk {
    fn new(state: LazyStateID) -> Self {
        Self {
            state,
            last: None,
            unknown: false,
        }
    }

    /// Looks at a special state. True when the search is over.
    fn note(&mut self, at: usize) -> bool {
        if self.state.is_match() {
            self.last = Some(at);
        } else if self.state.is_quit() {
            self.unknown = true;
        }
        self.unknown || self.state.is_dead()
    }

    fn found(&self) -> Found {
        match self.last {
            _ if self.unknown => Found::Unknown,
            Some(at) => Found::At(at),
            None => Found::Nothing,
        }
    }
}
