//! AST and catalogue to a skeleton: components, settings with their fields, and which stage names
//! which.
//!
//! Enters: an AST. Leaves: a [`Skeleton`], complete even when there are findings, the uses of stage
//! ids, and findings of families 03 and 04. Must not look into expressions, nor know types.

mod ids;

mod members;

mod settings;

mod trusts;

pub use ids::StageIds;
pub use settings::KnownSetting;
pub use trusts::Trusts;

use crate::{
    ast,
    catalogue::{self, Component, Lookup},
    diagnostics::{Code, Diagnostic, Found},
    ir::{
        Dependency, OwnedList, StageId,
        graph::{Graph, Links},
        uses::Uses,
    },
    trust::Trust,
};
use members::Members;

/// A pipeline whose expressions have not been understood yet.
#[derive(Debug, Default)]
pub struct Skeleton<'a> {
    /// The ids of the stages.
    pub ids: StageIds,
    /// The stages, in document order.
    pub stages: Vec<StageSkeleton<'a>>,
    /// The stage that `output_stage_id` names; `None` when it is not given or names no stage, which
    /// has a finding.
    pub output: Option<StageId>,
    /// Whether the owners of all stages are known. Lost when a component, the id of a stage or an
    /// entry of a list could not be read: what was meant there may own any stage.
    pub ownership: Trust,
}

/// A stage whose expressions have not been understood yet.
#[derive(Debug)]
pub struct StageSkeleton<'a> {
    /// Its component; for a misspelt name the nearest; `None` when unknown, which has a finding.
    pub component: Option<&'static Component>,
    /// Its settings with known fields, in document order.
    pub settings: Vec<KnownSetting<'a>>,
    /// The stages that must have finished first, in document order.
    pub depends_on: Vec<Dependency>,
    /// The lists of stages that it owns, as written.
    pub owned: Vec<OwnedList>,
    /// Whether it waits for the stages that were meant. Guessed when an entry of `depends_on` is
    /// misspelt and was read as the nearest id.
    pub order: Trust,
}

/// Resolves a pipeline.
pub fn resolve<'a>(
    ast: &'a ast::WrittenPipeline,
    uses: &mut Uses,
    found: &mut Found,
) -> Skeleton<'a> {
    let ids = StageIds::new(ast, uses);
    let mut ownership = ast.stage_ids;
    let mut stages = Vec::with_capacity(ast.stages.len());
    for (written, at) in ast.stages.iter().zip(0..) {
        let mut resolver = Resolver {
            ids: &ids,
            uses,
            found,
        };
        let (stage, lists) = resolver.stage(StageId(at), written);
        ownership = ownership.and(lists);
        stages.push(stage);
    }
    let output = ast.output_stage_id.as_ref();
    let output = output.and_then(|id| ids.refer(uses, &id.value, id.span, |_| false));
    Skeleton {
        ids,
        stages,
        output,
        ownership,
    }
}

impl StageSkeleton<'_> {
    /// The value of a setting as written.
    #[must_use]
    pub fn setting(&self, name: &str) -> Option<&crate::syntax::tree::Node> {
        let mut settings = self.settings.iter();
        let known = settings.find(|known| known.field.name == name)?;
        Some(known.value)
    }
}

impl Skeleton<'_> {
    /// A stage by its index.
    #[must_use]
    pub fn stage(&self, id: StageId) -> Option<&StageSkeleton<'_>> {
        self.stages.get(id.0 as usize)
    }

    /// The graph of the stages.
    #[must_use]
    pub fn graph(&self, ast: &ast::WrittenPipeline) -> Graph {
        let links = self.stages.iter().zip(&ast.stages).map(|(stage, written)| {
            let owned = stage.owned.iter().map(|list| {
                let members = list.stages.iter().map(|(member, _)| *member);
                (list.role.clone(), members.collect())
            });
            Links {
                depends_on: stage.depends_on.iter().map(|entry| entry.stage).collect(),
                owned: owned.collect(),
                enabled: written.enabled,
            }
        });
        Graph::new(links.collect())
    }
}

struct Resolver<'r> {
    ids: &'r StageIds,
    uses: &'r mut Uses,
    found: &'r mut Found,
}

impl Resolver<'_> {
    /// Resolves one stage, and tells whether everything it owns is known.
    fn stage<'a>(
        &mut self,
        id: StageId,
        written: &'a ast::WrittenStage,
    ) -> (StageSkeleton<'a>, Trust) {
        let name = written.component.as_ref();
        let component = name.and_then(|name| self.component(name));
        let settings = component.map_or_else(Vec::new, |component| {
            settings::resolve(component, written, self.found)
        });
        let mut members = Members {
            owner: id,
            ids: self.ids,
            uses: self.uses,
            // An unknown component may own any stage.
            trust: Trust::lost_if(component.is_none(), written.id.span),
            found: self.found,
        };
        let owned = members.owned(&settings);
        let lists = members.trust;
        let mut order = Trust::Sound;
        let mut depends_on = Vec::with_capacity(written.depends_on.len());
        for entry in &written.depends_on {
            if !self.ids.contains(&entry.value) {
                order = order.and(Trust::Guessed(entry.span));
            }
            // A misspelt dependency is never the stage itself.
            let stage = self
                .ids
                .refer(self.uses, &entry.value, entry.span, |other| other == id);
            depends_on.extend(stage.map(|stage| Dependency {
                stage,
                span: entry.span,
            }));
        }
        let stage = StageSkeleton {
            component,
            settings,
            depends_on,
            owned,
            order,
        };
        (stage, lists)
    }

    /// The component with this name; for a misspelt name the nearest.
    fn component(&mut self, name: &ast::Spanned<String>) -> Option<&'static Component> {
        let written = &name.value;
        match catalogue::lookup(written) {
            Lookup::Known(component) => Some(component),
            Lookup::Unsupported(instead) => {
                let message = format!("the component `{written}` of FlowMason is not supported");
                let finding = Diagnostic::new(Code::UnsupportedComponent, name.span, message);
                self.found.push(finding.help(format!("use {instead}")));
                None
            }
            Lookup::Unknown(near) => {
                let message = format!("there is no component `{written}`");
                let finding = Diagnostic::new(Code::UnknownComponent, name.span, message)
                    .label("not a component");
                let known = catalogue::components().map(|component| component.name);
                let list = |finding: Diagnostic| finding.known("the components are", known);
                self.found.push(finding.guessed(near, [name.span], list));
                // Go on with the nearest component, so that its settings are checked too.
                near.and_then(catalogue::find)
            }
        }
    }
}
