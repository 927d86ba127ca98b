//! The world outside: files, the project's configuration.
//!
//! Enters: paths. Leaves: texts and settings. Only this module and `cli` do I/O.

pub mod host;
pub mod project;
