//! Schemas of the input.
//!
//! Enters: nothing. Leaves: rows of pieces. Must not know how they are repeated.

use super::{Place, Row};

/// A schema, which the pieces are the middle of.
macro_rules! within {
    ($before:literal, $after:literal) => {
        (
            concat!(r#"{"name":"p","input_schema":{"#, $before),
            concat!(
                $after,
                r#"},"stages":[{"id":"a","component_type":"logger","config":{"message":"{{input.x}}"}}]}"#
            ),
        )
    };
}

const SCHEMA: Place = within!("", "");
const PROPERTIES: Place = within!(r#""properties":{"#, "}");
const ENUM: Place = within!(r#""properties":{"x":{"enum":["#, "]}}");
const ANY_OF: Place = within!(r#""properties":{"x":{"anyOf":["#, "]}}");
const ALL_OF: Place = within!(r#""properties":{"x":{"allOf":["#, "]}}");
const FIRST: Place = within!(
    r#""properties":{"x":{"type":"array","prefixItems":["#,
    "]}}"
);
const PATTERNS: Place = within!(r#""properties":{"x":{"patternProperties":{"#, "}}}");
const PATTERN: Place = within!(r#""properties":{"x":{"pattern":""#, r#""}}"#);
const REQUIRED: Place = within!(r#""properties":{},"required":["#, "]");
const TYPES: Place = within!(r#""type":["#, "]");

pub(super) const SHAPES: &[Row] = &[
    ("enum-of-texts", ENUM, r#""e@""#, ","),
    ("enum-of-objects", ENUM, r#"{"k@":1}"#, ","),
    (
        "any-of-objects",
        ANY_OF,
        r#"{"type":"object","required":["k@"],"properties":{"k@":{"type":"string"}}}"#,
        ",",
    ),
    (
        "any-of-open-objects",
        ANY_OF,
        r#"{"properties":{"k@":{}}}"#,
        ",",
    ),
    ("all-of-objects", ALL_OF, r#"{"properties":{"k@":{}}}"#, ","),
    (
        "all-of-choices",
        ALL_OF,
        r#"{"anyOf":[{"properties":{"k@":{}}},{"type":"string"}]}"#,
        ",",
    ),
    (
        "all-of-conditions",
        ALL_OF,
        r#"{"if":{"properties":{"a@":{}}},"then":{"properties":{"b@":{}}}}"#,
        ",",
    ),
    ("first-items", FIRST, r#"{"properties":{"k@":{}}}"#, ","),
    (
        "pattern-properties",
        PATTERNS,
        r#""^k@":{"properties":{"a@":{}}}"#,
        ",",
    ),
    (
        "wrong-patterns",
        PROPERTIES,
        r#""p@":{"pattern":"(a|b)*["}"#,
        ",",
    ),
    ("a-long-pattern", PATTERN, "(a|", ""),
    ("a-pattern-of-counts", PATTERN, "a{1,99}", ""),
    ("properties", PROPERTIES, r#""p@":{"type":"string"}"#, ","),
    ("wrong-types", PROPERTIES, r#""p@":{"type":"strin"}"#, ","),
    ("wrong-properties", PROPERTIES, r#""p@":1"#, ","),
    ("required", REQUIRED, r#""p@""#, ","),
    ("types", TYPES, r#""string""#, ","),
    ("unknown-keywords", SCHEMA, r#""k@":1"#, ","),
    (
        "same-keywords",
        SCHEMA,
        r#""properties":{"x":{"type":"string"}}"#,
        ",",
    ),
];
