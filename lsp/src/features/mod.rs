//! What the editor can ask for, a file each.
//!
//! Enters: an [`crate::analysis::Analysis`], and places as editors count them. Leaves: plain data
//! that `server` words as the protocol wants it. Must not know the protocol.

pub mod actions;
pub mod findings;
