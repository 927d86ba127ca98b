//! Misspelt definitions: all readers agree on another spelling.
//!
//! Enters: the uses of a name that nothing defines. Leaves: the defined name that all of them mean,
//! and the finding at its definition. Must not know what kind of name it is.

use crate::{
    diagnostics::{Code, Diagnostic},
    ir::uses::Missing,
    source::Span,
};

/// The defined name that all uses mean; `None` when they differ.
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
    /// What the definition is called: `id`, `name`.
    pub(super) noun: &'static str,
    /// What the other places do: `refers to it`.
    pub(super) relation: &'static str,
    /// What the fix renames.
    pub(super) thing: &'static str,
}

impl MisspeltDefinition {
    /// The finding at the definition. The places that agree on the other spelling are its related
    /// places.
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
