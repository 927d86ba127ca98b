//! The reference pipelines as text of the IR: names are resolved, types inferred, owners known.

use std::{fs, path::Path};

use fmc::{Settings, check, model::dump::dump, source::SourceMap};

#[test]
fn the_reference_pipelines_are_understood() {
    for name in [
        "basic-incident-handler",
        "ai-root-cause-analysis",
        "auto-remediation",
        "update-status-page",
        "resolve-incident",
        "execute-runbook",
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../fixtures/reference")
            .join(name)
            .join("pipeline.json");
        let mut sources = SourceMap::new();
        let file = sources.add("pipeline.json", fs::read_to_string(path).unwrap());
        let checked = check(&sources, file, &Settings::default());
        let ir = checked.model().expect("a pipeline");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, dump(ir));
        });
    }
}

#[test]
fn raw_marks_a_value_also_in_the_branches_of_a_choice() {
    let raw = |template: &str| {
        let text = format!(
            r#"{{"name": "P", "stages": [{{"id": "s", "component_type": "http-request", "config": {{"url": "http://h/{{{{{template}}}}}"}}}}]}}"#
        );
        let mut sources = SourceMap::new();
        let file = sources.add("pipeline.json", text);
        let checked = check(&sources, file, &Settings::default());
        dump(checked.model().expect("a pipeline")).contains("raw ")
    };
    assert!(raw("raw(input.x)") && raw("raw(input.x) if input.x else 'z'"));
    assert!(raw("'z' if input.y else raw(input.x) if input.x else 'z'"));
    assert!(!raw("input.x") && !raw("'a' if input.x else 'b'"));
    assert!(!raw("raw(input.x) if input.x else input.y"));
}
