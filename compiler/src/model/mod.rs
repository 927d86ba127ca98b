//! Everything that was understood about one text, kept together and shared.
//!
//! Enters: the results of each step of understanding. Leaves: a model that checks, code generation
//! and editors ask; nothing in it is computed a second time elsewhere. Must not know findings,
//! which are kept beside it.

pub mod dump;

mod locate;

pub use locate::Located;

use std::sync::Arc;

use crate::{
    ast::{self, Spanned},
    catalogue::FieldKind,
    facts::Facts,
    infer::{Locals, Scope, Scopes},
    ir::{
        Stage, StageId,
        expr::{ExprId, Expression, Site},
        graph::Graph,
        uses::Uses,
    },
    resolve::Trusts,
    source::Span,
};

/// A pipeline that was understood.
#[derive(Clone, Debug)]
pub struct Model {
    /// The AST it came from.
    pub ast: ast::WrittenPipeline,
    /// The stages, in document order.
    pub stages: Vec<Stage>,
    /// The expressions; an expression's id is its index.
    pub exprs: Vec<Arc<Expression>>,
    /// Which stage names, selects and waits for which.
    pub graph: Graph,
    /// The names at every place.
    pub scopes: Scopes,
    /// Where each name is defined and where it is read.
    pub uses: Uses,
    /// Facts about the whole pipeline.
    pub facts: Facts,
    /// What may be judged about it.
    pub trust: Trusts,
    /// The stage whose output is the output of the run. `None` when there is none, or when
    /// `output_stage_id` names no stage.
    pub output: Option<StageId>,
}

impl Model {
    /// The stage with this index.
    #[must_use]
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.get(id.0 as usize)
    }

    /// The id of a stage as written; empty when there is no such stage.
    #[must_use]
    pub fn name(&self, stage: StageId) -> &str {
        self.stage(stage)
            .map_or("", |stage| stage.name.value.as_str())
    }

    /// The expression with this id.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> Option<&Arc<Expression>> {
        self.exprs.get(id.0 as usize)
    }

    /// Calls `ask` with the names that an expression at this site may use.
    pub fn scope_at<T>(&self, site: &Site, ask: impl FnOnce(Scope<'_>) -> T) -> T {
        let setting = site.setting();
        let locals = match (site.stage, setting) {
            (Some(stage), Some(setting)) => self.scopes.locals(stage, setting),
            _ => Locals::default(),
        };
        ask(Scope::at(&self.scopes, &self.graph, site.stage, &locals))
    }

    /// The pipelines that stages run as sub-pipelines, with the spans of their ids.
    pub fn subpipelines(&self) -> impl Iterator<Item = (&str, Span)> {
        self.stages.iter().filter_map(|stage| {
            let mut fields = stage.component?.fields.iter();
            let names = fields.find(|field| field.kind == FieldKind::PipelineId)?;
            let value = &stage.setting(names.name)?.value;
            // A template here has a finding of its own.
            Some((value.text()?, value.span))
        })
    }

    /// The id of the parent without its version, with the span of the whole text.
    #[must_use]
    pub fn parent(&self) -> Option<(&str, Span)> {
        let Spanned { value, span } = self.ast.extends.as_ref()?;
        let id = value.split_once('@').map_or(&**value, |(id, _)| id);
        Some((id, *span))
    }
}
