//! What documents say is true: commands, links, the reference page of components, the reasons for
//! dependencies.

use std::{env, fmt::Write as _, fs, path::Path};

use fmc::{
    Settings,
    catalogue::{Component, Field, FieldKind, Output, Shape, components},
    check,
    diagnostics::render::human,
    source::SourceMap,
};
use fmc_expr::builtins;
use fmc_tests::tree;

const COMPONENTS: &str = "docs/components.md";

const INTRODUCTION: &str = "\
# Components

What each `component_type` does. `*` marks settings that are required, *static* marks settings that take no
templates. [language.md](language.md) says in which order stages run.

<!-- Written from the catalogue by the test `documents`; see CONTRIBUTING.md. -->
";

fn kind(kind: FieldKind) -> String {
    let word = match kind {
        FieldKind::Any => "any",
        FieldKind::Str | FieldKind::Text | FieldKind::PipelineId => "string",
        FieldKind::TextOrObject => "string or object",
        FieldKind::Bool => "bool",
        FieldKind::Int => "int",
        FieldKind::Number => "number",
        FieldKind::List => "list",
        FieldKind::ListOrStr => "list or string",
        FieldKind::Object => "object",
        FieldKind::ListOf(each) => return format!("list of {}", self::kind(*each)),
        FieldKind::ObjectOf(each) => return format!("object of {}", self::kind(*each)),
        FieldKind::Choice(words) | FieldKind::Exactly(words) => {
            let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
            return words.join(" ");
        }
        FieldKind::Url => "URL",
        FieldKind::Condition(_) => "condition",
        FieldKind::Template => "any, with `data` in scope",
        FieldKind::Stages(_) => "stage ids",
        FieldKind::Routes => "stage ids by key",
        FieldKind::Schema => "JSON Schema",
        FieldKind::Name(_) => "name",
    };
    word.to_owned()
}

fn row(field: &Field) -> String {
    let mut name = format!("`{}`", field.name);
    if field.required {
        name.push_str(" \\*");
    }
    for alias in field.aliases {
        let _ = write!(name, ", `{alias}`");
    }
    let mut takes = kind(field.kind);
    if field.literal {
        takes.push_str(", *static*");
    }
    if let Some(minimum) = field.minimum {
        let _ = write!(takes, ", at least {minimum}");
    }
    let default = match field.default {
        "" => String::new(),
        default => format!("`{default}`"),
    };
    format!("| {name} | {takes} | {default} | {} |\n", field.doc)
}

/// The fields of FlowMason that do nothing here, in one sentence, because a row for each would hide
/// the others.
fn ignored(component: &Component) -> Option<String> {
    let fields = component.fields.iter().filter(|field| !field.effect);
    let fields = fields.map(|field| {
        let doc = field.doc.trim_end_matches('.');
        format!("`{}` ({doc})", field.name)
    });
    let fields: Vec<_> = fields.collect();
    (!fields.is_empty()).then(|| {
        format!(
            "\nAccepted from FlowMason, without effect here: {}.\n",
            fields.join(", ")
        )
    })
}

fn output(output: &Output) -> String {
    match output {
        Output::Fields(fields) => {
            let names = fields.iter().map(|(name, shape)| {
                let Shape::Words(words) = shape else {
                    return format!("`{name}`");
                };
                let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("`{name}` ({})", words.join(" or "))
            });
            names.collect::<Vec<_>>().join(", ")
        }
        Output::Template => "what `template` renders to; without a template `result`, `fields_mapped`, `fields_missing`".to_owned(),
        Output::Variables => "the variables, each as a field and all under `variables`".to_owned(),
        Output::Foreach => "`results` (for each item the output of the last loop stage, in the order of the items; `{\"error\": …}` for a failed item if the loop continues), `total_items`, `processed_items` (failed ones included), `failed_items`, `skipped_items`, `is_complete`".to_owned(),
        Output::Any => "any".to_owned(),
    }
}

fn section(component: &Component) -> String {
    let (first, rest) = component.summary.split_at(1);
    let summary = format!("{}{}.", first.to_uppercase(), rest.trim_end_matches('.'));
    let mut text = format!("\n## {}\n\n{summary}", component.name);
    let mut facts = Vec::new();
    if !component.aliases.is_empty() {
        let aliases = component.aliases.iter().map(|alias| format!("`{alias}`"));
        facts.push(format!("Also {}.", aliases.collect::<Vec<_>>().join(", ")));
    }
    if component.model {
        facts.push(
            "Asks a model: set `provider`, `model` and `llm_settings` on the stage.".to_owned(),
        );
    }
    if component.side_effect {
        facts.push("Has side effects: with `--mock` it needs a mock.".to_owned());
    }
    if !component.is_buildable() {
        facts.push("It is checked, but cannot be built yet.".to_owned());
    }
    for fact in facts {
        let _ = write!(text, " {fact}");
    }
    text.push_str("\n\n| setting | takes | default | meaning |\n|---|---|---|---|\n");
    let fields = component.fields.iter().filter(|field| field.effect);
    text.extend(fields.map(row));
    text.extend(ignored(component));
    let _ = writeln!(text, "\nOutput: {}.", output(&component.output));
    text
}

#[test]
fn the_page_of_components_is_what_the_catalogue_says() {
    let mut expected = INTRODUCTION.to_owned();
    expected.extend(components().map(section));
    let path = tree::root().join(COMPONENTS);
    if env::var_os("FMC_UPDATE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{COMPONENTS} is not what the catalogue says; FMC_UPDATE_DOCS=1 writes it"
    );
}

#[test]
fn the_language_reference_names_every_builtin() {
    let reference = tree::text("docs/language.md");
    let words: Vec<&str> = reference
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .collect();
    let missing: Vec<&str> = builtins::all()
        .map(|builtin| builtin.name.rsplit('.').next().unwrap_or(builtin.name))
        .filter(|name| !words.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// The commands in a document: its `sh` blocks.
fn commands(text: &str) -> Vec<&str> {
    let blocks = text.split("```sh\n").skip(1);
    let blocks = blocks.filter_map(|block| block.split("```").next());
    blocks
        .flat_map(str::lines)
        .filter(|line| !line.trim().is_empty())
        .collect()
}

#[test]
fn the_readme_has_two_commands_and_ci_runs_the_second() {
    let readme = tree::text("README.md");
    let commands = commands(&readme);
    assert_eq!(commands.len(), 2, "{commands:#?}");
    let (run, test) = (commands[0], commands[1]);
    assert!(run.starts_with("cargo run --release -- run "), "{run}");
    let files: Vec<&str> = run
        .split(' ')
        .filter(|word| word.ends_with(".json"))
        .collect();
    assert_eq!(files.len(), 2, "{run}");
    let pipeline = tree::json(files[0]);
    assert!(pipeline["sample_input"].is_object(), "no input is given");
    assert!(tree::json(files[1]).is_object());
    assert!(test.starts_with("cargo test"), "{test}");
    let ci = tree::text(".ci/run");
    assert!(ci.lines().any(|line| line.trim() == test), "{test}: {ci}");
    let lines = readme.lines().count();
    assert!(lines <= 60, "the README has {lines} lines");
    let lines = tree::text("ARCHITECTURE.md").lines().count();
    assert!(lines <= 150, "ARCHITECTURE.md has {lines} lines");
}

/// The first block of one kind in a document.
fn block<'a>(text: &'a str, kind: &str) -> &'a str {
    let (_, behind) = text.split_once(&format!("```{kind}\n")).unwrap();
    behind.split_once("```").unwrap().0
}

#[test]
fn the_finding_in_the_readme_is_what_fmc_says_of_the_pipeline_above_it() {
    let readme = tree::text("README.md");
    let pipeline = block(&readme, "json");
    assert_eq!(pipeline.lines().count(), 12);
    let mut sources = SourceMap::new();
    let file = sources.add("page.json", pipeline);
    let found = check(&sources, file, &Settings::default());
    let shown = human::render(found.findings(), &sources, false);
    assert_eq!(block(&readme, "text").trim_end(), shown.trim_end());
    // Corrected the way the README says, it has no findings.
    let mut sources = SourceMap::new();
    let file = sources.add("page.json", pipeline.replace("onwer", "owner"));
    assert!(
        check(&sources, file, &Settings::default())
            .findings()
            .is_empty()
    );
}

#[test]
fn links_between_documents_lead_somewhere() {
    let documents = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ];
    let pages = tree::files("docs", ".md").into_iter().map(|(path, _)| path);
    let mut links = 0;
    for document in documents.into_iter().map(str::to_owned).chain(pages) {
        let folder = Path::new(&document).parent().unwrap();
        for link in tree::text(&document).split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap_or_default();
            if link.is_empty() || link.contains("://") {
                continue;
            }
            links += 1;
            let target = tree::root().join(folder).join(link);
            assert!(target.exists(), "{document}: {link}");
        }
    }
    assert!(links > 10, "{links}");
}

/// Paths in back-ticks in the documents for contributors.
#[test]
fn files_that_documents_name_exist() {
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = tree::text(document);
        // Every second piece is between back-ticks.
        for name in text.split('`').skip(1).step_by(2) {
            let is_path = name.contains('/')
                && !name.contains([' ', '*', '{', '<', '▶', '='])
                && !name.contains("NAME")
                && !name.contains("nnnn")
                && !name.contains("SUBJECT");
            let started = [
                "compiler", "runtime", "lsp", "tests", "fixtures", "docs", ".ci",
            ]
            .iter()
            .any(|start| name.starts_with(start));
            if is_path && started {
                assert!(tree::root().join(name).exists(), "{document}: `{name}`");
            }
        }
    }
}

#[test]
fn the_dependencies_are_declared_once_and_explained() {
    let root = tree::text("Cargo.toml");
    let (_, list) = root.split_once("[workspace.dependencies]\n").unwrap();
    let page = tree::text("docs/dependencies.md");
    let mut declared: Vec<&str> = list
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter(|line| !line.contains("path = "))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| !name.starts_with('#'))
        .collect();
    let mut explained: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    declared.sort_unstable();
    explained.sort_unstable();
    assert_eq!(declared, explained);
    for member in [
        "compiler",
        "lsp",
        "runtime",
        "runtime/expr",
        "tests",
        "tests/expressions",
    ] {
        let path = format!("{member}/Cargo.toml");
        let text = tree::text(&path);
        let mut inside = false;
        for line in text.lines() {
            if line.starts_with('[') {
                inside = line.ends_with("dependencies]");
            } else if inside && line.contains('=') && !line.starts_with('#') {
                let shared = line.contains("workspace = true");
                assert!(shared, "{path}: {line}");
            }
        }
    }
}

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_do() {
    // Put together here, so that this file does not match.
    let marks =
        [["#[", "ignore"], ["todo", "!("], ["unimplemented", "!("]].map(|mark| mark.concat());
    let mut count = 0;
    for folder in ["compiler", "lsp", "runtime", "tests"] {
        for (path, file) in tree::files(folder, ".rs") {
            count += 1;
            let text = fs::read_to_string(file).unwrap();
            for mark in &marks {
                assert!(!text.contains(mark), "{path}: {mark}");
            }
        }
    }
    assert!(count > 100, "{count}");
}
