//! Runs with the real driver on the clock of the tests.

pub(crate) mod bench;
pub(crate) mod drafts;
mod foreach;
mod rests;
mod run;
mod stop;
