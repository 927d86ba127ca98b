//! The runtime that pipelines built by `fmc` link to.
//!
//! Enters: a `static` [`plan::PipelinePlan`] of generated code, the command line, the environment
//! and an input. Leaves: the output of the run on standard output, and an exit status. Must not
//! know pipeline files, the compiler or its types. Public is only what generated code names:
//! [`plan`], [`render`], [`scope`], the statics of [`component`], [`main`], and [`dynamic`] under
//! its feature. Each module may use the modules before it in the list below, never those after it
//! (`tests/suite/floors.rs`).

// Without components that speak HTTP, some code that only they need is unused.
#![cfg_attr(not(feature = "http"), allow(dead_code))]

pub mod base;

mod host;

mod run;

pub mod scope;

#[cfg(feature = "dynamic")]
pub mod dynamic;

pub mod component;

pub mod plan;

mod executor;

mod entry;

pub use entry::main;
pub use fmc_expr as expr;
pub use scope::render;

/// Tables that also exist in the compiler's catalogue. The test `parity` compares the two.
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

/// What benches and fuzz targets call; no generated code does.
#[doc(hidden)]
pub mod inside {
    /// The text with the secrets replaced.
    #[must_use]
    pub fn masked(secrets: &[&str], text: &str) -> String {
        masking(secrets)(text)
    }

    /// Replaces the same secrets in any number of texts.
    pub fn masking(secrets: &[&str]) -> impl Fn(&str) -> String + use<> {
        let mask = crate::host::mask::Mask::new(secrets.iter().copied());
        move |text| mask.text(text).into_owned()
    }
}
