//! How a field of a component is described.
//!
//! Enters: nothing. Leaves: the type of a field's row and constant functions that build one. Must
//! not know any component.

use super::{behaviour::StageList, names::Taken};

/// A setting of a component.
#[derive(Debug)]
pub struct Field {
    /// The canonical name.
    pub name: &'static str,
    /// Other accepted names.
    pub aliases: &'static [&'static str],
    /// What kind of value it takes.
    pub kind: FieldKind,
    /// Whether it must be given, like `url` of an `http-request`. Set by a row; `resolve::settings`
    /// reads it and reports a missing one (FMC0401).
    pub required: bool,
    /// Whether it must be literal, that is, without templates, like `item_variable` of a `foreach`.
    /// Set by a row; inference reads it and reports a template (FMC0413).
    pub literal: bool,
    /// The smallest number it takes.
    pub minimum: Option<i64>,
    /// The default as JSON text; empty when there is no default.
    pub default: &'static str,
    /// Whether it does anything. A row sets it to false for fields that FlowMason has and that do
    /// nothing here, like `pass_data`; `resolve::settings` reads it and warns (FMC0415).
    pub effect: bool,
    /// What it is for, in one sentence.
    pub doc: &'static str,
}

/// What kind of value a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// Any value.
    Any,
    /// Text; numbers and booleans are converted to text.
    Str,
    /// Text; nothing is converted.
    Text,
    /// Text or an object.
    TextOrObject,
    /// `true` or `false`.
    Bool,
    /// An integer.
    Int,
    /// Any number.
    Number,
    /// A list.
    List,
    /// A list of values of one kind.
    ListOf(&'static FieldKind),
    /// A list or text.
    ListOrStr,
    /// An object.
    Object,
    /// An object whose values are of one kind.
    ObjectOf(&'static FieldKind),
    /// One of these words, in upper or lower case.
    Choice(&'static [&'static str]),
    /// One of these words, written exactly like this.
    Exactly(&'static [&'static str]),
    /// A URL: inserted values are percent-encoded for their position in it.
    Url,
    /// An expression that the component evaluates itself, with these extra names in scope.
    Condition(FieldNames),
    /// JSON with templates that the component renders itself, with `data` in scope.
    Template,
    /// A list of ids of stages that this component runs or selects.
    Stages(StageList),
    /// An object whose values are such lists.
    Routes,
    /// A JSON Schema.
    Schema,
    /// The id of another pipeline of the project.
    PipelineId,
    /// The name of a variable; it must not be one of the names that are taken.
    Name(Taken),
}

/// The names that a field's expressions may use in addition to the usual ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldNames {
    /// `data`, the setting of that name. Set for the condition of a `filter`.
    pub data: bool,
    /// `item`, the current element. Set for `filter_expression` of a `foreach`.
    pub item: bool,
    /// `value`, the setting of that name. Set for `value_expression` of a `router`.
    pub value: bool,
}

/// A field that is optional and takes templates.
pub(super) const fn field(name: &'static str, kind: FieldKind, doc: &'static str) -> Field {
    Field {
        name,
        aliases: &[],
        kind,
        required: false,
        literal: false,
        minimum: None,
        default: "",
        effect: true,
        doc,
    }
}

/// A field that FlowMason has and that does nothing here.
pub(super) const fn ignored(name: &'static str, doc: &'static str) -> Field {
    let mut ignored = field(name, FieldKind::Any, doc);
    ignored.effect = false;
    ignored
}

impl Field {
    pub(super) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(super) const fn literal(mut self) -> Self {
        self.literal = true;
        self
    }

    pub(super) const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) const fn default(mut self, default: &'static str) -> Self {
        self.default = default;
        self
    }

    pub(super) const fn at_least(mut self, minimum: i64) -> Self {
        self.minimum = Some(minimum);
        self
    }

    /// Whether its text must be literal because it decides what names mean: `item_variable: "host"`
    /// makes `host` a name.
    #[must_use]
    pub const fn static_text(&self) -> bool {
        matches!(self.kind, FieldKind::Name(_))
    }

    /// Whether the component evaluates it itself, with names in scope that only the component can
    /// give.
    #[must_use]
    pub const fn deferred(&self) -> bool {
        matches!(self.kind, FieldKind::Condition(_) | FieldKind::Template)
    }
}

impl FieldKind {
    /// The kind of value it takes, in words for messages.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::Any | Self::Template => "any value".to_owned(),
            Self::Str | Self::Text | Self::Url | Self::PipelineId => "`string`".to_owned(),
            Self::TextOrObject => "`string` or `object`".to_owned(),
            Self::Bool => "`bool`".to_owned(),
            Self::Int => "`int`".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::List | Self::ListOf(_) => "`list`".to_owned(),
            Self::ListOrStr => "`string` or `list`".to_owned(),
            Self::Object | Self::ObjectOf(_) => "`object`".to_owned(),
            Self::Choice(words) | Self::Exactly(words) => {
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("one of {}", words.join(", "))
            }
            Self::Condition(_) => "an expression".to_owned(),
            Self::Stages(_) => "a list of stage ids".to_owned(),
            Self::Routes => "an object of stage ids by key".to_owned(),
            Self::Schema => "a JSON Schema".to_owned(),
            Self::Name(_) => "a name".to_owned(),
        }
    }
}
