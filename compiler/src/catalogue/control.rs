//! Control flow: components that select stages, repeat them or end the run.
//!
//! Enters: nothing. Leaves: their rows. The language reference, section 6, says how they behave.
//! Must not know how they run.

use super::{
    Component, Control, Output, Runs, StageList, component,
    field::{Field, FieldKind, FieldNames, field, ignored},
    names::Taken,
    shape::Shape,
};

const NOTHING: FieldNames = FieldNames {
    data: false,
    item: false,
    value: false,
};
const ITEM: FieldNames = FieldNames {
    item: true,
    ..NOTHING
};
const VALUE: FieldNames = FieldNames {
    value: true,
    ..NOTHING
};

pub(super) const COMPONENTS: &[Component] = &[
    component(
        "router",
        "runs the stages of the route that matches a value",
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
        "runs one of two lists of stages, depending on a condition",
        CONDITIONAL,
        Output::Fields(&[
            ("branch_taken", Shape::Words(&["true", "false"])),
            ("condition_result", Shape::Bool),
        ]),
        Runs::Control(Control::Conditional),
    ),
    component(
        "trycatch",
        "runs stages, and other stages if one of them fails",
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
        Output::Foreach,
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

/// The types of errors, followed by FlowMason's names for groups of them.
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
    "InternalError",
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
    field("value", FieldKind::Any, "The value to look up in `routes`.").required(),
    field("routes", FieldKind::Routes, "The stages to run, by value.")
        .required()
        .literal(),
    field(
        "default_route",
        FieldKind::Stages(StageList::DefaultRoute),
        "The stages to run if no route matches.",
    )
    .aliases(&["default"])
    .literal(),
    field(
        "value_expression",
        FieldKind::Condition(VALUE),
        "An expression that computes the value to look up; it reads `value`.",
    )
    .aliases(&["condition_expression"]),
    field(
        "case_insensitive",
        FieldKind::Bool,
        "Ignore upper and lower case when looking up a text.",
    )
    .default("false"),
    ignored("pass_data", "Stages read what they need with expressions."),
    ignored(
        "strict_mode",
        "A value that no route matches is a warning in the log.",
    ),
];

const CONDITIONAL: &[Field] = &[
    field(
        "condition",
        FieldKind::Condition(VALUE),
        "The condition: an expression.",
    )
    .required()
    .aliases(&["condition_expression"]),
    field(
        "true_stages",
        FieldKind::Stages(StageList::True),
        "The stages to run if the condition is true.",
    )
    .aliases(&["true_branch_stages", "true_branch"])
    .literal(),
    field(
        "false_stages",
        FieldKind::Stages(StageList::False),
        "The stages to run if the condition is false.",
    )
    .aliases(&["false_branch_stages", "false_branch"])
    .literal(),
    ignored("pass_data", "Stages read what they need with expressions."),
];

const TRYCATCH: &[Field] = &[
    field(
        "try_stages",
        FieldKind::Stages(StageList::Try),
        "The stages to run, in this order. The first failure ends the list.",
    )
    .required()
    .literal(),
    field(
        "catch_stages",
        FieldKind::Stages(StageList::Catch),
        "The stages to run after a failure, in this order.",
    )
    .literal(),
    field(
        "finally_stages",
        FieldKind::Stages(StageList::Finally),
        "The stages to run at the end, whether or not a stage failed, in this order.",
    )
    .literal(),
    field(
        "error_scope",
        FieldKind::Choice(&["continue", "propagate"]),
        "What happens after a caught failure: the run continues, or it fails after the finally stages.",
    )
    .default("\"continue\"")
    .aliases(&["on_error"]),
    field(
        "catch_error_types",
        FieldKind::ListOf(&FieldKind::Exactly(ERRORS)),
        "The error types to catch. Default: all.",
    ),
    field(
        "max_retries",
        FieldKind::Int,
        "How many times to run the try list again after a failure.",
    )
    .default("0")
    .at_least(0),
    field(
        "retry_delay_ms",
        FieldKind::Int,
        "Wait before running the try list again, in milliseconds.",
    )
    .default("1000")
    .at_least(0),
    ignored("pass_data", "Stages read what they need with expressions."),
];

const FOREACH: &[Field] = &[
    field("items", FieldKind::List, "The list to iterate over.").required(),
    field(
        "loop_stages",
        FieldKind::Stages(StageList::Body),
        "The stages to run for each item, in this order.",
    )
    .required()
    .aliases(&["stages"])
    .literal(),
    field(
        "item_variable",
        FieldKind::Name(Taken::FactsAndNames),
        "The name of the current item in `context`.",
    )
    .default("\"item\"")
    .literal(),
    field(
        "index_variable",
        FieldKind::Name(Taken::Facts),
        "The name of the item's position in `context`, from 0.",
    )
    .default("\"index\"")
    .literal(),
    field(
        "collect_results",
        FieldKind::Bool,
        "Collect the last stage's output of each item in `results`.",
    )
    .default("true"),
    field(
        "parallel",
        FieldKind::Bool,
        "Run several iterations at the same time.",
    )
    .default("false"),
    field(
        "max_parallel",
        FieldKind::Int,
        "How many iterations may run at the same time.",
    )
    .default("5")
    .at_least(1)
    .aliases(&["max_concurrency"]),
    field(
        "break_on_error",
        FieldKind::Bool,
        "End the loop at the first failed item. Otherwise the item's result is `{\"error\": …}`.",
    )
    .default("true"),
    field(
        "filter_expression",
        FieldKind::Condition(ITEM),
        "Items for which this expression is false are skipped.",
    ),
];

const RETURN: &[Field] = &[
    field(
        "condition",
        FieldKind::Condition(NOTHING),
        "The run ends if this expression is true.",
    )
    .default("true")
    .aliases(&["condition_expression"]),
    field("return_value", FieldKind::Any, "The output of the run.").aliases(&["value"]),
    field("message", FieldKind::Str, "A text for the report."),
    field(
        "status",
        FieldKind::Choice(&["completed", "failed"]),
        "Whether the run counts as completed or as failed.",
    )
    .default("\"completed\""),
];

const SUBPIPELINE: &[Field] = &[
    field(
        "pipeline_id",
        FieldKind::PipelineId,
        "The id of a pipeline of this project.",
    )
    .required()
    .literal(),
    field("input_data", FieldKind::Any, "The input of that pipeline."),
    field("timeout_ms", FieldKind::Int, "Time limit in milliseconds.").at_least(1),
    field(
        "on_error",
        FieldKind::Choice(&["propagate", "ignore", "default"]),
        "What happens if that pipeline fails.",
    )
    .default("\"propagate\""),
    field(
        "default_result",
        FieldKind::Any,
        "The output if it fails and `on_error` is `default`.",
    ),
    ignored(
        "pipeline_version",
        "A project has one version of each pipeline.",
    ),
    ignored(
        "async_execution",
        "Stages that do not depend on it run at the same time.",
    ),
    ignored(
        "wait_for_completion",
        "Stages that depend on it always wait for it.",
    ),
    ignored("inherit_context", "It sees its input and nothing else."),
    ignored("isolated", "It is always isolated."),
];
