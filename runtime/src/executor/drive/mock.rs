//! `--mock`: outputs that replace stages.
//!
//! Enters: the mock file, a JSON object whose keys are stage ids. Leaves: the results of listed
//! stages, which do not run. A stage with side effects that is not listed fails. Must not know how
//! stages are run.

use std::{cell::RefCell, collections::HashMap};

use fmc_expr::Value;

use crate::{
    base::{
        excerpt::excerpt,
        fault::{ErrorType, Outcome, StageError},
    },
    plan::PipelinePlan,
};

/// The results of stages, by id.
#[derive(Debug)]
pub(crate) struct Mocks {
    answers: HashMap<String, Vec<Outcome>>,
    given: RefCell<HashMap<&'static str, usize>>,
}

impl Mocks {
    /// Reads the value of a mock file.
    ///
    /// # Errors
    /// The file is not an object, names a stage that the pipeline does not have, or has an entry
    /// that cannot be a result.
    pub(crate) fn new(file: &Value, pipeline: &PipelinePlan) -> Result<Self, String> {
        let Some(entries) = file.as_object() else {
            return Err(format!(
                "expected an object of stage ids, found `{}`",
                file.kind_name()
            ));
        };
        let mut answers = HashMap::new();
        for (id, entry) in entries {
            if !pipeline.stages.iter().any(|stage| stage.id == id.as_str()) {
                let known: Vec<_> = pipeline
                    .stages
                    .iter()
                    .map(|stage| format!("`{}`", stage.id))
                    .collect();
                return Err(format!(
                    "no stage `{id}`; the stages are {}",
                    known.join(", ")
                ));
            }
            answers.insert(
                id.to_string(),
                responses(entry).map_err(|error| format!("`{id}`: {error}"))?,
            );
        }
        Ok(Self {
            answers,
            given: RefCell::default(),
        })
    }

    /// The next result of a stage; the last one repeats. `None` for a stage that is not listed.
    pub(crate) fn answer(&self, stage: &'static str) -> Option<Outcome> {
        let answers = self.answers.get(stage)?;
        let mut given = self.given.borrow_mut();
        let at = given.entry(stage).or_default();
        let answer = answers.get(*at).or(answers.last())?;
        *at += 1;
        Some(answer.clone())
    }
}

/// The results of an entry, one after the other.
fn responses(entry: &Value) -> Result<Vec<Outcome>, String> {
    match only(entry, "responses") {
        None => Ok(vec![response(entry)?]),
        Some(Value::List(list)) if !list.is_empty() => list.iter().map(response).collect(),
        Some(other) => Err(format!(
            "`responses` must be a list of at least one result, found {}",
            excerpt(other)
        )),
    }
}

fn response(entry: &Value) -> Result<Outcome, String> {
    let Some(error) = only(entry, "error") else {
        return Ok(Ok(entry.clone()));
    };
    if let Some(message) = error.as_str() {
        return Ok(Err(StageError::new(ErrorType::Connection, message)));
    }
    if error.as_object().is_none() {
        return Err(format!(
            "`error` must be a text or an object, found {}",
            excerpt(error)
        ));
    }
    let status = match error.get("status_code") {
        None | Some(Value::Null) => None,
        Some(Value::Int(status)) => u16::try_from(*status).ok(),
        Some(other) => {
            return Err(format!(
                "`status_code` must be an integer, found {}",
                excerpt(other)
            ));
        }
    };
    let default = if status.is_some() {
        ErrorType::HttpStatus
    } else {
        ErrorType::Connection
    };
    let kind = match error.get("type").and_then(Value::as_str) {
        None => default,
        Some(name) => ErrorType::all()
            .find(|kind| kind.is_called(name))
            .ok_or_else(|| {
                let known: Vec<_> = ErrorType::all().map(|kind| format!("`{kind}`")).collect();
                format!("no error type `{name}`; the types are {}", known.join(", "))
            })?,
    };
    let message = error
        .get("message")
        .and_then(Value::as_str)
        .unwrap_or("mocked failure");
    let mut fault = StageError::new(kind, message);
    fault.status_code = status;
    Ok(Err(fault))
}

/// The value of `key`, if the object has no other key.
fn only<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    value
        .as_object()
        .filter(|entries| entries.len() == 1)?
        .get(key)
}

#[cfg(test)]
#[path = "tests/mock.rs"]
mod tests;
