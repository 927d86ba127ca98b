//! JSON text to a tree with exact places, never failing.
//!
//! Enters: the text of one file. Leaves: a [`tree::Node`] that keeps duplicates and order, and
//! findings of family 01. Must not know pipelines or templates.

pub mod tree;
