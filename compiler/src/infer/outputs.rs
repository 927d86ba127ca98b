//! The types of stage outputs.
//!
//! Enters: a component and its typed settings. Leaves: the type of the output, as the catalogue
//! describes it; for some fields it depends on the settings. Must not know the stage.

use crate::{
    catalogue::{Component, Output, Shape},
    ir::{Setting, config::ConfigKind},
    source::Span,
    types::Type,
};

/// The type of a stage's output. The `results` of a loop are added when its body is known.
pub(super) fn of(component: &Component, settings: &[Setting]) -> Type {
    match &component.output {
        Output::Any => Type::Any,
        Output::Fields(shapes) => fields(shapes, settings),
        Output::Template => template(settings),
        Output::Variables => variables(settings),
        Output::Foreach => of_loop(Type::Any),
    }
}

fn setting<'a>(settings: &'a [Setting], name: &str) -> Option<&'a Setting> {
    settings.iter().find(|setting| setting.name == name)
}

fn fields(shapes: &[(&str, Shape)], settings: &[Setting]) -> Type {
    Type::closed(
        shapes
            .iter()
            .map(|(name, shape)| ((*name).to_owned(), shaped(*shape, settings))),
    )
}

/// The type of an output field. Some depend on a setting of the stage.
pub(super) fn shaped(shape: Shape, settings: &[Setting]) -> Type {
    match shape {
        Shape::Any => Type::Any,
        Shape::Bool => Type::Bool,
        Shape::Int => Type::Int,
        Shape::Float => Type::Float,
        Shape::Str => Type::STR,
        Shape::MaybeStr => Type::STR.or(Type::Null),
        Shape::Object => Type::open(),
        Shape::List => Type::list(Type::Any),
        Shape::Strings => Type::list(Type::STR),
        Shape::Words(words) => {
            let each = words.iter().map(|word| Type::literal(word));
            Type::union(each).unwrap_or(Type::STR)
        }
        Shape::ListOf(shapes) => Type::list(fields(shapes, settings)),
        Shape::Element(name) => {
            let element = setting(settings, name).map(|setting| setting.value.ty.element());
            match element {
                Some(text @ Type::Str(_)) => text,
                _ => Type::Any,
            }
        }
        Shape::StrIf(name, word) => match setting(settings, name).map(|it| &it.value.kind) {
            None | Some(ConfigKind::Null) => Type::STR,
            Some(ConfigKind::Text(text)) if text.eq_ignore_ascii_case(word) => Type::STR,
            Some(_) => Type::Any,
        },
        Shape::Setting(name) => {
            setting(settings, name).map_or(Type::Null, |setting| setting.value.ty.clone())
        }
    }
}

fn template(settings: &[Setting]) -> Type {
    if let Some(template) = setting(settings, "template") {
        return template.value.ty.clone();
    }
    let fields = [
        ("result", Type::Any),
        ("fields_mapped", Type::Any),
        ("fields_missing", Type::Any),
    ];
    Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty)))
}

/// The output fields or variables that the settings spell out, with the spans of their definitions.
pub(super) fn definitions(settings: &[Setting]) -> impl Iterator<Item = (&str, Span)> {
    let spelt = settings
        .iter()
        .filter(|setting| matches!(setting.name, "template" | "variables"))
        .flat_map(|setting| setting.value.object().unwrap_or_default());
    let keys = spelt.filter_map(|(key, _)| Some((key.text()?, key.span)));
    // `name` with `value` sets one variable, whose name is then defined here.
    let named = setting(settings, "name").filter(|_| setting(settings, "value").is_some());
    let name = named.and_then(|name| Some((name.value.text()?, name.value.span)));
    keys.chain(name)
}

/// The variables that a `variable-set` sets, with their types and spans. `None` when a name is not
/// literal.
pub(super) fn set_variables(settings: &[Setting]) -> Option<Vec<(String, Type, Span)>> {
    if let (Some(name), value) = (setting(settings, "name"), setting(settings, "value")) {
        let text = name.value.text()?;
        let ty = value.map_or(Type::Null, |value| value.value.ty.clone());
        return Some(vec![(text.to_owned(), ty, name.value.span)]);
    }
    let entries = setting(settings, "variables")?.value.object()?.iter();
    entries
        .map(|(key, value)| Some((key.text()?.to_owned(), value.ty.clone(), key.span)))
        .collect()
}

fn variables(settings: &[Setting]) -> Type {
    match set_variables(settings) {
        None => Type::Any,
        Some(set) => {
            let set = set.into_iter().map(|(name, ty, _)| (name, ty));
            let all = ("variables".to_owned(), Type::closed(set.clone()));
            Type::closed(set.chain([all]))
        }
    }
}

/// The output of a loop whose last stage has an output of type `last`.
pub(super) fn of_loop(last: Type) -> Type {
    let fields = [
        ("results", Type::list(last)),
        ("total_items", Type::Int),
        ("processed_items", Type::Int),
        ("failed_items", Type::Int),
        ("skipped_items", Type::Int),
        ("is_complete", Type::Bool),
    ];
    Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty)))
}

/// The entry in `results` for an item that failed, when the loop continues after failures.
pub(super) fn of_failure() -> Type {
    Type::closed([("error".to_owned(), Type::Any)])
}
