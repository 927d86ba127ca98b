//! What may be judged about a pipeline and about each of its stages.
//!
//! Enters: what resolution could not read, and the graph. Leaves: answers for checks that are about
//! to report something about order or ownership. Must not know findings.

use super::Skeleton;
use crate::{
    ir::{StageId, graph::Graph},
    trust::Trust,
};

/// How much of a pipeline's stages was understood.
#[derive(Clone, Debug, Default)]
pub struct Trusts {
    /// Whether the owners of all stages are known. Set by resolution, which makes it lost when a
    /// component, a stage's id or an entry of a list could not be read. Read by the checks of
    /// order, which then report nothing: a stage that seems to have no owner may be owned by the
    /// one that could not be read.
    pub ownership: Trust,
    /// For each stage, by index: whether it, and every owner around it, waits for what was meant.
    order: Vec<Trust>,
    /// The stages whose order is guessed.
    guesses: Vec<StageId>,
}

impl Trusts {
    /// Works out what may be judged about a skeleton.
    #[must_use]
    pub fn new(skeleton: &Skeleton<'_>, graph: &Graph) -> Self {
        let mut order: Vec<Trust> = skeleton.stages.iter().map(|stage| stage.order).collect();
        // A member starts only after its owner, so a guess about the owner is one about the member.
        // Almost no pipeline has a guess, so this is usually skipped.
        if order.iter().any(|order| !order.is_sound()) {
            // Owners come before their members.
            for &stage in graph.order() {
                let of = |stage: &StageId| order.get(stage.0 as usize).copied();
                let around = graph.owners(stage).iter().filter_map(of);
                let whole = around.fold(of(&stage).unwrap_or_default(), Trust::and);
                if let Some(slot) = order.get_mut(stage.0 as usize) {
                    *slot = whole;
                }
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

    /// Whether the order of at least one stage is guessed.
    #[must_use]
    pub fn has_guesses(&self) -> bool {
        !self.guesses.is_empty()
    }

    /// Whether a stage, and every stage before it, waits for what was meant. When the order is
    /// guessed, nothing reports that the stage reads another one too early (FMC0602).
    #[must_use]
    pub fn order(&self, graph: &Graph, stage: StageId) -> Trust {
        let own = self.order.get(stage.0 as usize).copied();
        let before = self.guesses.iter();
        let before = before.filter(|&&guess| graph.is_before(guess, stage));
        let before = before.filter_map(|guess| self.order.get(guess.0 as usize));
        before.copied().fold(own.unwrap_or_default(), Trust::and)
    }

    /// Whether the owners and the order of all stages are known. When they are not, because a
    /// component or a stage id could not be read or because of a cycle, FMC0308 and FMC0309 are not
    /// reported: the unknown part may explain what they see.
    #[must_use]
    pub fn knows_scopes(&self, graph: &Graph) -> bool {
        !self.ownership.is_lost() && !graph.is_cyclic()
    }
}
