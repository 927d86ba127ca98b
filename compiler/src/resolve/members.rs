//! The stages that control flow names: routes, branches, try and loop lists.
//!
//! Enters: the settings of a component. Leaves: owned lists with the spans of their entries, and
//! findings about entries that are not stage ids (FMC0410, 0411, 0413). Must not know what the
//! lists do.

use super::{KnownSetting, StageIds};
use crate::{
    catalogue::FieldKind,
    diagnostics::{Code, Diagnostic, Found},
    ir::{OwnedList, Role, StageId, uses::Uses},
    source::Span,
    syntax::tree::{JsonString, Node, NodeKind},
    trust::Trust,
};

/// The entries of one list.
type List = Vec<(StageId, Span)>;

/// Reads the owned lists of one stage.
pub(super) struct Members<'a> {
    pub(super) owner: StageId,
    pub(super) ids: &'a StageIds,
    pub(super) uses: &'a mut Uses,
    /// Whether all entries are known. Lost when an entry names no stage and is not near to any id.
    pub(super) trust: Trust,
    pub(super) found: &'a mut Found,
}

impl Members<'_> {
    /// The lists of all settings that name stages, in the order in which they are written.
    pub(super) fn owned(&mut self, known: &[KnownSetting<'_>]) -> Vec<OwnedList> {
        let mut lists = Vec::new();
        for setting in known {
            if let FieldKind::Stages(list) = setting.field.kind {
                // `true_stages: []` is a choice that does nothing; `loop_stages: []` is a mistake.
                if setting.field.required {
                    self.not_empty(setting);
                }
                lists.push(OwnedList {
                    role: Role::List(list),
                    stages: self.list(setting.value),
                });
            }
            if setting.field.kind == FieldKind::Routes {
                self.routes(setting.value, &mut lists);
            }
        }
        lists
    }

    fn routes(&mut self, value: &Node, lists: &mut Vec<OwnedList>) {
        let Some(entries) = value.object() else {
            return self.wrong(value, "`routes` takes an object of stage ids by key");
        };
        for entry in entries {
            self.key(&entry.key);
            lists.push(OwnedList {
                role: Role::Route(entry.key.text.to_string()),
                stages: self.list(&entry.value),
            });
        }
    }

    /// Reports an empty list: a setting that names stages must name at least one.
    fn not_empty(&mut self, setting: &KnownSetting<'_>) {
        if matches!(&setting.value.kind, NodeKind::Array(items) if items.is_empty()) {
            let message = format!("`{}` must name at least one stage", setting.field.name);
            let finding = Diagnostic::new(Code::WrongValue, setting.value.span, message);
            self.found.push(finding);
        }
    }

    fn key(&mut self, key: &JsonString) {
        if key.has_template() {
            let message = "a key of `routes` must be literal, found a template";
            self.found.push(
                Diagnostic::new(Code::TemplateInStatic, key.inner(), message)
                    .help("put the template into `value` and its possible values into the keys"),
            );
        }
    }

    /// The entries of a list. A single id as a string is read as a list of one.
    fn list(&mut self, value: &Node) -> List {
        if let Some(id) = value.string() {
            return self.member(id).into_iter().collect();
        }
        let Some(items) = value.array() else {
            self.wrong(value, "expected a list of stage ids");
            return Vec::new();
        };
        items.iter().filter_map(|item| self.item(item)).collect()
    }

    fn item(&mut self, item: &Node) -> Option<(StageId, Span)> {
        let Some(id) = item.string() else {
            self.wrong(item, "a stage id is a string");
            return None;
        };
        self.member(id)
    }

    /// Notes that an entry could not be read, so that not all owned stages are known.
    fn lose(&mut self, place: Span) {
        self.trust = self.trust.and(Trust::Lost(place));
    }

    /// Reports a value, unless it is poison, which has a finding already.
    fn wrong(&mut self, value: &Node, message: &str) {
        self.lose(value.span);
        if !matches!(value.kind, NodeKind::Error) {
            self.found
                .push(Diagnostic::new(Code::WrongType, value.span, message));
        }
    }

    fn member(&mut self, id: &JsonString) -> Option<(StageId, Span)> {
        let span = id.inner();
        if id.has_template() {
            self.lose(span);
            let message = "a stage id must be literal, found a template";
            self.found.push(
                Diagnostic::new(Code::TemplateInStatic, span, message)
                    .help("a `router` selects stages by a value"),
            );
            return None;
        }
        let member = self
            .ids
            .refer(self.uses, &id.text, span, |id| id == self.owner);
        if member.is_none() {
            self.lose(span);
        }
        member.map(|stage| (stage, span))
    }
}
