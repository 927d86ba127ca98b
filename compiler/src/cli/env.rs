//! `fmc env`: lists the environment variables that a pipeline reads.
//!
//! Enters: a pipeline without errors. Leaves: a table or JSON on standard output: the name, whether
//! it is required, whether it is secret, where it is read. Must not know how they are found.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, ValueEnum};
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
    let text = match arguments.format {
        Format::Text => {
            let width = variables
                .iter()
                .map(|variable| variable.name.len())
                .max()
                .unwrap_or(0);
            let line = |variable: &EnvVar| {
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
                let name = &variable.name;
                format!(
                    "{name:width$}  {required}  {secret:6}  {}\n",
                    places.join(" ")
                )
            };
            variables.iter().map(line).collect()
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
            format!(
                "{:#}\n",
                Value::Array(variables.iter().map(entry).collect())
            )
        }
    };
    // A closed pipe means that the reader wants no more.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    Ok(0)
}
