//! Operators: components that transform data, make requests, log and check.
//!
//! Enters: nothing. Leaves: their rows. Must not know how they run.

use super::{
    Component, Feature, Modes, Output, Runs, component,
    field::{Field, FieldKind, FieldNames, field, ignored},
    names::Taken,
    shape::Shape,
};

const DATA_AND_ITEM: FieldNames = FieldNames {
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
        "computes a value from a template, or maps fields",
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
        "writes one log entry to standard error",
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
        "tests a value, or keeps the items of a list that pass a test",
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
        "sets variables that later stages read in `context`",
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
        "splits a list into batches",
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

const METHODS: FieldKind =
    FieldKind::Choice(&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]);
const LEVELS: FieldKind = FieldKind::Choice(&["debug", "info", "warning", "warn", "error"]);

const HTTP_REQUEST: &[Field] = &[
    field(
        "url",
        FieldKind::Url,
        "The address of the request. Inserted values are percent-encoded; `raw(…)` inserts a value unchanged.",
    )
    .required(),
    field("method", METHODS, "HTTP method (case-insensitive).").default("\"GET\""),
    field("headers", FieldKind::Object, "Request headers, by name."),
    field(
        "query_params",
        FieldKind::Object,
        "Query parameters, by name. A null value is left out; a list repeats the name.",
    )
    .aliases(&["params"]),
    field(
        "body",
        FieldKind::Any,
        "Request body. An object or a list is sent as JSON, a string as it is; null sends no body.",
    ),
    field("timeout", FieldKind::Number, "Time limit for one request, in milliseconds.")
        .default("30000")
        .at_least(1),
    field(
        "follow_redirects",
        FieldKind::Bool,
        "Follow redirects. Default: `true` for GET and HEAD, `false` for other methods.",
    ),
    field(
        "verify_ssl",
        FieldKind::Bool,
        "Check the server's certificate.",
    )
    .default("true"),
    field(
        "fail_on_status",
        FieldKind::Bool,
        "Fail the stage on a status of 400 or more. If this is not set, such a status fails the stage unless an expression reads the status.",
    ),
    field(
        "max_response_bytes",
        FieldKind::Int,
        "Maximum size of the response, in bytes. A larger response fails the stage.",
    )
    .default("16777216")
    .at_least(1),
    ignored(
        "extract_path",
        "Read the body with an expression instead.",
    ),
    ignored(
        "retry_on_status",
        "Retries are set in `error_handling`.",
    ),
];

const JSON_TRANSFORM: &[Field] = &[
    field(
        "template",
        FieldKind::Template,
        "Any JSON with templates. The rendered JSON is the output.",
    ),
    field(
        "data",
        FieldKind::Any,
        "The value that the template reads as `data`.",
    )
    .default("null"),
    field(
        "mapping",
        FieldKind::ObjectOf(&FieldKind::Text),
        "Output fields, each with the path of its value in the data.",
    ),
    field(
        "defaults",
        FieldKind::Object,
        "Values for mapped fields that are missing in the data.",
    ),
    field(
        "jmespath_expression",
        FieldKind::Str,
        "A JMESPath expression that is applied to the data.",
    )
    .aliases(&["expression"])
    .literal(),
    field(
        "flatten",
        FieldKind::Bool,
        "Turn nested objects into one object with dotted keys.",
    ),
    field(
        "parse_json_strings",
        FieldKind::Bool,
        "Parse the data first if it is a string that holds JSON.",
    )
    .default("true"),
    ignored("exclude_fields", "Name the fields to keep in the template."),
    ignored("strict_mode", "Missing fields are null."),
    ignored("preserve_aspects", "Nothing is dropped."),
];

const LOGGER: &[Field] = &[
    field("message", FieldKind::Str, "The text of the log entry.").required(),
    field("level", LEVELS, "Log level (case-insensitive).").default("\"info\""),
    field(
        "data",
        FieldKind::Any,
        "Logged with the message, and returned as `passthrough`.",
    ),
    field("tags", FieldKind::Object, "Labels of the log entry."),
    ignored("emit_to_trace", "Log entries go to standard error."),
    ignored("passthrough", "The data is always returned."),
];

const FILTER: &[Field] = &[
    field("data", FieldKind::Any, "The value to test. The condition reads it as `data`.").required(),
    field(
        "condition",
        FieldKind::Condition(DATA_AND_ITEM),
        "The test: an expression, or a template that gives one.",
    ),
    field(
        "field_conditions",
        FieldKind::Object,
        "Fields of the data with the values they must have.",
    ),
    field(
        "filter_mode",
        FieldKind::Choice(&["pass_fail", "filter_array"]),
        "`pass_fail` tests the data as a whole; `filter_array` keeps the items of a list that pass.",
    )
    .default("\"pass_fail\""),
    field(
        "pass_if_missing",
        FieldKind::Bool,
        "Pass if the condition fails because a key is missing or null.",
    )
    .default("false"),
    field("invert", FieldKind::Bool, "Invert the result.").default("false"),
    ignored("pass_data", "The data is always returned."),
];

const SCHEMA_VALIDATE: &[Field] = &[
    field("data", FieldKind::Any, "The value to check.").required(),
    field(
        "schema",
        FieldKind::Schema,
        "The JSON Schema. Default draft: 2020-12.",
    )
    .required()
    .aliases(&["json_schema"]),
    field(
        "strict",
        FieldKind::Bool,
        "Refuse properties that the schema does not declare.",
    )
    .default("false")
    .aliases(&["strict_mode"]),
    field(
        "coerce_types",
        FieldKind::Bool,
        "Convert strings to the numbers and booleans they hold.",
    )
    .default("false"),
    field(
        "fail_on_invalid",
        FieldKind::Bool,
        "Fail the stage on invalid data.",
    )
    .default("false"),
    ignored("collect_all_errors", "All errors are always collected."),
];

const VARIABLE_SET: &[Field] = &[
    field(
        "variables",
        FieldKind::Object,
        "The variables to set, by name.",
    ),
    field(
        "name",
        FieldKind::Name(Taken::Facts),
        "The name of a single variable.",
    )
    .aliases(&["variable_name"]),
    field("value", FieldKind::Any, "The value of the single variable.")
        .aliases(&["variable_value"]),
    ignored(
        "scope",
        "A variable lives as long as the run, or the loop iteration it was set in.",
    ),
    ignored("overwrite", "A later value always replaces an earlier one."),
    ignored(
        "extract_path",
        "Select a part of the value with an expression instead.",
    ),
];

const LOOP: &[Field] = &[
    field("items", FieldKind::List, "The list to split.").required(),
    field(
        "batch_size",
        FieldKind::Int,
        "Number of items in each batch.",
    )
    .default("1")
    .at_least(1),
    field(
        "max_iterations",
        FieldKind::Int,
        "Maximum number of batches.",
    )
    .at_least(1),
    field(
        "start_index",
        FieldKind::Int,
        "Number of items to skip at the start.",
    )
    .default("0")
    .at_least(0),
    ignored("include_metadata", "`metadata` is always there."),
];
