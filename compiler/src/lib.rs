//! `fmc`: the compiler and static checker of FlowMason pipelines, as a library.
//!
//! Enters: the text of pipeline files. Leaves: findings and, for a pipeline without errors, Rust
//! source and a native binary. The modules are listed in the order in which data flows through
//! them: each may use the modules above it, never those below.

pub mod source;

pub mod trust;

pub mod diagnostics;

pub mod syntax;

pub mod catalogue;

pub mod types;

pub mod ast;

pub mod schema;

pub mod ir;

pub mod resolve;

pub mod infer;

pub mod facts;

pub mod mend;

pub mod model;

pub mod understand;

pub mod analysis;

pub mod check;

pub mod codegen;

pub mod driver;

pub mod cli;

pub use check::{Checked, CheckedModel, Settings, check};
