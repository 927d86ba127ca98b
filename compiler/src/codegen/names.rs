//! Identifiers of the generated program.
//!
//! Enters: stage ids and variable names. Leaves: identifiers in snake case that no two things
//! share. Must not know what is named.

use std::collections::BTreeSet;

/// The names given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// `create-ticket` and `config` give `create_ticket_config`; a number follows where that is
    /// taken. `suffix` is in snake case and keeps the result from being a keyword.
    pub(super) fn function(&mut self, id: &str, suffix: &str) -> String {
        let stem = format!(
            "{}_{suffix}",
            snake(id).unwrap_or_else(|| "stage".to_owned())
        );
        let mut name = stem.clone();
        let mut number = 1_u32;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{stem}_{number}");
        }
        name
    }
}

/// The name of a comprehension's variable: its own, and a number that makes it unique.
pub(super) fn local(name: &str, id: u32) -> String {
    format!("{}_{id}", snake(name).unwrap_or_else(|| "item".to_owned()))
}

/// Letters and digits in lower case, one `_` for everything between; none where nothing stays.
fn snake(text: &str) -> Option<String> {
    let words: Vec<_> = text
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = words.join("_");
    match name.chars().next() {
        None => None,
        Some(first) if first.is_ascii_digit() => Some(format!("n{name}")),
        Some(_) => Some(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_snake_case() {
        let mut names = Names::default();
        let given: Vec<_> = [
            "create-ticket",
            "create_ticket",
            "Create--Ticket-",
            "2nd",
            "-",
            "_",
        ]
        .iter()
        .map(|id| names.function(id, "config"))
        .collect();
        assert_eq!(
            given,
            [
                "create_ticket_config",
                "create_ticket_config_2",
                "create_ticket_config_3",
                "n2nd_config",
                "stage_config",
                "stage_config_2"
            ]
        );
        assert_eq!(local("s", 3), "s_3");
        assert_eq!(local("名", 4), "item_4");
    }

    #[test]
    fn a_name_that_looks_like_a_numbered_one_is_not_given_twice() {
        let mut names = Names::default();
        let given: Vec<_> = ["a", "a", "a-config-2"]
            .iter()
            .map(|id| names.function(id, "config"))
            .collect();
        assert_eq!(given, ["a_config", "a_config_2", "a_config_2_config"]);
        assert_eq!(names.function("a", "config_2"), "a_config_2_2");
    }
}
