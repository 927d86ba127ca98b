//! The door for text from outside: files, peers, paths, arguments, the environment.
//!
//! Enters: any text, and where it will be shown. Leaves: the same text in which nothing moves the
//! cursor, changes colours or the writing direction, hides, ends a line that it should not, or is
//! taken for a command by a program that reads the output. Letters of all languages stay as they
//! are. The writers of both command lines take a [`Shown`] and nothing else, and only the functions
//! here make one. Must not know what a text is about.

mod class;

mod machine;

mod shown;

mod text;

pub use machine::{json, json_paid, link_free, workflow_command};
pub use shown::Shown;
pub use text::{MESSAGE, bounded, drawn, layout, line, message};

#[cfg(test)]
#[path = "tests/mod.rs"]
mod tests;
