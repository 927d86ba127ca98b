//! Tests from end to end: pipelines built by the real `fmc` and run against a scripted server; and
//! tests of the structure of the workspace.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice
)]

mod bodies;

mod costs;

mod documents;

mod emitted;

mod failures;
mod floors;

mod language_server;

mod limits;

mod outside;

mod parity;

mod reference_basic;

mod reference_mocked;

mod reference_remediation;

mod reference_root_cause;

mod reference_status_page;

mod reference_resolve;

mod reference_runbook;

mod reference_fragments;

mod requests;

mod rests;

mod robustness;

mod schemas;

mod secrets;

mod signals;

mod tidy;

#[cfg(unix)]
mod untrusted_folder;

mod wide;
