//! Whatever a file holds, `check` gives findings whose places are inside it, and gives the same
//! ones again.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::{fs, path::Path};

use fmc::{
    Settings, check,
    diagnostics::{
        Findings,
        render::{human, json, oneline},
    },
    source::SourceMap,
};
use proptest::prelude::*;

/// Every clean pipeline among the fixtures: what mutations start from.
fn pipelines() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let mut paths = Vec::new();
    let mut folders = vec![root];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn checked(bytes: &[u8]) -> (SourceMap, Findings) {
    let mut sources = SourceMap::new();
    let id = sources.add_bytes("a.json", bytes.to_vec());
    let findings = check(&sources, id, &Settings::default()).findings().clone();
    (sources, findings)
}

fn assert_sound(bytes: &[u8]) {
    let (sources, findings) = checked(bytes);
    for found in &findings {
        let related = found.related.iter().map(|label| label.span);
        let edits = found.fix.iter().flat_map(|fix| &fix.edits);
        for span in related
            .chain(edits.map(|edit| edit.span))
            .chain([found.primary.span])
        {
            let text = &sources.get(span.file).unwrap().text;
            let range = span.start as usize..span.end as usize;
            assert!(text.get(range).is_some(), "{found:?} in {text:?}");
        }
        assert!(!found.message.ends_with('.'), "{}", found.message);
        assert!(json::render(found, &sources).is_object());
        assert!(!oneline::render(found, &sources).contains('\n'));
    }
    let shown = human::render(&findings, &sources, false);
    assert_eq!(shown.matches("[FMC").count(), findings.len(), "{shown}");
    assert_eq!(checked(bytes).1, findings);
}

#[test]
fn every_prefix_of_a_pipeline_is_checked() {
    let text = include_str!("pipeline.json");
    for end in 0..text.len() {
        assert_sound(&text.as_bytes()[..end]);
    }
    assert_eq!(
        checked(text.as_bytes())
            .1
            .iter()
            .map(|found| &found.message)
            .collect::<Vec<_>>(),
        [&""; 0]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_checked(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert_sound(&bytes);
    }

    #[test]
    fn a_mutated_pipeline_is_checked(
        pipeline in prop::sample::select(pipelines()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4),
    ) {
        let mut bytes = pipeline;
        for (at, kind, byte) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match kind {
                0 => { bytes.remove(at); }
                1 => bytes.insert(at, byte),
                2 => bytes.insert(at, b"{}[]\",:'\\"[usize::from(byte) % 9]),
                _ => bytes.truncate(at),
            }
        }
        assert_sound(&bytes);
    }
}
