//! Settings: from written keys to fields of the component.
//!
//! Enters: the entries of `config` as written, and the component. Leaves: each known field with its
//! value, and findings about unknown, doubled and missing fields (FMC0401, 0402, 0407, 0414, 0415).
//! Must not look into values.

use crate::{
    ast,
    catalogue::{Component, Field},
    diagnostics::{Code, Diagnostic, Found, suggest},
    syntax::tree::{JsonString, Node},
    trust::Trust,
};

/// A setting with a known field.
#[derive(Clone, Copy, Debug)]
pub struct KnownSetting<'a> {
    /// The field it sets.
    pub field: &'static Field,
    /// Its key as written.
    pub key: &'a JsonString,
    /// Its value as written.
    pub value: &'a Node,
}

/// Finds the field of each entry.
pub(super) fn resolve<'a>(
    component: &'static Component,
    stage: &'a ast::WrittenStage,
    found: &mut Found,
) -> Vec<KnownSetting<'a>> {
    let mut known: Vec<KnownSetting<'_>> = Vec::new();
    let mut trust = stage.config_trust;
    for setting in &stage.config {
        let written = &*setting.key.text;
        let exact = component.field(written);
        let field = exact.or_else(|| {
            let near = nearest_field(component, written);
            // When the near field is given as well, the unknown key cannot be it.
            let free = near.filter(|near| !is_given(component, stage, near));
            found.push(unknown_field(component, &setting.key, near, free.is_some()));
            if free.is_none() {
                trust = trust.and(Trust::Lost(setting.key.inner()));
            }
            free
        });
        let Some(field) = field else { continue };
        if let Some(first) = known.iter().find(|known| known.field.name == field.name) {
            found.push(given_twice(field, &setting.key, first.key));
            continue;
        }
        // A misspelt key already has FMC0402; do not add FMC0415 to it.
        if !field.effect && exact.is_some() {
            let message = format!("`{written}` has no effect here");
            found.push(
                Diagnostic::new(Code::NoEffect, setting.key.inner(), message)
                    .help(field.doc.to_lowercase().trim_end_matches('.')),
            );
        }
        known.push(KnownSetting {
            field,
            key: &setting.key,
            value: &setting.value,
        });
    }
    // An unknown key may be a misspelling of the field that seems to be missing.
    if !trust.is_lost() {
        missing(component, stage, &known, found);
    }
    exclusive(component, &known, found);
    known
}

/// The field whose name or alias is nearest to a written key.
fn nearest_field(component: &'static Component, written: &str) -> Option<&'static Field> {
    let names = component
        .fields
        .iter()
        .flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied()));
    suggest::nearest(written, names).and_then(|near| component.field(near))
}

/// Whether a field is given under any of its names.
fn is_given(component: &Component, stage: &ast::WrittenStage, field: &Field) -> bool {
    let mut written = stage.config.iter().map(|setting| &*setting.key.text);
    written.any(|key| {
        component
            .field(key)
            .is_some_and(|given| given.name == field.name)
    })
}

/// Reports an unknown field. `free` says that the nearest field is not given yet, so that the key
/// can be renamed to it.
fn unknown_field(
    component: &Component,
    key: &JsonString,
    near: Option<&Field>,
    free: bool,
) -> Diagnostic {
    let message = format!("`{}` has no field `{}`", component.name, key.text);
    let finding = Diagnostic::new(Code::UnknownField, key.inner(), message)
        .label("not a field of this component");
    let near = near.map(|field| field.name);
    let given = near.filter(|_| !free);
    if let Some(near) = given {
        return finding.meant_but_given(near);
    }
    finding.guessed(near, [key.inner()], |finding| {
        let known = component.fields.iter().filter(|field| field.effect);
        finding.known("its fields are", known.map(|field| field.name))
    })
}

/// The finding about a field that is given under two of its names.
fn given_twice(field: &Field, second: &JsonString, first: &JsonString) -> Diagnostic {
    let message = format!(
        "`{}` is given twice, as `{}` and as `{}`",
        field.name, first.text, second.text
    );
    Diagnostic::new(Code::AliasBesideCanonical, second.inner(), message)
        .related(first.inner(), "given here first")
        .help(format!("keep `{}`", field.name))
}

/// Reports the fields that the component needs and that are not given.
fn missing(
    component: &Component,
    stage: &ast::WrittenStage,
    known: &[KnownSetting<'_>],
    found: &mut Found,
) {
    let given = |name: &str| known.iter().any(|known| known.field.name == name);
    let mut lacking: Vec<&str> = component
        .fields
        .iter()
        .filter(|field| field.required && !given(field.name))
        .map(|field| field.name)
        .collect();
    let modes = &component.modes;
    if !modes.fields.iter().any(|field| given(field)) {
        lacking.extend(modes.wanted);
    }
    let needed = modes.needs.iter();
    lacking.extend(
        needed
            .filter(|(first, second)| given(first) && !given(second))
            .map(|(_, second)| *second),
    );
    for name in lacking {
        let message = format!("`{}` needs the field `{name}`", component.name);
        found.push(
            Diagnostic::new(Code::MissingField, stage.id.span, message)
                .label(format!("has no `{name}` in its `config`")),
        );
    }
}

/// Reports two fields of which only one may be given.
fn exclusive(component: &Component, known: &[KnownSetting<'_>], found: &mut Found) {
    let modes = component.modes.fields;
    let mut given = known
        .iter()
        .filter(|known| modes.contains(&known.field.name));
    if let (Some(first), Some(second)) = (given.next(), given.next()) {
        let message = format!(
            "`{}` and `{}` exclude each other",
            first.field.name, second.field.name
        );
        found.push(
            Diagnostic::new(Code::ConflictingFields, second.key.inner(), message)
                .related(first.key.inner(), "the other one")
                .help("use one of them here, and the other in a second stage"),
        );
    }
}
