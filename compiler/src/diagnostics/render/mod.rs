//! The output formats of findings.
//!
//! Enters: findings and the texts they are about. Leaves: text for people or machines. Each format
//! is one module, and all of them print the same struct. Must not know what finds a defect.

mod excerpt;
pub mod github;
pub mod human;
pub mod json;
pub mod oneline;
pub mod sarif;
