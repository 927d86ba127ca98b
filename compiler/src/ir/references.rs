//! Stage ids, wherever they are written.
//!
//! Enters: the stages' ids and each reference to one. Leaves: positions, a near id where one
//! was misspelt, and one finding a mistake (FMC0301).

use indexmap::IndexMap;

use super::StageId;
use crate::{
    ast::Spanned,
    diagnostics::{Code, Diagnostic, Edit, Fix, suggest},
    source::Span,
};

/// The ids of a pipeline and what refers to them.
#[derive(Debug, Default)]
pub(super) struct References {
    ids: IndexMap<String, Id>,
    unknown: IndexMap<String, Vec<Span>>,
}

#[derive(Debug)]
struct Id {
    span: Span,
    referenced: usize,
}

impl References {
    pub(super) fn new<'a>(ids: impl Iterator<Item = &'a Spanned<String>>) -> Self {
        let ids = ids.map(|id| {
            let entry = Id {
                span: id.span,
                referenced: 0,
            };
            (id.value.clone(), entry)
        });
        Self {
            ids: ids.collect(),
            unknown: IndexMap::new(),
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.keys().map(String::as_str)
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.ids.contains_key(name)
    }

    /// The stage of an id; the nearest where it is misspelt, so that nothing else is said of it.
    pub(super) fn resolve(&mut self, name: &str, span: Span) -> Option<StageId> {
        if let Some((at, _, id)) = self.ids.get_full_mut(name) {
            id.referenced += 1;
            return stage(at);
        }
        self.unknown.entry(name.to_owned()).or_default().push(span);
        let near = suggest::nearest(name, self.names())?.to_owned();
        self.ids.get_index_of(&near).and_then(stage)
    }

    /// Whether an id was met that not even a near one stands for.
    pub(super) fn lost(&self) -> bool {
        self.unknown
            .keys()
            .any(|name| suggest::nearest(name, self.names()).is_none())
    }

    /// One finding for each unknown id.
    pub(super) fn report(&self, found: &mut Vec<Diagnostic>) {
        for (name, spans) in &self.unknown {
            let near = suggest::nearest(name, self.names());
            let definition = near.and_then(|near| Some((near, self.ids.get(near)?)));
            found.push(match definition {
                // Everyone else agrees on the other spelling: the definition is what is wrong.
                Some((near, id)) if spans.len() > 1 && id.referenced == 0 => {
                    misnamed(near, id.span, name, spans)
                }
                _ => self.unknown(name, near, spans),
            });
        }
    }

    fn unknown(&self, name: &str, near: Option<&str>, spans: &[Span]) -> Diagnostic {
        let first = spans.first().copied().unwrap_or_default();
        let message = format!("no stage has the id `{name}`");
        let mut finding = Diagnostic::new(Code::UnknownStage, first, message)
            .label("not the id of any stage");
        for &other in spans.iter().skip(1) {
            finding = finding.related(other, "named here too");
        }
        let Some((near, id)) = near.and_then(|near| Some((near, self.ids.get(near)?))) else {
            return finding.help(format!("the stages are {}", suggest::list(self.names())));
        };
        if id.referenced == 0 {
            // Nobody names the other one: it may be the definition that is misspelt.
            finding = finding.related(id.span, "defined here, and named nowhere");
        }
        let edits = spans.iter().map(|&span| Edit {
            span,
            text: near.to_owned(),
        });
        finding.fix = Some(Fix {
            title: format!("replace it by `{near}`"),
            safe: false,
            edits: edits.collect(),
        });
        finding.help(format!("the nearest id is `{near}`"))
    }
}

fn misnamed(defined: &str, span: Span, wanted: &str, spans: &[Span]) -> Diagnostic {
    let message = format!("no stage has the id `{wanted}`, and nothing refers to `{defined}`");
    let mut finding = Diagnostic::new(Code::UnknownStage, span, message)
        .label(format!("the nearest id to `{wanted}`"));
    for &other in spans {
        finding = finding.related(other, "refers to it");
    }
    finding
        .help(format!("the other places agree on `{wanted}`"))
        .fix(
            format!("rename the stage to `{wanted}`"),
            false,
            span,
            wanted,
        )
}

fn stage(at: usize) -> Option<StageId> {
    u32::try_from(at).ok().map(StageId)
}
