//! The runtime that pipelines built by `fmc` link to.
//!
//! Enters: a `static` [`plan::Pipeline`] of generated code, the command line, the environment
//! and an input. Leaves: the run's output on standard output and an exit status. Must not know
//! pipeline files, the compiler or its types. What generated code names is public: [`plan`],
//! [`render`], [`scope`], the statics of [`component`], [`main`], and [`dynamic`] under its
//! feature; the rest is private.

// What only components that speak HTTP need is unused without them.
#![cfg_attr(not(feature = "http"), allow(dead_code))]

pub mod plan;

pub mod error;

pub mod scope;

pub mod render;

#[cfg(feature = "dynamic")]
pub mod dynamic;

pub mod component;

mod settings;

mod mask;

mod schema;

mod clock;

mod executor;

mod report;

mod entry;

pub use entry::main;
pub use fmc_expr as expr;
