//! From an offset in the file to the part of the model there.
//!
//! Enters: an offset. Leaves: the stage, the setting, the expression and the smallest part of the
//! expression at the offset. Editors ask this. Must not search the text.

use std::sync::Arc;

use super::Model;
use crate::{
    ir::{
        Setting, Stage,
        expr::{Expr, Expression},
    },
    source::Span,
};

/// What is at an offset, from the outermost to the innermost part. A part is `None` when the offset
/// is not inside such a thing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Located<'m> {
    /// The stage.
    pub stage: Option<&'m Stage>,
    /// The stage's setting; the offset is in its key or value.
    pub setting: Option<&'m Setting>,
    /// The template or condition.
    pub expression: Option<&'m Arc<Expression>>,
    /// The smallest part of the expression.
    pub node: Option<&'m Expr>,
}

impl Model {
    /// What is at a byte offset of the file. Where two things touch, the second one.
    #[must_use]
    pub fn node_at(&self, offset: u32) -> Located<'_> {
        let mut found = Located::default();
        let after = self
            .stages
            .partition_point(|stage| stage.span.start <= offset);
        let stage = after.checked_sub(1).and_then(|at| self.stages.get(at));
        let Some(stage) = stage.filter(|stage| holds(stage.span, offset)) else {
            return found;
        };
        found.stage = Some(stage);
        let in_setting =
            |setting: &&Setting| holds(setting.key, offset) || holds(setting.value.span, offset);
        found.setting = stage.settings.iter().rfind(in_setting);
        found.expression = stage
            .expressions()
            .filter(|expression| holds(expression.span(), offset))
            .max_by_key(|expression| expression.span().start);
        found.node = found.expression.and_then(|expression| {
            let parts = expression
                .typed
                .all()
                .filter(|part| holds(part.span, offset));
            parts.min_by_key(|part| (part.span.end - part.span.start, u32::MAX - part.span.start))
        });
        found
    }
}

/// Whether an offset is inside a span or at its end, where the cursor is after typing.
fn holds(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}
