//! Checks values with JSON Schemas: the input with `input_schema`, the output with `output_schema`.
//!
//! Enters: a schema and a value. Leaves: the value with defaults filled in, or every mistake with
//! its path. Knows the keywords of draft 2020-12, except `unevaluated…`, `dependentSchemas` and
//! dynamic references, which `fmc build` refuses. `format` checks nothing. Must not know pipelines.

mod assertions;
mod structure;

use fmc_expr::Value;

use crate::base::excerpt::excerpt;

/// How many references may follow each other without going deeper into the value.
const MAX_REFERENCES: usize = 64;

/// How many mistakes are told. A list can hold a million of one kind.
const TOLD: usize = 20;

/// Fills in defaults and checks the value. Paths begin with `name`.
///
/// # Errors
/// One line for each of the first mistakes, and one that says how many more there are.
pub(crate) fn check(schema: &Value, value: &Value, name: &str) -> Result<Value, Vec<String>> {
    let mut checker = Checker {
        root: schema,
        references: 0,
        errors: Vec::new(),
    };
    let filled = checker.visit(schema, value, name);
    if checker.errors.is_empty() {
        Ok(filled)
    } else {
        Err(told(checker.errors))
    }
}

fn told(mut errors: Vec<String>) -> Vec<String> {
    let more = errors.len().saturating_sub(TOLD);
    errors.truncate(TOLD);
    if more > 0 {
        errors.push(format!("and {more} more mistakes"));
    }
    errors
}

struct Checker<'s> {
    /// The schema that the reference `#` means.
    root: &'s Value,
    /// How many references were followed for the current part of the value.
    references: usize,
    errors: Vec<String>,
}

impl<'s> Checker<'s> {
    fn error(&mut self, path: &str, what: &str) {
        self.errors.push(format!("{path}: {what}"));
    }

    fn visit(&mut self, schema: &'s Value, value: &Value, path: &str) -> Value {
        if matches!(schema, Value::Bool(false)) {
            self.error(path, "nothing is allowed here");
        }
        let before = self.errors.len();
        let mut filled = self.reference(schema, value, path);
        for (keyword, assertion) in assertions::ALL {
            let Some(limit) = schema.get(keyword) else {
                continue;
            };
            if let Some(complaint) = assertion(limit, value) {
                self.error(path, &complaint);
                if *keyword == "type" {
                    // The other keywords mean nothing for a value of the wrong type.
                    return filled;
                }
            }
        }
        filled = match filled {
            Value::Object(entries) => self.object(schema, &entries, path),
            Value::List(items) => self.list(schema, &items, path),
            scalar @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)) => scalar,
        };
        if self.errors.len() > before {
            return filled;
        }
        self.combined(schema, filled, path)
    }

    /// `$ref`: the value must also fit the schema that it names.
    fn reference(&mut self, schema: &'s Value, value: &Value, path: &str) -> Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return value.clone();
        };
        let Some(target) = pointed(self.root, reference) else {
            self.error(path, &format!("the schema has no `{reference}`"));
            return value.clone();
        };
        if self.references >= MAX_REFERENCES {
            self.error(
                path,
                &format!("`{reference}` of the schema leads to itself"),
            );
            return value.clone();
        }
        self.references += 1;
        let filled = self.visit(target, value, path);
        self.references -= 1;
        filled
    }

    /// Checks a part of the value. The count of references starts again for it.
    fn part(&mut self, schema: &'s Value, value: &Value, path: &str) -> Value {
        let references = std::mem::take(&mut self.references);
        let filled = self.visit(schema, value, path);
        self.references = references;
        filled
    }

    /// Checks a value without reporting: gives the value with defaults, or the mistakes.
    fn trial(
        &mut self,
        schema: &'s Value,
        value: &Value,
        path: &str,
    ) -> Result<Value, Vec<String>> {
        let errors = std::mem::take(&mut self.errors);
        let filled = self.visit(schema, value, path);
        let found = std::mem::replace(&mut self.errors, errors);
        if found.is_empty() {
            Ok(filled)
        } else {
            Err(found)
        }
    }

    /// `allOf`, `anyOf`, `oneOf`, `not`, `if`.
    fn combined(&mut self, schema: &'s Value, mut value: Value, path: &str) -> Value {
        for each in list(schema, "allOf") {
            value = self.visit(each, &value, path);
        }
        for keyword in ["anyOf", "oneOf"] {
            let choices = list(schema, keyword);
            if !choices.is_empty() {
                value = self.choice(choices, keyword == "oneOf", value, path);
            }
        }
        if let Some(not) = schema.get("not")
            && self.trial(not, &value, path).is_ok()
        {
            let shown = excerpt(&value);
            self.error(path, &format!("{shown} is excluded by `not` of the schema"));
        }
        if let Some(condition) = schema.get("if") {
            let holds = self.trial(condition, &value, path).is_ok();
            if let Some(then) = schema.get(if holds { "then" } else { "else" }) {
                value = self.visit(then, &value, path);
            }
        }
        value
    }

    fn choice(&mut self, choices: &'s [Value], one: bool, value: Value, path: &str) -> Value {
        let mut fitting = Vec::new();
        let mut errors = Vec::new();
        for choice in choices {
            match self.trial(choice, &value, path) {
                Ok(filled) => fitting.push(filled),
                Err(found) => errors.push(found),
            }
        }
        let count = fitting.len();
        if one && count > 1 {
            self.error(
                path,
                &format!("fits {count} of the alternatives instead of exactly one"),
            );
        }
        if let Some(first) = fitting.into_iter().next() {
            return first;
        }
        match errors.as_mut_slice() {
            // If there is only one alternative, its mistakes say more.
            [only] => self.errors.append(only),
            _ => {
                let shown = excerpt(&value);
                self.error(path, &format!("{shown} fits none of the alternatives"));
            }
        }
        value
    }
}

/// The schemas in the list of a keyword.
fn list<'s>(schema: &'s Value, keyword: &str) -> &'s [Value] {
    let list = schema.get(keyword).and_then(Value::as_list);
    list.unwrap_or_default()
}

/// The schema that a reference like `#` or `#/$defs/name` names.
fn pointed<'s>(root: &'s Value, reference: &str) -> Option<&'s Value> {
    let pointer = reference.strip_prefix('#')?;
    let mut parts = pointer.split('/');
    parts.next().filter(|before| before.is_empty())?;
    parts.try_fold(root, |at, part| {
        let part = percent_encoding::percent_decode_str(part).decode_utf8_lossy();
        let part = part.replace("~1", "/").replace("~0", "~");
        match at {
            Value::List(items) => items.get(part.parse::<usize>().ok()?),
            other @ (Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Object(_)) => other.get(&part),
        }
    })
}

#[cfg(test)]
mod tests;
