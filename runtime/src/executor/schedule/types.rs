//! The types the scheduler decides with: instances, states, blocks, actions.
//!
//! Enters: nothing. Leaves: what `machine` decides with and `drive` acts on. Must not know
//! time, tasks or components.

use std::collections::BTreeSet;

use crate::{
    base::fault::Fault,
    run::store::{FrameId, StageIndex},
};

/// A stage in one frame. Ordered by document order, then by frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Instance {
    pub(crate) stage: StageIndex,
    pub(crate) frame: FrameId,
}

/// A failure and where it began.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) at: Instance,
    pub(crate) fault: Fault,
}

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Succeeded,
    /// `caught`: a trycatch, a loop or `continue` took the failure.
    Failed {
        caught: bool,
    },
    Skipped(Skip),
}

/// Why a stage did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Skip {
    /// `enabled: false`
    Disabled,
    /// No owner selected it.
    NotSelected,
    /// A stage it rests on was skipped, or failed and was caught.
    Dependency(StageIndex),
    /// The run, a list or a loop stopped before it.
    Stopped,
    /// What it waits for can never finish.
    Unreachable,
}

/// The state of a stage in a frame.
#[derive(Debug)]
pub(crate) enum State {
    /// Owned and not selected.
    Dormant,
    /// Selected, or without owner; its dependencies are not met yet.
    Waiting,
    /// May start when there is room.
    Ready,
    /// Its component runs, or its settings are evaluated.
    Running,
    /// A control stage whose selected stages are under way.
    Open(Box<Open>),
    /// A control stage whose output is being made.
    Closing,
    Done(End),
}

/// A control stage under way.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) block: Block,
    /// Nothing more starts inside, because of this.
    pub(crate) halted: Option<Failure>,
    /// Ends without waiting for its members any more. `Machine::unblock` sets it when nothing
    /// runs and nothing is ready, like for two members that depend on each other; `member` reads
    /// it.
    pub(crate) forced: bool,
}

/// What a control stage under way does.
#[derive(Debug)]
pub(crate) enum Block {
    /// A router's or conditional's choice.
    Select(Vec<StageIndex>),
    Try(TryBlock),
    Foreach(ForeachBlock),
}

/// Settings of a trycatch, as rendered.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TrySettings {
    pub(crate) propagate: bool,
    /// Empty: everything is caught.
    pub(crate) catch_types: Vec<String>,
    pub(crate) max_retries: u32,
    pub(crate) retry_delay_ms: u64,
}

/// A trycatch under way.
#[derive(Debug)]
pub(crate) struct TryBlock {
    pub(crate) settings: TrySettings,
    pub(crate) phase: Phase,
    /// The next member of the phase's list.
    pub(crate) next: usize,
    pub(crate) retries: u32,
    /// What the try list failed with.
    pub(crate) error: Option<Failure>,
    pub(crate) caught: bool,
    /// What the block will fail with.
    pub(crate) raise: Option<Failure>,
    /// The try list was not run to its end because everything stops.
    pub(crate) cut: bool,
}

/// Which list of a trycatch is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Body,
    Backoff,
    Catch,
    Finally,
}

/// Settings of a `foreach`, as rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForeachSettings {
    /// Items to run.
    pub(crate) count: usize,
    /// Iterations at a time.
    pub(crate) parallel: usize,
    pub(crate) break_on_error: bool,
}

/// A `foreach` under way.
#[derive(Debug)]
pub(crate) struct ForeachBlock {
    pub(crate) settings: ForeachSettings,
    pub(crate) next: usize,
    pub(crate) running: BTreeSet<FrameId>,
    /// Those of them in which something has moved.
    pub(crate) moved: BTreeSet<FrameId>,
    pub(crate) failed: usize,
}

/// Through which list a stage was selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Choice,
    Try,
    Catch,
    Finally,
    Foreach,
}

/// Who selected a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) owner: Instance,
    pub(crate) through: ListKind,
}

/// What a stage's run came to, as the driver tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Done {
    /// A leaf, or a control stage that selects nothing.
    Plain,
    Select(Vec<StageIndex>),
    Try(TrySettings),
    Foreach(ForeachSettings),
}

/// How a block ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BlockEnd {
    Selected,
    /// `error`: what the try list failed with, when that was caught.
    Tried {
        error: Option<Failure>,
    },
    Iterated {
        failed: usize,
    },
    Failed(Failure),
    /// Everything stops; the block was not run to its end.
    Cut,
}

/// What the driver is to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Run a leaf's attempts, or evaluate a control stage's settings; then `finish`.
    Start(Instance),
    /// A stage will not run.
    Skipped(Instance, Skip),
    /// Open an iteration's frame.
    Iterate {
        frame: FrameId,
        of: Instance,
        index: usize,
    },
    /// An iteration ended: keep its last stage's output, drop its frame.
    Iterated {
        frame: FrameId,
        of: Instance,
        index: usize,
        failure: Option<Failure>,
        cut: bool,
    },
    /// Make a control stage's output; then `closed` or, after a rest, `rerun`.
    Close(Instance, BlockEnd),
    /// Rest so many milliseconds; then `rested`.
    Rest(Instance, u64),
    /// End a rest at once: nothing is tried again.
    Wake(Instance),
    /// Stop a running stage; then `finish` it with an error.
    Cancel(Instance),
    /// A stage will run again: its output no longer counts.
    Forget(Instance),
}

/// Why no new stage starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stop {
    /// A stage failed and nothing caught it.
    Failed(Failure),
    /// A `return` stage.
    Returned(Instance),
    /// A signal, or the run's time limit.
    Interrupted,
}
