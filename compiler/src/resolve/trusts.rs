//! What may be judged of a pipeline, and of each of its stages.
//!
//! Enters: what resolution could not read, and the graph. Leaves: answers for whoever wants to
//! report something about order or ownership. Must not know findings.

use super::Skeleton;
use crate::{
    ir::{StageId, graph::Graph},
    trust::Trust,
};

/// How much of a pipeline's stages was understood.
#[derive(Clone, Debug, Default)]
pub struct Trusts {
    /// Whether all owners are known. Set by resolution, where a component, a stage's id or an entry
    /// of a list could not be read; read by the checks of order, which then are silent: the stage
    /// that seems to run by itself may be owned by the one that could not be read.
    pub ownership: Trust,
    /// By position: whether what the stage, or an owner around it, waits for is what is meant.
    order: Vec<Trust>,
    /// The stages whose order is a guess.
    guesses: Vec<StageId>,
}

impl Trusts {
    /// What may be judged of a skeleton.
    #[must_use]
    pub fn new(skeleton: &Skeleton<'_>, graph: &Graph) -> Self {
        let mut order: Vec<Trust> = skeleton.stages.iter().map(|stage| stage.order).collect();
        if order.iter().any(|order| !order.is_sound()) {
            let own = order.clone();
            let of = |stage: StageId| own.get(stage.0 as usize).copied().unwrap_or_default();
            for (at, order) in (0..).map(StageId).zip(&mut order) {
                let around = graph.around(at).into_iter().map(of);
                *order = around.fold(*order, Trust::and);
            }
        }
        let guesses = (0..).map(StageId).zip(&order);
        let guesses = guesses.filter(|(_, order)| !order.is_sound());
        Self {
            ownership: skeleton.ownership,
            guesses: guesses.map(|(stage, _)| stage).collect(),
            order,
        }
    }

    /// Whether the order of some stage is a guess.
    #[must_use]
    pub fn has_guesses(&self) -> bool {
        !self.guesses.is_empty()
    }

    /// Whether what a stage waits for is what is meant, and so for every stage before it. Of a
    /// stage with a guessed order it is not said that it reads another too early.
    #[must_use]
    pub fn order(&self, graph: &Graph, stage: StageId) -> Trust {
        let own = self.order.get(stage.0 as usize).copied();
        let before = self.guesses.iter();
        let before = before.filter(|&&guess| graph.is_before(guess, stage));
        let before = before.filter_map(|guess| self.order.get(guess.0 as usize));
        before.copied().fold(own.unwrap_or_default(), Trust::and)
    }

    /// Whether all owners and the order of all stages are known: a component or stage id that could
    /// not be read, or a cycle, leaves FMC0308 and FMC0309 silent, because it may explain what they
    /// see.
    #[must_use]
    pub fn knows_scopes(&self, graph: &Graph) -> bool {
        !self.ownership.is_lost() && !graph.is_cyclic()
    }
}
