//! End to end: pipelines built by the real `fmc`, run against a scripted server; and the
//! structure of the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod reference_basic;

mod reference_mocked;
