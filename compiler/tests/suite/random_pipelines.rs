//! Random pipelines with every component. Whatever their settings hold, checking ends with the same
//! findings each time, the dump can be written, and code is generated for those without errors.

use fmc::{
    Settings,
    catalogue::{self, FieldKind},
    check,
    codegen::generate,
    model::dump::dump,
    source::SourceMap,
};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Map, Value, json};

const IDS: &[&str] = &["a", "b", "c-d", "e_f", "g"];
const EXPRESSIONS: &[&str] = &[
    "input",
    "input.x.y[0]",
    "input['k'] or 1",
    "upstream.a",
    "upstream.b.body.x",
    "upstream['c-d'].status_code",
    "stages.e_f.output.passed",
    "upstream.g.results[0].x",
    "upstream.z",
    "upstream.a-upstream.b",
    "a.output",
    "env.TOKEN",
    "env.HOST or 'x'",
    "context.run_id",
    "context.item.x",
    "context.v",
    "item",
    "index",
    "data",
    "data.x > 3",
    "value == 'x'",
    "error.message",
    "_error.type or ''",
    "len(input.list) + 1",
    "[x.y for x in data if x]",
    "{k: v for k, v in input.items()}",
    "any(s.ok for s in upstream.g.results)",
    "f'{input.n:>5}'",
    "1 + 'a'",
    "null < 1",
    "len(1)",
    "unknown(1)",
    "'a'.upper().nope()",
    "input.x | default('a') | upper",
    "true and not false",
    "1 if input.x else 'y'",
    "range(3)",
    "{'a': [1, 2.5, null]}",
    "now()",
    "raw(input.path)",
    "1 +",
    "a b",
    "",
];

/// Expressions that are correct wherever they are.
const CLEAN: &[&str] = &[
    "input",
    "input.x.y[0]",
    "input['k'] or 1",
    "env.TOKEN",
    "env.HOST or 'x'",
    "context.run_id",
    "[x.y for x in input.list if x]",
    "{k: v for k, v in input.items()}",
    "any(s.ok for s in input.results)",
    "input.x | default('a') | upper",
    "input.path[1:-1]",
    "input.n * 2 - 1 if input.n else None",
];

fn expression(clean: bool) -> impl Strategy<Value = String> {
    let pool = if clean { CLEAN } else { EXPRESSIONS };
    prop_oneof![
        8 => prop::sample::select(pool).prop_map(|text| format!("{{{{ {text} }}}}")),
        2 => prop::sample::select(pool).prop_map(str::to_owned),
        2 => prop::collection::vec(prop::sample::select(pool), 1..3)
            .prop_map(|all| all.iter().map(|text| format!("x {{{{{text}}}}} é😀 ")).collect()),
        1 => prop::sample::select(IDS).prop_map(str::to_owned),
        1 => Just("https://example.com/{{ input.id }}?q={{ env.Q }}".to_owned()),
        1 => Just("GET".to_owned()),
    ]
}

fn value(clean: bool) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => expression(clean).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => (-5_i64..50_000).prop_map(Value::from),
        1 => Just(json!(0.5)),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((expression(clean), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn ids(clean: bool) -> impl Strategy<Value = Value> {
    let known = prop_oneof![9 => prop::sample::select(IDS), 1 => Just("zz")];
    let most = if clean { 1 } else { 3 };
    prop::collection::vec(known, 0..most).prop_map(|ids| json!(ids))
}

/// A setting: mostly of the right kind, sometimes of any kind.
fn setting(kind: FieldKind, clean: bool) -> BoxedStrategy<Value> {
    let right = match kind {
        FieldKind::Stages(_) => ids(clean).boxed(),
        FieldKind::Condition(_) => expression(clean).prop_map(Value::from).boxed(),
        FieldKind::Routes => prop::collection::vec((expression(clean), ids(clean)), 0..3)
            .prop_map(|routes| Value::Object(routes.into_iter().collect()))
            .boxed(),
        FieldKind::Int | FieldKind::Number => (0_i64..9).prop_map(Value::from).boxed(),
        FieldKind::Bool => any::<bool>().prop_map(Value::from).boxed(),
        FieldKind::Choice(words) | FieldKind::Exactly(words) => {
            prop::sample::select(words).prop_map(Value::from).boxed()
        }
        FieldKind::Name(_) => prop::sample::select(&["item", "v", "x"][..])
            .prop_map(Value::from)
            .boxed(),
        FieldKind::Object => json_object(clean).boxed(),
        FieldKind::ListOf(kind) => prop::collection::vec(setting(*kind, clean), 0..3)
            .prop_map(Value::from)
            .boxed(),
        FieldKind::Text => Just(json!("text")).boxed(),
        FieldKind::List => prop::collection::vec(value(clean), 0..3)
            .prop_map(Value::from)
            .boxed(),
        FieldKind::Any
        | FieldKind::Str
        | FieldKind::TextOrObject
        | FieldKind::ListOrStr
        | FieldKind::ObjectOf(_)
        | FieldKind::Url
        | FieldKind::Template
        | FieldKind::Schema
        | FieldKind::PipelineId => value(clean).boxed(),
    };
    if clean {
        return right;
    }
    prop_oneof![6 => right, 1 => value(clean)].boxed()
}

fn json_object(clean: bool) -> impl Strategy<Value = Value> {
    prop::collection::vec((expression(clean), value(clean)), 0..3)
        .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>()))
}

fn stage(id: &'static str, clean: bool) -> impl Strategy<Value = Value> {
    let components: Vec<_> = catalogue::components().collect();
    prop::sample::select(components).prop_flat_map(move |component| {
        let settings: Vec<_> = component
            .fields
            .iter()
            .map(|field| {
                let given = if field.required { 0.95 } else { 0.3 };
                prop::option::weighted(given, setting(field.kind, clean))
                    .prop_map(|value| value.map(|value| (field.name.to_owned(), value)))
            })
            .collect();
        (settings, ids(clean), any::<bool>()).prop_map(move |(settings, depends_on, enabled)| {
            let config: Map<String, Value> = settings.into_iter().flatten().collect();
            json!({
                "id": id,
                "component_type": component.name,
                "config": config,
                "depends_on": depends_on,
                "enabled": enabled,
            })
        })
    })
}

fn pipeline(clean: bool) -> impl Strategy<Value = Value> {
    let stages: Vec<_> = IDS.iter().map(|id| stage(id, clean)).collect();
    stages.prop_flat_map(|stages| {
        let count = stages.len();
        (Just(stages), 1..=count).prop_map(|(mut stages, count)| {
            stages.truncate(count);
            json!({"name": "Random", "stages": stages})
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_pipeline_is_judged_the_same_each_time(pipeline in any::<bool>().prop_flat_map(pipeline)) {
        let text = pipeline.to_string();
        let run = || {
            let mut sources = SourceMap::new();
            let file = sources.add("random.json", text.clone());
            check(&sources, file, &Settings::default())
        };
        let (first, second) = (run(), run());
        prop_assert_eq!(first.findings(), second.findings());
        for found in first.findings() {
            let places = found.related.iter().map(|label| label.span).chain([found.primary.span]);
            for place in places {
                prop_assert!(text.get(place.start as usize..place.end as usize).is_some(), "{:?}", found);
            }
        }
        let ir = first.model().ok_or_else(|| TestCaseError::fail("no IR"))?;
        prop_assert!(dump(ir).starts_with("pipeline random"));
        if let Ok(checked) = first.into_checked_model() {
            prop_assert!(!dump(checked.model()).contains("<poison>"), "poison without an error: {}", dump(checked.model()));
            // Some components cannot be built yet; all others can.
            let _ = generate(&checked, &text);
        }
    }
}
