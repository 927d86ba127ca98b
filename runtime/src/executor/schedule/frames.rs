//! Frames, and the state of each stage in them: an arena for the run and one an iteration.
//!
//! Enters: frames to open and to close, and places in them. Leaves: cells, by number and never by
//! search: a stage of a run is looked at some thirty times. Must not decide anything.

use std::iter;

use crate::{
    base::ids::IdMap,
    executor::schedule::{
        graph::Place,
        types::{Instance, Selector, State},
    },
    run::store::{FrameId, ROOT},
};

/// A stage in a frame.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) state: State,
    pub(super) selector: Option<Selector>,
    /// The first dependency that was pending when the stage was last looked at, by its place in
    /// `depends_on`: those before it need no second look until it is not pending any more, so
    /// that a stage that rests on 2,000 others costs 2,000 looks and not two million. None for a
    /// stage that has just begun to wait: all its dependencies are looked at once.
    pub(super) watched: Option<usize>,
}

impl Cell {
    pub(super) fn new(state: State) -> Self {
        Self {
            state,
            selector: None,
            watched: None,
        }
    }
}

/// The run, or one iteration.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// None for the run.
    pub(super) parent: Option<FrameId>,
    /// The loop whose iteration this is.
    pub(super) of: Option<Instance>,
    /// Of the items.
    pub(super) index: usize,
    /// The next member of the loop's list.
    pub(super) next: usize,
    /// In the order of the graph's members of the frame.
    pub(super) cells: Vec<Cell>,
}

impl Frame {
    /// A stage's cell; none where the stage is not of this frame's loop.
    pub(super) fn cell(&self, place: Place) -> Option<&Cell> {
        let is_here = place.of == self.of.map(|of| of.stage);
        is_here.then(|| self.cells.get(place.slot))?
    }

    /// As [`Self::cell`].
    pub(super) fn cell_mut(&mut self, place: Place) -> Option<&mut Cell> {
        let is_here = place.of == self.of.map(|of| of.stage);
        is_here.then(|| self.cells.get_mut(place.slot))?
    }
}

/// The frames that are open.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// [`ROOT`]: always open, and often the only one.
    root: Frame,
    iterations: IdMap<FrameId, Frame>,
}

impl Frames {
    pub(super) fn get(&self, id: FrameId) -> Option<&Frame> {
        if id == ROOT {
            Some(&self.root)
        } else {
            self.iterations.get(&id)
        }
    }

    pub(super) fn get_mut(&mut self, id: FrameId) -> Option<&mut Frame> {
        if id == ROOT {
            Some(&mut self.root)
        } else {
            self.iterations.get_mut(&id)
        }
    }

    pub(super) fn open(&mut self, id: FrameId, frame: Frame) {
        if id == ROOT {
            self.root = frame;
        } else {
            self.iterations.insert(id, frame);
        }
    }

    /// Gives an iteration's frame back, open no more.
    pub(super) fn close(&mut self, id: FrameId) -> Option<Frame> {
        self.iterations.remove(&id)
    }

    /// In no order that means anything.
    pub(super) fn iter(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        let iterations = self.iterations.iter().map(|(id, frame)| (*id, frame));
        iter::once((ROOT, &self.root)).chain(iterations)
    }
}

/// How many stages are in the states that are asked for as a whole; which ones, their cells say.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) dormant: usize,
    pub(super) waiting: usize,
    pub(super) ready: usize,
}

impl Tally {
    pub(super) fn enter(&mut self, state: &State) {
        if let Some(count) = self.of(state) {
            *count += 1;
        }
    }

    pub(super) fn leave(&mut self, state: &State) {
        if let Some(count) = self.of(state) {
            *count -= 1;
        }
    }

    fn of(&mut self, state: &State) -> Option<&mut usize> {
        match state {
            State::Dormant => Some(&mut self.dormant),
            State::Waiting => Some(&mut self.waiting),
            State::Ready => Some(&mut self.ready),
            State::Running | State::Open(_) | State::Closing | State::Done(_) => None,
        }
    }
}
