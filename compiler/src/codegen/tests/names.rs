//! Names of generated items: unique, in snake case.

use crate::codegen::names::{Names, local};

/// The names of the functions `config` of these stages, in order.
fn functions(names: &mut Names, ids: &[&str]) -> Vec<String> {
    ids.iter()
        .map(|id| names.function(id, "config").to_string())
        .collect()
}

#[test]
fn names_are_unique_snake_case() {
    let ids = [
        "create-ticket",
        "create_ticket",
        "Create--Ticket-",
        "2nd",
        "-",
        "_",
    ];
    assert_eq!(
        functions(&mut Names::default(), &ids),
        [
            "create_ticket_config",
            "create_ticket_config_2",
            "create_ticket_config_3",
            "n2nd_config",
            "stage_config",
            "stage_config_2"
        ]
    );
    assert_eq!(local("s", 3).to_string(), "s_3");
    assert_eq!(local("名", 4).to_string(), "item_4");
}

#[test]
fn a_name_that_ends_in_a_number_is_not_used_twice() {
    let mut names = Names::default();
    assert_eq!(
        functions(&mut names, &["a", "a", "a-config-2"]),
        ["a_config", "a_config_2", "a_config_2_config"]
    );
    assert_eq!(names.function("a", "config_2").to_string(), "a_config_2_2");
}
