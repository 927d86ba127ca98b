//! How a field of a component is described.
//!
//! Enters: nothing. Leaves: the row type of the catalogue, built by chained constants.

use super::{behaviour::StageList, names::Taken};

/// A setting of a component.
#[derive(Debug)]
pub struct Field {
    /// Canonical name.
    pub name: &'static str,
    /// Other names it is accepted under.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: FieldKind,
    /// Must be given.
    pub required: bool,
    /// Must be literal: no templates.
    pub literal: bool,
    /// The least number it takes.
    pub minimum: Option<i64>,
    /// The default as JSON; empty where there is none.
    pub default: &'static str,
    /// False for fields of FlowMason that have no effect here.
    pub effect: bool,
    /// One sentence.
    pub doc: &'static str,
}

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FieldKind {
    /// Anything.
    Any,
    /// Text; numbers and booleans become text.
    Str,
    /// Text, written as such.
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
    /// A list of this.
    ListOf(&'static FieldKind),
    /// A list or text.
    ListOrStr,
    /// An object.
    Object,
    /// An object of this by name.
    ObjectOf(&'static FieldKind),
    /// One of these words, in any case.
    Choice(&'static [&'static str]),
    /// One of these words as they are written.
    Exactly(&'static [&'static str]),
    /// A URL: parts are escaped for where they stand.
    Url,
    /// An expression, evaluated by the component with these names in scope.
    Condition(FieldNames),
    /// JSON with templates, rendered by the component with `data` in scope.
    Template,
    /// Stage ids, run or selected by this component.
    Stages(StageList),
    /// Stage ids by key.
    Routes,
    /// A JSON Schema.
    Schema,
    /// The id of a pipeline of the project.
    PipelineId,
    /// A variable's name, and none that is taken.
    Name(Taken),
}

/// Names a condition sees besides those of every expression.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldNames {
    /// `data`
    pub data: bool,
    /// `item`
    pub item: bool,
    /// `value`
    pub value: bool,
}

/// A field that may be left out and takes templates.
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

/// A field of FlowMason that has no effect here.
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

    /// Whether its text decides what names mean, so that it is no template.
    #[must_use]
    pub const fn static_text(&self) -> bool {
        matches!(self.kind, FieldKind::Name(_))
    }

    /// Whether the component evaluates it itself, in a scope of its own making.
    #[must_use]
    pub const fn deferred(&self) -> bool {
        matches!(self.kind, FieldKind::Condition(_) | FieldKind::Template)
    }
}

impl FieldKind {
    /// What it takes, in words.
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
