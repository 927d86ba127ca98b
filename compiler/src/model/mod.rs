//! Everything that was understood of one text, kept whole and shared.
//!
//! Enters: what each stage of understanding made. Leaves: a model that checks, code generation and
//! editors ask; nothing in it is computed again elsewhere. Must not know findings: those stand
//! beside it.

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

/// A pipeline, understood.
#[derive(Clone, Debug)]
pub struct Model {
    /// The AST it came from.
    pub ast: ast::WrittenPipeline,
    /// The stages, in document order.
    pub stages: Vec<Stage>,
    /// The expressions, by their ids.
    pub exprs: Vec<Arc<Expression>>,
    /// Who names, selects and waits for whom.
    pub graph: Graph,
    /// What names mean at every place.
    pub scopes: Scopes,
    /// Names, where they are defined and where they are read.
    pub uses: Uses,
    /// What follows from all of it.
    pub facts: Facts,
    /// What may be judged of it.
    pub trust: Trusts,
    /// The stage whose output is the run's; none where there is none, or its id is not known.
    pub output: Option<StageId>,
}

impl Model {
    /// The stage at a position.
    #[must_use]
    pub fn stage(&self, id: StageId) -> Option<&Stage> {
        self.stages.get(id.0 as usize)
    }

    /// The id of a stage as written; empty where there is no such stage.
    #[must_use]
    pub fn name(&self, stage: StageId) -> &str {
        self.stage(stage)
            .map_or("", |stage| stage.name.value.as_str())
    }

    /// The expression of an id.
    #[must_use]
    pub fn expr(&self, id: ExprId) -> Option<&Arc<Expression>> {
        self.exprs.get(id.0 as usize)
    }

    /// Does something with the names that an expression at a site may use.
    pub fn scope_at<T>(&self, site: &Site, ask: impl FnOnce(Scope<'_>) -> T) -> T {
        let setting = site.setting();
        let locals = match (site.stage, setting) {
            (Some(stage), Some(setting)) => self.scopes.locals(stage, setting),
            _ => Locals::default(),
        };
        ask(Scope::at(&self.scopes, &self.graph, site.stage, &locals))
    }

    /// The pipelines that stages run as sub-pipelines, with the places of their ids.
    pub fn subpipelines(&self) -> impl Iterator<Item = (&str, Span)> {
        self.stages.iter().filter_map(|stage| {
            let mut fields = stage.component?.fields.iter();
            let names = fields.find(|field| field.kind == FieldKind::PipelineId)?;
            let value = &stage.setting(names.name)?.value;
            // A template where none is taken has a finding of its own.
            Some((value.text()?, value.span))
        })
    }

    /// The id of the parent without its version, with the place of the whole.
    #[must_use]
    pub fn parent(&self) -> Option<(&str, Span)> {
        let Spanned { value, span } = self.ast.extends.as_ref()?;
        let id = value.split_once('@').map_or(&**value, |(id, _)| id);
        Some((id, *span))
    }
}
