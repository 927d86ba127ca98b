//! Components of FlowMason that are not supported.
//!
//! Enters: nothing. Leaves: their names, and what to use instead of each. Must not know any
//! pipeline.

/// What to use instead of components that ask a model in a special way.
const PROMPT: &str = "`generator` with the text in its prompt";
const JSON_PROMPT: &str = "`generator` with `output_format: json`";
/// What to use instead of components for databases and queues.
const SERVICE: &str = "`http-request` to a service in front of it";
const PROVIDER: &str = "`http-request` to the provider";

pub(super) const COMPONENTS: &[(&str, &str)] = &[
    (
        "parallel",
        "stages without dependencies on each other already run at the same time",
    ),
    (
        "retry",
        "`error_handling` with `on_error: retry` on the stage itself",
    ),
    ("timeout", "`timeout_ms` on the stage itself"),
    (
        "delay",
        "`retry_delay` of `error_handling`, or the scheduler that starts the run",
    ),
    (
        "wait",
        "`retry_delay` of `error_handling`, or the scheduler that starts the run",
    ),
    ("switch-router", "`router`"),
    (
        "output-router",
        "`router` and one `http-request` per destination",
    ),
    ("switch", "`router`"),
    (
        "while-loop",
        "`foreach` over a list of attempts, or `error_handling` with `on_error: retry`",
    ),
    ("summarizer", PROMPT),
    ("translator", PROMPT),
    ("rewriter", PROMPT),
    (
        "chat",
        "`generator` with the messages in its prompt, and the role in `system_prompt`",
    ),
    (
        "classifier",
        "`generator` with `output_format: json`, and a `router`",
    ),
    ("extractor", JSON_PROMPT),
    ("analyzer", JSON_PROMPT),
    ("compliance-evaluator", JSON_PROMPT),
    (
        "rule-checker",
        "`schema-validate`, or a `json-transform` that lists what is wrong",
    ),
    ("embedder", PROVIDER),
    ("transcriber", PROVIDER),
    ("text-to-speech", PROVIDER),
    (
        "document-reader",
        "`http-request` to the service that reads documents",
    ),
    (
        "form-extractor",
        "`http-request` to the service that reads documents",
    ),
    ("retriever", "`http-request` to the index"),
    ("policy-lookup", "`http-request` to the index"),
    (
        "knowledge-query",
        "`http-request` to the index, and a `generator` with what it found",
    ),
    (
        "mcp-tool-call",
        "`http-request` to the server, or to the service that its tool calls",
    ),
    ("mcp-list-tools", "`http-request` to the server"),
    (
        "break-loop",
        "`filter_expression` of `foreach`, or a slice of its `items`",
    ),
    (
        "continue-loop",
        "a `conditional` around the rest of the body",
    ),
    ("human-approval", "`http-request` to the system that asks"),
    ("error-boundary", "`trycatch`"),
    (
        "error-router",
        "`catch_stages` of `trycatch` with one `http-request` per destination",
    ),
    ("slack", "`http-request` to the webhook"),
    ("jira", "`http-request` to the REST API"),
    ("pagerduty", "`http-request` to the events API"),
    ("email", "`http-request` to the mail provider"),
    ("database", SERVICE),
    ("postgres", SERVICE),
    ("redis", SERVICE),
    ("mongodb", SERVICE),
    ("s3", "`http-request` to a signed URL of the object"),
    (
        "local-file",
        "the run's input, or `http-request` to a server that has the file",
    ),
    ("echo-connector", "`json-transform`"),
    ("webhook", "`http-request`"),
    (
        "filter-transformer",
        "`filter` with `filter_mode: filter_array`",
    ),
    ("aggregate", "`json-transform` with comprehensions"),
    ("join", "`json-transform` with comprehensions"),
    ("pandas", "`json-transform` with comprehensions"),
    (
        "sql",
        "`json-transform` with comprehensions, or `http-request` to the database's service",
    ),
];
