//! What a run starts with: input, mock file, environment file.
//!
//! Enters: what the command line names. Leaves: values, or one line that says what is wrong. Must
//! not know how stages are run.

use std::{fs, io::Read, path::Path};

use fmc_expr::{Map, Value};

use crate::{base::schema, executor::drive::mock::Mocks, host::environment, plan::PipelinePlan};

/// The input: from a file, from standard input (`-`) or from JSON on the command line; else the
/// sample input, else an empty object. Defaults of `input_schema` are filled in.
///
/// # Errors
/// What cannot be read or is not JSON, or what does not fit `input_schema`.
pub(crate) fn input(given: Option<&str>, pipeline: &PipelinePlan) -> Result<Value, String> {
    let value = match (given, pipeline.sample_input) {
        (Some(given), _) => read(given)?,
        (None, Some(sample)) => json(sample.as_bytes(), "the sample input")?,
        (None, None) => Value::object(Map::new()),
    };
    let schema = pipeline
        .input_schema
        .and_then(|text| Value::from_json(text.as_bytes()).ok());
    match schema {
        None => Ok(value),
        Some(schema) => schema::check(&schema, &value, "input").map_err(|errors| {
            format!(
                "the input does not fit `input_schema`: {}",
                errors.join("; ")
            )
        }),
    }
}

fn read(given: &str) -> Result<Value, String> {
    if given == "-" {
        let mut bytes = Vec::new();
        let result = std::io::stdin().lock().read_to_end(&mut bytes);
        result.map_err(|error| format!("cannot read standard input: {error}"))?;
        return json(&bytes, "standard input");
    }
    if given.trim_start().starts_with(['{', '[', '"']) {
        return json(given.as_bytes(), "the input");
    }
    if Path::new(given).exists() {
        return json(&file(given)?, &format!("`{given}`"));
    }
    Value::from_json(given.as_bytes())
        .map_err(|error| format!("`--input`: no file `{given}`, and not read as JSON: {error}"))
}

/// Reads the mocks from a file.
///
/// # Errors
/// The file cannot be read, or is not a mock file of this pipeline.
pub(crate) fn mocks(path: &str, pipeline: &PipelinePlan) -> Result<Mocks, String> {
    let value = json(&file(path)?, &format!("`{path}`"))?;
    Mocks::new(&value, pipeline).map_err(|error| format!("`{path}`: {error}"))
}

/// Reads the variables of an environment file.
///
/// # Errors
/// The file cannot be read, or is not an environment file.
pub(crate) fn variables(path: &str) -> Result<Vec<(String, String)>, String> {
    let text = String::from_utf8_lossy(&file(path)?).into_owned();
    environment::parse(&text).map_err(|error| format!("`{path}`: {error}"))
}

fn file(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read `{path}`: {error}"))
}

fn json(bytes: &[u8], what: &str) -> Result<Value, String> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    Value::from_json(bytes).map_err(|error| format!("{what} cannot be read as JSON: {error}"))
}

#[cfg(test)]
#[path = "tests/input.rs"]
mod tests;
