//! Stage ids, at every place where they are written.
//!
//! Enters: the ids of the stages, and each reference to one. Leaves: the index of the stage that is
//! meant (for a misspelt id, the nearest), with each reference recorded in the table of uses. Must
//! not know the finding about a misspelt id.

use indexmap::IndexSet;

use crate::{
    ast,
    ir::{
        StageId,
        uses::{Missing, Space, Uses},
    },
    source::Span,
};

/// The ids of the stages of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct StageIds {
    ids: IndexSet<String>,
    /// Whether there are stages in other files. Set for a pipeline that inherits; read when an id
    /// is unknown, which may then be the id of an inherited stage.
    open: bool,
}

impl StageIds {
    /// Collects the ids of a pipeline and records them as definitions.
    pub(super) fn new(ast: &ast::WrittenPipeline, uses: &mut Uses) -> Self {
        for stage in &ast.stages {
            uses.define(Space::Stage, &stage.id.value, stage.id.span);
        }
        let ids = ast.stages.iter().map(|stage| stage.id.value.clone());
        Self {
            ids: ids.collect(),
            open: ast.inherits(),
        }
    }

    /// The ids, in document order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(String::as_str)
    }

    /// Whether there are stages in other files, so that an id that is unknown here may be correct.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether a stage has this id.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.ids.contains(name)
    }

    /// The stage with this id.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<StageId> {
        stage(self.ids.get_index_of(name)?)
    }

    /// The stage that a reference names; for a misspelt id the nearest, so that no further findings
    /// follow. A misspelt id is never read as a stage that `avoid` accepts, because those cannot be
    /// named at that place.
    pub fn refer(
        &self,
        uses: &mut Uses,
        name: &str,
        span: Span,
        avoid: impl Fn(StageId) -> bool,
    ) -> Option<StageId> {
        if let Some(stage) = self.stage(name) {
            uses.read(Space::Stage, name, span);
            return Some(stage);
        }
        // The id may be that of an inherited stage.
        if self.open {
            return None;
        }
        let possible = self.names().enumerate();
        let possible = possible.filter(|(at, _)| stage(*at).is_none_or(|id| !avoid(id)));
        let near = uses.searches.nearest(name, possible.map(|(_, name)| name));
        let missing = Missing {
            span,
            near: near.map(str::to_owned),
            finding: None,
        };
        uses.miss(Space::Stage, name, missing);
        self.stage(near?)
    }
}

fn stage(at: usize) -> Option<StageId> {
    u32::try_from(at).ok().map(StageId)
}
