//! The environment variables that a pipeline reads (language reference, section 8).
//!
//! Enters: each reading, and what configuration says of variables. Leaves: one row a variable.

use indexmap::IndexMap;

use super::Configured;
use crate::{infer::EnvRead, source::Span};

/// An environment variable the pipeline reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Read somewhere without `or` or `default`, and not optional by configuration.
    pub required: bool,
    /// Secret by its name or by configuration.
    pub secret: bool,
    /// Where it is read, in document order.
    pub reads: Vec<Span>,
}

/// A variable with one of these in its name is secret.
const MARKS: [&str; 7] = [
    "TOKEN",
    "KEY",
    "SECRET",
    "PASSWORD",
    "AUTH",
    "CREDENTIAL",
    "WEBHOOK",
];

/// The variables, in order of name.
pub(super) fn of(reads: &[EnvRead], configured: Configured<'_>) -> Vec<EnvVar> {
    let mut variables: IndexMap<&str, EnvVar> = IndexMap::new();
    for read in reads {
        let variable = variables.entry(&read.name).or_insert_with(|| {
            let upper = read.name.to_uppercase();
            EnvVar {
                name: read.name.clone(),
                required: false,
                secret: MARKS.iter().any(|mark| upper.contains(mark))
                    || configured.secret.contains(&read.name),
                reads: Vec::new(),
            }
        });
        variable.required |= !read.guarded && !configured.optional.contains(&read.name);
        variable.reads.push(read.span);
    }
    variables.sort_unstable_keys();
    let mut variables: Vec<EnvVar> = variables.into_values().collect();
    for variable in &mut variables {
        variable.reads.sort_unstable();
    }
    variables
}
