//! Stage ids, wherever they are written.
//!
//! Enters: the stages' ids and each reference to one. Leaves: positions, a near id where one
//! was misspelt, and one finding a mistake (FMC0301).

use indexmap::IndexMap;

use super::{
    StageId,
    misnamed::{Misnamed, agreed},
};
use crate::{
    ast::Spanned,
    diagnostics::{Code, Diagnostic, Edit, Fix, suggest},
    source::Span,
};

/// For so many unknown ids the nearest is looked for. More of them are no slips, and the search
/// goes through all stages each time.
const SEARCHED: usize = 200;

/// The ids of a pipeline and what refers to them.
#[derive(Debug, Default)]
pub(super) struct References {
    ids: IndexMap<String, Id>,
    /// Further stages stand in other files: an id that none has here is nobody's mistake.
    open: bool,
    unknown: IndexMap<String, Vec<Unknown>>,
}

#[derive(Debug)]
struct Id {
    span: Span,
    referenced: usize,
}

/// A reference to an id that no stage has, and the position of the nearest that could be meant.
#[derive(Clone, Copy, Debug)]
struct Unknown {
    span: Span,
    near: Option<usize>,
}

impl References {
    pub(super) fn new<'a>(ids: impl Iterator<Item = &'a Spanned<String>>, open: bool) -> Self {
        let ids = ids.map(|id| {
            let entry = Id {
                span: id.span,
                referenced: 0,
            };
            (id.value.clone(), entry)
        });
        Self {
            ids: ids.collect(),
            open,
            unknown: IndexMap::new(),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(String::as_str)
    }

    /// Whether what is not known here may be known in another file.
    pub(super) fn is_open(&self) -> bool {
        self.open
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.ids.contains_key(name)
    }

    /// The stage of an id; the nearest where it is misspelt, so that nothing else is said of it.
    /// Stages of `avoid` are never meant by a misspelt id: they cannot stand where it stands.
    pub(super) fn resolve(&mut self, name: &str, span: Span, avoid: &[StageId]) -> Option<StageId> {
        if let Some((at, _, id)) = self.ids.get_full_mut(name) {
            id.referenced += 1;
            return stage(at);
        }
        if self.open {
            return None;
        }
        let possible = self.names().enumerate();
        let possible = possible.filter(|(at, _)| stage(*at).is_none_or(|id| !avoid.contains(&id)));
        let searched = self.unknown.len() < SEARCHED || self.unknown.contains_key(name);
        let near = suggest::nearest(name, possible.filter(|_| searched).map(|(_, name)| name));
        let near = near.and_then(|near| self.ids.get_index_of(near));
        let others = self.unknown.entry(name.to_owned()).or_default();
        others.push(Unknown { span, near });
        near.and_then(stage)
    }

    /// One finding for each unknown id.
    pub(super) fn report(&self, found: &mut Vec<Diagnostic>) {
        for (name, places) in &self.unknown {
            let agreed = agreed(places.iter().map(|place| place.near)).is_some();
            let near = places.first().and_then(|place| place.near);
            let near = near.and_then(|near| self.ids.get_index(near));
            found.push(match near {
                // Everyone else agrees on the other spelling: the definition is what is wrong.
                Some((near, id)) if agreed && places.len() > 1 && id.referenced == 0 => Misnamed {
                    code: Code::UnknownStage,
                    message: format!(
                        "no stage has the id `{name}`, and nothing refers to `{near}`"
                    ),
                    noun: "id",
                    relation: "refers to it",
                    thing: "the stage",
                }
                .finding(id.span, name, places.iter().map(|place| place.span)),
                _ => self.unknown(name, near, places),
            });
        }
    }

    fn unknown(&self, name: &str, near: Option<(&String, &Id)>, places: &[Unknown]) -> Diagnostic {
        let first = places.first().map(|place| place.span).unwrap_or_default();
        let message = format!("no stage has the id `{name}`");
        let mut finding =
            Diagnostic::new(Code::UnknownStage, first, message).label("not the id of any stage");
        for other in places.iter().skip(1) {
            finding = finding.related(other.span, "named here too");
        }
        let Some((near, id)) = near else {
            return finding.help(format!("the stages are {}", suggest::list(self.names())));
        };
        if id.referenced == 0 {
            // Nobody names the other one: it may be the definition that is misspelt.
            finding = finding.related(id.span, "defined here, and named nowhere");
        }
        let edits = places.iter().map(|place| Edit {
            span: place.span,
            text: near.clone(),
        });
        finding.fix = Some(Fix {
            title: format!("replace it by `{near}`"),
            safe: false,
            edits: edits.collect(),
        });
        finding.help(format!("the nearest id is `{near}`"))
    }
}

fn stage(at: usize) -> Option<StageId> {
    u32::try_from(at).ok().map(StageId)
}
