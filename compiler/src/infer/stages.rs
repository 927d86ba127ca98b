//! Stages: types their settings in the order of the graph, so that outputs are known before they
//! are read.
//!
//! Enters: the skeleton of each stage. Leaves: stages, and in the scopes the variables they set,
//! the items of loops, and their outputs. Must not know how a single value is typed.

use super::{Infer, outputs, scope::LoopNames};
use crate::{
    ast,
    catalogue::{Component, Control, MODEL_FIELDS},
    ir::{Setting, Stage, StageId, config::ConfigKind, uses::Space},
    syntax::tree::{Node, NodeKind},
    types::Type,
};

impl Infer<'_> {
    /// Records the names of the variables of every loop.
    pub(super) fn loops(&mut self) {
        for (stage, at) in self.skeleton.stages.iter().zip(0..) {
            let control = stage.component.and_then(Component::control);
            if control != Some(Control::Foreach) {
                continue;
            }
            let named = |setting: &str, default: &str| match stage
                .setting(setting)
                .and_then(Node::string)
            {
                Some(name) => (name.text.to_string(), Some(name.inner())),
                None => (default.to_owned(), None),
            };
            let names = LoopNames {
                item: named("item_variable", "item"),
                index: named("index_variable", "index"),
                element: Type::Any,
            };
            self.scopes.add_loop(StageId(at), names);
        }
    }

    /// Types all stages in the order of the graph and returns them in document order.
    pub(super) fn stages(&mut self, ast: &ast::WrittenPipeline) -> Vec<Stage> {
        let mut stages = Vec::with_capacity(ast.stages.len());
        for &id in self.graph.order() {
            let Some(written) = ast.stages.get(id.0 as usize) else {
                continue;
            };
            let stage = self.stage(id, written);
            self.scopes.set_output(id, stage.output.clone());
            self.close_loops(id, &stage.output);
            // The members of a loop come after it in the order, so they see the type of their item.
            if let (Some(items), Some(Control::Foreach)) = (stage.setting("items"), stage.control())
            {
                self.scopes.set_element(id, items.value.ty.element());
            }
            self.define_names(id, &stage);
            if stage.sets_variables() {
                self.remember_variables(id, &stage.settings);
            }
            stages.push(stage);
        }
        // In place: a file can be nothing but stages.
        stages.sort_unstable_by_key(|stage| stage.id);
        stages
    }

    fn define_names(&mut self, id: StageId, stage: &Stage) {
        for (name, span) in outputs::definitions(&stage.settings) {
            self.uses.define(Space::Output(id), name, span);
            if stage.sets_variables() {
                self.uses.define(Space::Context, name, span);
            }
        }
        for variable in ["item_variable", "index_variable"] {
            if let Some(setting) = stage.setting(variable)
                && let ConfigKind::Text(name) = &setting.value.kind
            {
                self.uses.define(Space::Context, name, setting.value.span);
            }
        }
    }

    fn remember_variables(&mut self, id: StageId, settings: &[Setting]) {
        match outputs::set_variables(settings) {
            None => self.scopes.set_any(id),
            Some(set) => {
                for (name, ty, definition) in set {
                    self.scopes.set(id, name, ty, definition);
                }
            }
        }
    }

    /// Sets the type of a loop's `results` once the last stage of its body is known.
    fn close_loops(&mut self, id: StageId, output: &Type) {
        for foreach in self.graph.loops_ending_with(id) {
            let element = match self.continues_after_failure(foreach) {
                true => output.clone().or(outputs::of_failure()),
                false => output.clone(),
            };
            self.scopes.set_output(foreach, outputs::of_loop(element));
        }
    }

    /// Whether a loop may continue after an item failed. The entry in `results` is then an error.
    fn continues_after_failure(&self, foreach: StageId) -> bool {
        let stage = self.skeleton.stage(foreach);
        let breaks = stage.and_then(|stage| stage.setting("break_on_error"));
        breaks.is_some_and(|breaks| !matches!(breaks.kind, NodeKind::Bool(true)))
    }

    fn stage(&mut self, id: StageId, written: &ast::WrittenStage) -> Stage {
        let skeleton = self.skeleton;
        let resolved = skeleton.stage(id);
        let component = resolved.and_then(|stage| stage.component);
        let mut settings = match (component, resolved) {
            (Some(_), Some(stage)) => self.known_settings(id, &stage.settings),
            _ => self.unknown_settings(id, written),
        };
        if component.is_some_and(|component| component.model) {
            settings.extend(self.model_settings(id, written));
        }
        let fallback = written.fallback_output.as_ref();
        let fallback = fallback.map(|node| self.plain(id, "fallback_output", node));
        let output = component.map_or(Type::Any, |component| outputs::of(component, &settings));
        let output = match &fallback {
            // A failure replaces the output, so readers may see either.
            Some(fallback) => output.or(fallback.ty.clone()),
            None => output,
        };
        Stage {
            id,
            name: written.id.clone(),
            component,
            span: written.span,
            settings,
            depends_on: resolved.map_or_else(Vec::new, |stage| stage.depends_on.clone()),
            owned: resolved.map_or_else(Vec::new, |stage| stage.owned.clone()),
            enabled: written.enabled,
            timeout_ms: written.timeout_ms.as_ref().map(|limit| limit.value),
            error_handling: written.error_handling.clone(),
            fallback,
            output,
        }
    }

    fn model_settings(&mut self, id: StageId, written: &ast::WrittenStage) -> Vec<Setting> {
        let given = [&written.provider, &written.model, &written.llm_settings];
        let mut settings = Vec::new();
        for (field, node) in MODEL_FIELDS.iter().zip(given) {
            if let Some(node) = node {
                let value = self.plain(id, field.name, node);
                self.fits(field, &value);
                settings.push(Setting {
                    name: field.name,
                    key: node.span,
                    deferred: false,
                    value,
                });
            }
        }
        settings
    }
}
