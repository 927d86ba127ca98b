//! Code that needs no run: faults, retry arithmetic, typed settings, short texts.
//!
//! Enters: values and texts. Leaves: values, texts and faults. Must not know clocks, files,
//! networks, stages or runs: everything here is a pure function of its arguments.

pub mod fault;

pub mod preset;

pub mod retry;

pub(crate) mod excerpt;

pub(crate) mod ids;

#[cfg(feature = "http")]
pub(crate) mod inflate;

pub(crate) mod object;

pub(crate) mod percent;

pub(crate) mod rows;

pub(crate) mod schema;

pub(crate) mod settings;
