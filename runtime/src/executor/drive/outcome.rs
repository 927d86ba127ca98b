//! The options of a run, and how it ended.
//!
//! Enters: nothing. Leaves: the types that the driver takes and returns. Must not know how stages
//! are run.

use std::{pin::Pin, rc::Rc};

use fmc_expr::Value;
use futures_util::Stream;

use crate::{
    executor::{
        drive::{decide::Ending, history::Summary, mock::Mocks},
        schedule::types::{Failure, Instance},
    },
    run::site::Usage,
};

/// Signals that ask the run to stop.
pub(crate) type Signals = Pin<Box<dyn Stream<Item = Signal>>>;

/// A signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Interrupt,
    Terminate,
}

/// The options of a run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) max_concurrency: usize,
    /// The time limit of the whole run, in milliseconds.
    pub(crate) timeout_ms: Option<u64>,
    /// How long running stages may continue after the run was stopped from outside, in
    /// milliseconds.
    pub(crate) grace_ms: u64,
    pub(crate) mocks: Option<Rc<Mocks>>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct RunEnd {
    pub(crate) result: RunResult,
    pub(crate) summaries: Vec<Summary>,
    pub(crate) usage: Usage,
    pub(crate) elapsed_ms: u64,
}

/// The result of a run.
#[derive(Debug)]
pub(crate) enum RunResult {
    Completed(Value),
    /// The output cannot be the output of the run, for these reasons: it is too large, or does not
    /// fit `output_schema`.
    Unfit(Vec<String>),
    /// A `return` stage with `status: failed` ended the run.
    Refused(Instance, Ending),
    Failed {
        failure: Failure,
        /// The indices of the iterations around it.
        iterations: Vec<usize>,
        attempts: u32,
    },
    TimedOut(u64),
    Interrupted(Signal),
}
