//! What the tests, benches and fuzz targets of the workspace share.
//!
//! Enters: fixtures and scripts. Leaves: pipelines built by the real `fmc`, their runs, a
//! server on loopback that answers by script and remembers what it was asked, and an editor at
//! the other end of the language server. Tests themselves are in `suite/`. Must not know what
//! any single test asserts.

// Invariant 6 speaks of what reaches a user; a test tool says what is wrong by panicking.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod editor;

pub mod fmc;

pub mod fuzz;

pub mod generate;

pub mod memory;

pub mod pipeline;

pub mod run;

pub mod server;

pub mod timing;

pub mod tree;

pub use pipeline::Pipeline;
pub use run::{Ended, Program, Running};
pub use server::{Answer, Meeting, Request, Server};
