//! A checked pipeline as the source of a Rust program.
//!
//! Enters: a [`CheckedModel`] and the pipeline's text. Leaves: one `main.rs` and the features of
//! the runtime it needs. The same input gives the same bytes. Must not know files, cargo or
//! rustc, nor how the runtime works: its items are named through `paths` only.

mod constants;
mod expr;
mod json;
mod layout;
mod literal;
mod names;
mod node;
mod paths;
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
use layout::Code as Source;
use names::Names;
use node::Values;
use paths::Imports;
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
        expressions: 0,
        features: BTreeSet::new(),
        loops: false,
    };
    let schemas = [&model.ast.input_schema, &model.ast.output_schema];
    if schemas.into_iter().flatten().any(keywords::has_patterns) {
        writer.features.insert(Feature::Regex);
    }
    let mut scope = codegen::Scope::new();
    let mut rows = Vec::new();
    for stage in &model.stages {
        let functions = writer.stage(stage, &mut scope);
        let row = tables::stage(model, stage, &functions, &mut writer.imports);
        rows.push(row.ok_or_else(|| vec![cannot("this stage", stage.name.span)])?);
    }
    let imports = &mut writer.imports;
    writer.constants.write(&mut scope, imports);
    let count = rows.len();
    let stages = Source::Array("", rows);
    let row = imports.name(paths::STAGE);
    static_item(&mut scope, &format!("STAGES: [{row}; {count}]"), &stages);
    let pipeline = tables::pipeline(model, &facts, imports);
    let name = imports.name(paths::PIPELINE);
    static_item(&mut scope, &format!("PIPELINE: {name}"), &pipeline);
    let exit = imports.name(paths::EXIT_CODE);
    scope
        .new_fn("main")
        .ret(exit)
        .line("fmc_runtime::main(&PIPELINE)");

    let main_rs = format!(
        "{}{}\n{}",
        header(model, facts.compiler),
        imports.lines(),
        scope.to_string().trim_end()
    );
    Ok(Program {
        id: model.ast.id.value.clone(),
        main_rs: main_rs + "\n",
        features: writer.features,
        stages: model.stages.len(),
        loops: writer.loops,
    })
}

fn header(model: &Model, compiler: &str) -> String {
    let id = literal::quoted(&model.ast.id.value);
    let name = model
        .ast
        .name
        .as_ref()
        .map(|name| format!(", {}", literal::quoted(&name.value)));
    let name = name.unwrap_or_default();
    format!(
        "//! The pipeline {id}{name}, as Rust.\n\
         //!\n\
         //! Written by fmc {compiler}; a change belongs in the pipeline file.\n\
         #![deny(warnings)]\n\
         #![forbid(unsafe_code)]\n\n"
    )
}

fn static_item(scope: &mut codegen::Scope, name: &str, value: &Source) {
    scope.raw(format!(
        "{};",
        value.assigned(&format!("static {name} ="), 0, 1)
    ));
}

fn hash(text: &str) -> String {
    Sha256::digest(text)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

impl Writer<'_> {
    /// The functions of a stage: settings, deferred settings, fallback, expressions.
    fn stage(&mut self, stage: &Stage, scope: &mut codegen::Scope) -> Functions {
        self.note_component(stage);
        let id = &stage.name.value;
        let shown = literal::quoted(id);
        let eager = || stage.settings.iter().filter(|setting| !setting.deferred);
        let config = self.names.function(id, "config");
        let about = format!(
            "{shown}: the settings of `{}`.",
            literal::comment(stage.component_name())
        );
        self.render(scope, &config, &about, |values| {
            values.settings(eager().map(|setting| (setting.name, &setting.value)))
        });
        let mut deferred = Vec::new();
        for setting in stage.settings.iter().filter(|setting| setting.deferred) {
            let function = self.names.function(id, setting.name);
            let dynamic = matches!(setting.value.kind, ConfigKind::Dynamic(_));
            if dynamic {
                self.features.insert(Feature::Dynamic);
            }
            let about = format!("{shown}: its `{}`.", setting.name);
            self.render(scope, &function, &about, |values| {
                values.outcome(&setting.value)
            });
            deferred.push((setting.name, function, dynamic));
        }
        let fallback = stage.fallback.as_ref().map(|node| {
            let function = self.names.function(id, "fallback");
            let about = format!("{shown}: its output when it failed.");
            self.render(scope, &function, &about, |values| values.outcome(node));
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
        scope: &mut codegen::Scope,
        name: &str,
        about: &str,
        write: impl FnOnce(&mut Values<'_>) -> Source,
    ) {
        let mut values = Values::new(&mut self.imports, self.expressions);
        let last = write(&mut values);
        let met = values.finish();
        let scope_type = format!("&{}<'_>", self.imports.name(paths::SCOPE));
        let outcome = self.imports.name(paths::OUTCOME);
        scope
            .new_fn(name)
            .doc(about)
            .arg("s", scope_type)
            .ret(outcome)
            .line(last.lay_out(4, 0, 0).replace("\n    ", "\n"));
        for expression in &met {
            self.expression(scope, expression);
        }
    }

    /// An expression's table entry and function.
    fn expression(&mut self, scope: &mut codegen::Scope, expression: &Expression) {
        let number = self.expressions;
        self.expressions += 1;
        let position = self.lines.position(self.text, expression.span().start);
        let imports = &mut self.imports;
        let entry = Source::Struct(
            imports.name(paths::EXPRESSION),
            vec![
                ("text", Source::atom(literal::string(expression.text()))),
                (
                    "field",
                    Source::atom(literal::string(&expression.site.path)),
                ),
                ("line", Source::atom(position.line.to_string())),
                ("column", Source::atom(position.column.to_string())),
                ("run", Source::atom(format!("e{number}"))),
            ],
        );
        let name = imports.name(paths::EXPRESSION);
        static_item(scope, &format!("E{number}: {name}"), &entry);
        let body = expr::function(&expression.typed, imports, &mut self.constants);
        if body.uses_regex {
            self.features.insert(Feature::Regex);
        }
        self.loops |= body.loops;
        let parameter = |used: bool, name: &str| {
            if used {
                name.to_owned()
            } else {
                format!("_{name}")
            }
        };
        let scope_type = format!("&{}<'_>", imports.name(paths::SCOPE));
        let budget = format!("&{}", imports.name(paths::CX));
        let value = imports.name(paths::VALUE);
        let error = imports.name(paths::EVAL_ERROR);
        let function = scope
            .new_fn(format!("e{number}"))
            .doc(literal::quoted(expression.text()))
            .arg(parameter(body.uses_scope, "s"), scope_type)
            .arg(parameter(body.uses_cx, "cx"), budget)
            .ret(format!("Result<{value}, {error}>"));
        for line in body.lines {
            function.line(line);
        }
    }
}
