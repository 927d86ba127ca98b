//! What generated code builds configurations with: objects, lists, joined text, URLs.
//!
//! Enters: values of expressions and literal text. Leaves: one value, never parsed again, so
//! that data which looks like a template stays data. Must not know components.

mod node;
mod parts;
mod url;

pub use node::ConfigNode;
pub use parts::text;

#[cfg(test)]
pub(crate) mod tests;
