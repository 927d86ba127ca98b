//! What runs a component in a built program.
//!
//! Enters: nothing. Leaves: the types in which a row of the catalogue says what runs it, which
//! lists of stages it has, and which of its fields go together. Code generation and the checks ask
//! these types and never compare a component's name, so a row that says too little does not
//! compile. Must not know any component.

/// What runs a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// A static in the runtime's module `component`; its function is called for each attempt.
    Leaf {
        /// The name of the static.
        item: &'static str,
        /// The parts of the runtime it needs.
        features: &'static [Feature],
    },
    /// The executor itself.
    Control(Control),
    /// Nothing yet: this version can check it but not build it.
    NotYet,
}

/// How the executor runs a component of control flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Selects a list of stages by a value.
    Router,
    /// Selects one of two lists of stages by a condition.
    Conditional,
    /// Runs stages, and other stages when one of them fails.
    TryCatch,
    /// Runs stages for each item of a list.
    Foreach,
    /// Ends the run early.
    Return,
}

/// A part of the runtime that only some programs need. Each is a cargo feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// The parser of expressions, for conditions whose text is only known at run time.
    Dynamic,
    /// The HTTP client.
    Http,
    /// Regular expressions: `re.*`, and `pattern` in schemas.
    Regex,
}

impl Feature {
    /// The name of the cargo feature.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::Http => "http",
            Self::Regex => "regex",
        }
    }
}

/// What a list of stage ids in a setting is used for. Each variant is the list of the setting
/// named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageList {
    /// `default_route`
    DefaultRoute,
    /// `true_stages`
    True,
    /// `false_stages`
    False,
    /// `try_stages`
    Try,
    /// `catch_stages`
    Catch,
    /// `finally_stages`
    Finally,
    /// `loop_stages`
    Body,
}

impl StageList {
    /// When a list has its turn among the lists of its owner, for owners that run their lists one
    /// after the other and end after them. `None` for the branches of a choice, of which one runs.
    #[must_use]
    pub const fn turn(self) -> Option<u8> {
        match self {
            Self::Try | Self::Body => Some(0),
            Self::Catch => Some(1),
            Self::Finally => Some(2),
            Self::DefaultRoute | Self::True | Self::False => None,
        }
    }
}

/// Fields that exclude or need each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// Fields of which a stage may give at most one.
    pub fields: &'static [&'static str],
    /// The field to ask for when none of `fields` is given; `None` when a stage may leave all of
    /// them out.
    pub wanted: Option<&'static str>,
    /// Pairs in which the first field needs the second: `name` of a `variable-set` needs `value`.
    pub needs: &'static [(&'static str, &'static str)],
}

impl Modes {
    /// No field excludes or needs another.
    pub const NONE: Self = Self {
        fields: &[],
        wanted: None,
        needs: &[],
    };
}
