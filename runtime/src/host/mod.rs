//! What the process gives to a run: clock, random bytes, environment, mask, lines on standard
//! error, network.
//!
//! Enters: the operating system. Leaves: services that a run and its components use. No other
//! module of this crate uses a clock, a source of random bytes or a socket. Must not know
//! pipelines, stages or runs.

pub(crate) mod beside;

pub(crate) mod bug;

pub(crate) mod clock;

pub(crate) mod deadline;

pub(crate) mod environment;

#[cfg(feature = "http")]
pub(crate) mod http;

pub(crate) mod mask;

pub(crate) mod out;

pub(crate) mod report;

pub(crate) mod world;
