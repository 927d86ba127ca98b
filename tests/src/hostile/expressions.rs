//! Templates and expressions: long, wide, wrong, and each of them many times.
//!
//! Enters: nothing. Leaves: rows of pieces. Must not know how they are repeated.

use super::{DATA, ENTRIES, MESSAGE, Place, Row};

/// One expression, which the pieces are the middle of.
macro_rules! within {
    ($before:literal, $after:literal) => {
        (
            concat!(
                r#"{"name":"p","stages":[{"id":"a","component_type":"logger","config":{"message":"{{ "#,
                $before
            ),
            concat!($after, r#" }}"}}]}"#),
        )
    };
}

const EXPRESSION: Place = within!("", "1");
const AFTER_ONE: Place = within!("1", "");
const AFTER_INPUT: Place = within!("input", "");
const DISPLAY: Place = within!("[", "]");
const BRACES: Place = within!("{", "}");
const ARGUMENTS: Place = within!("len(", ")");
const COMPREHENSION: Place = within!("[1 for x in [1]", "]");
const FORMATTED: Place = within!("f'", "'");
const TEXT: Place = within!("'", "'");

pub(super) const SHAPES: &[Row] = &[
    ("objects", DATA, r#"{"k@":1}"#, ","),
    ("objects-in-lists", DATA, r#"[{"k@":{"j@":1}}]"#, ","),
    ("literals-in-objects", DATA, r#"{"name":"host-@"}"#, ","),
    ("texts", DATA, r#""s@""#, ","),
    ("entries", ENTRIES, r#""k@":1"#, ","),
    ("templates-in-data", DATA, r#""{{input.x@}}""#, ","),
    (
        "templates-in-entries",
        ENTRIES,
        r#""k@":"{{input.x@ + 1}}""#,
        ",",
    ),
    ("display-of-objects", DISPLAY, "{'k@':1}", ","),
    (
        "display-of-lists-of-objects",
        DISPLAY,
        "[{'k@':{'j':1}}]",
        ",",
    ),
    ("display-of-reads", DISPLAY, "input.x", ","),
    ("display-of-numbers", DISPLAY, "1", ","),
    ("display-of-texts", DISPLAY, "'a@'", ","),
    ("dict", BRACES, "'k@':1", ","),
    ("set", BRACES, "@", ","),
    ("sums", AFTER_ONE, "+1", ""),
    ("ands", AFTER_ONE, " and input.x", ""),
    ("ors", AFTER_ONE, " or input.x", ""),
    ("links", AFTER_ONE, "<input.x", ""),
    ("members", AFTER_INPUT, ".x", ""),
    ("indices", AFTER_INPUT, "[0]", ""),
    ("slices", AFTER_INPUT, "[1:2]", ""),
    ("calls", AFTER_INPUT, "(1)", ""),
    ("pipes", AFTER_INPUT, "|upper", ""),
    ("clauses", COMPREHENSION, " for x in [1]", ""),
    ("conditions", COMPREHENSION, " if x", ""),
    ("choices", AFTER_ONE, " if input.x else 1", ""),
    ("parentheses", EXPRESSION, "(", ""),
    ("nots", EXPRESSION, "not ", ""),
    ("lambdas", EXPRESSION, "lambda x: ", ""),
    ("unknown-names", DISPLAY, "nam@", ","),
    ("unknown-names-apart", MESSAGE, "{{nam@}}", " "),
    ("unknown-functions", MESSAGE, "{{lem(@)}}", " "),
    ("unknown-methods", MESSAGE, "{{ 'a'.uper() }}", ""),
    ("templates", MESSAGE, "{{input.x}}", ""),
    ("open-templates", MESSAGE, "{{", " "),
    ("broken-templates", MESSAGE, "{{1 +}}", " "),
    ("closing-braces-in-a-text", MESSAGE, "}}", " "),
    ("braces-apart", MESSAGE, "{ {x} }", " "),
    ("statements", MESSAGE, "{% if x %}", ""),
    ("parts-of-a-text", FORMATTED, "{input.x}", ""),
    ("broken-parts-of-a-text", FORMATTED, "{1+}", ""),
    ("nested-formats", FORMATTED, "{1:{1:{1}}}", ""),
    ("texts-side-by-side", EXPRESSION, "'a' ", ""),
    ("a-long-literal", TEXT, "§", ""),
    ("a-long-name", AFTER_INPUT, "§", ""),
    ("wrong-sums", MESSAGE, "{{1+'a'}}", ""),
    ("wrong-sums-in-a-list", DISPLAY, "1+'a'", ","),
    ("wrong-comparisons", MESSAGE, "{{ 'a' < 1 }}", ""),
    ("arguments", ARGUMENTS, "1", ","),
    ("named-arguments", ARGUMENTS, "a@=1", ","),
    (
        "variables-of-the-environment",
        MESSAGE,
        "{{env.NAME_OF_@}}{{env.NAME_OG_@}}",
        "",
    ),
    ("escapes-in-templates", MESSAGE, r"{{ '\\u00e9' }}", ""),
    ("emoji-in-templates", MESSAGE, "😀{{ é@ }}", ""),
    ("the-same-mistake", MESSAGE, "{{ bad }}", ""),
];
