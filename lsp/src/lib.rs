//! The language server, as a library: not written yet.
//!
//! Enters: texts and requests of an editor. Leaves: what `fmc` finds, in the shape of the
//! protocol. Must not know how findings are made.
