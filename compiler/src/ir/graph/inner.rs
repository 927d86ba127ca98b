//! What each stage runs: what it owns, and what those own.
//!
//! Enters: a graph, and stages one after the other. Leaves: a set for each, made once: the order of
//! the stages and what is before each of them ask for the same ones. Must not know expressions.

use std::{collections::HashMap, rc::Rc};

use super::{Graph, StageSet};
use crate::ir::StageId;

/// The sets so far.
#[derive(Debug, Default)]
pub(super) struct Inner {
    known: HashMap<StageId, Rc<StageSet>>,
}

impl Inner {
    /// Everything that runs only because of this stage.
    pub(super) fn of(&mut self, graph: &Graph, stage: StageId) -> Rc<StageSet> {
        if graph.owned(stage).is_empty() {
            return Rc::default();
        }
        let known = self.known.entry(stage);
        let known = known.or_insert_with(|| Rc::new(graph.inner(stage).into_iter().collect()));
        Rc::clone(known)
    }
}
