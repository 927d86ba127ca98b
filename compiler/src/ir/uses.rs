//! Names, and where they are defined and read.
//!
//! Enters: each definition and each reading, as resolution and inference meet them. Leaves: a table
//! that is kept: misspelt names are found in it, and an editor finds references and renames. Must
//! not know words of findings.

use indexmap::IndexMap;

use super::{StageId, expr::ExprId};
use crate::{diagnostics::Diagnostic, source::Span};

/// One expression's reading of a stage's output.
#[derive(Clone, Debug)]
pub struct Read {
    /// The stage whose setting it stands in.
    pub reader: StageId,
    /// The stage that is read.
    pub target: StageId,
    /// The expression.
    pub expr: ExprId,
    /// The stage's id in the expression.
    pub span: Span,
    /// What is taken from the output, step by step; empty where it is used whole.
    pub path: Vec<Step>,
    /// The expression gives another value where this one is null.
    pub guarded: bool,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// `.name`, `['name']`
    Field(String),
    /// An index, a slice, or a key that is computed.
    Any,
}

impl Read {
    /// The field of the output that is read; none where it is used whole, or by a computed key.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self.path.first() {
            Some(Step::Field(name)) => Some(name),
            Some(Step::Any) | None => None,
        }
    }
}

/// What a name is looked up in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// The ids of the stages: `upstream.ID`, `depends_on`, lists of stages, `output_stage_id`.
    Stage,
    /// The fields of a stage's output.
    Output(StageId),
    /// The fields of `input`.
    Input,
    /// The fields of `context`, and the bare names of loops' variables.
    Context,
}

/// A name.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// Where it is defined: a stage's `id`, a key of a template, a property of a schema.
    pub defined: Vec<Span>,
    /// Where it is read, in the order in which stages were understood.
    pub read: Vec<Span>,
    /// Where it is read although nothing is called so.
    pub missing: Vec<Missing>,
}

/// A reading of a name that nothing has.
#[derive(Clone, Debug)]
pub struct Missing {
    /// The word.
    pub span: Span,
    /// The name that was most likely meant.
    pub near: Option<String>,
    /// What to say of it, where the place of the reading decides the words.
    pub finding: Option<Box<Diagnostic>>,
}

/// The names of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Uses {
    spaces: IndexMap<Space, IndexMap<String, Name>>,
    missing_stages: usize,
}

impl Uses {
    fn entry(&mut self, space: Space, name: &str) -> &mut Name {
        let names = self.spaces.entry(space).or_default();
        names.entry(name.to_owned()).or_default()
    }

    /// Notes where a name is defined.
    pub(crate) fn define(&mut self, space: Space, name: &str, span: Span) {
        self.entry(space, name).defined.push(span);
    }

    /// Notes where a name is read.
    pub(crate) fn read(&mut self, space: Space, name: &str, span: Span) {
        self.entry(space, name).read.push(span);
    }

    /// Notes where a name is read that nothing has.
    pub(crate) fn miss(&mut self, space: Space, name: &str, missing: Missing) {
        let missed = &mut self.entry(space, name).missing;
        let first = missed.is_empty();
        missed.push(missing);
        self.missing_stages += usize::from(first && space == Space::Stage);
    }

    /// How many words are read as stage ids that no stage has.
    pub(crate) fn missing_stages(&self) -> usize {
        self.missing_stages
    }

    /// A name that is defined or read somewhere.
    #[must_use]
    pub fn name(&self, space: Space, name: &str) -> Option<&Name> {
        self.spaces.get(&space)?.get(name)
    }

    /// Every name, by what it is looked up in.
    pub fn names(&self) -> impl Iterator<Item = (Space, &str, &Name)> {
        let spaces = self.spaces.iter();
        spaces.flat_map(|(space, names)| {
            let names = names.iter();
            names.map(move |(text, name)| (*space, text.as_str(), name))
        })
    }

    /// The name that stands at an offset of the file, as a definition or a reading; the first of
    /// several, with the place where it stands there.
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
