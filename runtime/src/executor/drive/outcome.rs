//! How a run is to be run, and how it ended.
//!
//! Enters: nothing. Leaves: the types by which the driver is asked and answers. Must not know
//! how anything is done.

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

/// How a run is to be run.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) max_concurrency: usize,
    /// For the whole run.
    pub(crate) timeout_ms: Option<u64>,
    /// For what runs when the run is stopped from outside.
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

/// What a run came to.
#[derive(Debug)]
pub(crate) enum RunResult {
    Completed(Value),
    /// The output does not fit `output_schema`, and why.
    Unfit(Vec<String>),
    /// A `return` stage with `status: failed`.
    Refused(Instance, Ending),
    Failed {
        failure: Failure,
        /// Indices of the iterations around it.
        iterations: Vec<usize>,
        attempts: u32,
    },
    TimedOut(u64),
    Interrupted(Signal),
}
