//! Checks values with JSON Schemas: the input with `input_schema`, the output with `output_schema`.
//!
//! Enters: a schema and a value. Leaves: the value with defaults filled in, or every mistake with
//! its path. Knows the keywords of draft 2020-12, except `unevaluated…`, `dependentSchemas` and
//! dynamic references, which `fmc build` refuses. `format` checks nothing. Must not know pipelines.

mod assertions;
mod mistakes;
mod path;
mod structure;

use fmc_expr::{Cx, EvalError, Value};
use mistakes::Mistakes;
use path::Path;

use crate::base::excerpt::{excerpt, short};

/// How many references may follow each other without going deeper into the value.
const MAX_REFERENCES: usize = 64;
/// How many schemas may be inside each other while a value is checked, counting each reference.
const MAX_DEPTH: usize = 500;
/// How many steps it takes to check one value against one schema, without what keywords read.
const VISIT: u64 = 16;
/// How many steps checking a whole value may take: more than for an attempt of a stage, because an
/// input may have 64 MB and is checked once.
pub(crate) const STEPS: u64 = 160_000_000;

/// Fills in defaults and checks the value. Paths begin with `name`.
///
/// # Errors
/// One line for each mistake, but not more than a person reads. One line when the budget is spent
/// or the time is over.
pub(crate) fn check(
    cx: &Cx,
    schema: &Value,
    value: &Value,
    name: &str,
) -> Result<Value, Vec<String>> {
    let mut checker = Checker {
        root: schema,
        cx,
        references: 0,
        depth: 0,
        mistakes: Mistakes::default(),
        stopped: None,
    };
    let filled = checker.visit(schema, value, &Path::root(name));
    if let Some(error) = checker.stopped {
        return Err(vec![format!(
            "{name}: cannot be checked to its end: {error}"
        )]);
    }
    if checker.mistakes.is_empty() {
        Ok(filled)
    } else {
        Err(checker.mistakes.lines())
    }
}

struct Checker<'s> {
    /// The schema that the reference `#` means.
    root: &'s Value,
    cx: &'s Cx,
    /// How many references were followed for the current part of the value.
    references: usize,
    /// How many schemas are around the current one.
    depth: usize,
    mistakes: Mistakes,
    /// Why checking ended early. Nothing is visited any more then.
    stopped: Option<EvalError>,
}

impl<'s> Checker<'s> {
    fn error(&mut self, path: &Path<'_>, what: &str) {
        self.mistakes.add(|| format!("{path}: {what}"));
    }

    /// Whether something was done; if not, checking ends.
    fn done<T>(&mut self, result: Result<T, EvalError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.stopped.get_or_insert(error);
                None
            }
        }
    }

    fn visit(&mut self, schema: &'s Value, value: &Value, path: &Path<'_>) -> Value {
        if self.stopped.is_some() || self.done(self.cx.charge(VISIT)).is_none() {
            return value.clone();
        }
        if self.depth >= MAX_DEPTH {
            self.error(path, "the schema is nested too deep here");
            return value.clone();
        }
        self.depth += 1;
        let filled = self.visit_one(schema, value, path);
        self.depth -= 1;
        filled
    }

    fn visit_one(&mut self, schema: &'s Value, value: &Value, path: &Path<'_>) -> Value {
        if matches!(schema, Value::Bool(false)) {
            self.error(path, "nothing is allowed here");
        }
        let before = self.mistakes.count();
        let mut filled = self.reference(schema, value, path);
        for (keyword, assertion) in assertions::ALL {
            let Some(limit) = schema.get(keyword) else {
                continue;
            };
            let Some(complaint) = self.done(assertion(self.cx, limit, value)) else {
                return filled;
            };
            if let Some(complaint) = complaint {
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
        if self.mistakes.count() > before {
            return filled;
        }
        self.combined(schema, filled, path)
    }

    /// `$ref`: the value must also fit the schema that it names.
    fn reference(&mut self, schema: &'s Value, value: &Value, path: &Path<'_>) -> Value {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return value.clone();
        };
        let Some(target) = pointed(self.root, reference) else {
            self.error(path, &format!("the schema has no `{}`", short(reference)));
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
    fn part(&mut self, schema: &'s Value, value: &Value, path: &Path<'_>) -> Value {
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
        path: &Path<'_>,
    ) -> Result<Value, Mistakes> {
        let mistakes = std::mem::take(&mut self.mistakes);
        let filled = self.visit(schema, value, path);
        let found = std::mem::replace(&mut self.mistakes, mistakes);
        if found.is_empty() {
            Ok(filled)
        } else {
            Err(found)
        }
    }

    /// `allOf`, `anyOf`, `oneOf`, `not`, `if`.
    fn combined(&mut self, schema: &'s Value, mut value: Value, path: &Path<'_>) -> Value {
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

    fn choice(&mut self, choices: &'s [Value], one: bool, value: Value, path: &Path<'_>) -> Value {
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
            [only] => self.mistakes.append(std::mem::take(only)),
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
