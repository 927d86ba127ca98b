//! What lowering learnt that the tree itself does not say.
//!
//! Enters: observations while expressions are lowered. Leaves: who reads which stage where, and
//! what has certainly finished before whom; analysis judges by it.

use super::{StageId, graph::Graph};
use crate::source::Span;

/// One expression's reading of a stage's output.
#[derive(Clone, Debug)]
pub struct Read {
    /// The stage whose setting it stands in.
    pub reader: StageId,
    /// The stage that is read.
    pub target: StageId,
    /// The stage's id in the expression.
    pub span: Span,
    /// The field that is read, or none where the output is used whole.
    pub field: Option<String>,
}

/// Facts of a pipeline.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Reads, in order of reader and place.
    pub reads: Vec<Read>,
    /// Some component or stage id could not be read, so that ownership is not known whole:
    /// findings about order would only repeat that.
    pub uncertain: bool,
    /// By position: some stage that this one, or an owner around it, waits for is only guessed,
    /// because its id is misspelt (reported).
    pub guessed: Vec<bool>,
}

impl Facts {
    /// Whether what a stage waits for is only guessed, or was for a stage before it.
    #[must_use]
    pub fn is_guessed(&self, graph: &Graph, reader: StageId) -> bool {
        let mut stages = self
            .guessed
            .iter()
            .zip(0..)
            .filter(|(guessed, _)| **guessed);
        stages.any(|(_, at)| StageId(at) == reader || graph.is_before(StageId(at), reader))
    }
}
