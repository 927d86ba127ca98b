//! Identifiers of the generated program.
//!
//! Enters: stage ids and variable names. Leaves: identifiers in snake case that no two things
//! share. Must not know what is named.

use std::collections::BTreeSet;

use super::rust::Name;

/// The names given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<Name>,
}

impl Names {
    /// `create-ticket` and `config` give `create_ticket_config`; a number follows where that is
    /// taken. `suffix` is in snake case and keeps the result from being a keyword.
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
