//! The runtime that pipelines built by `fmc` link to.
//!
//! Enters: a `static` [`plan::Pipeline`] of generated code, the command line, the environment
//! and an input. Leaves: the run's output on standard output and an exit status. Must not know
//! pipeline files, the compiler or its types.

pub mod plan;

pub mod error;

pub mod scope;

pub mod component;

pub use fmc_expr as expr;
