//! Definitions that are misspelt: their readers agree on another spelling.
//!
//! Enters: names as they are defined, read, and read in vain. Leaves: one finding at the
//! definition where every reader means it and nobody reads it as it is written; else what was
//! found at each reader.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::StageId;
use crate::{
    diagnostics::{Code, Diagnostic},
    source::Span,
};

/// What a name is looked up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// The fields of a stage's output.
    Output(StageId),
    /// `input`
    Input,
    /// `context`, and the bare names of loops' variables.
    Context,
}

/// A name that is read in vain.
#[derive(Debug)]
struct Vain {
    near: Option<String>,
    finding: Diagnostic,
}

/// The names of a pipeline's expressions.
#[derive(Debug, Default)]
pub(super) struct Uses {
    defined: IndexMap<(Space, String), Vec<Span>>,
    read: HashSet<(Space, String)>,
    vain: IndexMap<(Space, String), Vec<Vain>>,
}

impl Uses {
    /// Notes where a name is written.
    pub(super) fn define(&mut self, space: Space, name: &str, span: Span) {
        let key = (space, name.to_owned());
        self.defined.entry(key).or_default().push(span);
    }

    /// Notes that a name is read.
    pub(super) fn read(&mut self, space: Space, name: &str) {
        self.read.insert((space, name.to_owned()));
    }

    /// Notes that a name is read which is not there, and the nearest that is.
    pub(super) fn vain(
        &mut self,
        space: Space,
        name: &str,
        near: Option<&str>,
        finding: Diagnostic,
    ) {
        let near = near.map(str::to_owned);
        let vain = self.vain.entry((space, name.to_owned())).or_default();
        vain.push(Vain { near, finding });
    }

    /// One finding at each misspelt definition, one at every other reader.
    pub(super) fn report(self, found: &mut Vec<Diagnostic>) {
        for ((space, wanted), readers) in &self.vain {
            let near = agreed(readers.iter().map(|reader| reader.near.as_deref()));
            let defined = near.and_then(|near| Some((near, self.unread(*space, near)?)));
            match (defined, readers.as_slice()) {
                (Some((near, span)), [first, _, ..]) => {
                    let places = readers.iter().map(|reader| reader.finding.primary.span);
                    let mut finding = Misnamed {
                        code: first.finding.code,
                        message: space.message(wanted, near),
                        noun: "name",
                        relation: "reads it",
                        thing: "it",
                    }
                    .finding(span, wanted, places);
                    finding.severity = first.finding.severity;
                    found.push(finding);
                }
                (Some((_, span)), _) => found.extend(readers.iter().map(|reader| {
                    let finding = reader.finding.clone();
                    finding.related(span, "defined here, and read nowhere")
                })),
                (None, _) => found.extend(readers.iter().map(|reader| reader.finding.clone())),
            }
        }
    }

    /// The place of a name that is defined once and never read.
    fn unread(&self, space: Space, name: &str) -> Option<Span> {
        let key = (space, name.to_owned());
        match self.defined.get(&key)?.as_slice() {
            [only] if !self.read.contains(&key) => Some(*only),
            _ => None,
        }
    }
}

impl Space {
    fn message(self, wanted: &str, defined: &str) -> String {
        let nothing = match self {
            Self::Output(_) => format!("there is no field `{wanted}`"),
            Self::Input => format!("`input_schema` does not declare `{wanted}`"),
            Self::Context => format!("nothing sets `{wanted}`"),
        };
        format!("{nothing}, and nothing reads `{defined}`")
    }
}

/// What every place means, where all mean the same.
pub(super) fn agreed<T: PartialEq>(mut meant: impl Iterator<Item = Option<T>>) -> Option<T> {
    let first = meant.next()??;
    meant
        .all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

/// The words of a finding at a misspelt definition.
pub(super) struct Misnamed {
    pub(super) code: Code,
    pub(super) message: String,
    /// What the definition gives: `id`, `name`.
    pub(super) noun: &'static str,
    /// What the other places do.
    pub(super) relation: &'static str,
    /// What is to be renamed.
    pub(super) thing: &'static str,
}

impl Misnamed {
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
