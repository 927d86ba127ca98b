//! Components of FlowMason that are not supported.
//!
//! Enters: nothing. Leaves: their names, and what to use instead.

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
        "`router` and one `http-request` a destination",
    ),
    ("switch", "`router`"),
    (
        "while-loop",
        "`foreach` over a list of attempts, or `error_handling` with `on_error: retry`",
    ),
    ("summarizer", "`generator` with the text in its prompt"),
    (
        "classifier",
        "`generator` with `output_format: json`, and a `router`",
    ),
    ("extractor", "`generator` with `output_format: json`"),
    ("embedder", "`http-request` to the provider"),
    ("human-approval", "`http-request` to the system that asks"),
    ("error-boundary", "`trycatch`"),
    ("slack", "`http-request` to the webhook"),
    ("jira", "`http-request` to the REST API"),
    ("pagerduty", "`http-request` to the events API"),
    ("email", "`http-request` to the mail provider"),
    ("database", "`http-request` to a service in front of it"),
    ("webhook", "`http-request`"),
];
