//! Files that name other pipelines: sub-pipelines and parents, and what may be inherited from them.

use fmc::{Settings, check::check_in_project, diagnostics::Severity, source::SourceMap};
use serde_json::{Value, json};

/// The findings of `own.json` in a project with `base`: code, severity and guilty text.
fn findings(pipeline: &Value, known: Option<&[&str]>) -> Vec<String> {
    let text = pipeline.to_string();
    let mut sources = SourceMap::new();
    let file = sources.add("own.json", text.clone());
    let ids = || known.map(|ids| ids.iter().map(|id| (*id).to_owned()).collect());
    let checked = check_in_project(&sources, file, &Settings::default(), &ids);
    let show = |found: &fmc::diagnostics::Diagnostic| {
        let span = found.primary.span;
        let word = text.get(span.start as usize..span.end as usize).unwrap();
        let level = match found.severity {
            Severity::Note => " note",
            Severity::Error | Severity::Warning => "",
        };
        format!("{}{level} {word}", found.code.code())
    };
    checked.findings().iter().map(show).collect()
}

fn runs(id: &str) -> Value {
    json!({"name": "Own", "stages": [
        {"id": "run", "component_type": "subpipeline", "config": {"pipeline_id": id}},
    ]})
}

fn child(extends: &Value, stages: &Value) -> Value {
    json!({"name": "Own", "extends": extends, "stages": stages})
}

const NOTE: &str = "FMC0901 note extends";
const NONE: [&str; 0] = [];

#[test]
fn sub_pipelines_are_in_the_project() {
    assert_eq!(findings(&runs("base"), Some(&["base"])), NONE);
    assert_eq!(findings(&runs("bas"), Some(&["base"])), ["FMC0311 bas"]);
    assert_eq!(findings(&runs("base"), Some(&[])), ["FMC0311 base"]);
    // The ids of the project are not known.
    assert_eq!(findings(&runs("bas"), None), NONE);
    // A template has a finding of its own, and so has a pipeline that runs itself.
    assert_eq!(
        findings(&runs("{{ input.id }}"), Some(&["base"])),
        ["FMC0413 {{ input.id }}"]
    );
    assert_eq!(findings(&runs("own"), Some(&["base"])), ["FMC0604 own"]);
    assert_eq!(findings(&runs("own"), None), ["FMC0604 own"]);
}

#[test]
fn parents_are_in_the_project() {
    let of = |extends: Value| findings(&child(&extends, &json!([])), Some(&["base"]));
    assert_eq!(of(json!("base")), [NOTE]);
    assert_eq!(of(json!("base@1.2.0")), [NOTE]);
    assert_eq!(of(json!("bass@1.2.0")), [NOTE, "FMC0311 bass@1.2.0"]);
    assert_eq!(of(json!("own")), [NOTE, "FMC0604 own"]);
    assert_eq!(of(json!(5)), [NOTE, "FMC0410 5"]);
}

#[test]
fn what_may_be_inherited_is_not_called_unknown() {
    let stages = json!([
        {"id": "notify", "component_type": "router", "depends_on": ["fetch"], "config": {
            "value": "{{ upstream.fetch.status_code }}",
            "routes": {"200": ["notify2"]},
            "default_route": ["notify3"],
        }},
        {"id": "notify1", "component_type": "logger", "config": {
            "message": "{{ host }} {{ context.host }} {{ input.host }} {{ item }} {{ error.message }}",
        }},
    ]);
    let mut own = child(&json!("base"), &stages);
    own["output_stage_id"] = json!("report");
    own["input_schema"] = json!({"type": "object", "additionalProperties": false});
    assert_eq!(findings(&own, Some(&["base"])), [NOTE]);
    own["compositions"] = own["extends"].take();
    own.as_object_mut().unwrap().remove("extends");
    let found = findings(&own, Some(&["base"]));
    assert_eq!(found, ["FMC0901 note compositions"]);
    // What is in the file itself is checked as usual.
    let wrong = json!([{"id": "a", "component_type": "logger", "config": {"mesage": "{{ 1 + }}"}}]);
    let found = findings(&child(&json!("base"), &wrong), Some(&["base"]));
    assert_eq!(found[0], NOTE);
    assert!(found[1].starts_with("FMC0402"), "{found:?}");
    assert!(found[2].starts_with("FMC0203"), "{found:?}");
}

#[test]
fn an_abstract_pipeline_is_checked_whole() {
    let mut own = runs("base");
    own["abstract"] = json!(true);
    assert_eq!(findings(&own, Some(&["base"])), NONE);
}
