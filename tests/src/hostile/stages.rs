//! Stages with wrong names, settings and references.
//!
//! Enters: nothing. Leaves: rows of pieces. Must not know how they are repeated.

use super::{MESSAGE, Place, Row, STAGES};

/// Names in the `depends_on` of one stage.
const DEPENDENCIES: Place = (
    r#"{"name":"p","stages":[{"id":"b","component_type":"logger","config":{"message":"m"}},{"id":"a","component_type":"logger","config":{"message":"m"},"depends_on":["#,
    "]}]}",
);
/// Headers of one request.
const HEADERS: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"http-request","config":{"url":"http://x.example/","headers":{"#,
    "}}}]}",
);
/// Routes of one router.
const ROUTES: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"router","config":{"value":"{{input.x}}","routes":{"#,
    "}}}]}",
);
/// The URL of one request.
const URL: Place = (
    r#"{"name":"p","stages":[{"id":"a","component_type":"http-request","config":{"url":"http://x.example/"#,
    r#""}}]}"#,
);

pub(super) const SHAPES: &[Row] = &[
    (
        "stages",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"m"}}"#,
        ",",
    ),
    (
        "same-ids",
        STAGES,
        r#"{"id":"a","component_type":"logger","config":{"message":"m"}}"#,
        ",",
    ),
    ("no-component", STAGES, r#"{"id":"s@"}"#, ","),
    ("empty-stages", STAGES, "{}", ","),
    (
        "misspelt-components",
        STAGES,
        r#"{"id":"s@","component_type":"loggerr"}"#,
        ",",
    ),
    (
        "unknown-components",
        STAGES,
        r#"{"id":"s@","component_type":"xyzzy@"}"#,
        ",",
    ),
    (
        "unknown-stage-keys",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"m"},"depend@":1}"#,
        ",",
    ),
    (
        "long-ids",
        STAGES,
        r#"{"id":"§§§§§@","component_type":"logger","config":{"message":"m"},"depends_on":["§§§§§b@"]}"#,
        ",",
    ),
    (
        "misspelt-ids",
        STAGES,
        r#"{"id":"stage-number-@","component_type":"logger","config":{"message":"m"},"depends_on":["stagf-numbor-@"]}"#,
        ",",
    ),
    (
        "unknown-ids",
        STAGES,
        r#"{"id":"stage-number-@","component_type":"logger","config":{"message":"m"},"depends_on":["q@zzzz"]}"#,
        ",",
    ),
    (
        "one-unknown-id",
        STAGES,
        r#"{"id":"stage-number-@","component_type":"logger","config":{"message":"m"},"depends_on":["stage-number-x"]}"#,
        ",",
    ),
    (
        "misspelt-reads",
        STAGES,
        r#"{"id":"stage-number-@","component_type":"logger","config":{"message":"{{upstream.stagf-numbor-@.x}}"}}"#,
        ",",
    ),
    ("unknown-dependencies", DEPENDENCIES, r#""b@""#, ","),
    ("same-dependencies", DEPENDENCIES, r#""b""#, ","),
    (
        "self-dependencies",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"m"},"depends_on":["s@"]}"#,
        ",",
    ),
    (
        "wrong-ids",
        STAGES,
        r#"{"id":"s @ !","component_type":"logger","config":{"message":"m"}}"#,
        ",",
    ),
    (
        "wrong-dependencies",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"m"},"depends_on":[1,2,3]}"#,
        ",",
    ),
    (
        "unordered-reads",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"{{upstream.s0.x}}"}}"#,
        ",",
    ),
    (
        "disabled-stages",
        STAGES,
        r#"{"id":"s@","component_type":"logger","enabled":false,"config":{"message":"m"},"depends_on":["s0"]}"#,
        ",",
    ),
    (
        "environment",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"{{env.X@}}"}}"#,
        ",",
    ),
    (
        "wrong-loops",
        STAGES,
        r#"{"id":"s@","component_type":"foreach","config":{"items":1,"loop_stages":["x@","y@"]}}"#,
        ",",
    ),
    (
        "wrong-conditions",
        STAGES,
        r#"{"id":"s@","component_type":"conditional","config":{"condition_expression":"1 +","true_branch_stages":["x@"]}}"#,
        ",",
    ),
    (
        "unset-variables",
        STAGES,
        r#"{"id":"s@","component_type":"logger","config":{"message":"{{context.v@}}"}}"#,
        ",",
    ),
    (
        "set-and-unset-variables",
        STAGES,
        r#"{"id":"s@","component_type":"variable-set","config":{"name":"value@","value":"{{context.valuf@}}"}}"#,
        ",",
    ),
    (
        "any-variable",
        STAGES,
        r#"{"id":"s@","component_type":"variable-set","config":{"name":"{{input.n}}","value":"{{context.v@}}"}}"#,
        ",",
    ),
    (
        "sub-pipelines",
        STAGES,
        r#"{"id":"s@","component_type":"subpipeline","config":{"pipeline_id":"p@"}}"#,
        ",",
    ),
    (
        "requests",
        STAGES,
        r#"{"id":"s@","component_type":"http-request","config":{"url":"http://h@.example/{{input.x}}"}}"#,
        ",",
    ),
    ("headers", HEADERS, r#""H@":1"#, ","),
    ("routes", ROUTES, r#""r@":["s@"]"#, ","),
    ("a-long-url", URL, "{{input.x}}/", ""),
    ("reads-in-one-text", MESSAGE, "{{upstream.a@.y}}", ""),
];
