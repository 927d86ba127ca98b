//! Pipelines in which two parts belong together, one by one: properties and reads, variables and
//! their uses, definitions and references.
//!
//! Enters: a size. Leaves: pipelines. Must not know types.

use super::{Made, list, staged};

pub(super) const SHAPES: &[Made] = &[
    ("variables", |size| {
        staged(size, 150, |at, _| set(at, &format!("v{at}"), "1"))
    }),
    ("one-variable", |size| {
        staged(size, 150, |at, _| set(at, "v", r#""{{context.v}}""#))
    }),
    ("references", |size| {
        definitions(
            size / 60,
            |at| format!("d{at}"),
            |_| r#"{"type":"string"}"#.to_owned(),
        )
    }),
    ("wrong-references", |size| {
        definitions(size / 70, |at| format!("e{at}zz"), |_| "{}".to_owned())
    }),
    ("chain-of-references", |size| {
        definitions(
            size / 75,
            |_| "d0".to_owned(),
            |at| format!(r##"{{"$ref":"#/$defs/d{}"}}"##, at + 1),
        )
    }),
    ("web-of-references", |size| {
        let count = (((size / 30) as f64).sqrt() as usize).max(1);
        let to_all = list(count, |at| format!(r##"{{"$ref":"#/$defs/d{at}"}}"##));
        definitions(
            count,
            |at| format!("d{at}"),
            |_| format!(r#"{{"anyOf":[{to_all}]}}"#),
        )
    }),
    ("web-of-parts", |size| {
        let count = (((size / 30) as f64).sqrt() as usize).max(1);
        let part = |at: usize| format!(r##"{{"$ref":"#/$defs/d{at}"}}"##);
        definitions(
            count,
            |at| format!("d{at}"),
            |at| {
                let parts = list(count - at, |other| part(at + other + 1));
                format!(r#"{{"allOf":[{parts}],"properties":{{"p{at}":{{}}}}}}"#)
            },
        )
    }),
    ("anchors", |size| {
        let count = size / 70;
        let named = list(count, |at| format!(r#""d{at}":{{"$anchor":"a{at}"}}"#));
        let used = list(count, |at| format!(r##""p{at}":{{"$ref":"#a{at}"}}"##));
        with_schema(
            &format!(r#""properties":{{{used}}},"$defs":{{{named}}}"#),
            "m",
        )
    }),
    ("misspelt-properties", |size| {
        let count = size / 60;
        let known = list(count, |at| {
            format!(r#""property{at}":{{"type":"integer"}}"#)
        });
        let reads: String = (0..count)
            .map(|at| format!("{{{{input.propertx{at}}}}}"))
            .collect();
        with_schema(
            &format!(r#""additionalProperties":false,"properties":{{{known}}}"#),
            &reads,
        )
    }),
    ("unknown-properties", |size| {
        let count = size / 60;
        let known = list(count, |at| {
            format!(r#""property{at}":{{"type":"integer"}}"#)
        });
        let reads: String = (0..count)
            .map(|at| format!("{{{{input.q{at}zzzz}}}}"))
            .collect();
        with_schema(
            &format!(r#""additionalProperties":false,"properties":{{{known}}}"#),
            &reads,
        )
    }),
    ("reads-of-a-table", |size| {
        let rows = list(size / 30, |at| format!(r#"{{"k{at}":1}}"#));
        let reads: String = (0..size / 70)
            .map(|at| format!("{{{{upstream.a.result[0].k{at}}}}}"))
            .collect();
        format!(
            r#"{{"name":"p","stages":[{{"id":"a","component_type":"json-transform","config":{{"data":[{rows}]}}}},{{"id":"b","component_type":"logger","depends_on":["a"],"config":{{"message":"{reads}"}}}}]}}"#
        )
    }),
    ("wrong-samples", |size| {
        let count = size / 50;
        let known = list(count, |at| format!(r#""p{at}":{{"type":"integer"}}"#));
        let given = list(count, |at| format!(r#""p{at}":"x""#));
        with_schema(&format!(r#""properties":{{{known}}}"#), "m").replacen(
            r#","stages""#,
            &format!(r#","sample_input":{{{given}}},"stages""#),
            1,
        )
    }),
    ("deep-lists", |size| {
        "[".repeat(100) + &"[[]],".repeat(size / 5) + &"]".repeat(100)
    }),
    ("a-long-number", |size| format!("[{}]", "9".repeat(size))),
    ("a-long-key", |size| {
        format!(r#"{{"{}":1}}"#, "k".repeat(size))
    }),
    ("clause-of-many-names", |size| {
        let names = list(size / 16, |at| format!("a{at}"));
        let uses = list(size / 16, |at| format!("b{at}"));
        with_schema("", &format!("{{{{ [[{uses}] for {names} in [1]] }}}}"))
    }),
];

fn set(at: usize, name: &str, value: &str) -> String {
    let before = at.checked_sub(1).map(|at| format!(r#""s{at}""#));
    format!(
        r#"{{"id":"s{at}","component_type":"variable-set","config":{{"name":"{name}","value":{{"k{at}":{value}}}}},"depends_on":[{}]}}"#,
        before.unwrap_or_default()
    )
}

/// A pipeline with an input schema and a message.
fn with_schema(schema: &str, message: &str) -> String {
    format!(
        r#"{{"name":"p","input_schema":{{{schema}}},"stages":[{{"id":"a","component_type":"logger","config":{{"message":"{message}"}}}}]}}"#
    )
}

/// Properties that refer to definitions.
fn definitions(
    count: usize,
    target: impl Fn(usize) -> String,
    definition: impl Fn(usize) -> String,
) -> String {
    let used = list(count, |at| {
        format!(r##""p{at}":{{"$ref":"#/$defs/{}"}}"##, target(at))
    });
    let defined = list(count, |at| format!(r#""d{at}":{}"#, definition(at)));
    with_schema(
        &format!(r#""properties":{{{used}}},"$defs":{{{defined}}}"#),
        "{{input.p0}}",
    )
}
