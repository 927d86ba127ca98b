//! The world outside: files, the project's configuration.
//!
//! Enters: paths. Leaves: texts, settings and built programs. Only this module and `cli` do I/O.

pub mod host;
pub mod out;
pub mod paths;
pub mod project;

mod ids;

pub mod workspace;

pub mod cache;

pub mod embedded;
pub mod process;
pub mod progress;
pub mod toolchain;

pub mod export;

pub mod prebuilt;

pub mod program;

pub use progress::Progress;
