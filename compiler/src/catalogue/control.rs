//! Control flow: components that select, repeat or end.
//!
//! Enters: nothing. Leaves: their rows; their behaviour is in the language reference, section 6.

use super::{
    Component, Control, Output, Runs, StageList, component,
    field::{Field, Kind, Locals, field, ignored},
    names::Taken,
    shape::Shape,
};

const NOTHING: Locals = Locals {
    data: false,
    item: false,
    value: false,
};
const ITEM: Locals = Locals {
    item: true,
    ..NOTHING
};
const VALUE: Locals = Locals {
    value: true,
    ..NOTHING
};

pub(super) const COMPONENTS: &[Component] = &[
    component(
        "router",
        "selects stages by a value",
        ROUTER,
        Output::Fields(&[
            ("route_taken", Shape::MaybeStr),
            ("value", Shape::Setting("value")),
            ("stages", Shape::Strings),
        ]),
        Runs::Control(Control::Router),
    ),
    component(
        "conditional",
        "selects stages by a truth",
        CONDITIONAL,
        Output::Fields(&[
            ("branch_taken", Shape::Words(&["true", "false"])),
            ("condition_result", Shape::Bool),
        ]),
        Runs::Control(Control::Conditional),
    ),
    component(
        "trycatch",
        "runs stages, and others where one fails",
        TRYCATCH,
        Output::Fields(&[
            ("status", Shape::Words(&["success", "caught"])),
            ("error_occurred", Shape::Bool),
            ("error_message", Shape::MaybeStr),
            ("error_type", Shape::MaybeStr),
            ("recovered", Shape::Bool),
        ]),
        Runs::Control(Control::TryCatch),
    )
    .aliases(&["try-catch"]),
    component(
        "foreach",
        "runs stages for each item of a list",
        FOREACH,
        Output::Loop,
        Runs::Control(Control::Foreach),
    )
    .aliases(&["for-each"]),
    component(
        "return",
        "ends the run early",
        RETURN,
        Output::Any,
        Runs::Control(Control::Return),
    ),
    component(
        "subpipeline",
        "runs another pipeline of the project",
        SUBPIPELINE,
        Output::Any,
        Runs::NotYet,
    )
    .aliases(&["sub-pipeline"])
    .side_effect(),
];

/// The types of errors, then FlowMason's classes of them.
const ERRORS: &[&str] = &[
    "ConnectionError",
    "TimeoutError",
    "HttpStatusError",
    "ExpressionError",
    "ConfigError",
    "ValidationError",
    "ProviderError",
    "RetryExhausted",
    "Cancelled",
    "CONNECTIVITY",
    "TIMEOUT",
    "VALIDATION",
    "EXPRESSION",
    "TRANSFORMATION",
    "EXECUTION",
    "ROUTING",
    "SECURITY",
    "RETRY_EXHAUSTED",
    "CONTROL_FLOW",
    "UNKNOWN",
];

const ROUTER: &[Field] = &[
    field("value", Kind::Any, "What is looked up in the routes.").required(),
    field("routes", Kind::Routes, "Stage ids by value.")
        .required()
        .literal(),
    field(
        "default_route",
        Kind::Stages(StageList::DefaultRoute),
        "Stages where no route matches.",
    )
    .aliases(&["default"])
    .literal(),
    field(
        "value_expression",
        Kind::Condition(VALUE),
        "Computes what is looked up from `value`.",
    )
    .aliases(&["condition_expression"]),
    field("case_insensitive", Kind::Bool, "Whether case counts.").default("false"),
    ignored("pass_data", "Stages read what they need."),
    ignored(
        "strict_mode",
        "A value without route is a warning in the log.",
    ),
];

const CONDITIONAL: &[Field] = &[
    field("condition", Kind::Condition(VALUE), "An expression.")
        .required()
        .aliases(&["condition_expression"]),
    field(
        "true_stages",
        Kind::Stages(StageList::True),
        "Stages where it is true.",
    )
    .aliases(&["true_branch_stages", "true_branch"])
    .literal(),
    field(
        "false_stages",
        Kind::Stages(StageList::False),
        "Stages where it is false.",
    )
    .aliases(&["false_branch_stages", "false_branch"])
    .literal(),
    ignored("pass_data", "Stages read what they need."),
];

const TRYCATCH: &[Field] = &[
    field(
        "try_stages",
        Kind::Stages(StageList::Try),
        "Run in order; the first failure stops them.",
    )
    .required()
    .literal(),
    field(
        "catch_stages",
        Kind::Stages(StageList::Catch),
        "Run in order after a failure.",
    )
    .literal(),
    field(
        "finally_stages",
        Kind::Stages(StageList::Finally),
        "Run in order at the end, always.",
    )
    .literal(),
    field(
        "error_scope",
        Kind::Choice(&["continue", "propagate"]),
        "Whether a caught failure is over.",
    )
    .default("\"continue\"")
    .aliases(&["on_error"]),
    field(
        "catch_error_types",
        Kind::ListOf(&Kind::Exactly(ERRORS)),
        "The types of error that are caught; all of them otherwise.",
    ),
    field("max_retries", Kind::Int, "Further runs of the try list.")
        .default("0")
        .at_least(0),
    field(
        "retry_delay_ms",
        Kind::Int,
        "Milliseconds before a further run.",
    )
    .default("0")
    .at_least(0),
    ignored("pass_data", "Stages read what they need."),
];

const FOREACH: &[Field] = &[
    field("items", Kind::List, "What is gone through.").required(),
    field(
        "loop_stages",
        Kind::Stages(StageList::Body),
        "Run in order for each item.",
    )
    .required()
    .aliases(&["stages"])
    .literal(),
    field(
        "item_variable",
        Kind::Name(Taken::FactsAndNames),
        "The item's name in `context`.",
    )
    .default("\"item\"")
    .literal(),
    field(
        "index_variable",
        Kind::Name(Taken::Facts),
        "The position's name in `context`.",
    )
    .default("\"index\"")
    .literal(),
    field("collect_results", Kind::Bool, "Whether results are kept.").default("true"),
    field("parallel", Kind::Bool, "Whether iterations overlap.").default("false"),
    field("max_parallel", Kind::Int, "Iterations at the same time.")
        .default("5")
        .at_least(1)
        .aliases(&["max_concurrency"]),
    field(
        "break_on_error",
        Kind::Bool,
        "Whether the first failure ends the loop.",
    )
    .default("true"),
    field(
        "filter_expression",
        Kind::Condition(ITEM),
        "Items for which it is false are passed over.",
    ),
];

const RETURN: &[Field] = &[
    field(
        "condition",
        Kind::Condition(NOTHING),
        "The run ends where it is true.",
    )
    .default("true")
    .aliases(&["condition_expression"]),
    field("return_value", Kind::Any, "The run's output.").aliases(&["value"]),
    field("message", Kind::Str, "Said in the report."),
    field(
        "status",
        Kind::Choice(&["completed", "failed"]),
        "How the run ends.",
    )
    .default("\"completed\""),
];

const SUBPIPELINE: &[Field] = &[
    field(
        "pipeline_id",
        Kind::PipelineId,
        "Which pipeline of the project.",
    )
    .required()
    .literal(),
    field("input_data", Kind::Any, "Its input."),
    field("timeout_ms", Kind::Int, "Limit in milliseconds.").at_least(1),
    field(
        "on_error",
        Kind::Choice(&["propagate", "ignore", "default"]),
        "What its failure leads to.",
    )
    .default("\"propagate\""),
    field(
        "default_result",
        Kind::Any,
        "The output where it failed under `default`.",
    ),
    ignored("pipeline_version", "A project has one version of each."),
    ignored(
        "async_execution",
        "Stages that do not rest on it run meanwhile.",
    ),
    ignored("wait_for_completion", "What rests on it waits for it."),
    ignored("inherit_context", "It sees its input and nothing else."),
    ignored("isolated", "It always is."),
];
