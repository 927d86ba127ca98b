//! The names that expressions may use: what each means and where it is in scope.
//!
//! Enters: nothing. Leaves: two tables, of bare names and of the facts in `context`. Inference,
//! messages, completion and hover read them. What a name stands for in a pipeline, with its type
//! and the place of its definition, is for inference to say.

use super::shape::Shape;

/// What a bare name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Root {
    /// The run's input.
    Input,
    /// The outputs of stages, by id.
    Upstream,
    /// Environment variables, by name.
    Env,
    /// Facts of the run, variables, and what a loop gives its stages.
    Context,
    /// The `data` of the same stage.
    Data,
    /// The element a filter or a loop is at.
    Item,
    /// The `value` of the same stage.
    Value,
    /// What failed, in a stage that reacts to it.
    Error,
}

/// A row of the table of bare names.
#[derive(Debug)]
pub struct NameRow {
    /// The name.
    pub name: &'static str,
    /// What it stands for.
    pub root: Root,
    /// The places where it is in scope, for "in scope in …"; empty where that is everywhere.
    pub place: &'static str,
    /// One sentence.
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

/// Every bare name. A loop's item and index variables are further ones, in its body.
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
        "Facts of the run, variables, and what a loop gives its stages.",
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
        "The element that is looked at.",
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
        "What failed; null in a finally stage after success.",
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
    /// Only there in the body of a loop.
    pub in_loops: bool,
    /// One sentence.
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
        "How many items the loop goes through.",
    ),
];

/// Names that a loop's variable cannot have, because they mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The facts of every run.
    Facts,
    /// Those, and the bare names that are in scope everywhere: the item is a bare name too.
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
