//! The environment variables that a pipeline reads (language reference, section 8).
//!
//! Enters: each use of a variable, and what the configuration says about variables. Leaves: one row
//! for each variable. Must not know the values of variables.

use indexmap::IndexMap;

use super::Configured;
use crate::{infer::EnvRead, source::Span};

/// An environment variable that the pipeline reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Whether it must be set: true when it is read at least once without `or` or `default`, and
    /// the configuration does not make it optional. `fmc env` and the built program read this.
    pub required: bool,
    /// Whether its value is masked in logs. Set because of its name (`API_TOKEN`) or by the
    /// configuration; the built program reads it.
    pub secret: bool,
    /// Where it is read, in document order.
    pub reads: Vec<Span>,
}

/// A variable whose name contains one of these is secret.
const MARKS: [&str; 7] = [
    "TOKEN",
    "KEY",
    "SECRET",
    "PASSWORD",
    "AUTH",
    "CREDENTIAL",
    "WEBHOOK",
];

/// The variables, sorted by name.
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
