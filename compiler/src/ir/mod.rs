//! The intermediate representation: plain data.
//!
//! Enters: what resolution and inference made of an AST. Leaves: stages with canonical settings,
//! typed expressions, the graph of stages, and where each name is defined and used. What could not
//! be understood is poison and has one finding. Must not know how any of it was found, nor
//! generated Rust or output formats.

pub mod config;

pub mod expr;

pub mod graph;

pub mod uses;

pub mod walk;

use crate::{
    ast,
    catalogue::{Component, Control, Output, StageList},
    source::Span,
    types::Type,
};
use config::ConfigValue;

/// The index of a stage in the file, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StageId(pub u32);

/// A stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its index.
    pub id: StageId,
    /// Its id as written.
    pub name: ast::Spanned<String>,
    /// The row of its component; `None` for an unknown one, which has a finding.
    pub component: Option<&'static Component>,
    /// The span of the whole object.
    pub span: Span,
    /// The settings by canonical name, in document order.
    pub settings: Vec<Setting>,
    /// The stages that must have finished first, in document order.
    pub depends_on: Vec<Dependency>,
    /// The lists of stages that it owns.
    pub owned: Vec<OwnedList>,
    /// `enabled`.
    pub enabled: bool,
    /// `timeout_ms`.
    pub timeout_ms: Option<u64>,
    /// `error_handling`.
    pub error_handling: ast::ErrorHandling,
    /// `fallback_output`.
    pub fallback: Option<ConfigValue>,
    /// The type of its output.
    pub output: Type,
}

/// An entry of `depends_on`.
#[derive(Clone, Copy, Debug)]
pub struct Dependency {
    /// The stage it names.
    pub stage: StageId,
    /// Its span.
    pub span: Span,
}

/// One setting of a stage.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The canonical name. `provider`, `model` and `llm_settings` of AI stages count as settings.
    pub name: &'static str,
    /// The span of its key.
    pub key: Span,
    /// Whether the component evaluates it itself, with extra names in scope. Set from the
    /// catalogue; code generation reads it. True for `template`, `condition` and the like.
    pub deferred: bool,
    /// The value.
    pub value: ConfigValue,
}

/// A list of stages that a stage owns through one setting.
#[derive(Clone, Debug)]
pub struct OwnedList {
    /// What the list is for.
    pub role: Role,
    /// Its members, in order, each with the span of its name.
    pub stages: Vec<(StageId, Span)>,
}

/// What an owned list is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A router's route, with its key.
    Route(String),
    /// A setting that is a list of stages.
    List(StageList),
}

impl Role {
    /// When the list has its turn among the lists of its owner ([`StageList::turn`]); `None` for
    /// the branches of a choice.
    #[must_use]
    pub fn turn(&self) -> Option<u8> {
        match self {
            Self::Route(_) => None,
            Self::List(list) => list.turn(),
        }
    }

    /// Whether it is the list of a setting.
    #[must_use]
    pub fn is(&self, list: StageList) -> bool {
        *self == Self::List(list)
    }
}

impl Stage {
    /// The canonical name of its component, like `http-request`; empty for an unknown one.
    #[must_use]
    pub fn component_name(&self) -> &'static str {
        self.component.map_or("", |component| component.name)
    }

    /// How the executor runs it; `None` when it is not control flow, or unknown.
    #[must_use]
    pub fn control(&self) -> Option<Control> {
        self.component.and_then(Component::control)
    }

    /// Whether it sets variables in `context`.
    #[must_use]
    pub fn sets_variables(&self) -> bool {
        let sets = |component: &Component| matches!(component.output, Output::Variables);
        self.component.is_some_and(sets)
    }

    /// The setting with this canonical name.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}
