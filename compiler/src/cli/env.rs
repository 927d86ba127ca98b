//! `fmc env`: lists the environment variables that a pipeline reads.
//!
//! Enters: a pipeline without errors. Leaves: a table or JSON on standard output: the name, whether
//! it is required, whether it is secret, where it is read. Must not know how they are found.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use fmc_expr::outside::{self, layout, line};
use serde_json::{Value, json};

use super::{Global, Outcome, buildable::Buildable};
use crate::{
    driver::{host::Disk, workspace::Workspace},
    facts::EnvVar,
};

/// List the environment variables that a pipeline reads
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  fmc env incident.json\n  fmc env incident.json --format json")]
pub(super) struct Arguments {
    /// The pipeline file
    #[arg(value_name = "PIPELINE")]
    pipeline: PathBuf,
    /// How to write the list
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// `--format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One line per variable
    Text,
    /// One JSON array
    Json,
}

/// Runs `fmc env`.
pub(super) fn run(arguments: &Arguments, global: &Global) -> Outcome {
    let Some(pipeline) = Buildable::open(
        &mut Workspace::default(),
        &Disk,
        &arguments.pipeline,
        global,
    )?
    else {
        return Ok(1);
    };
    let variables = &pipeline.checked.model().facts.env;
    let places = |variable: &EnvVar| pipeline.places(&variable.reads);
    match arguments.format {
        Format::Text => {
            let width = variables
                .iter()
                .map(|variable| line(&variable.name).chars().count())
                .max()
                .unwrap_or(0);
            let row = |variable: &EnvVar| {
                let required = if variable.required {
                    "required"
                } else {
                    "optional"
                };
                let secret = if variable.secret { "secret" } else { "" };
                let places: Vec<_> = places(variable)
                    .iter()
                    .map(|(line, column)| format!("{line}:{column}"))
                    .collect();
                let name = line(&variable.name);
                format!(
                    "{name:width$}  {required}  {secret:6}  {}\n",
                    places.join(" ")
                )
            };
            let rows: String = variables.iter().map(row).collect();
            super::print(&layout(&rows, false))
        }
        Format::Json => {
            let entry = |variable: &EnvVar| -> Value {
                let places: Vec<_> = places(variable)
                    .iter()
                    .map(|(line, column)| json!({"line": line, "column": column}))
                    .collect();
                json!({
                    "name": variable.name,
                    "required": variable.required,
                    "secret": variable.secret,
                    "reads": places,
                })
            };
            let list = Value::Array(variables.iter().map(entry).collect());
            super::print(&outside::json(&format!("{list:#}\n")))
        }
    }
}
