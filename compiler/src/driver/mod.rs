//! The world outside: files, the project's configuration.
//!
//! Enters: paths. Leaves: texts, settings and built programs. Only this module and `cli` do I/O.

pub mod read;

mod repository;

mod rules;

mod tracked;

pub mod walk;

mod owner;

pub mod host;
pub mod out;
pub mod paths;

pub mod globs;

pub mod project;

pub mod find;

mod ids;

pub mod workspace;

pub mod cache;

pub mod sum;

pub mod embedded;
pub mod process;
pub mod progress;

pub mod tools;

pub mod toolchain;

pub mod export;

pub mod place;

pub mod prebuilt;

pub mod program;

pub use progress::Progress;
