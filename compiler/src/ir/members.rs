//! The stages that control flow names: routes, branches, try and loop lists.
//!
//! Enters: the settings of a component. Leaves: owned lists with the places of their entries,
//! and findings about entries that are no stage ids (FMC0410, 0411, 0413).

use super::{Role, StageId, references::References, settings::Known};
use crate::{
    catalogue::Kind,
    diagnostics::{Code, Diagnostic},
    source::Span,
    syntax::tree::{JsonString, Node, NodeKind},
};

/// The entries of one list.
type List = Vec<(StageId, Span)>;

/// Reads the owned lists of one stage.
pub(super) struct Members<'a> {
    pub(super) owner: StageId,
    pub(super) references: &'a mut References,
    /// An entry was met that not even a near stage stands for.
    pub(super) lost: bool,
    pub(super) found: &'a mut Vec<Diagnostic>,
}

impl Members<'_> {
    /// The lists of every setting that names stages, in the order they are written.
    pub(super) fn owned(&mut self, known: &[Known]) -> Vec<(Role, List)> {
        let mut lists = Vec::new();
        for setting in known {
            match setting.field.kind {
                Kind::Stages(list) => {
                    if setting.field.required {
                        self.not_empty(setting);
                    }
                    lists.push((list.into(), self.list(&setting.value)));
                }
                Kind::Routes => self.routes(&setting.value, &mut lists),
                _ => {}
            }
        }
        lists
    }

    fn routes(&mut self, value: &Node, lists: &mut Vec<(Role, List)>) {
        match &value.kind {
            NodeKind::Object(entries) => {
                for entry in entries {
                    self.key(&entry.key);
                    let role = Role::Route(entry.key.text.to_string());
                    lists.push((role, self.list(&entry.value)));
                }
            }
            NodeKind::Error => self.lost = true,
            _ => {
                self.wrong(value, "`routes` takes an object of stage ids by key");
            }
        }
    }

    /// What has to name stages names one at least.
    fn not_empty(&mut self, setting: &Known) {
        if matches!(&setting.value.kind, NodeKind::Array(items) if items.is_empty()) {
            let message = format!("`{}` names at least one stage", setting.field.name);
            let finding = Diagnostic::new(Code::WrongValue, setting.value.span, message);
            self.found.push(finding);
        }
    }

    fn key(&mut self, key: &JsonString) {
        if key.text.contains("{{") {
            let message = "a key of `routes` must be literal, found a template";
            self.found.push(
                Diagnostic::new(Code::TemplateInStatic, key.inner(), message)
                    .help("the template goes into `value`, what it may be into the keys"),
            );
        }
    }

    /// One id as a string is accepted for a list of one.
    fn list(&mut self, value: &Node) -> List {
        match &value.kind {
            NodeKind::String(id) => self.member(id).into_iter().collect(),
            NodeKind::Array(items) => items.iter().filter_map(|item| self.item(item)).collect(),
            NodeKind::Error => {
                self.lost = true;
                Vec::new()
            }
            _ => {
                self.wrong(value, "expected a list of stage ids");
                Vec::new()
            }
        }
    }

    fn item(&mut self, item: &Node) -> Option<(StageId, Span)> {
        match &item.kind {
            NodeKind::String(id) => self.member(id),
            NodeKind::Error => {
                self.lost = true;
                None
            }
            _ => {
                self.wrong(item, "a stage id is a string");
                None
            }
        }
    }

    fn wrong(&mut self, value: &Node, message: &str) {
        self.lost = true;
        self.found
            .push(Diagnostic::new(Code::WrongType, value.span, message));
    }

    fn member(&mut self, id: &JsonString) -> Option<(StageId, Span)> {
        let span = id.inner();
        if id.text.contains("{{") {
            self.lost = true;
            let message = "a stage id must be literal, found a template";
            self.found.push(
                Diagnostic::new(Code::TemplateInStatic, span, message)
                    .help("a `router` selects stages by a value"),
            );
            return None;
        }
        let member = self.references.resolve(&id.text, span, &[self.owner]);
        self.lost |= member.is_none();
        member.map(|stage| (stage, span))
    }
}
