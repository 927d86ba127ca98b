//! Tests of whole runs, with the real driver and the clock of the tests.

pub(crate) mod bench;
pub(crate) mod drafts;
mod foreach;
mod late;
mod rests;
mod run;
mod stop;
