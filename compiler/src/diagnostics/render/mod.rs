//! How findings are shown.
//!
//! Enters: findings and the texts they are about. Leaves: text for people or machines, one
//! module a format. All of them print the same struct.

mod excerpt;
pub mod github;
pub mod human;
pub mod json;
pub mod oneline;
pub mod sarif;
