//! The typed intermediate representation: names resolved, settings canonical, owners known.
//!
//! Enters: an AST and the catalogue. Leaves: an [`Ir`] for analysis, editors and code
//! generation, and findings of families 02 to 05. Lowering never fails: what could not be
//! resolved is poison, reported once. Must not know Rust code or output formats.

pub mod expr;

pub mod facts;

pub mod graph;

pub mod dump;

mod fits;

mod hosts;

mod infer;

mod lower;

mod members;

mod misnamed;

mod no_effect;

mod node;

mod output;

mod pipelines;

mod references;

mod settings;

mod status;

pub use infer::infer_expression;
pub use lower::lower;
pub use pipelines::check as check_pipelines;

use crate::{
    ast,
    catalogue::{Component, Control, Output, StageList},
    source::Span,
    types::Type,
};
use expr::Node;

/// A stage's position in [`Ir::stages`], which is document order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StageId(pub u32);

/// A whole pipeline.
#[derive(Clone, Debug)]
pub struct Ir {
    /// The AST it came from.
    pub ast: ast::Pipeline,
    /// The stages, in document order.
    pub stages: Vec<Stage>,
    /// The stage whose output is the run's.
    pub output: Option<StageId>,
    /// The type of `input`.
    pub input: Type,
    /// Environment variables read, in order of name.
    pub env: Vec<EnvVar>,
    /// Hosts that literal URLs name, in order of name.
    pub hosts: Vec<String>,
    /// What this version checks but cannot build: a description and its place.
    pub unbuildable: Vec<(String, Span)>,
    /// Who names, selects and waits for whom.
    pub graph: graph::Graph,
    /// Who reads whom.
    pub facts: facts::Facts,
}

/// An environment variable the pipeline reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvVar {
    /// Its name.
    pub name: String,
    /// Read somewhere without `or` or `default`.
    pub required: bool,
    /// Secret by its name.
    pub secret: bool,
    /// Where it is read, in document order.
    pub reads: Vec<Span>,
}

/// A stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its position.
    pub id: StageId,
    /// Its id as written.
    pub name: ast::Spanned<String>,
    /// The row of its component; none when unknown (reported).
    pub component: Option<&'static Component>,
    /// Whole object.
    pub span: Span,
    /// The settings, canonical names, document order; `template`, conditions and the like are
    /// `deferred`: evaluated by the component in a scope of its own making.
    pub settings: Vec<Setting>,
    /// What must have finished first, in document order.
    pub depends_on: Vec<Dependency>,
    /// Lists of stages this stage owns.
    pub owned: Vec<OwnedList>,
    /// `enabled`.
    pub enabled: bool,
    /// `timeout_ms`.
    pub timeout_ms: Option<u64>,
    /// `error_handling`.
    pub error_handling: ast::ErrorHandling,
    /// `fallback_output`.
    pub fallback: Option<Node>,
    /// Whether any expression can observe this stage's HTTP status (language reference, section 7).
    pub status_observed: bool,
    /// The type of its output.
    pub output: Type,
}

/// A dependency.
#[derive(Clone, Copy, Debug)]
pub struct Dependency {
    /// On which stage.
    pub stage: StageId,
    /// Where it is written.
    pub span: Span,
}

/// One setting of a stage.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Canonical name; `provider`, `model`, `llm_settings` of AI stages are settings too.
    pub name: &'static str,
    /// Place of the key.
    pub key: Span,
    /// Evaluated by the component itself.
    pub deferred: bool,
    /// The value.
    pub value: Node,
}

/// A list of stages owned through one setting.
#[derive(Clone, Debug)]
pub struct OwnedList {
    /// What the list is.
    pub role: Role,
    /// The members, in order, with the places of their names.
    pub stages: Vec<(StageId, Span)>,
}

/// What an owned list is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A router's route, with its key.
    Route(String),
    /// A router's default route.
    DefaultRoute,
    /// `true_stages`
    True,
    /// `false_stages`
    False,
    /// `try_stages`
    Try,
    /// `catch_stages`
    Catch,
    /// `finally_stages`
    Finally,
    /// `loop_stages`
    Body,
}

impl From<StageList> for Role {
    fn from(list: StageList) -> Self {
        match list {
            StageList::DefaultRoute => Self::DefaultRoute,
            StageList::True => Self::True,
            StageList::False => Self::False,
            StageList::Try => Self::Try,
            StageList::Catch => Self::Catch,
            StageList::Finally => Self::Finally,
            StageList::Body => Self::Body,
        }
    }
}

impl Role {
    /// Which of an owner's lists has its turn when, for those gone through in order, with whose
    /// end their owner ends; none for the branches of a choice.
    #[must_use]
    pub fn turn(&self) -> Option<u8> {
        match self {
            Self::Try | Self::Body => Some(0),
            Self::Catch => Some(1),
            Self::Finally => Some(2),
            Self::Route(_) | Self::DefaultRoute | Self::True | Self::False => None,
        }
    }
}

impl Ir {
    /// The stage at a position.
    #[must_use]
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.get(id.0 as usize)
    }
}

impl Stage {
    /// The canonical name of its component (`http-request`); empty when unknown (reported).
    #[must_use]
    pub fn component_name(&self) -> &'static str {
        self.component.map_or("", |component| component.name)
    }

    /// How the executor runs it; none where it is no control flow, or unknown.
    #[must_use]
    pub fn control(&self) -> Option<Control> {
        self.component.and_then(Component::control)
    }

    /// Whether it sets variables of `context`.
    #[must_use]
    pub fn sets_variables(&self) -> bool {
        let sets = |component: &Component| matches!(component.output, Output::Variables);
        self.component.is_some_and(sets)
    }

    /// The setting of a canonical name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}
