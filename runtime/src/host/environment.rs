//! The environment variables of a run: those of the process and those of `--env-file`.
//!
//! Enters: variables. Leaves: their values, and which required ones are missing. If the process and
//! the file have the same variable, the process wins. Must not know who reads them.

use std::collections::HashMap;

/// An environment variable that a pipeline reads.
#[derive(Debug)]
pub struct EnvVar {
    /// Its name.
    pub name: &'static str,
    /// Whether a run cannot start without it. The compiler sets it for `env.NAME` without a
    /// default; [`Environment::missing`] reads it.
    pub required: bool,
    /// Whether its value is masked in logs, events and reports (language reference, section 8). The
    /// compiler sets it; [`Environment::secrets`] reads it.
    pub secret: bool,
}

/// Variables with their values.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    values: HashMap<String, String>,
}

impl Environment {
    /// The variables of the process, and those of a file that the process does not have.
    pub(crate) fn of_process(file: Vec<(String, String)>) -> Self {
        let process = std::env::vars_os().filter_map(|(name, value)| {
            Some((
                name.into_string().ok()?,
                value.to_string_lossy().into_owned(),
            ))
        });
        Self::of(file.into_iter().chain(process))
    }

    /// These variables. If a name is given twice, the last value wins.
    pub(crate) fn of(values: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            values: values.into_iter().collect(),
        }
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// The value of a variable that is set and not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.trim().is_empty())
    }

    /// The required variables that are not set, or are empty, in the order of the table.
    pub(crate) fn missing(&self, table: &[EnvVar]) -> Vec<&'static str> {
        let required = table.iter().filter(|var| var.required);
        required
            .map(|var| var.name)
            .filter(|name| self.get(name).is_none_or(str::is_empty))
            .collect()
    }

    /// The values to mask: secrets of the pipeline, and every API key.
    pub(crate) fn secrets<'a>(&'a self, table: &'a [EnvVar]) -> impl Iterator<Item = &'a str> {
        let of_pipeline = table.iter().filter(|var| var.secret);
        let keys = self
            .values
            .iter()
            .filter(|(name, _)| name.ends_with("_API_KEY"));
        of_pipeline
            .filter_map(|var| self.get(var.name))
            .chain(keys.map(|(_, value)| value.as_str()))
    }
}

/// Reads an environment file: lines `NAME=value`, with or without `export` before them, and
/// comments after `#`. A value may be in single or double quotes; in double quotes `\n`, `\"` and
/// `\\` are escapes.
///
/// # Errors
/// The number of the first line that cannot be read, and why.
pub(crate) fn parse(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut entries = Vec::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| format!("line {}: {what}", number + 1);
        let line = match line.strip_prefix("export") {
            Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
            _ => line,
        };
        let (name, value) = line
            .split_once('=')
            .ok_or_else(|| wrong("expected `NAME=value`"))?;
        let name = name.trim();
        let word = |character: char| character.is_ascii_alphanumeric() || character == '_';
        if name.is_empty() || !name.chars().all(word) {
            return Err(wrong(&format!("`{name}` is not a variable name")));
        }
        let value = unquote(value).map_err(wrong)?;
        entries.push((name.to_owned(), value));
    }
    Ok(entries)
}

/// The value of a line: without its quotes, or up to a comment.
///
/// # Errors
/// What is wrong with the quotes.
fn unquote(written: &str) -> Result<String, &'static str> {
    let text = written.trim();
    if let Some(rest) = text.strip_prefix('\'') {
        let (value, behind) = rest.split_once('\'').ok_or(OPEN)?;
        return nothing(behind).map(|()| value.to_owned());
    }
    let Some(rest) = text.strip_prefix('"') else {
        let comment = [" #", "\t#"]
            .iter()
            .filter_map(|mark| written.find(mark))
            .min();
        let bare = comment.and_then(|at| written.get(..at)).unwrap_or(written);
        return Ok(bare.trim().to_owned());
    };
    let mut value = String::new();
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return nothing(characters.as_str()).map(|()| value),
            '\\' => value.push(match characters.next().ok_or(OPEN)? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            }),
            other => value.push(other),
        }
    }
    Err(OPEN)
}

const OPEN: &str = "a quote is not closed";

/// Behind a closing quote only a comment may follow.
fn nothing(behind: &str) -> Result<(), &'static str> {
    let rest = behind.trim_start();
    let is_comment = rest.starts_with('#') && rest.len() < behind.len();
    if rest.is_empty() || is_comment {
        Ok(())
    } else {
        Err("text follows the closing quote; a value with quotes inside is quoted as a whole")
    }
}

#[cfg(test)]
#[path = "tests/environment.rs"]
mod tests;
