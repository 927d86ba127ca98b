//! The names that expressions may use: what each means and where it is in scope.
//!
//! Enters: nothing. Leaves: two tables, one of bare names and one of the facts in `context`.
//! Inference, messages, completion and hover read them. Must not know any pipeline: the type and
//! definition of a name in one pipeline are found by `infer`.

use super::shape::Shape;

/// What a bare name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The run's input.
    Input,
    /// The outputs of stages, by id.
    Upstream,
    /// Environment variables, by name.
    Env,
    /// Facts about the run, variables, and what a loop gives its stages.
    Context,
    /// The `data` setting of the same stage.
    Data,
    /// The element that a filter or a loop is working on.
    Item,
    /// The `value` setting of the same stage.
    Value,
    /// The failure that a stage reacts to.
    Error,
}

/// A row of the table of bare names.
#[derive(Debug)]
pub struct NameRow {
    /// The name.
    pub name: &'static str,
    /// What it refers to.
    pub root: Root,
    /// Where it is in scope, for the message "in scope in …"; empty when it is in scope everywhere.
    pub place: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
}

const fn row(name: &'static str, root: Root, place: &'static str, doc: &'static str) -> NameRow {
    NameRow {
        name,
        root,
        place,
        doc,
    }
}

const REACTIONS: &str = "catch and finally stages";

/// Every bare name. In the body of a loop, its item and index variables are bare names too.
pub const NAMES: &[NameRow] = &[
    row("input", Root::Input, "", "The input of the run."),
    row(
        "upstream",
        Root::Upstream,
        "",
        "The outputs of stages that have finished, by id.",
    ),
    row(
        "stages",
        Root::Upstream,
        "",
        "The same as `upstream`, read as `stages.ID.output`.",
    ),
    row("env", Root::Env, "", "Environment variables, by name."),
    row(
        "context",
        Root::Context,
        "",
        "Facts about the run, variables, and what a loop gives its stages.",
    ),
    row(
        "data",
        Root::Data,
        "the template of a `json-transform` and the condition of a `filter`",
        "The `data` of this stage.",
    ),
    row(
        "item",
        Root::Item,
        "the condition of a `filter` of mode `filter_array`, a `filter_expression` and the body of a `foreach`",
        "The current element.",
    ),
    row(
        "value",
        Root::Value,
        "the `value_expression` of a `router`",
        "The `value` of this stage.",
    ),
    row(
        "error",
        Root::Error,
        REACTIONS,
        "The failure that was caught; null in a finally stage when nothing failed.",
    ),
    row("_error", Root::Error, REACTIONS, "The same as `error`."),
];

/// A fact in `context`.
#[derive(Debug)]
pub struct Fact {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub shape: Shape,
    /// Whether it exists only in the body of a loop, like `loop_index`. Set by a row; scopes leave
    /// it out elsewhere.
    pub in_loops: bool,
    /// What it is, in one sentence.
    pub doc: &'static str,
}

const fn fact(name: &'static str, shape: Shape, in_loops: bool, doc: &'static str) -> Fact {
    Fact {
        name,
        shape,
        in_loops,
        doc,
    }
}

/// Every fact in `context`.
pub const FACTS: &[Fact] = &[
    fact("run_id", Shape::Str, false, "The id of this run."),
    fact("pipeline_id", Shape::Str, false, "The pipeline's id."),
    fact(
        "pipeline_version",
        Shape::Str,
        false,
        "The pipeline's version.",
    ),
    fact("stage_id", Shape::Str, false, "The id of this stage."),
    fact(
        "started_at",
        Shape::Str,
        false,
        "When the run started, as RFC 3339 in UTC.",
    ),
    fact(
        "attempt",
        Shape::Int,
        false,
        "Which attempt of this stage this is, from 1.",
    ),
    fact(
        "loop_index",
        Shape::Int,
        true,
        "The position of the item, from 0.",
    ),
    fact(
        "loop_total",
        Shape::Int,
        true,
        "How many items the loop has.",
    ),
];

/// Names that a loop's variables cannot have because they already mean something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The facts of every run.
    Facts,
    /// Those facts, and the bare names that are in scope everywhere. Used for `item_variable`,
    /// because the item is a bare name too.
    FactsAndNames,
}

impl Taken {
    /// Whether a name is taken.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        let fact = FACTS.iter().any(|fact| fact.name == name && !fact.in_loops);
        let everywhere = |row: &NameRow| row.name == name && row.place.is_empty();
        match self {
            Self::Facts => fact,
            Self::FactsAndNames => fact || NAMES.iter().any(everywhere),
        }
    }
}
