//! The types of the scheduler: instances, states, blocks, actions.
//!
//! Enters: nothing. Leaves: the types with which `machine` decides and `drive` acts. Must not know
//! time, tasks or components.

use std::collections::BTreeSet;

use crate::{
    base::fault::Fault,
    run::store::{FrameId, StageIndex},
};

/// A stage in one frame. Instances are ordered by the document order of their stages, then by
/// frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Instance {
    pub(crate) stage: StageIndex,
    pub(crate) frame: FrameId,
}

/// A failure, and the stage that it began with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Failure {
    pub(crate) at: Instance,
    pub(crate) fault: Fault,
}

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Succeeded,
    /// `caught` is true when a trycatch, a loop or `continue` took the failure. The machine sets
    /// it; `ready` reads it: a stage that depends on a caught failure is skipped, and one that
    /// depends on an uncaught failure cannot run.
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
    /// A stage that it depends on was skipped, or failed and was caught.
    Dependency(StageIndex),
    /// The run, a list or a loop stopped before it started.
    Stopped,
    /// A stage that it waits for can never end.
    Unreachable,
}

/// The state of a stage in a frame.
#[derive(Debug)]
pub(crate) enum State {
    /// It has an owner, and has not been selected.
    Dormant,
    /// It was selected or has no owner. Its dependencies are not met yet.
    Waiting,
    /// It may start as soon as fewer stages are running than allowed.
    Ready,
    /// Its component is running, or its settings are being evaluated.
    Running,
    /// It is a control stage whose selected stages are running.
    Open(Box<Open>),
    /// It is a control stage whose output is being made.
    Closing,
    Done(End),
}

/// A control stage whose selected stages are running.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) block: Block,
    /// If set, nothing more starts inside, because of this failure.
    pub(crate) halted: Option<Failure>,
    /// Whether it ends without waiting for its members. `Machine::unblock` sets it when nothing
    /// runs and nothing is ready, as when two members depend on each other; `member` reads it.
    pub(crate) forced: bool,
}

/// What a control stage with running stages is doing.
#[derive(Debug)]
pub(crate) enum Block {
    /// The stages that a router or conditional chose.
    Select(Vec<StageIndex>),
    Try(TryBlock),
    Foreach(ForeachBlock),
}

/// The settings of a trycatch.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct TrySettings {
    /// Whether a caught failure still fails the trycatch at its end. Set by `error_scope:
    /// propagate`; `list_done` reads it.
    pub(crate) propagate: bool,
    /// If empty, every failure is caught.
    pub(crate) catch_types: Vec<String>,
    pub(crate) max_retries: u32,
    pub(crate) retry_delay_ms: u64,
}

/// A trycatch whose lists are running.
#[derive(Debug)]
pub(crate) struct TryBlock {
    pub(crate) settings: TrySettings,
    pub(crate) phase: Phase,
    /// The position of the next member in the list of the phase.
    pub(crate) next: usize,
    pub(crate) retries: u32,
    /// The failure of the try list.
    pub(crate) error: Option<Failure>,
    /// Whether that failure was caught, so that the catch list runs. `list_failed` sets it;
    /// `try_end` reads it.
    pub(crate) caught: bool,
    /// The failure with which the block will end.
    pub(crate) raise: Option<Failure>,
    /// Whether a list was not run to its end because everything stops, as after a signal. The step
    /// of the trycatch sets it; `try_end` reads it.
    pub(crate) cut: bool,
}

/// Which list of a trycatch is running, or whether it rests before the try list runs again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    Body,
    Backoff,
    Catch,
    Finally,
}

/// The settings of a `foreach`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ForeachSettings {
    /// How many items there are.
    pub(crate) count: usize,
    /// How many iterations may run at the same time.
    pub(crate) parallel: usize,
    /// Whether the loop ends at the first item that fails. Set by `break_on_error`; the end of an
    /// iteration reads it.
    pub(crate) break_on_error: bool,
}

/// A `foreach` whose iterations are running.
#[derive(Debug)]
pub(crate) struct ForeachBlock {
    pub(crate) settings: ForeachSettings,
    pub(crate) next: usize,
    pub(crate) running: BTreeSet<FrameId>,
    /// The running iterations in which something has changed, so that they must be looked at.
    pub(crate) moved: BTreeSet<FrameId>,
    pub(crate) failed: usize,
}

/// The kind of list through which a stage was selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    Choice,
    Try,
    Catch,
    Finally,
    Foreach,
}

/// The stage that selected another, and through which list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Selector {
    pub(crate) owner: Instance,
    pub(crate) through: ListKind,
}

/// The result of a stage that ran, as the driver reports it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Done {
    /// It was a leaf, or a control stage that selects nothing.
    Plain,
    Select(Vec<StageIndex>),
    Try(TrySettings),
    Foreach(ForeachSettings),
}

/// How a block ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BlockEnd {
    Selected,
    /// `error` is the failure of the try list, if it was caught.
    Tried {
        error: Option<Failure>,
    },
    Iterated {
        failed: usize,
    },
    Failed(Failure),
    /// Everything stops, and the block was not run to its end.
    Cut,
}

/// What the driver must do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    /// Run the attempts of a leaf, or evaluate the settings of a control stage; then call `finish`.
    Start(Instance),
    /// A stage will not run.
    Skipped(Instance, Skip),
    /// Open the frame of an iteration.
    Iterate {
        frame: FrameId,
        of: Instance,
        index: usize,
    },
    /// An iteration ended: keep the output of its last stage, and drop its frame.
    Iterated {
        frame: FrameId,
        of: Instance,
        index: usize,
        failure: Option<Failure>,
        /// Whether the iteration was not run to its end because everything stops. The machine sets
        /// it; only tests read it.
        cut: bool,
    },
    /// Make the output of a control stage; then call `closed` or, after a rest, `rerun`.
    Close(Instance, BlockEnd),
    /// Rest for this many milliseconds; then call `rested`.
    Rest(Instance, u64),
    /// End a rest at once: nothing is tried again.
    Wake(Instance),
    /// Stop a running stage; then call `finish` with an error.
    Cancel(Instance),
    /// Forget the output of a stage, because it will run again.
    Forget(Instance),
}

/// Why no new stage starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Stop {
    /// A stage failed and nothing caught it.
    Failed(Failure),
    /// A `return` stage ended the run.
    Returned(Instance),
    /// There was a signal, or the time limit of the run was reached.
    Interrupted,
}
