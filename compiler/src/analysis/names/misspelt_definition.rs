//! Definitions that are misspelt: their readers agree on another spelling.
//!
//! Enters: the readings of a name that nothing has. Leaves: the name that all of them mean, and the
//! words of a finding at its definition.

use crate::{
    diagnostics::{Code, Diagnostic},
    ir::uses::Missing,
    source::Span,
};

/// What every place means, where all mean the same.
pub(super) fn agreed(missing: &[Missing]) -> Option<&str> {
    let (first, rest) = missing.split_first()?;
    let near = first.near.as_deref()?;
    let same = |other: &Missing| other.near.as_deref() == Some(near);
    rest.iter().all(same).then_some(near)
}

/// The words of a finding at a misspelt definition.
pub(super) struct MisspeltDefinition {
    pub(super) code: Code,
    pub(super) message: String,
    /// What the definition gives: `id`, `name`.
    pub(super) noun: &'static str,
    /// What the other places do.
    pub(super) relation: &'static str,
    /// What is to be renamed.
    pub(super) thing: &'static str,
}

impl MisspeltDefinition {
    /// The finding: at the definition, with the places that agree on what is wanted.
    pub(super) fn finding(
        self,
        span: Span,
        wanted: &str,
        places: impl Iterator<Item = Span>,
    ) -> Diagnostic {
        let Self { noun, thing, .. } = self;
        let finding = Diagnostic::new(self.code, span, self.message)
            .label(format!("the nearest {noun} to `{wanted}`"))
            .help(format!("the other places agree on `{wanted}`"))
            .fix(format!("rename {thing} to `{wanted}`"), false, span, wanted);
        places.fold(finding, |finding, place| {
            finding.related(place, self.relation)
        })
    }
}
