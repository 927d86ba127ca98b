//! Builds configurations for generated code: objects, lists, joined text, URLs.
//!
//! Enters: values of expressions, and literal text. Leaves: one value. It is never parsed again, so
//! data that looks like a template stays data. Must not know components.

mod node;
mod parts;
mod url;

pub use node::ConfigNode;
pub use parts::{constant, text};

#[cfg(test)]
pub(crate) mod tests;
