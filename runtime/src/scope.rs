//! What an expression of a stage can read.
//!
//! Enters: the state of a run where the stage stands. Leaves: values of the names in scope
//! (language reference, section 4). Must not know scheduling.

use std::fmt;

use fmc_expr::{Cx, EvalError, Str, Value, cx};

use crate::{
    error::StageError,
    executor::place::Place,
    plan::{Expression, Outcome, StageIndex},
};

/// The facts of a run that bare `context` shows, in this order.
const FACTS: [&str; 6] = [
    "run_id",
    "pipeline_id",
    "pipeline_version",
    "stage_id",
    "started_at",
    "attempt",
];

/// The names in scope of one stage, or of one element of it.
#[derive(Clone)]
pub struct Scope<'a> {
    place: &'a Place,
    own: Own,
}

/// Names a component adds to the scope of its deferred settings; null where it has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    pub(crate) data: Value,
    /// A null element is still an item; none where nothing is looped over.
    pub(crate) item: Option<Value>,
    pub(crate) value: Value,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(place: &'a Place, own: Own) -> Self {
        Self { place, own }
    }

    /// `input`
    #[must_use]
    pub fn input(&self) -> Value {
        self.place.shared.input.clone()
    }

    /// The output of a stage: null when it was skipped, failed or has not run. In a loop body
    /// the iteration's own outputs come first.
    #[must_use]
    pub fn upstream(&self, stage: StageIndex) -> Value {
        let store = self.place.shared.store.borrow();
        store
            .output(self.place.frame, stage)
            .cloned()
            .unwrap_or_default()
    }

    /// `env.NAME`: null when it is not set.
    #[must_use]
    pub fn env(&self, name: &'static str) -> Value {
        let environment = &self.place.shared.environment;
        environment.get(name).map_or(Value::Null, Value::from)
    }

    /// `context.NAME`: a fact of the run, a variable, or a loop's item or index; null when
    /// nothing of that name is set.
    #[must_use]
    pub fn context(&self, name: &'static str) -> Value {
        self.place.context(name).unwrap_or_default()
    }

    /// Bare `context`: every fact and every variable that is set.
    #[must_use]
    pub fn context_all(&self) -> Value {
        let store = self.place.shared.store.borrow();
        let mut all = store.variables(self.place.frame);
        for name in FACTS {
            let fact = self.place.context(name).unwrap_or_default();
            all.insert(Str::from_static(name), fact);
        }
        Value::object(all)
    }

    /// `data` of a template or filter condition.
    #[must_use]
    pub fn data(&self) -> Value {
        self.own.data.clone()
    }

    /// `item` of a filter or filter expression.
    #[must_use]
    pub fn item(&self) -> Value {
        self.own.item.clone().unwrap_or_default()
    }

    /// `value` of a router's `value_expression`.
    #[must_use]
    pub fn value(&self) -> Value {
        self.own.value.clone()
    }

    /// `error` of catch and finally stages: null where nothing failed.
    #[must_use]
    pub fn error(&self) -> Value {
        self.place.error.clone()
    }

    /// Evaluates an expression with a fresh budget.
    ///
    /// # Errors
    /// An `ExpressionError` that names the expression, its field and its place in the file.
    pub fn eval(&self, expression: &'static Expression) -> Outcome {
        let result = (expression.run)(self, &Cx::new());
        result
            .and_then(|value| measure(&value).map(|_| value))
            .map_err(|error| StageError::expression(explain(expression, &error)))
    }
}

fn explain(expression: &Expression, error: &EvalError) -> String {
    let Expression {
        text,
        field,
        line,
        column,
        ..
    } = expression;
    format!("{error} in `{text}` (`{field}`, line {line}, column {column})")
}

/// Refuses a value that is larger or deeper than one expression's result may be.
fn measure(value: &Value) -> Result<u64, EvalError> {
    let mut bytes = 0;
    measure_at(value, 0, &mut bytes)?;
    Ok(bytes)
}

fn measure_at(value: &Value, depth: usize, bytes: &mut u64) -> Result<(), EvalError> {
    if depth > cx::MAX_NESTING {
        return Err(EvalError::limit(format!(
            "result is nested deeper than {}",
            cx::MAX_NESTING
        )));
    }
    *bytes += 8 + value.as_str().map_or(0, |text| text.len() as u64);
    match value {
        Value::List(items) => {
            for item in items.iter() {
                measure_at(item, depth + 1, bytes)?;
            }
        }
        Value::Object(entries) => {
            for (key, item) in entries.iter() {
                *bytes += key.len() as u64;
                measure_at(item, depth + 1, bytes)?;
            }
        }
        _ => {}
    }
    if *bytes > cx::MAX_BYTES {
        return Err(EvalError::limit(format!(
            "result is larger than {} MiB",
            cx::MAX_BYTES >> 20
        )));
    }
    Ok(())
}

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("stage", &self.place.stage.id)
            .finish_non_exhaustive()
    }
}
