//! The scheduler's words: instances, states, blocks, actions.
//!
//! Enters: nothing. Leaves: the types that `machine` decides with and `drive` acts on. Must
//! not know time, tasks or components.

use std::collections::BTreeSet;

use crate::{error::Fault, executor::store::FrameId, plan::StageIndex};

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
    /// Waits for nothing more: its members wait for each other.
    pub(crate) forced: bool,
}

/// What a control stage under way does.
#[derive(Debug)]
pub(crate) enum Block {
    /// A router's or conditional's choice.
    Select(Vec<StageIndex>),
    Try(TryBlock),
    Loop(LoopBlock),
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

/// Settings of a loop, as rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LoopSettings {
    /// Items to run.
    pub(crate) count: usize,
    /// Iterations at a time.
    pub(crate) parallel: usize,
    pub(crate) break_on_error: bool,
}

/// A loop under way.
#[derive(Debug)]
pub(crate) struct LoopBlock {
    pub(crate) settings: LoopSettings,
    pub(crate) next: usize,
    pub(crate) running: BTreeSet<FrameId>,
    /// Those of them in which something has moved.
    pub(crate) moved: BTreeSet<FrameId>,
    pub(crate) failed: usize,
}

/// Through which list a stage was selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Choice,
    Try,
    Catch,
    Finally,
    Loop,
}

/// Who selected a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) owner: Instance,
    pub(crate) role: Role,
}

/// What a stage's run came to, as the driver tells it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Done {
    /// A leaf, or a control stage that selects nothing.
    Plain,
    Select(Vec<StageIndex>),
    Try(TrySettings),
    Loop(LoopSettings),
}

/// How a block ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BlockEnd {
    Selected,
    /// `error`: what the try list failed with, when that was caught.
    Tried {
        error: Option<Failure>,
    },
    Looped {
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
    /// Make a control stage's output; then `closed` or, after a delay, `rerun`.
    Close(Instance, BlockEnd),
    /// Wait so many milliseconds; then `resume`.
    Delay(Instance, u64),
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
