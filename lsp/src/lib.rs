//! The language server: what `fmc` finds, and the fixes it knows, live in an editor.
//!
//! Enters: messages of an editor on a stream. Leaves: messages to it. Findings are made by the
//! same loader and the same checks as those of the command line, over the texts that are open.
//! Must not know how findings are made; only `server` knows the protocol. Modules stand in the
//! order of the data's flow; each may use those above it, never those below.

pub mod overlay;

pub mod utf16;

pub mod analysis;

pub mod features;

pub mod server;
