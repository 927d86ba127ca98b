//! The language server: shows the findings of `fmc` and offers their fixes while the user types.
//!
//! Enters: messages from an editor on a stream. Leaves: messages to the editor. Findings come from
//! the same loader and checks as on the command line, applied to the open texts. Only `server`
//! knows the protocol. Modules are listed in the order in which data flows; each may use those
//! above it, never those below. Must not know how findings are made.

pub mod overlay;

pub mod utf16;

pub mod analysis;

pub mod features;

pub mod server;
