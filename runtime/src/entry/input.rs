//! What a run starts with: input, mock file, environment file.
//!
//! Enters: what the command line names. Leaves: values, or one line that says what is wrong. Must
//! not know how stages are run.

use std::{fs::File, io::Read, path::Path, rc::Rc};

use fmc_expr::{Cx, Map, Value, json};

use crate::{
    base::schema,
    executor::drive::mock::Mocks,
    host::{deadline::Deadline, environment},
    plan::PipelinePlan,
};

/// How large an input or a mock file may be.
const DATA_MB: u64 = 64;
/// How large an environment file may be.
const VARIABLES_MB: u64 = 1;

/// The input of a run.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) value: Value,
    /// What could not be kept as it was given: an integer that is kept as text.
    pub(crate) warning: Option<String>,
}

impl Input {
    fn sure(value: Value) -> Self {
        Self {
            value,
            warning: None,
        }
    }
}

/// The input: from a file, from standard input (`-`) or from JSON on the command line; else the
/// sample input, else an empty object. Defaults of `input_schema` are filled in; the check ends at
/// `end`.
///
/// # Errors
/// What cannot be read or is not JSON, or what does not fit `input_schema`.
pub(crate) fn input(
    given: Option<&str>,
    pipeline: &PipelinePlan,
    end: Deadline,
) -> Result<Input, String> {
    let input = match (given, pipeline.sample_input) {
        (Some(given), _) => read(given)?,
        (None, Some(sample)) => Input::sure(json(sample.as_bytes(), "the sample input")?),
        (None, None) => Input::sure(Value::object(Map::new())),
    };
    let schema = pipeline
        .input_schema
        .and_then(|text| Value::from_json(text.as_bytes()).ok());
    let Some(schema) = schema else {
        return Ok(input);
    };
    let cx = Cx::new().with_steps(schema::STEPS).until(Rc::new(end));
    let value = schema::check(&cx, &schema, &input.value, "input").map_err(|errors| {
        format!(
            "the input does not fit `input_schema`: {}",
            errors.join("; ")
        )
    })?;
    Ok(Input {
        value,
        warning: input.warning,
    })
}

fn read(given: &str) -> Result<Input, String> {
    if given == "-" {
        let bytes = bounded(std::io::stdin().lock(), DATA_MB, "standard input")?;
        return read_json(&bytes, "standard input");
    }
    if given.trim_start().starts_with(['{', '[', '"']) {
        return read_json(given.as_bytes(), "the input");
    }
    if Path::new(given).exists() {
        return read_json(&file(given, DATA_MB)?, &format!("`{given}`"));
    }
    json::read_freely(given.as_bytes())
        .map(input_of)
        .map_err(|error| format!("`--input`: no file `{given}`, and not read as JSON: {error}"))
}

fn read_json(bytes: &[u8], what: &str) -> Result<Input, String> {
    let read = json::read_freely(without_mark(bytes));
    read.map(input_of).map_err(|error| unread(what, &error))
}

fn input_of(read: json::Read) -> Input {
    Input {
        warning: read.warning("input"),
        value: read.value,
    }
}

/// Reads the mocks from a file.
///
/// # Errors
/// The file cannot be read, or is not a mock file of this pipeline.
pub(crate) fn mocks(path: &str, pipeline: &PipelinePlan) -> Result<Mocks, String> {
    let value = json(&file(path, DATA_MB)?, &format!("`{path}`"))?;
    Mocks::new(&value, pipeline).map_err(|error| format!("`{path}`: {error}"))
}

/// Reads the variables of an environment file.
///
/// # Errors
/// The file cannot be read, or is not an environment file.
pub(crate) fn variables(path: &str) -> Result<Vec<(String, String)>, String> {
    let bytes = file(path, VARIABLES_MB)?;
    let text = utf8(&bytes).map_err(|error| format!("`{path}`: {error}"))?;
    environment::parse(text).map_err(|error| format!("`{path}`: {error}"))
}

/// The text of some bytes.
///
/// # Errors
/// The number of the first line that is not UTF-8. A value with replacement characters would be a
/// wrong key or password, and nobody could see why.
fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        format!("line {line}: bytes that are not UTF-8")
    })
}

/// The bytes of a file. A pipe is read too, as in `--env-file <(decrypt .env)`.
fn file(path: &str, most_mb: u64) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| format!("cannot read `{path}`: {error}"))?;
    bounded(file, most_mb, &format!("`{path}`"))
}

/// Everything that can be read, if it is not more than so many megabytes. A device like `/dev/zero`
/// never ends.
fn bounded(from: impl Read, most_mb: u64, what: &str) -> Result<Vec<u8>, String> {
    let most = most_mb << 20;
    let mut bytes = Vec::new();
    let read = from.take(most + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("cannot read {what}: {error}"))?;
    if bytes.len() as u64 > most {
        return Err(format!("{what} is larger than {most_mb} MB"));
    }
    Ok(bytes)
}

fn json(bytes: &[u8], what: &str) -> Result<Value, String> {
    Value::from_json(without_mark(bytes)).map_err(|error| unread(what, &error))
}

/// The text without the mark that some programs write before UTF-8.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}

fn unread(what: &str, error: &dyn std::fmt::Display) -> String {
    format!("{what} cannot be read as JSON: {error}")
}

#[cfg(test)]
#[path = "tests/input.rs"]
mod tests;
