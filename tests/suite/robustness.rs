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

/// The fixtures that are pipelines, of which only the small ones: they are checked very often.
fn pipelines() -> Vec<Vec<u8>> {
    let has = |file: &Vec<u8>, word: &[u8]| file.windows(word.len()).any(|part| part == word);
    let mut files = fixtures(".json");
    files.retain(|file| file.len() < 4_000 && has(file, b"\"stages\""));
    files
}

/// What happens to a file in an editor, or when a beginner writes it.
#[derive(Clone, Copy, Debug)]
enum Damage {
    /// One of these characters is lost.
    Lost(&'static [u8]),
    /// One of these characters is there twice.
    Doubled(&'static [u8]),
    /// One of these characters is another one.
    Instead(&'static [u8], &'static [u8]),
    /// So many bytes are lost.
    Cut(usize),
    /// The end is lost.
    End,
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        4 => prop::sample::select(vec![b"\"" as &[u8], b"{", b"}", b"[", b"]", b",", b":", b"'", b"\n"])
            .prop_map(Damage::Lost),
        3 => prop::sample::select(vec![b"\"" as &[u8], b"{", b"}", b"[", b"]", b",", b":"])
            .prop_map(Damage::Doubled),
        3 => prop::sample::select(vec![
            (b"\"" as &[u8], b"'" as &[u8]),
            (b"\"", b"\xE2\x80\x9C"),
            (b":", b"="),
            (b",", b"; // next\n"),
            (b",", b"\n"),
            (b"{[", b"("),
            (b"[", b"{"),
            (b"{", b"["),
            (b"]", b"}"),
            (b"}", b"]"),
            (b"}]", b",}"),
        ]).prop_map(|(old, new)| Damage::Instead(old, new)),
        1 => (1..12_usize).prop_map(Damage::Cut),
        1 => Just(Damage::End),
    ]
}

/// The bytes after this damage, each at one of the places where it can happen.
fn damaged(mut bytes: Vec<u8>, damage: &[(prop::sample::Index, Damage)]) -> Vec<u8> {
    for (at, damage) in damage {
        let (of, new): (&[u8], &[u8]) = match damage {
            Damage::Lost(of) => (of, b""),
            Damage::Doubled(of) => (of, of),
            Damage::Instead(of, new) => (of, new),
            Damage::Cut(_) | Damage::End => (b"\":,{}[]", b""),
        };
        let places: Vec<_> = (0..bytes.len())
            .filter(|at| of.contains(&bytes[*at]))
            .collect();
        if places.is_empty() {
            continue;
        }
        let place = places[at.index(places.len())];
        let end = match damage {
            Damage::Cut(count) => (place + count).min(bytes.len()),
            Damage::End => bytes.len(),
            Damage::Doubled(_) => place,
            Damage::Lost(_) | Damage::Instead(..) => place + 1,
        };
        bytes.splice(place..end, new.iter().copied());
    }
    // Some fixtures have characters of several bytes, of which damage may have cut one.
    String::from_utf8_lossy(&bytes).into_owned().into_bytes()
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
    fn a_mutated_configuration_is_loaded(
        file in prop::sample::select(fixtures(".toml")),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..4u8, any::<u8>()), 1..4),
    ) {
        fuzz::configuration(&String::from_utf8_lossy(&mutated(file, &changes)));
    }
}

proptest! {
    // Of so many, some become worse whatever part of the rule of `mend` is missing.
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 3_000, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_pipeline_is_never_mended_into_something_worse(
        file in prop::sample::select(pipelines()),
        damage in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..6),
        windows in any::<bool>(),
        marked in any::<bool>(),
    ) {
        let mut file = damaged(file, &damage);
        if windows {
            let lines: Vec<_> = file.split(|byte| *byte == b'\n').collect();
            file = lines.join(&b"\r\n"[..]);
        }
        if marked {
            file.splice(0..0, *b"\xEF\xBB\xBF");
        }
        fuzz::fixed(&file);
    }
}
