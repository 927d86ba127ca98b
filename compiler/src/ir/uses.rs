//! Names: where each is defined and where it is read.
//!
//! Enters: each definition and each use, as resolution and inference come across them. Leaves: a
//! table, in which checks find misspelt names and an editor finds references and renames. Must not
//! know the wording of findings.

use indexmap::IndexMap;

use super::{StageId, expr::ExprId};
use crate::{
    diagnostics::{Diagnostic, suggest::Searches},
    source::Span,
};

/// One expression that reads the output of a stage.
#[derive(Clone, Debug)]
pub struct Read {
    /// The stage whose setting contains the expression.
    pub reader: StageId,
    /// The stage whose output is read.
    pub target: StageId,
    /// The expression.
    pub expr: ExprId,
    /// The span of the stage's id in the expression.
    pub span: Span,
    /// The path read from the output, step by step; empty when the whole output is used.
    pub path: Vec<Step>,
    /// Whether the expression has a replacement for null, as `upstream.a.x or 0` has. Set by
    /// inference; no check reads it yet.
    pub guarded: bool,
}

/// One step of a path into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`, `['name']`
    Field(String),
    /// An index, a slice, or a computed key.
    Any,
}

impl Read {
    /// The field that is read; `None` when the whole output is used or the key is computed.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self.path.first() {
            Some(Step::Field(name)) => Some(name),
            Some(Step::Any) | None => None,
        }
    }
}

/// Which table a name is looked up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Stage ids: in `upstream.ID`, `depends_on`, lists of stages, `output_stage_id`.
    Stage,
    /// The fields of a stage's output.
    Output(StageId),
    /// The fields of `input`.
    Input,
    /// The fields of `context`; the variables of loops are also bare names.
    Context,
}

/// A name.
#[derive(Clone, Debug, Default)]
pub struct NameUses {
    /// Where it is defined: the `id` of a stage, a key of a template, a property of a schema.
    pub defined: Vec<Span>,
    /// Where it is read, in the order in which the stages were understood.
    pub read: Vec<Span>,
    /// Where it is read although nothing defines it.
    pub missing: Vec<Missing>,
}

/// One use of a name that nothing defines.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The span of the word.
    pub span: Span,
    /// The defined name that was most likely meant.
    pub near: Option<String>,
    /// The finding for it, when only the place of the use can word it.
    pub finding: Option<Box<Diagnostic>>,
}

/// All names of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    spaces: IndexMap<Space, IndexMap<String, NameUses>>,
    /// The searches for the stages that unknown ids may mean.
    pub(crate) searches: Searches,
}

impl Uses {
    fn entry(&mut self, space: Space, name: &str) -> &mut NameUses {
        let names = self.spaces.entry(space).or_default();
        names.entry(name.to_owned()).or_default()
    }

    /// Records a definition.
    pub(crate) fn define(&mut self, space: Space, name: &str, span: Span) {
        self.entry(space, name).defined.push(span);
    }

    /// Records a use.
    pub(crate) fn read(&mut self, space: Space, name: &str, span: Span) {
        self.entry(space, name).read.push(span);
    }

    /// Records a use of a name that nothing defines.
    pub(crate) fn miss(&mut self, space: Space, name: &str, missing: Missing) {
        self.entry(space, name).missing.push(missing);
    }

    /// A name that is defined or used somewhere.
    #[must_use]
    pub fn name(&self, space: Space, name: &str) -> Option<&NameUses> {
        self.spaces.get(&space)?.get(name)
    }

    /// All names, each with the table it is looked up in.
    pub fn names(&self) -> impl Iterator<Item = (Space, &str, &NameUses)> {
        let spaces = self.spaces.iter();
        spaces.flat_map(|(space, names)| {
            let names = names.iter();
            names.map(move |(text, name)| (*space, text.as_str(), name))
        })
    }

    /// The name whose definition or use is at an offset in the file, and the span of that
    /// definition or use. When there are several, the first.
    #[must_use]
    pub fn at(&self, offset: u32) -> Option<(Space, &str, Span)> {
        let here = |span: &&Span| span.start <= offset && offset <= span.end;
        self.names().find_map(|(space, text, name)| {
            let missing = name.missing.iter().map(|missing| &missing.span);
            let mut places = name.defined.iter().chain(&name.read).chain(missing);
            Some((space, text, *places.find(here)?))
        })
    }
}
