//! What the editor can ask for. Each feature has a file.
//!
//! Enters: an [`crate::analysis::Analysis`], and positions as editors count them. Leaves: plain
//! data, which `server` turns into messages of the protocol. Must not know the protocol.

pub mod actions;
pub mod findings;
