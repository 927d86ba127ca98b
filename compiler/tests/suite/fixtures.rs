//! `fixtures/err`: one folder for each code, each with three files.
//!
//! `alone` contains the mistake and nothing else, `escaped` contains it among escapes and
//! characters beyond ASCII, and `near-miss` looks like it but is correct. One snapshot for each
//! folder shows the inputs with their findings.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use fmc::{
    check::Checked,
    codegen,
    diagnostics::{Code, Findings, render::human, suppress},
    driver::{
        host::Disk,
        project::{self, Project},
        workspace::LoadedProject,
    },
    source::{FileId, SourceMap},
};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/err")
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

/// The code that a folder is about.
fn code_of(folder: &Path) -> Code {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let (digits, rest) = name.split_once('-').unwrap();
    let code = Code::find(digits).unwrap_or_else(|| panic!("no code {digits}"));
    assert_eq!(code.name(), rest, "the folder's name");
    code
}

/// The file of a case: a pipeline or a configuration.
fn case(folder: &Path, name: &str) -> PathBuf {
    let json = folder.join(format!("{name}.json"));
    if json.exists() {
        json
    } else {
        folder.join(format!("{name}.toml"))
    }
}

/// The findings of a case. FMC0901 is given by `fmc build` for files that `fmc check` accepts.
fn findings(code: Code, path: &Path) -> (SourceMap, FileId, Findings) {
    let mut sources = SourceMap::new();
    let shown = path.file_name().unwrap().to_str().unwrap();
    let id = sources.add_bytes(shown, fs::read(path).unwrap());
    let findings = if shown.ends_with(".toml") {
        let (project, found) = project::load(id, &sources.get(id).unwrap().text);
        suppress::apply(found, &project.settings.levels, &[])
    } else {
        let checked = checked(&sources, id, path);
        let findings = checked.findings().clone();
        match checked.into_checked_model() {
            Ok(sound) if code == Code::NotBuildable => {
                let refused = codegen::generate(&sound, &sources.get(id).unwrap().text);
                let refused = refused.err().unwrap_or_default();
                Findings::new(findings.iter().cloned().chain(refused).collect::<Vec<_>>())
            }
            _ => findings,
        }
    };
    (sources, id, findings)
}

/// Checks a text as if it were the file of a fixture, whose folder is its project.
fn checked(sources: &SourceMap, id: FileId, path: &Path) -> Checked {
    let project = Project {
        root: path.parent().map(Path::to_owned),
        ..Project::default()
    };
    LoadedProject::new(project).check(&Disk, sources, id)
}

#[test]
fn every_code_is_found_alone_and_among_escapes_and_not_beside() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let code = code_of(&folder);
        let mut shown = String::new();
        for name in ["alone", "escaped", "near-miss"] {
            let path = case(&folder, name);
            let (sources, id, findings) = findings(code, &path);
            let codes: Vec<_> = findings.iter().map(|found| found.code).collect();
            let expected: &[Code] = if name == "near-miss" { &[] } else { &[code] };
            if codes != expected {
                wrong.push(format!("{}: {codes:?}", path.display()));
            }
            let rendered = human::render(&findings, &sources, false);
            let text = &sources.get(id).unwrap().text;
            writeln!(shown, "=== {name}\n{text}---\n{rendered}").unwrap();
        }
        insta::with_settings!({
            snapshot_path => &folder,
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!("findings", shown);
        });
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_place_is_inside_its_file_on_boundaries() {
    for folder in folders() {
        let code = code_of(&folder);
        for name in ["alone", "escaped", "near-miss"] {
            let path = case(&folder, name);
            let (sources, id, findings) = findings(code, &path);
            let text = &sources.get(id).unwrap().text;
            for found in &findings {
                let related = found.related.iter().map(|label| label.span);
                let edits = found.fix.iter().flat_map(|fix| &fix.edits);
                let edits = edits.map(|edit| edit.span);
                for span in related.chain(edits).chain([found.primary.span]) {
                    let range = span.start as usize..span.end as usize;
                    assert!(text.get(range).is_some(), "{}: {found:?}", path.display());
                }
            }
        }
    }
}

#[test]
fn a_fix_repairs_what_it_was_offered_for() {
    for folder in folders() {
        let code = code_of(&folder);
        for name in ["alone", "escaped"] {
            let path = case(&folder, name);
            let (sources, id, findings) = findings(code, &path);
            for found in &findings {
                let Some(fix) = &found.fix else { continue };
                let mut edits = fix.edits.clone();
                edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
                let mut text = sources.get(id).unwrap().text.clone();
                for edit in edits {
                    text.replace_range(
                        edit.span.start as usize..edit.span.end as usize,
                        &edit.text,
                    );
                }
                let mut fixed = SourceMap::new();
                let again = fixed.add(&*sources.get(id).unwrap().path, text.clone());
                let left = if path.extension().unwrap() == "toml" {
                    project::load(again, &text).1.len()
                } else {
                    checked(&fixed, again, &path)
                        .findings()
                        .iter()
                        .filter(|other| other.code == found.code)
                        .count()
                };
                assert_eq!(
                    left,
                    0,
                    "{}: {} left after {fix:?}:\n{text}",
                    path.display(),
                    found.code.code()
                );
            }
        }
    }
}
