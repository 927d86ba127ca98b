//! Operators: components that transform, fetch, log and check.
//!
//! Enters: nothing. Leaves: their rows, as the component reference states them.

use super::{
    Component, Feature, Modes, Output, Runs, component,
    field::{Field, Kind, Locals, field, ignored},
    names::Taken,
    shape::Shape,
};

const DATA_AND_ITEM: Locals = Locals {
    data: true,
    item: true,
    value: false,
};

pub(super) const COMPONENTS: &[Component] = &[
    component(
        "http-request",
        "sends one HTTP request and reads the response",
        HTTP_REQUEST,
        Output::Fields(&[
            ("status_code", Shape::Int),
            ("headers", Shape::Object),
            ("body", Shape::Any),
            ("success", Shape::Bool),
            ("elapsed_ms", Shape::Int),
            ("url", Shape::Str),
            ("attempts", Shape::Int),
        ]),
        Runs::Leaf {
            item: "HTTP_REQUEST",
            features: &[Feature::Http],
        },
    )
    .side_effect(),
    component(
        "json-transform",
        "renders a template, or maps fields of data",
        JSON_TRANSFORM,
        Output::Template,
        Runs::Leaf {
            item: "JSON_TRANSFORM",
            features: &[],
        },
    )
    .modes(Modes {
        fields: &["template", "mapping", "jmespath_expression", "flatten"],
        ..Modes::NONE
    }),
    component(
        "logger",
        "writes one structured event to standard error",
        LOGGER,
        Output::Fields(&[
            ("logged", Shape::Bool),
            ("log_id", Shape::Str),
            ("passthrough", Shape::Setting("data")),
        ]),
        Runs::Leaf {
            item: "LOGGER",
            features: &[],
        },
    )
    .only_logs(),
    component(
        "filter",
        "tests data, or keeps the items of a list that pass",
        FILTER,
        Output::Fields(&[
            ("passed", Shape::Bool),
            ("data", Shape::Any),
            ("filtered_count", Shape::Int),
            ("reason", Shape::MaybeStr),
        ]),
        Runs::Leaf {
            item: "FILTER",
            features: &[],
        },
    ),
    component(
        "schema-validate",
        "checks data against a JSON Schema",
        SCHEMA_VALIDATE,
        Output::Fields(&[
            ("valid", Shape::Bool),
            ("data", Shape::Any),
            (
                "errors",
                Shape::ListOf(&[("path", Shape::Str), ("message", Shape::Str)]),
            ),
            ("error_count", Shape::Int),
        ]),
        Runs::NotYet,
    ),
    component(
        "variable-set",
        "sets variables of `context` for the stages after it",
        VARIABLE_SET,
        Output::Variables,
        Runs::Leaf {
            item: "VARIABLE_SET",
            features: &[],
        },
    )
    .modes(Modes {
        fields: &["variables", "name"],
        wanted: Some("variables"),
        needs: &[("name", "value")],
    }),
    component(
        "loop",
        "cuts a list into batches",
        LOOP,
        Output::Fields(&[
            ("batches", Shape::List),
            ("total_items", Shape::Int),
            ("total_batches", Shape::Int),
            ("has_more", Shape::Bool),
            ("metadata", Shape::Object),
        ]),
        Runs::Leaf {
            item: "LOOP",
            features: &[],
        },
    ),
];

const METHODS: Kind = Kind::Choice(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);
const LEVELS: Kind = Kind::Choice(&["debug", "info", "warning", "warn", "error"]);

const HTTP_REQUEST: &[Field] = &[
    field(
        "url",
        Kind::Url,
        "Where to; values are escaped for where they stand, `raw(…)` is not.",
    )
    .required(),
    field("method", METHODS, "The method, in any case.").default("\"GET\""),
    field("headers", Kind::Object, "Headers by name."),
    field(
        "query_params",
        Kind::Object,
        "Query parameters; null is left out, a list repeats the key.",
    )
    .aliases(&["params"]),
    field(
        "body",
        Kind::Any,
        "An object or list goes as JSON, text as it is, null not at all.",
    ),
    field("timeout", Kind::Number, "Limit in milliseconds.")
        .default("30000")
        .at_least(1),
    field(
        "follow_redirects",
        Kind::Bool,
        "Whether to follow redirects; true for GET and HEAD.",
    ),
    field(
        "verify_ssl",
        Kind::Bool,
        "Whether to check the server's certificate.",
    )
    .default("true"),
    field(
        "fail_on_status",
        Kind::Bool,
        "Whether a status of 400 or more fails the stage; decided by the readers otherwise.",
    ),
    field(
        "max_response_bytes",
        Kind::Int,
        "Longer responses fail the stage.",
    )
    .default("16777216")
    .at_least(1),
    ignored(
        "extract_path",
        "A path into the body; an expression reads it.",
    ),
    ignored(
        "retry_on_status",
        "Statuses to retry; `error_handling` decides.",
    ),
];

const JSON_TRANSFORM: &[Field] = &[
    field(
        "template",
        Kind::Template,
        "Any JSON with templates; the output is what it renders to.",
    ),
    field("data", Kind::Any, "In scope of the template as `data`.").default("null"),
    field(
        "mapping",
        Kind::ObjectOf(&Kind::Text),
        "Output fields by path into the data.",
    ),
    field(
        "defaults",
        Kind::Object,
        "Values of mapped fields that the data lacks.",
    ),
    field(
        "jmespath_expression",
        Kind::Str,
        "A JMESPath expression over the data.",
    )
    .aliases(&["expression"])
    .literal(),
    field(
        "flatten",
        Kind::Bool,
        "Whether to flatten nested objects to dotted keys.",
    ),
    field(
        "parse_json_strings",
        Kind::Bool,
        "Whether data that is a string of JSON is parsed.",
    )
    .default("true"),
    ignored("exclude_fields", "A template names what it keeps."),
    ignored("strict_mode", "Missing fields read as null."),
    ignored("preserve_aspects", "Nothing is dropped."),
];

const LOGGER: &[Field] = &[
    field("message", Kind::Str, "What to say.").required(),
    field("level", LEVELS, "How loud, in any case.").default("\"info\""),
    field(
        "data",
        Kind::Any,
        "Goes with the event, and is handed on as `passthrough`.",
    ),
    field("tags", Kind::Object, "Labels of the event."),
    ignored("emit_to_trace", "Events go to standard error."),
    ignored("passthrough", "The data is always handed on."),
];

const FILTER: &[Field] = &[
    field("data", Kind::Any, "What is tested; in scope as `data`.").required(),
    field(
        "condition",
        Kind::Condition(DATA_AND_ITEM),
        "An expression, or a template that yields one.",
    ),
    field(
        "field_conditions",
        Kind::Object,
        "Values that fields of the data must equal.",
    ),
    field(
        "filter_mode",
        Kind::Choice(&["pass_fail", "filter_array"]),
        "Test the data, or keep its items that pass.",
    )
    .default("\"pass_fail\""),
    field(
        "pass_if_missing",
        Kind::Bool,
        "Whether a missing key, or a null, passes.",
    )
    .default("false"),
    field("invert", Kind::Bool, "Whether to turn the result round.").default("false"),
    ignored("pass_data", "The data is always handed on."),
];

const SCHEMA_VALIDATE: &[Field] = &[
    field("data", Kind::Any, "What is checked.").required(),
    field(
        "schema",
        Kind::Schema,
        "The schema; draft 2020-12 by default.",
    )
    .required()
    .aliases(&["json_schema"]),
    field(
        "strict",
        Kind::Bool,
        "Whether undeclared properties are refused too.",
    )
    .default("false")
    .aliases(&["strict_mode"]),
    field(
        "coerce_types",
        Kind::Bool,
        "Whether text becomes the number or boolean it holds.",
    )
    .default("false"),
    field(
        "fail_on_invalid",
        Kind::Bool,
        "Whether invalid data fails the stage.",
    )
    .default("false"),
    ignored("collect_all_errors", "All errors are collected."),
];

const VARIABLE_SET: &[Field] = &[
    field("variables", Kind::Object, "Values by name."),
    field("name", Kind::Name(Taken::Facts), "One name.").aliases(&["variable_name"]),
    field("value", Kind::Any, "The value of `name`.").aliases(&["variable_value"]),
    ignored(
        "scope",
        "Variables live as long as the run, or the iteration.",
    ),
    ignored("overwrite", "A later value replaces an earlier one."),
    ignored(
        "extract_path",
        "A path into the value; an expression reads it.",
    ),
];

const LOOP: &[Field] = &[
    field("items", Kind::List, "What is cut.").required(),
    field("batch_size", Kind::Int, "Items a batch.")
        .default("1")
        .at_least(1),
    field("max_iterations", Kind::Int, "Batches at most.").at_least(1),
    field("start_index", Kind::Int, "Items passed over.")
        .default("0")
        .at_least(0),
    ignored("include_metadata", "`metadata` is always there."),
];
