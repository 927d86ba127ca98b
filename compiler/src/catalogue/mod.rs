//! The catalogue of components: their names, fields, defaults, output types, documentation, and
//! what runs them.
//!
//! Enters: nothing. Leaves: the one table of components, which the checks, code generation and the
//! reference page read. The compiler has no other list of components. Must not know any pipeline.

mod ai;

mod behaviour;

mod control;

mod field;

mod names;

mod operators;

mod shape;

mod unsupported;

pub use ai::MODEL_FIELDS;
pub use behaviour::{Control, Feature, Modes, Runs, StageList};
pub use field::{Field, FieldKind, FieldNames};
pub use names::{FACTS, Fact, NAMES, NameRow, Root, Taken};
pub use shape::Shape;

use crate::diagnostics::suggest;

/// A component.
#[derive(Debug)]
pub struct Component {
    /// The canonical name, with hyphens.
    pub name: &'static str,
    /// Other accepted names.
    pub aliases: &'static [&'static str],
    /// What it does, in one line.
    pub summary: &'static str,
    /// Its settings, in the order of the reference page.
    pub fields: &'static [Field],
    /// The type of its output.
    pub output: Output,
    /// Whether it changes or asks something outside the run, like `http-request`. Set by a row; the
    /// parity test compares it with the runtime, where such a stage must have a mock under
    /// `--mock`.
    pub side_effect: bool,
    /// Whether it asks a language model, like `generator`. Set by a row; inference then reads
    /// `provider`, `model` and `llm_settings` of the stage, which do nothing on other stages
    /// (FMC0415).
    pub model: bool,
    /// Whether its settings only go to the log. Set for `logger`; `facts::status` reads it: a
    /// failing HTTP status that is only logged decides nothing, so it is not data (language
    /// reference, section 7).
    pub only_logs: bool,
    /// Fields that exclude or need each other.
    pub modes: Modes,
    /// What runs it.
    pub runs: Runs,
}

/// A row without aliases, side effects and modes.
const fn component(
    name: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    output: Output,
    runs: Runs,
) -> Component {
    Component {
        name,
        aliases: &[],
        summary,
        fields,
        output,
        side_effect: false,
        model: false,
        only_logs: false,
        modes: Modes::NONE,
        runs,
    }
}

/// The type of a component's output.
#[derive(Debug)]
pub enum Output {
    /// These fields and no others.
    Fields(&'static [(&'static str, Shape)]),
    /// Whatever `template` renders to. Without a template: `result`, `fields_mapped`,
    /// `fields_missing`.
    Template,
    /// The variables that were set, each as a field and all of them under `variables`.
    Variables,
    /// The fields of a `foreach`; `results` holds the output of the last loop stage for each item.
    Foreach,
    /// Anything.
    Any,
}

/// The result of looking up a component name.
#[derive(Debug)]
pub enum Lookup {
    /// A component of this version.
    Known(&'static Component),
    /// A component that FlowMason has and this version does not support. Holds what to use instead.
    Unsupported(&'static str),
    /// No component. Holds the nearest name, if one is near.
    Unknown(Option<&'static str>),
}

/// Every component, in the order of the reference page.
pub fn components() -> impl Iterator<Item = &'static Component> {
    [operators::COMPONENTS, control::COMPONENTS, ai::COMPONENTS]
        .into_iter()
        .flatten()
}

/// Finds a component by its canonical name or an alias.
#[must_use]
pub fn find(name: &str) -> Option<&'static Component> {
    components().find(|component| component.name == name || component.aliases.contains(&name))
}

/// Finds a component by the name a user wrote, in which `_` is accepted for `-`.
#[must_use]
pub fn lookup(written: &str) -> Lookup {
    let name = written.replace('_', "-");
    if let Some(found) = find(&name) {
        return Lookup::Known(found);
    }
    if let Some((_, instead)) = unsupported::COMPONENTS
        .iter()
        .find(|(known, _)| *known == name)
    {
        return Lookup::Unsupported(instead);
    }
    let names = components().flat_map(|component| {
        std::iter::once(component.name).chain(component.aliases.iter().copied())
    });
    Lookup::Unknown(suggest::nearest(&name, names))
}

impl Component {
    const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    const fn side_effect(mut self) -> Self {
        self.side_effect = true;
        self
    }

    const fn only_logs(mut self) -> Self {
        self.only_logs = true;
        self
    }

    const fn modes(mut self, modes: Modes) -> Self {
        self.modes = modes;
        self
    }

    /// How the executor runs it; `None` when it is not a component of control flow.
    #[must_use]
    pub const fn control(&self) -> Option<Control> {
        match self.runs {
            Runs::Control(control) => Some(control),
            Runs::Leaf { .. } | Runs::NotYet => None,
        }
    }

    /// Whether this version can build it and not only check it.
    #[must_use]
    pub const fn is_buildable(&self) -> bool {
        !matches!(self.runs, Runs::NotYet)
    }

    /// Finds a field by its canonical name or an alias.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name == name || field.aliases.contains(&name))
    }

    /// Whether its output has a field of this name whatever its settings are.
    #[must_use]
    pub fn gives(&self, field: &str) -> bool {
        match &self.output {
            Output::Fields(fields) => fields.iter().any(|(name, _)| *name == field),
            Output::Template | Output::Variables | Output::Foreach | Output::Any => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Lookup, components, lookup};

    #[test]
    fn names_and_fields_are_declared_once() {
        let mut names = Vec::new();
        for component in components() {
            assert!(!component.name.contains('_'), "{}", component.name);
            names.push(component.name);
            let mut fields: Vec<_> = component
                .fields
                .iter()
                .flat_map(|field| std::iter::once(field.name).chain(field.aliases.iter().copied()))
                .collect();
            let count = fields.len();
            fields.sort_unstable();
            fields.dedup();
            assert_eq!(fields.len(), count, "{}", component.name);
            assert!(component.fields.iter().all(|field| !field.doc.is_empty()));
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn underscores_and_misspellings_are_understood() {
        assert!(
            matches!(lookup("http_request"), Lookup::Known(found) if found.name == "http-request")
        );
        assert!(matches!(
            lookup("htp-request"),
            Lookup::Unknown(Some("http-request"))
        ));
        assert!(matches!(lookup("switch_router"), Lookup::Unsupported(_)));
        assert!(matches!(lookup("teapot"), Lookup::Unknown(None)));
    }

    /// Every component and field in the Python package FlowMason 1.0.24 (from `name` and `Input` of
    /// its classes), one line each: `component field…`.
    const FLOWMASON: &str = include_str!("flowmason.txt");

    #[test]
    fn every_component_of_flowmason_is_known() {
        for line in FLOWMASON.lines() {
            let mut words = line.split_whitespace();
            let name = words.next().unwrap();
            match lookup(name) {
                Lookup::Known(component) => {
                    for field in words {
                        assert!(component.field(field).is_some(), "{name}: {field}");
                    }
                }
                Lookup::Unsupported(_) => {}
                Lookup::Unknown(_) => panic!("{name}"),
            }
        }
    }

    #[test]
    fn fields_that_flowmason_does_not_have_are_unknown() {
        let none = [
            ("filter", "input"),
            ("filter", "filter_expression"),
            ("json-transform", "input"),
            ("critic", "threshold"),
        ];
        for (component, field) in none {
            assert!(super::find(component).unwrap().field(field).is_none());
        }
    }
}
