//! What an expression of a stage can read.
//!
//! Enters: the state of a run where the stage stands. Leaves: values of the names in scope
//! (language reference, section 4). Must not know scheduling.

/// The names in scope of one stage, or of one element of it.
#[derive(Debug)]
pub struct Scope<'a> {
    _run: &'a (),
}
