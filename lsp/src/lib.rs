//! The language server: findings of `fmc`, live in an editor.
//!
//! Enters: messages of an editor on a stream. Leaves: messages to it. Findings are made by the
//! same loader and the same checks as those of the command line, over the texts that are open.
//! Must not know how findings are made; only `server` knows the protocol.

pub mod overlay;

pub mod findings;

pub mod server;
