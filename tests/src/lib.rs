//! What the tests, benches and fuzz targets of the workspace share.
//!
//! Enters: fixtures and scripts. Leaves: pipelines built by the real `fmc`, their runs, a scripted
//! server on loopback that records its requests, and an editor that talks to the language server.
//! The tests themselves are in `suite/`. Must not know what any single test asserts.

// The rule against panics protects users. A test helper may panic to say what is wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

pub mod callgrind;

pub mod costs;

pub mod editor;

pub mod fmc;

pub mod fuzz;

pub mod generate;

pub mod graphs;

pub mod hostile;

pub mod memory;

pub mod pipeline;

pub mod run;

pub mod server;

pub mod spellings;

pub mod timing;

pub mod tree;

pub use pipeline::Pipeline;
pub use run::{Ended, Program, Running};
pub use server::{Answer, Meeting, Request, Server};
