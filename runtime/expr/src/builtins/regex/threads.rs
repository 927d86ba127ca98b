//! The exact way through a text: all states that the automaton can be in go on together, each with
//! the positions of its groups.
//!
//! Enters: an automaton and a part of a text. Leaves: the positions of the groups of the match that
//! CPython finds. Each visit of a state is charged, so no pattern can take longer than the budget
//! allows. Must not know patterns.

use std::ops::Range;

use regex_automata::{
    nfa::thompson::{NFA, State},
    util::primitives::StateID,
};

use crate::{cx::Cx, error::EvalError};

/// So many visits cost a step.
const VISITS: u64 = 4;
/// How many visits there may be before they are charged.
const BATCH: u64 = 4_096;
/// A group without a position.
const NOWHERE: usize = usize::MAX;

/// The positions of the groups: two for each, [`NOWHERE`] if the group has no part in the match.
pub(super) type Slots = Vec<usize>;

/// The position in a slot.
pub(super) fn position(slots: &[usize], at: usize) -> Option<usize> {
    slots.get(at).copied().filter(|at| *at != NOWHERE)
}

/// How many bytes a search with an automaton needs.
pub(super) fn size(nfa: &NFA) -> usize {
    let slots = nfa.group_info().slot_len() * size_of::<usize>();
    // Each state has its place in the order, its mark, and its slots.
    2 * nfa.states().len() * (size_of::<StateID>() + size_of::<u32>() + slots)
}

/// The memory of a search, kept for the next one.
pub(super) struct Memory {
    now: Threads,
    next: Threads,
    stack: Vec<Step>,
    slots: Slots,
    bytes: usize,
}

impl Memory {
    /// Memory for searches with an automaton.
    ///
    /// # Errors
    /// The budget is spent.
    pub(super) fn new(cx: &Cx, nfa: &NFA) -> Result<Self, EvalError> {
        let width = nfa.group_info().slot_len();
        let states = nfa.states().len();
        cx.charge((states * width) as u64 / 16)?;
        Ok(Self {
            now: Threads::new(states, width),
            next: Threads::new(states, width),
            stack: Vec::new(),
            slots: vec![NOWHERE; width],
            bytes: size(nfa),
        })
    }

    /// About how many bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }
}

/// Finds the first match in a part of a text. What is around the part counts for `^`, `$` and `\b`.
/// With `anchored`, the match must start where the part starts.
///
/// # Errors
/// The budget is spent.
pub(super) fn search(
    cx: &Cx,
    (nfa, memory): (&NFA, &mut Memory),
    text: &[u8],
    part: Range<usize>,
    anchored: bool,
) -> Result<Option<Slots>, EvalError> {
    let anchored = anchored || nfa.is_always_start_anchored();
    let Memory {
        now,
        next,
        stack,
        slots,
        ..
    } = memory;
    now.clear();
    next.clear();
    stack.clear();
    let mut crowd = Crowd {
        nfa,
        text,
        visits: 0,
        stack,
        slots,
    };
    let mut found = None;
    for at in part.clone() {
        crowd.settle(cx, BATCH)?;
        if now.is_empty() && (found.is_some() || (anchored && at > part.start)) {
            break;
        }
        if found.is_none() && (!anchored || at == part.start) {
            crowd.begin(now, at);
        }
        let byte = text.get(at).copied();
        if let Some(slots) = crowd.advance(now, next, byte, at) {
            found = Some(slots);
        }
        std::mem::swap(now, next);
        next.clear();
    }
    // Nothing is read at the end, but a match may be there.
    if found.is_none() && (!anchored || part.is_empty()) {
        crowd.begin(now, part.end);
    }
    if let Some(slots) = crowd.advance(now, next, None, part.end) {
        found = Some(slots);
    }
    crowd.settle(cx, 0)?;
    Ok(found)
}

/// Something that is still to do while states are followed that read nothing.
enum Step {
    Visit(StateID),
    /// Gives a slot the position back that it had before.
    Restore(usize, usize),
}

/// What all threads of a search share.
struct Crowd<'a> {
    nfa: &'a NFA,
    text: &'a [u8],
    /// The visits that have not been charged.
    visits: u64,
    stack: &'a mut Vec<Step>,
    /// The slots of the thread that is followed.
    slots: &'a mut Slots,
}

impl Crowd<'_> {
    /// Charges the visits, if there are more than so many.
    fn settle(&mut self, cx: &Cx, more_than: u64) -> Result<(), EvalError> {
        if self.visits <= more_than {
            return Ok(());
        }
        let visits = std::mem::take(&mut self.visits);
        cx.charge(visits.div_ceil(VISITS))
    }

    /// Adds the thread of a match that begins here. It comes behind those that began before.
    fn begin(&mut self, now: &mut Threads, at: usize) {
        self.slots.fill(NOWHERE);
        self.follow(now, self.nfa.start_anchored(), at);
    }

    /// Lets all threads read a byte. Gives the slots of the first that has come to the end of the
    /// pattern: those behind it do not count any more.
    fn advance(
        &mut self,
        now: &Threads,
        next: &mut Threads,
        byte: Option<u8>,
        at: usize,
    ) -> Option<Slots> {
        for id in &now.order {
            self.visits += 1;
            let to = match self.nfa.state(*id) {
                State::Match { .. } => {
                    return Some(now.slots(*id).to_vec());
                }
                State::ByteRange { trans } => byte
                    .filter(|byte| trans.matches_byte(*byte))
                    .map(|_| trans.next),
                State::Sparse(sparse) => {
                    self.visits += sparse.transitions.len() as u64 / 8;
                    byte.and_then(|byte| sparse.matches_byte(byte))
                }
                State::Dense(dense) => byte.and_then(|byte| dense.matches_byte(byte)),
                State::Look { .. }
                | State::Union { .. }
                | State::BinaryUnion { .. }
                | State::Capture { .. }
                | State::Fail => None,
            };
            if let Some(to) = to {
                self.slots.copy_from_slice(now.slots(*id));
                self.follow(next, to, at + 1);
            }
        }
        None
    }

    /// Adds a thread in each state that can be reached without reading, the preferred one first.
    fn follow(&mut self, threads: &mut Threads, start: StateID, at: usize) {
        self.stack.push(Step::Visit(start));
        while let Some(step) = self.stack.pop() {
            match step {
                Step::Restore(slot, position) => self.set(slot, position),
                Step::Visit(id) => self.visit(threads, id, at),
            }
        }
    }

    fn visit(&mut self, threads: &mut Threads, first: StateID, at: usize) {
        let mut id = first;
        loop {
            self.visits += 1;
            if !threads.add(id) {
                return;
            }
            match self.nfa.state(id) {
                State::Look { look, next } => {
                    if !self.nfa.look_matcher().matches(*look, self.text, at) {
                        return;
                    }
                    id = *next;
                }
                State::Union { alternates } => {
                    let Some((preferred, others)) = alternates.split_first() else {
                        return;
                    };
                    self.visits += others.len() as u64;
                    let others = others.iter().rev().map(|other| Step::Visit(*other));
                    self.stack.extend(others);
                    id = *preferred;
                }
                State::BinaryUnion { alt1, alt2 } => {
                    self.stack.push(Step::Visit(*alt2));
                    id = *alt1;
                }
                State::Capture { next, slot, .. } => {
                    let slot = slot.as_usize();
                    let before = self.slots.get(slot).copied().unwrap_or(NOWHERE);
                    self.stack.push(Step::Restore(slot, before));
                    self.set(slot, at);
                    id = *next;
                }
                State::ByteRange { .. }
                | State::Sparse(_)
                | State::Dense(_)
                | State::Match { .. } => {
                    self.visits += self.slots.len() as u64 / 8;
                    threads.order.push(id);
                    threads.keep(id, self.slots);
                    return;
                }
                State::Fail => return,
            }
        }
    }

    fn set(&mut self, slot: usize, position: usize) {
        if let Some(known) = self.slots.get_mut(slot) {
            *known = position;
        }
    }
}

/// The threads at one position of the text, at most one in each state.
struct Threads {
    /// The states that read a byte or end the pattern, the preferred one first.
    order: Vec<StateID>,
    /// All states that were visited, in this round or before.
    visited: Vec<u32>,
    /// The round. A state was visited in this round if it has this number.
    round: u32,
    /// The slots of each state.
    slots: Slots,
    width: usize,
}

impl Threads {
    fn new(states: usize, width: usize) -> Self {
        Self {
            order: Vec::new(),
            visited: vec![0; states],
            round: 1,
            slots: vec![NOWHERE; states * width],
            width,
        }
    }

    fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    fn clear(&mut self) {
        self.order.clear();
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.visited.fill(0);
            self.round = 1;
        }
    }

    /// Notes that a state is visited. False when it was visited already.
    fn add(&mut self, id: StateID) -> bool {
        let Some(visited) = self.visited.get_mut(id.as_usize()) else {
            return false;
        };
        std::mem::replace(visited, self.round) != self.round
    }

    fn row(&self, id: StateID) -> Range<usize> {
        let start = id.as_usize() * self.width;
        start..start + self.width
    }

    fn keep(&mut self, id: StateID, slots: &[usize]) {
        let row = self.row(id);
        if let Some(row) = self.slots.get_mut(row) {
            row.copy_from_slice(slots);
        }
    }

    fn slots(&self, id: StateID) -> &[usize] {
        self.slots.get(self.row(id)).unwrap_or_default()
    }
}
