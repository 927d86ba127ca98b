//! Pipelines whose values have large types: lists in lists, outputs that hold the output before them,
//! many alternatives.
//!
//! Enters: a size. Leaves: pipelines without mistakes. Must not know how types are kept small.

use super::{Made, list, staged};

pub(super) const SHAPES: &[Made] = &[
    ("deep-lists-as-data", |size| {
        let lists = list(size / 182, |_| {
            format!("{}1{}", "[".repeat(90), "]".repeat(90))
        });
        format!(
            r#"{{"name":"p","stages":[{{"id":"s","component_type":"json-transform","config":{{"template":[{lists}]}}}}]}}"#
        )
    }),
    ("lists-of-the-output-before", |size| {
        chain(size, |before| format!("[{before}]"))
    }),
    ("lists-of-two-depths", |size| {
        chain(size, |before| format!("[[y, y, [y]] for y in [{before}]]"))
    }),
    ("choices-of-two-depths", |size| {
        chain(size, |before| {
            format!("[{before}] if input.x else [[{before}]]")
        })
    }),
    ("objects-of-the-output-before", |size| {
        chain(size, |before| format!("{{'a': {before}, 'b': {before}}}"))
    }),
    ("reads-of-many-alternatives", |size| {
        let count = 250.min(size / 100).max(2);
        let rows = list(count, |at| format!(r#"{{"k":{at},"k{at}":"t{at}"}}"#));
        let reads = list(size / 40, |_| r#""{{upstream.t[0].k}}""#.to_owned());
        format!(
            r#"{{"name":"p","stages":[{{"id":"t","component_type":"json-transform","config":{{"template":[{rows}]}}}},{{"id":"r","component_type":"json-transform","depends_on":["t"],"config":{{"template":[{reads}]}}}}]}}"#
        )
    }),
];

/// Stages that each make something of the output of the one before.
fn chain(size: usize, made: impl Fn(&str) -> String) -> String {
    staged(size, 160, |at, _| {
        let Some(before) = at.checked_sub(1) else {
            return r#"{"id":"s0","component_type":"json-transform","config":{"template":{"a":1}}}"#
                .to_owned();
        };
        let template = made(&format!("upstream.s{before}"));
        format!(
            r#"{{"id":"s{at}","component_type":"json-transform","config":{{"template":"{{{{ {template} }}}}"}},"depends_on":["s{before}"]}}"#
        )
    })
}
