//! What a run is given by the process it runs in: clock, random bytes, environment, mask,
//! lines on standard error, network.
//!
//! Enters: the operating system. Leaves: services that a run and its components use; nothing
//! else in this crate reaches a clock, a random source or a socket. Must not know pipelines,
//! stages or runs.

pub(crate) mod clock;

pub(crate) mod environment;

#[cfg(feature = "http")]
pub(crate) mod http;

pub(crate) mod mask;

pub(crate) mod report;

pub(crate) mod world;
