//! Frames, with the state of each stage in them: one frame for the run, one for each iteration.
//!
//! Enters: frames to open and to close, and places in them. Leaves: cells. They are found by index
//! and never by search, because a run looks at each stage about thirty times. Must not decide
//! anything.

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
    /// The first dependency that was pending when the stage was last looked at, by its position in
    /// `depends_on`. The dependencies before it need no second look until this one is no longer
    /// pending. So a stage with 2,000 dependencies costs 2,000 looks, not two million. `None` for a
    /// stage that has just begun to wait, because all its dependencies are then looked at once.
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

/// The frame of the run or of one iteration.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// `None` for the run.
    pub(super) parent: Option<FrameId>,
    /// The loop whose iteration this is.
    pub(super) of: Option<Instance>,
    /// The index of the item.
    pub(super) index: usize,
    /// The position of the next member in the list of the loop.
    pub(super) next: usize,
    /// The cells, in the order in which the graph lists the members of the frame.
    pub(super) cells: Vec<Cell>,
}

impl Frame {
    /// The cell of a stage; `None` when the stage does not belong to this frame.
    pub(super) fn cell(&self, place: Place) -> Option<&Cell> {
        let is_here = place.of == self.of.map(|of| of.stage);
        is_here.then(|| self.cells.get(place.slot))?
    }

    /// Like [`Self::cell`], to change it.
    pub(super) fn cell_mut(&mut self, place: Place) -> Option<&mut Cell> {
        let is_here = place.of == self.of.map(|of| of.stage);
        is_here.then(|| self.cells.get_mut(place.slot))?
    }
}

/// The frames that are open.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// The frame [`ROOT`]. It is always open, and often the only one.
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

    /// Closes the frame of an iteration, and returns it.
    pub(super) fn close(&mut self, id: FrameId) -> Option<Frame> {
        self.iterations.remove(&id)
    }

    /// All open frames, in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        let iterations = self.iterations.iter().map(|(id, frame)| (*id, frame));
        iter::once((ROOT, &self.root)).chain(iterations)
    }
}

/// How many stages are in each of some states. Which stages they are is in their cells.
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
