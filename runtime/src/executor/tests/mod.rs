//! Tests of the executor: the scheduler by itself, and runs with the real driver.

pub(crate) mod bench;
pub(crate) mod drafts;
mod foreach;
mod look;
mod run;
mod schedule;
mod stop;
