//! What a model answers: what is at an offset, what names mean there, who uses a name, what an
//! expression consists of. Editors, lints and graphs rely on these answers.

use std::{fs, path::Path, sync::Arc};

use fmc::{
    Settings, check,
    infer::Binding,
    ir::{
        StageId,
        expr::{Expr, ExprKind},
        uses::{Space, Step},
    },
    model::Model,
    source::SourceMap,
};

/// Two stages that fetch and read, a loop, and a stage that reacts to a failure. Escapes and
/// characters beyond ASCII come before what is looked for.
const TEXT: &str = r#"{
    "name": "Pr\u00fcfung 事故",
    "input_schema": {"type": "object", "properties": {"region": {"type": "string"}}},
    "stages": [
        {"id": "fetch", "component_type": "http-request", "config": {
            "url": "https://h.example/{{input.region}}"
        }},
        {"id": "shape", "component_type": "json-transform", "depends_on": ["fetch"], "config": {
            "data": "{{upstream.fetch.body}}",
            "template": {"t\u00e9xt": "\u00e9\n{{ data.a + [x.key for x in upstream.fetch.body.items] }}"}
        }},
        {"id": "keep", "component_type": "variable-set", "config": {"variables": {"kept": 1}}, "depends_on": ["shape"]},
        {"id": "each", "component_type": "foreach", "depends_on": ["keep"], "config": {
            "items": [{"n": 1}], "item_variable": "row", "loop_stages": ["say"]
        }},
        {"id": "say", "component_type": "logger", "config": {"message": "{{row.n}} {{context.kept}}"}}
    ]
}"#;

fn model(text: &str) -> Arc<Model> {
    let mut sources = SourceMap::new();
    let file = sources.add("p.json", text.to_owned());
    let checked = check(&sources, file, &Settings::default());
    assert!(!checked.findings().has_errors(), "{:?}", checked.findings());
    checked.shared_model().expect("a pipeline")
}

/// The offset of a text in [`TEXT`].
fn offset(text: &str) -> u32 {
    u32::try_from(TEXT.find(text).expect("in the text")).unwrap()
}

fn names(bindings: &[Binding]) -> Vec<&str> {
    bindings.iter().map(|binding| &*binding.name).collect()
}

#[test]
fn an_offset_becomes_a_stage_a_setting_an_expression_and_its_smallest_part() {
    let model = model(TEXT);
    let at = |text: &str, within: u32| {
        let located = model.node_at(offset(text) + within);
        let stage = located.stage.map_or("", |stage| &stage.name.value);
        let setting = located.setting.map_or("", |setting| setting.name);
        let expression = located.expression.map_or("", |found| found.text());
        let node = located.node.map_or(String::new(), |node| {
            let (start, end) = (node.span.start as usize, node.span.end as usize);
            TEXT.get(start..end).expect("whole characters").to_owned()
        });
        format!("{stage} | {setting} | {expression} | {node}")
    };
    insta::assert_snapshot!([
        at("\"name\"", 2),
        at("\"fetch\"", 2),
        at("https", 1),
        at("input.region", 1),
        at("input.region", 8),
        at("data.a", 1),
        at("data.a +", 7),
        at("x.key", 0),
        at("x.key", 3),
        at("body.items", 1),
        at("\"variables\"", 3),
        at("row.n", 5),
        at("context.kept", 9),
    ].join("\n"), @r"
     |  |  | 
    fetch |  |  | 
    fetch | url |  | 
    fetch | url | input.region | input
    fetch | url | input.region | input.region
    shape | template | data.a + [x.key for x in upstream.fetch.body.items] | data
    shape | template | data.a + [x.key for x in upstream.fetch.body.items] | data.a + [x.key for x in upstream.fetch.body.items]
    shape | template | data.a + [x.key for x in upstream.fetch.body.items] | x
    shape | template | data.a + [x.key for x in upstream.fetch.body.items] | x.key
    shape | template | data.a + [x.key for x in upstream.fetch.body.items] | upstream.fetch.body
    keep | variables |  | 
    say | message | row.n | row.n
    say | message | context.kept | context.kept
    ");
}

#[test]
fn every_expression_of_the_fixtures_is_found_where_it_begins() {
    let mut seen = 0;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/reference");
    for folder in fs::read_dir(root).unwrap() {
        let path = folder.unwrap().path().join("pipeline.json");
        let Ok(text) = fs::read_to_string(path) else {
            continue;
        };
        let model = model(&text);
        for expression in model.stages.iter().flat_map(|stage| stage.expressions()) {
            let located = model.node_at(expression.span().start);
            let found = located.expression.expect("an expression");
            assert_eq!(found.id, expression.id, "{}", expression.text());
            assert!(Arc::ptr_eq(model.expr(expression.id).unwrap(), expression));
            let parts: Vec<&Expr> = expression.typed.all().collect();
            let places = parts.iter().map(|part| part.span);
            let whole = expression.span();
            for place in places {
                assert!(whole.start <= place.start && place.end <= whole.end);
            }
            seen += parts.len();
        }
    }
    assert!(seen > 300, "only {seen} parts of expressions");
}

#[test]
fn a_scope_says_what_names_mean_at_a_place() {
    let model = model(TEXT);
    let scope = |text: &str| {
        let located = model.node_at(offset(text));
        let site = located.expression.expect("an expression").site.clone();
        model.scope_at(&site, |scope| (scope.names(), scope.context()))
    };
    let (bare, context) = scope("data.a");
    assert_eq!(
        names(&bare),
        ["input", "upstream", "stages", "env", "context", "data"]
    );
    assert!(names(&context).starts_with(&["kept", "run_id"]));
    let (bare, context) = scope("row.n");
    assert_eq!(names(&bare)[5..], ["row", "index"]);
    assert_eq!(names(&context)[..3], ["row", "index", "kept"]);
    assert!(names(&context).ends_with(&["loop_index", "loop_total"]));
    let row = bare.iter().find(|binding| binding.name == "row").unwrap();
    assert_eq!(row.ty.to_string(), "object{n: int}");
    let defined = row.definition.expect("in the file");
    assert_eq!(defined.start, offset("row\""));
    let kept = context
        .iter()
        .find(|binding| binding.name == "kept")
        .unwrap();
    assert_eq!(
        kept.definition.map(|span| span.start),
        Some(offset("kept\": 1"))
    );
    assert!(bare.iter().all(|binding| !binding.doc.is_empty()
        || binding.definition.is_some()
        || binding.name == "index"));
}

#[test]
fn the_uses_of_stages_fields_inputs_and_variables_are_kept() {
    let model = model(TEXT);
    let places = |space: Space, name: &str| {
        let name = model.uses.name(space, name).expect("a name");
        (name.defined.len(), name.read.len())
    };
    // Its `id`; then `depends_on` and two expressions.
    assert_eq!(places(Space::Stage, "fetch"), (1, 3));
    assert_eq!(places(Space::Stage, "say"), (1, 1));
    assert_eq!(places(Space::Input, "region"), (1, 1));
    assert_eq!(places(Space::Context, "kept"), (1, 1));
    assert_eq!(places(Space::Context, "row"), (1, 1));
    assert_eq!(places(Space::Output(StageId(0)), "body"), (0, 2));
    assert_eq!(places(Space::Output(StageId(1)), "t\u{e9}xt"), (1, 0));
    let (space, name, span) = model
        .uses
        .at(offset("upstream.fetch.body.items") + 10)
        .unwrap();
    assert_eq!((space, name), (Space::Stage, "fetch"));
    assert_eq!(span.start, offset("upstream.fetch.body.items") + 9);
}

#[test]
fn a_read_of_a_stage_has_its_path_and_whether_it_is_guarded() {
    let text = r#"{"name": "n", "stages": [
        {"id": "a", "component_type": "http-request", "config": {"url": "https://h.example"}},
        {"id": "b", "component_type": "json-transform", "depends_on": ["a"], "config": {"template": [
            "{{upstream.a.body.list[0]['name'] or 'none'}}",
            "{{upstream.a}}",
            "{{len(upstream.a.body[input.key])}}",
            "{{'x' if upstream.a.body.ready else 'y'}}"
        ]}}
    ]}"#;
    let model = model(text);
    let reads = model.facts.reads.iter().map(|read| {
        let steps = read.path.iter().map(|step| match step {
            Step::Field(name) => name.as_str(),
            Step::Any => "*",
        });
        let guarded = if read.guarded { ", guarded" } else { "" };
        let within = model.expr(read.expr).unwrap().text();
        let path: Vec<&str> = steps.collect();
        format!("{}{guarded}: {within}", path.join("."))
    });
    insta::assert_snapshot!(reads.collect::<Vec<_>>().join("\n"), @r"
    body.list.*.name, guarded: upstream.a.body.list[0]['name'] or 'none'
    : upstream.a
    body.*: len(upstream.a.body[input.key])
    body.ready, guarded: 'x' if upstream.a.body.ready else 'y'
    ");
}

#[test]
fn the_parts_of_every_kind_of_expression_are_its_children() {
    let kinds = [
        ("input.a", 1),
        ("input.a[input.b]", 2),
        ("input.a[1:2:3]", 4),
        ("len(input.a)", 1),
        ("input.a.get('x', 1)", 3),
        ("input.a.strip()", 1),
        ("not input.a", 1),
        ("1 + 2", 2),
        ("input.a or 2", 2),
        ("1 < 2 < 3", 3),
        ("1 if 2 else 3", 3),
        ("[1, 2]", 2),
        ("{1, 2}", 2),
        ("{'a': 1, 'b': 2}", 4),
        ("[x for x in input.a if x for y in input.b]", 4),
        ("{x: y for x, y in input.a}", 3),
        ("f'a{input.a}b{input.b:{input.c}}'", 3),
        ("input", 0),
    ];
    for (text, expected) in kinds {
        let pipeline = serde_json::json!({"name": "n", "stages": [
            {"id": "s", "component_type": "json-transform", "config": {"template": format!("{{{{{text}}}}}")}}
        ]});
        let model = model(&pipeline.to_string());
        let expression = model.exprs.first().expect(text);
        let children = expression.typed.children();
        assert_eq!(children.len(), expected, "{text}");
        let poison = |part: &Expr| matches!(part.kind, ExprKind::Poison);
        assert!(!expression.typed.all().any(poison), "{text}");
    }
}
