//! The intermediate representation: data without verbs.
//!
//! Enters: what resolution and inference made of an AST. Leaves: stages with canonical settings,
//! typed expressions, the graph of stages, and the names with their uses. What could not be
//! understood is poison, reported once. Must not know how any of it was found, nor Rust code or
//! output formats.

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

/// A stage's position in the file, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StageId(pub u32);

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
    pub fallback: Option<ConfigValue>,
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
    pub value: ConfigValue,
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
    /// A setting that is a list of stages.
    List(StageList),
}

impl Role {
    /// When the list has its turn among the lists of its owner ([`StageList::turn`]); none for
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
