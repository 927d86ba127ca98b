//! FMC0307, 0308, 0312: fields, variables and inputs that nothing defines.
//!
//! Enters: the uses of names. Leaves: one finding at each misspelt definition, when all readers
//! agree on another spelling and nobody reads the name as it is defined; otherwise one finding at
//! each reader. Must not know stage ids, which have a check of their own.

use super::misspelt_definition::{MisspeltDefinition, agreed};
use crate::{
    analysis::Subject,
    diagnostics::{Diagnostic, Found},
    ir::uses::{Missing, Space, Uses},
    source::Span,
};

pub(in crate::analysis) fn run(Subject { model, .. }: Subject<'_>, found: &mut Found) {
    for (space, wanted, name) in model.uses.names() {
        let readers: Vec<_> = name.missing.iter().filter_map(finding_of).collect();
        let near = agreed(&name.missing);
        let defined = near.and_then(|near| Some((near, unread(&model.uses, space, near)?)));
        match (defined, readers.as_slice()) {
            // At least two readers agree against one definition, so the definition is misspelt.
            (Some((near, span)), [first, _, ..]) => {
                let Some(message) = message(space, wanted, near) else {
                    continue;
                };
                let places = readers.iter().map(|reader| reader.primary.span);
                let mut finding = MisspeltDefinition {
                    code: first.code,
                    message,
                    noun: "name",
                    relation: "reads it",
                    thing: "it",
                }
                .finding(span, wanted, places);
                finding.severity = first.severity;
                found.push(finding);
            }
            // One reader against one definition: either may be misspelt, so show both.
            (Some((_, span)), _) => found.extend(readers.into_iter().map(|reader| {
                let finding = reader.clone();
                finding.related(span, "defined here but never read")
            })),
            (None, _) => found.extend(readers.into_iter().cloned()),
        }
    }
}

/// The finding of a use, when it is reported here and not elsewhere.
fn finding_of(missing: &Missing) -> Option<&Diagnostic> {
    missing.finding.as_deref()
}

/// The span of a definition, when the name is defined once and never read.
fn unread(uses: &Uses, space: Space, name: &str) -> Option<Span> {
    let name = uses.name(space, name)?;
    match name.defined.as_slice() {
        [only] if name.read.is_empty() => Some(*only),
        _ => None,
    }
}

/// The message at the definition; stage ids have a check of their own.
fn message(space: Space, wanted: &str, defined: &str) -> Option<String> {
    let nothing = match space {
        Space::Stage => return None,
        Space::Output(_) => format!("there is no field `{wanted}`"),
        Space::Input => format!("`input_schema` does not declare `{wanted}`"),
        Space::Context => format!("nothing sets `{wanted}`"),
    };
    Some(format!("{nothing}, and nothing reads `{defined}`"))
}
