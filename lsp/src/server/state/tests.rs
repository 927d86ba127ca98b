//! What an edit costs, and which version an answer is about.

use fmc::driver::host::Memory;
use tower_lsp::lsp_types::{CodeActionOrCommand, Position, Range, Url};

use super::{Abilities, Overlay, Publications, State};

/// How many pipelines the project has on disk.
const FILES: usize = 300;

fn project() -> (Memory, State) {
    let host = Memory::default();
    host.insert("/p/fmc.toml", "");
    for number in 0..FILES {
        host.insert(format!("/p/p{number}.json"), r#"{"stages": []}"#);
    }
    let state = State {
        overlay: Overlay::over(Box::new(host.clone())),
        ..State::default()
    };
    (host, state)
}

fn uri(name: &str) -> Url {
    Url::from_file_path(format!("/p/{name}.json")).unwrap()
}

fn runs(id: &str) -> String {
    format!(
        r#"{{"name": "n", "stages": [
            {{"id": "a", "component_type": "subpipeline", "config": {{"pipeline_id": "{id}"}}}}]}}"#
    )
}

/// The codes published for a document.
fn codes(publications: &Publications, uri: &Url) -> Vec<String> {
    let of_uri = publications.iter().flatten().filter(|p| p.uri == *uri);
    let found = of_uri.flat_map(|publication| &publication.diagnostics);
    found
        .map(|found| match &found.code {
            Some(tower_lsp::lsp_types::NumberOrString::String(code)) => code.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn edits_list_the_project_at_most_once() {
    let (host, mut state) = project();
    let own = uri("own");
    let found = state.open(own.clone(), 1, runs("p7"));
    assert!(codes(&found, &own).is_empty());
    // Every other file, and `fmc.toml`.
    assert_eq!(host.counts(), (FILES + 1, 1));
    for version in 2..40 {
        let id = if version % 2 == 0 { "p-seven" } else { "p7" };
        let found = state.change(own.clone(), version, runs(id));
        assert_eq!(codes(&found, &own).len(), usize::from(version % 2 == 0));
    }
    assert_eq!(host.counts(), (0, 0));
    // For an editor that does not report changed files, saving looks at the disk, but reads no file
    // that is unchanged.
    host.insert("/p/p-seven.json", r#"{"id": "late", "stages": []}"#);
    state.change(own.clone(), 41, runs("late"));
    assert_eq!(host.counts(), (0, 0));
    assert!(codes(&state.save(&own), &own).is_empty());
    assert_eq!(host.counts(), (1, 1));
}

#[test]
fn for_an_editor_that_watches_files_the_disk_is_not_searched() {
    let (host, mut state) = project();
    state.abilities = Abilities {
        watches: true,
        ..Abilities::default()
    };
    let own = uri("own");
    let found = state.open(own.clone(), 1, runs("late"));
    assert_eq!(codes(&found, &own), ["FMC0311"]);
    host.counts();
    host.insert("/p/late.json", r#"{"stages": []}"#);
    assert_eq!(codes(&state.save(&own), &own), ["FMC0311"]);
    assert_eq!(host.counts(), (0, 0));
    assert!(codes(&state.files_changed(), &own).is_empty());
    assert_eq!(host.counts(), (1, 1));
}

#[test]
fn a_pipeline_with_a_new_id_affects_the_files_that_name_it() {
    let (host, mut state) = project();
    let (own, other) = (uri("own"), uri("p7"));
    state.open(own.clone(), 1, runs("p7"));
    state.open(other.clone(), 1, r#"{"stages": []}"#.to_owned());
    host.counts();
    let found = state.change(
        other.clone(),
        2,
        r#"{"id": "seven", "stages": []}"#.to_owned(),
    );
    assert_eq!(codes(&found, &own), ["FMC0311"]);
    let found = state.change(
        other.clone(),
        3,
        r#"{"id": "seven", "stages": [ ]}"#.to_owned(),
    );
    assert!(
        found
            .iter()
            .flatten()
            .all(|publication| publication.uri != own)
    );
    // The file on disk has the old id.
    let found = state.close(&other);
    assert!(codes(&found, &own).is_empty());
    assert!(
        found
            .iter()
            .flatten()
            .any(|publication| publication.uri == own)
    );
    let (_, lists) = host.counts();
    assert_eq!(lists, 2, "opening and closing look at the disk");
}

#[test]
fn a_configuration_is_read_again_only_when_it_has_changed() {
    let (host, mut state) = project();
    let own = uri("own");
    let text = runs("x")
        .replacen('{', r#"{"nmae": 1, "#, 1)
        .replace("subpipeline", "logger");
    let severity = |found: &Publications| {
        let mut found = found.iter().flatten().flat_map(|p| &p.diagnostics);
        found.find_map(|found| (found.message.contains("nmae")).then_some(found.severity))
    };
    let warned = severity(&state.open(own.clone(), 1, text.clone()));
    host.counts();
    host.insert("/p/fmc.toml", "[lints]\nunknown-key = 'error'\n");
    let refused = severity(&state.change(own.clone(), 2, text.clone()));
    assert_ne!(warned, refused);
    assert_eq!(host.counts(), (1, 0));
    assert_eq!(severity(&state.change(own, 3, text)), refused);
    assert_eq!(host.counts(), (0, 0));
}

/// The titles of the fixes on the first line.
fn titles(state: &State, uri: &Url) -> Vec<String> {
    let line = Range::new(Position::new(0, 0), Position::new(1, 0));
    let actions = state.actions(uri, line).unwrap();
    actions
        .into_iter()
        .map(|action| match action {
            CodeActionOrCommand::CodeAction(action) => action.title,
            CodeActionOrCommand::Command(_) => panic!("a command"),
        })
        .collect()
}

#[test]
fn no_fix_is_offered_for_a_text_that_is_not_shown() {
    let (_, mut state) = project();
    let own = uri("own");
    let broken = r#"{"stages": True}"#.to_owned();
    assert!(titles(&state, &own).is_empty(), "not open yet");
    state.open(own.clone(), 3, broken.clone());
    let offered = titles(&state, &own);
    assert_eq!(offered.len(), 1, "{offered:?}");
    // An older version arrives late: it changes nothing and is not checked.
    assert!(state.change(own.clone(), 2, "{}".to_owned()).is_empty());
    assert_eq!(titles(&state, &own), offered);
    // Checking the next version failed.
    state.documents.get_mut(&own).unwrap().analysis = None;
    assert!(titles(&state, &own).is_empty());
    state.change(own.clone(), 4, r#"{"stages": [ ]}"#.to_owned());
    assert!(titles(&state, &own).is_empty());
    state.change(own.clone(), 5, broken);
    assert_eq!(titles(&state, &own), offered);
    state.close(&own);
    assert!(titles(&state, &own).is_empty());
}
