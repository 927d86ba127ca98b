//! Identifiers of the generated program.
//!
//! Enters: stage ids and variable names. Leaves: identifiers in snake case, all different. Must not
//! know what they name.

use std::collections::BTreeSet;

use super::rust::Name;

/// The names used so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<Name>,
}

impl Names {
    /// `create-ticket` and `config` give `create_ticket_config`, followed by a number if that name
    /// is taken. `suffix` must be in snake case; with it, the result is never a keyword.
    pub(super) fn function(&mut self, id: &str, suffix: &'static str) -> Name {
        let stem = Name::snake(id).unwrap_or(Name::new("stage")).with(suffix);
        let mut name = stem.clone();
        let mut number = 1_u32;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = stem.with_number(number);
        }
        name
    }
}

/// The name of a comprehension's variable: its own, and a number that makes it unique.
pub(super) fn local(name: &str, id: u32) -> Name {
    Name::snake(name)
        .unwrap_or(Name::new("item"))
        .with_number(id)
}
