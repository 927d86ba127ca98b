//! What stands at a place of the file.
//!
//! Enters: an offset. Leaves: the stage, the setting, the expression and the smallest part of it that
//! stand there. Editors and graphs ask; nothing here is searched by text.

use std::sync::Arc;

use super::Model;
use crate::{
    ir::{
        Setting, Stage,
        expr::{Expr, Expression},
    },
    source::Span,
};

/// What stands at an offset; from the outermost to the innermost, as far as something does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Located<'m> {
    /// The stage.
    pub stage: Option<&'m Stage>,
    /// The stage's setting, with the offset in its key or value.
    pub setting: Option<&'m Setting>,
    /// The template or condition.
    pub expression: Option<&'m Arc<Expression>>,
    /// The smallest part of the expression.
    pub node: Option<&'m Expr>,
}

impl Model {
    /// What stands at an offset of the file, in bytes. Between two things that touch, the one that
    /// begins there.
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

/// Whether an offset is in a place, or at its end, where a cursor stands behind what was typed.
fn holds(span: Span, offset: u32) -> bool {
    span.start <= offset && offset <= span.end
}
