//! Whatever a file contains, `check` gives findings with spans inside it, and the same ones again.
//! What the fuzz targets assert also holds for every fixture.

use std::fs;

use fmc::{Settings, check, source::SourceMap};
use fmc_tests::{fuzz, tree};
use proptest::prelude::*;

/// The texts that mutations start from.
fn fixtures(ending: &str) -> Vec<Vec<u8>> {
    let files = tree::files("fixtures", ending).into_iter();
    files.map(|(_, path)| fs::read(path).unwrap()).collect()
}

#[test]
fn every_prefix_of_a_pipeline_is_checked() {
    let text = include_str!("prefixes.json");
    for end in 0..text.len() {
        fuzz::pipeline(&text.as_bytes()[..end]);
    }
    // Prefixes of a text that is broken already would show little.
    let mut sources = SourceMap::new();
    let id = sources.add("prefixes.json", text);
    let checked = check(&sources, id, &Settings::default());
    assert!(checked.findings().is_empty(), "{:?}", checked.findings());
}

#[test]
fn the_fuzz_targets_hold_for_every_fixture() {
    for bytes in fixtures("") {
        fuzz::pipeline(&bytes);
        fuzz::fixed(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        fuzz::configuration(&text);
        fuzz::template(&text);
        for line in text.lines() {
            fuzz::expression(line.trim());
            fuzz::dynamic_condition(line.trim());
            fuzz::template(line);
            fuzz::masked(line);
        }
    }
}

/// The bytes with some of them removed, doubled or replaced, or with the end cut off.
fn mutated(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    for (at, kind, byte) in changes {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match kind {
            0 => drop(bytes.remove(at)),
            1 => bytes.insert(at, *byte),
            2 => bytes.insert(at, b"{}[]\",:'\\"[usize::from(*byte) % 9]),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// The bytes with some of the characters that hold JSON together removed, doubled, or replaced by
/// what a beginner writes in their place.
fn loosened(mut bytes: Vec<u8>, changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    for (at, kind) in changes {
        let holds = |(_, byte): &(usize, &u8)| b"\"{}[],:".contains(*byte);
        let places: Vec<_> = bytes.iter().enumerate().filter(holds).collect();
        if places.is_empty() {
            break;
        }
        let (place, byte) = (
            places[at.index(places.len())].0,
            *places[at.index(places.len())].1,
        );
        let new = match (kind, byte) {
            (0 | 1, _) => vec![],
            (2, _) => vec![byte, byte],
            (_, b'"') => b"'".to_vec(),
            (_, b':') => b"=".to_vec(),
            (_, b',') => b"; // next\n".to_vec(),
            (_, other) => vec![b',', other],
        };
        bytes.splice(place..=place, new);
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_checked(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        fuzz::pipeline(&bytes);
        fuzz::configuration(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_text_is_masked(text in any::<String>()) {
        fuzz::masked(&text);
    }

    #[test]
    fn any_secret_is_hidden_however_it_is_written(
        secret in r#"[a-zA-Z0-9/+=&%\\"'<>|äöü😀 ._:-]{8,40}"#,
        ways in prop::collection::vec(any::<usize>(), 1..4),
        around in r"[a-z0-9%&\\. ]{0,12}",
    ) {
        fuzz::hidden(&secret, &ways, &around);
    }

    #[test]
    fn a_mutated_fixture_is_checked(
        file in prop::sample::select(fixtures(".json")),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4),
    ) {
        fuzz::pipeline(&mutated(file, &changes));
    }

    #[test]
    fn a_mutated_fixture_is_never_mended_into_something_worse(
        file in prop::sample::select(fixtures(".json")),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8), 1..8),
        windows in any::<bool>(),
        marked in any::<bool>(),
    ) {
        let mut file = loosened(file, &changes);
        if windows {
            let lines: Vec<_> = file.split(|byte| *byte == b'\n').collect();
            file = lines.join(&b"\r\n"[..]);
        }
        if marked {
            file.splice(0..0, *b"\xEF\xBB\xBF");
        }
        fuzz::fixed(&file);
    }

    #[test]
    fn a_mutated_configuration_is_loaded(
        file in prop::sample::select(fixtures(".toml")),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4),
    ) {
        fuzz::configuration(&String::from_utf8_lossy(&mutated(file, &changes)));
    }
}
