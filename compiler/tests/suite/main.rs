//! The tests of the compiler from outside. They are one binary, so that it is linked once.
//!
//! Each file tests one subject; `support` has what several of them use. `cargo test -p fmc --test
//! suite fixtures` runs the tests of one file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod build_command;

#[cfg(unix)]
mod build_conditions;

mod cascades;

mod check_command;

mod driver;

mod eval_command;

mod explain;

mod fixtures;
mod full_disk;

#[cfg(unix)]
mod left_out;

mod lowering;

mod model;

mod mutations;

mod order;

mod other_pipelines;

mod random_pipelines;

mod soundness;

mod support;

#[cfg(unix)]
mod untrusted_build;

#[cfg(unix)]
mod untrusted_check;

mod values;

mod workspace;
