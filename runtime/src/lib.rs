//! The runtime that pipelines built by `fmc` link to.
//!
//! Enters: a `static` [`plan::Pipeline`] of generated code, the command line, the environment
//! and an input. Leaves: the run's output on standard output and an exit status. Must not know
//! pipeline files, the compiler or its types. What generated code names is public: [`plan`],
//! [`render`], [`scope`], the statics of [`component`], [`main`], and [`dynamic`] under its
//! feature; the rest is private. The modules stand in the order of the floors: each uses those
//! before it, never those after (`tests/suite/tidy.rs`).

// What only components that speak HTTP need is unused without them.
#![cfg_attr(not(feature = "http"), allow(dead_code))]

pub mod base;

#[cfg(feature = "dynamic")]
pub mod dynamic;

mod host;

mod run;

pub mod scope;

pub mod component;

pub mod plan;

mod executor;

mod entry;

pub use entry::main;
pub use fmc_expr as expr;
pub use scope::render;

/// The runtime's side of what the compiler's catalogue says too, so that a test compares the two.
#[doc(hidden)]
pub mod parity {
    pub use crate::{
        base::{
            fault::ERROR_TYPES,
            preset::{Row, Usual},
        },
        executor::PRESETS,
        scope::FACTS,
    };
}
