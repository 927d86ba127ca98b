//! Every page of `fmc explain`: its bad example gives exactly its code, its good example gives
//! nothing.

use std::path::Path;

use fmc::{
    codegen,
    diagnostics::{
        Code,
        explain::{File, examples},
        suppress,
    },
    driver::{
        host::{Host as _, Memory},
        project,
        workspace::LoadedProject,
    },
    source::SourceMap,
};

/// The codes that an example gives: those of its configuration, then those of its pipelines.
/// FMC0901 is given by `fmc build` for files that `fmc check` accepts.
fn codes(code: Code, files: &[File]) -> Vec<Code> {
    let host = Memory::new();
    for file in files {
        host.insert(&*file.name, file.bytes.clone());
    }
    let mut sources = SourceMap::new();
    let configuration = Path::new(project::FILE_NAME);
    let (mut project, findings) = if host.is_file(configuration) {
        project::read(&host, configuration, "fmc.toml".into(), &mut sources).unwrap()
    } else {
        Default::default()
    };
    // The files of an example are a project.
    project.root.get_or_insert_default();
    let mut all: Vec<Code> = suppress::apply(findings, &project.settings.levels, &[])
        .iter()
        .map(|found| found.code)
        .collect();
    let project = LoadedProject::new(project);
    for file in files.iter().filter(|file| file.name.ends_with(".json")) {
        let id = sources.add_bytes(&*file.name, file.bytes.clone());
        let checked = project.check(&host, &sources, id);
        all.extend(checked.findings().iter().map(|found| found.code));
        if code == Code::NotBuildable
            && let Ok(sound) = checked.into_checked_model()
        {
            let refused = codegen::generate(&sound, &sources.get(id).unwrap().text).err();
            all.extend(refused.iter().flatten().map(|found| found.code));
        }
    }
    all
}

#[test]
fn bad_examples_give_their_code_and_good_ones_nothing() {
    let mut wrong = Vec::new();
    // A file with more findings than are shown is too long for an example.
    let all = Code::ALL.iter().copied();
    for code in all.filter(|code| *code != Code::MoreFindings) {
        let examples = examples(code.page());
        let title = format!("# {} {}\n", code.code(), code.name());
        if !code.page().starts_with(&title) {
            wrong.push(format!(
                "{}: the page does not begin with its title",
                code.code()
            ));
        }
        if examples.bad.is_empty() || examples.good.is_empty() {
            wrong.push(format!("{}: an example is missing", code.code()));
            continue;
        }
        let bad = codes(code, &examples.bad);
        if bad != [code] {
            wrong.push(format!("{}: the bad example gives {bad:?}", code.code()));
        }
        let good = codes(code, &examples.good);
        if !good.is_empty() {
            wrong.push(format!("{}: the good example gives {good:?}", code.code()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
