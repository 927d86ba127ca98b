//! What the reference pipelines become: the text form of the IR, names resolved, types inferred,
//! owners known.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{fs, path::Path};

use fmc::{Settings, check, ir::dump::dump, source::SourceMap};

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
        let ir = checked.ir().expect("a pipeline");
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!(name, dump(ir));
        });
    }
}
