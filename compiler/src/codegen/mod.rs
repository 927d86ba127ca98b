//! A checked pipeline as the source of a Rust program.
//!
//! Enters: a [`CheckedModel`] and the pipeline's text. Leaves: one `main.rs` and the features of
//! the runtime it needs. The same input gives the same bytes. Must not know files, cargo or
//! rustc, nor how the runtime works: its items are named through `paths` only.

mod constants;
mod expr;
mod json;
mod names;
mod node;
mod paths;
mod print;
mod rust;
mod tables;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

pub use crate::catalogue::Feature;

use crate::{
    catalogue::Runs,
    check::CheckedModel,
    diagnostics::{Code, Diagnostic},
    ir::{Stage, config::ConfigKind, expr::Expression},
    model::Model,
    schema::keywords,
    source::{LineIndex, Span},
};
use constants::Constants;
use names::Names;
use node::Values;
use paths::Imports;
use rust::{Code as Source, Comment, Function, Item, Name, Parameter, Stmt, Type};
use tables::{Facts, Functions};

/// A generated program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The pipeline's id.
    pub id: String,
    /// The only source file.
    pub main_rs: String,
    /// What the runtime must be built with.
    pub features: BTreeSet<Feature>,
    /// How many stages there are.
    pub stages: usize,
    /// Whether any expression loops over elements.
    pub loops: bool,
}

/// Generates the program of a pipeline; `text` is the file it came from.
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

fn cannot(what: &str, place: Span) -> Diagnostic {
    let message = format!("{what} cannot be built yet");
    Diagnostic::new(Code::NotBuildable, place, message)
}

/// Writes one program.
struct Writer<'a> {
    /// The pipeline's text, and where its lines begin.
    text: &'a str,
    lines: LineIndex,
    imports: Imports,
    constants: Constants,
    names: Names,
    items: Vec<Item>,
    expressions: usize,
    features: BTreeSet<Feature>,
    loops: bool,
}

fn program(checked: &CheckedModel, text: &str) -> Result<Program, Vec<Diagnostic>> {
    let model = checked.model();
    let facts = Facts {
        hash: hash(text),
        compiler: env!("CARGO_PKG_VERSION"),
        input_schema: model.ast.input_schema.as_ref().map(json::text),
        output_schema: model.ast.output_schema.as_ref().map(json::text),
        sample_input: model.ast.sample_input.as_ref().map(json::text),
        allow_hosts: checked.allow_hosts().map(<[String]>::to_vec),
    };
    let mut writer = Writer {
        text,
        lines: LineIndex::new(text),
        imports: Imports::default(),
        constants: Constants::default(),
        names: Names::default(),
        items: Vec::new(),
        expressions: 0,
        features: BTreeSet::new(),
        loops: false,
    };
    let schemas = [&model.ast.input_schema, &model.ast.output_schema];
    if schemas.into_iter().flatten().any(keywords::has_patterns) {
        writer.features.insert(Feature::Regex);
    }
    let mut rows = Vec::new();
    for stage in &model.stages {
        let functions = writer.stage(stage);
        let row = tables::stage(model, stage, &functions, &mut writer.imports);
        rows.push(row.ok_or_else(|| vec![cannot("this stage", stage.name.span)])?);
    }
    let imports = &mut writer.imports;
    let mut items = writer.items;
    items.extend(writer.constants.items(imports));
    let stages = Type::new(imports.name(paths::STAGE)).array(rows.len());
    items.push(Item::Static(
        Name::new("STAGES"),
        stages,
        Source::Array(rows),
    ));
    let table = tables::pipeline(model, &facts, imports);
    let pipeline = Type::new(imports.name(paths::PIPELINE));
    items.push(Item::Static(Name::new("PIPELINE"), pipeline, table));
    items.push(main(imports));

    let main_rs = format!(
        "{}{}\n{}",
        header(model, facts.compiler),
        imports.lines(),
        print::items(&items)
    );
    Ok(Program {
        id: model.ast.id.value.clone(),
        main_rs: main_rs + "\n",
        features: writer.features,
        stages: model.stages.len(),
        loops: writer.loops,
    })
}

/// `fn main`: everything else is the runtime's.
fn main(imports: &mut Imports) -> Item {
    let pipeline = Source::name("PIPELINE").borrowed();
    let run = Source::call("fmc_runtime::main", vec![pipeline]);
    Item::Function(Function {
        about: None,
        name: Name::new("main"),
        parameters: Vec::new(),
        result: Type::new(imports.name(paths::EXIT_CODE)),
        body: vec![Stmt::Value(run)],
    })
}

fn header(model: &Model, compiler: &str) -> String {
    let mut what = Comment::new("The pipeline ").and(&Comment::quoted(&model.ast.id.value));
    if let Some(name) = &model.ast.name {
        what = what.then(", ").and(&Comment::quoted(&name.value));
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

fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Writer<'_> {
    /// The functions of a stage: settings, deferred settings, fallback, expressions.
    fn stage(&mut self, stage: &Stage) -> Functions {
        self.note_component(stage);
        let id = &stage.name.value;
        let about = || Comment::quoted(id);
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
        Functions {
            config,
            deferred,
            fallback,
        }
    }

    fn note_component(&mut self, stage: &Stage) {
        if let Some(Runs::Leaf { features, .. }) = stage.component.map(|component| component.runs) {
            self.features.extend(features);
        }
    }

    /// A function that renders values, and behind it the expressions it evaluates.
    fn render(
        &mut self,
        name: &Name,
        about: Comment,
        write: impl FnOnce(&mut Values<'_>) -> Source,
    ) {
        let mut values = Values::new(&mut self.imports, self.expressions);
        let last = write(&mut values);
        let met = values.finish();
        let scope = self.scope();
        self.items.push(Item::Function(Function {
            about: Some(about),
            name: name.clone(),
            parameters: vec![Parameter::new("s", true, scope)],
            result: Type::new(self.imports.name(paths::OUTCOME)),
            body: vec![Stmt::Value(last)],
        }));
        for expression in &met {
            self.expression(expression);
        }
    }

    /// `&Scope<'_>`
    fn scope(&mut self) -> Type {
        Type::new(self.imports.name(paths::SCOPE))
            .of(&["'_"])
            .borrowed()
    }

    /// An expression's table entry and function.
    fn expression(&mut self, expression: &Expression) {
        let number = self.expressions;
        self.expressions += 1;
        let position = self.lines.position(self.text, expression.span().start);
        let name = Name::numbered("e", number);
        let of = self.imports.name(paths::EXPRESSION);
        let entry = Source::Struct(
            Name::new(of),
            vec![
                ("text", Source::text(expression.text())),
                ("field", Source::text(&expression.site.path)),
                ("line", Source::count(position.line)),
                ("column", Source::count(position.column)),
                ("run", Source::Name(name.clone())),
            ],
        );
        let table = Name::numbered("E", number);
        self.items.push(Item::Static(table, Type::new(of), entry));
        let compiled = expr::function(&expression.typed, &mut self.imports, &mut self.constants);
        if compiled.uses_regex {
            self.features.insert(Feature::Regex);
        }
        self.loops |= compiled.loops;
        let scope = self.scope();
        let budget = Type::new(self.imports.name(paths::CX)).borrowed();
        let value = self.imports.name(paths::VALUE);
        let error = self.imports.name(paths::EVAL_ERROR);
        self.items.push(Item::Function(Function {
            about: Some(Comment::quoted(expression.text())),
            name,
            parameters: vec![
                Parameter::new("s", compiled.uses_scope, scope),
                Parameter::new("cx", compiled.uses_cx, budget),
            ],
            result: Type::new("Result").of(&[value, error]),
            body: compiled.body,
        }));
    }
}
