//! A checked pipeline as the source of a Rust program.
//!
//! Enters: a [`CheckedModel`] and the text of the pipeline. Leaves: one `main.rs`, and the features
//! of the runtime that it needs. The same input gives the same bytes. Must not know files, cargo or
//! rustc, nor how the runtime works; only `paths` names items of the runtime.

mod constants;
mod expr;
mod expressions;
mod json;
mod names;
mod node;
mod parts;
mod paths;
mod print;
mod rust;
mod shapes;
mod size;
mod tables;
#[cfg(test)]
mod tests;
mod url;

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

pub use crate::catalogue::Feature;

use crate::{
    catalogue::Runs,
    check::CheckedModel,
    diagnostics::{Code, Diagnostic},
    ir::{Stage, config::ConfigKind},
    model::Model,
    schema::keywords,
    source::{LineIndex, Position, Span},
};
use expressions::Expressions;
use names::Names;
use node::Values;
use paths::Imports;
use rust::{Comment, Function, Item, Name, Parameter, RustExpr, RustType, Stmt};
use tables::{Origin, StageFunctions};

/// A generated program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The pipeline's id.
    pub id: String,
    /// Its only source file.
    pub main_rs: String,
    /// The features that the runtime must be built with.
    pub features: BTreeSet<Feature>,
    /// The number of its stages.
    pub stages: usize,
    /// Whether an expression loops over elements, like `[x for x in xs]`. Set while expressions are
    /// written; the driver reads it to choose the level of optimisation.
    pub loops: bool,
}

/// Generates the program of a pipeline. `text` is the text of its file.
///
/// # Errors
/// A finding of family 09 for each construct that this version cannot build.
pub fn generate(checked: &CheckedModel, text: &str) -> Result<Program, Vec<Diagnostic>> {
    let unbuildable = checked.model().facts.unbuildable.iter();
    let unbuildable: Vec<_> = unbuildable
        .map(|(what, span)| cannot(what, *span))
        .collect();
    if unbuildable.is_empty() {
        program(checked, text)
    } else {
        Err(unbuildable)
    }
}

/// The finding FMC0901 about something that cannot be built yet.
fn cannot(what: &str, place: Span) -> Diagnostic {
    let message = format!("{what} cannot be built yet");
    Diagnostic::new(Code::NotBuildable, place, message)
}

/// The offsets at which the lines of the pipeline's text begin.
struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
}

impl Lines<'_> {
    /// The line and column at which a span begins, for error messages of the program.
    fn position(&self, span: Span) -> Position {
        self.index.position(self.text, span.start)
    }
}

/// Writes one program.
struct Writer<'a> {
    lines: Lines<'a>,
    imports: Imports,
    expressions: Expressions,
    names: Names,
    items: Vec<Item>,
    features: BTreeSet<Feature>,
}

fn program(checked: &CheckedModel, text: &str) -> Result<Program, Vec<Diagnostic>> {
    let model = checked.model();
    let origin = Origin {
        hash: hash(text),
        compiler: env!("CARGO_PKG_VERSION"),
        input_schema: model.ast.input_schema.as_ref().map(json::text),
        output_schema: model.ast.output_schema.as_ref().map(json::text),
        sample_input: model.ast.sample_input.as_ref().map(json::text),
        allow_hosts: checked.allow_hosts().map(<[String]>::to_vec),
    };
    let mut writer = Writer {
        lines: Lines {
            text,
            index: LineIndex::new(text),
        },
        imports: Imports::default(),
        expressions: Expressions::default(),
        names: Names::default(),
        items: Vec::new(),
        features: BTreeSet::new(),
    };
    let schemas = [&model.ast.input_schema, &model.ast.output_schema];
    // The run checks its input and output by these schemas.
    if schemas.into_iter().flatten().any(keywords::has_patterns) {
        writer.features.insert(Feature::Regex);
    }
    let mut rows = Vec::new();
    let mut ends = Vec::new();
    for stage in &model.stages {
        let functions = writer.stage(stage);
        ends.push(writer.items.len());
        let row = tables::stage(model, stage, &functions, &mut writer.imports);
        // `facts.unbuildable` lists such stages, so this is never reached; it is an error and not a
        // panic all the same.
        rows.push(row.ok_or_else(|| vec![cannot("this stage", stage.name.span)])?);
    }
    if writer.expressions.uses_regex {
        writer.features.insert(Feature::Regex);
    }
    let loops = writer.expressions.loops;
    let imports = &mut writer.imports;
    let mut items = writer.items;
    items.extend(writer.expressions.constants(imports));
    let shapes = writer.expressions.into_shapes();
    let shared = shapes.share(&mut items, imports);
    items.extend(shared);
    items.extend(tables::stages(rows, imports));
    if let Some(finding) = too_large(model, &items, &ends) {
        return Err(vec![finding]);
    }
    let table = tables::pipeline(model, &origin, imports);
    let pipeline = RustType::new(imports.name(paths::PIPELINE));
    items.push(Item::Static(Name::new("PIPELINE"), pipeline, table));
    items.push(main(imports));

    let main_rs = format!(
        "{}{}\n{}",
        header(model, origin.compiler),
        imports.lines(),
        print::items(&items)
    );
    Ok(Program {
        id: model.ast.id.value.clone(),
        main_rs: main_rs + "\n",
        features: writer.features,
        stages: model.stages.len(),
        loops,
    })
}

/// The finding about a program for which `rustc` would need too much memory, at the stage that needs
/// most of it. `ends` says where the items of each stage end.
fn too_large(model: &Model, items: &[Item], ends: &[usize]) -> Option<Diagnostic> {
    let needed: usize = items.iter().map(size::of).sum();
    if needed <= size::MOST {
        return None;
    }
    let mut start = 0;
    let each = ends.iter().map(|end| {
        let own = items.get(start..*end).unwrap_or_default();
        start = *end;
        own.iter().map(size::of).sum::<usize>()
    });
    let (_, stage) = each.zip(&model.stages).max_by_key(|(needed, _)| *needed)?;
    let what = format!(
        "so many expressions, for which `rustc` would need about {} MB and at most {} MB are \
         allowed (this stage has the most),",
        needed / 1_000,
        size::MOST / 1_000,
    );
    Some(cannot(&what, stage.name.span))
}

/// `fn main`. The runtime does everything else.
fn main(imports: &mut Imports) -> Item {
    let pipeline = RustExpr::name("PIPELINE").borrowed();
    let run = RustExpr::call("fmc_runtime::main", vec![pipeline]);
    Item::Function(Function {
        about: None,
        name: Name::new("main"),
        parameters: Vec::new(),
        result: RustType::new(imports.name(paths::EXIT_CODE)),
        body: vec![Stmt::Value(run)],
    })
}

/// The first lines of the file: what it is, and lints.
fn header(model: &Model, compiler: &str) -> String {
    let mut what = Comment::new("The pipeline ").and(&Comment::back_ticked(&model.ast.id.value));
    if let Some(name) = &model.ast.name {
        what = what.then(", ").and(&Comment::back_ticked(&name.value));
    }
    let what = what.then(", as Rust.");
    format!(
        "//! {what}\n\
         //!\n\
         //! Written by fmc {compiler}; a change belongs in the pipeline file.\n\
         #![deny(warnings)]\n\
         #![forbid(unsafe_code)]\n\n"
    )
}

/// The SHA-256 of a text, in hexadecimal.
fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Writer<'_> {
    /// The functions of a stage: for its settings, deferred settings, fallback and expressions.
    fn stage(&mut self, stage: &Stage) -> StageFunctions {
        self.note_component(stage);
        let id = &stage.name.value;
        let about = || Comment::back_ticked(id);
        let eager = || stage.settings.iter().filter(|setting| !setting.deferred);
        let config = self.names.function(id, "config");
        let settings = about()
            .then(": the settings of `")
            .then(stage.component_name())
            .then("`.");
        self.render(&config, settings, |values| {
            values.settings(eager().map(|setting| (setting.name, &setting.value)))
        });
        let mut deferred = Vec::new();
        for setting in stage.settings.iter().filter(|setting| setting.deferred) {
            let function = self.names.function(id, setting.name);
            let dynamic = matches!(setting.value.kind, ConfigKind::Dynamic(_));
            if dynamic {
                self.features.insert(Feature::Dynamic);
            }
            let its = about().then(": its `").then(setting.name).then("`.");
            self.render(&function, its, |values| values.outcome(&setting.value));
            deferred.push((setting.name, function, dynamic));
        }
        let fallback = stage.fallback.as_ref().map(|node| {
            let function = self.names.function(id, "fallback");
            let output = about().then(": its output when it failed.");
            self.render(&function, output, |values| values.outcome(node));
            function
        });
        StageFunctions {
            config,
            deferred,
            fallback,
        }
    }

    /// Adds the features that the component of a stage needs.
    fn note_component(&mut self, stage: &Stage) {
        if let Some(Runs::Leaf { features, .. }) = stage.component.map(|component| component.runs) {
            self.features.extend(features);
        }
    }

    /// A function that renders values, followed by the functions of those expressions that no
    /// earlier function has used.
    fn render(
        &mut self,
        name: &Name,
        about: Comment,
        write: impl FnOnce(&mut Values<'_>) -> RustExpr,
    ) {
        let last = write(&mut Values {
            imports: &mut self.imports,
            expressions: &mut self.expressions,
            lines: &self.lines,
        });
        self.items.push(Item::Function(Function {
            about: Some(about),
            name: name.clone(),
            parameters: vec![Parameter::new("s", true, self.imports.scope())],
            result: RustType::new(self.imports.name(paths::OUTCOME)),
            body: vec![Stmt::Value(last)],
        }));
        self.items.extend(self.expressions.take_new());
    }
}
