//! `fmc-lsp`: the language server on standard input and output, not written yet.
//!
//! Enters: messages of an editor. Leaves: messages to it. Everything is in the library.
fn main() {}
