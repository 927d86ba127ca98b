//! What stands behind a component's name when a program is built.
//!
//! Enters: nothing. Leaves: the words by which a row of the catalogue says what runs it, which
//! lists of stages it has, and which of its fields go together. Code generation and the checks ask
//! these words and never a component's name, so that a row that says too little cannot compile.

/// What runs a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// A static of the runtime's module `component`, called for each attempt.
    Leaf {
        /// The static's name.
        item: &'static str,
        /// The parts of the runtime it needs.
        features: &'static [Feature],
    },
    /// The executor itself.
    Control(Control),
    /// Nothing yet: this version checks it and cannot build it.
    NotYet,
}

/// How the executor runs a component of control flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// Selects stages by a value.
    Router,
    /// Selects one of two lists of stages.
    Conditional,
    /// Runs stages, and others where one fails.
    TryCatch,
    /// Runs stages for each item of a list.
    Foreach,
    /// Ends the run early.
    Return,
}

/// A part of the runtime that only some programs need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Feature {
    /// Conditions whose text arrives at run time: the parser.
    Dynamic,
    /// The HTTP client.
    Http,
    /// `re.*`, and patterns of schemas.
    Regex,
}

impl Feature {
    /// The cargo feature of the runtime.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dynamic => "dynamic",
            Self::Http => "http",
            Self::Regex => "regex",
        }
    }
}

/// What a list of stage ids in a setting is for.
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
    /// Which of an owner's lists has its turn when, for those gone through in order, with whose
    /// end their owner ends; none for the branches of a choice.
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

/// Fields of which a stage gives one at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Modes {
    /// The fields.
    pub fields: &'static [&'static str],
    /// The field to ask for where none is given; none where a stage may go without.
    pub wanted: Option<&'static str>,
    /// Pairs of which the first needs the second: `name` of a `variable-set` needs `value`.
    pub needs: &'static [(&'static str, &'static str)],
}

impl Modes {
    /// No field excludes another.
    pub const NONE: Self = Self {
        fields: &[],
        wanted: None,
        needs: &[],
    };
}
