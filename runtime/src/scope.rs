//! What an expression of a stage can read.
//!
//! Enters: the state of a run where the stage stands. Leaves: values of the names in scope
//! (language reference, section 4). Must not know scheduling.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use fmc_expr::{Cx, EvalError, Str, Value};

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
    pub(crate) ahead: Option<&'a Ahead>,
}

/// Names a component adds to the scope of its deferred settings; null where it has none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    pub(crate) data: Value,
    /// A null element is still an item; none where nothing is looped over.
    pub(crate) item: Option<Value>,
    pub(crate) value: Value,
}

/// What is found out while settings are rendered before the run.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// Whether something was read that only the run will know.
    touched: Cell<bool>,
    /// Keys of the entries that cannot be known yet, at any depth.
    unknown: RefCell<Vec<&'static str>>,
}

impl Ahead {
    /// The value of an entry; none, and noted, where only the run will know it.
    pub(crate) fn entry(
        &self,
        key: &'static str,
        render: impl FnOnce() -> Outcome,
    ) -> Option<Value> {
        let around = self.touched.replace(false);
        let value = render();
        let touched = self.touched.replace(around);
        let value = value.ok().filter(|_| !touched);
        if value.is_none() {
            self.unknown.borrow_mut().push(key);
        }
        value
    }

    /// The keys of what cannot be known yet.
    pub(crate) fn into_unknown(self) -> Vec<&'static str> {
        self.unknown.into_inner()
    }
}

impl<'a> Scope<'a> {
    pub(crate) fn new(place: &'a Place, own: Own) -> Self {
        Self {
            place,
            own,
            ahead: None,
        }
    }

    /// A scope before the run: what only the run will know reads as null, and is noted.
    pub(crate) fn ahead(place: &'a Place, ahead: &'a Ahead) -> Self {
        Self {
            ahead: Some(ahead),
            ..Self::new(place, Own::default())
        }
    }

    fn touch(&self) {
        if let Some(ahead) = self.ahead {
            ahead.touched.set(true);
        }
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
        self.touch();
        let store = self.place.shared.store.borrow();
        store
            .output(self.place.frame, stage)
            .cloned()
            .unwrap_or_default()
    }

    /// `env.NAME`: null when it is not set.
    #[must_use]
    pub fn env(&self, name: &'static str) -> Value {
        let shared = &self.place.shared;
        let value = shared.environment.get(name);
        if value.is_none() && shared.pipeline.requires(name) {
            self.touch();
        }
        value.map_or(Value::Null, Value::from)
    }

    /// `context.NAME`: a fact of the run, a variable, or a loop's item or index; null when
    /// nothing of that name is set.
    #[must_use]
    pub fn context(&self, name: &'static str) -> Value {
        self.place.context(name).unwrap_or_else(|| {
            self.touch();
            Value::Null
        })
    }

    /// Bare `context`: every fact and every variable that is set.
    #[must_use]
    pub fn context_all(&self) -> Value {
        self.touch();
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
        self.touch();
        self.place.error.clone()
    }

    /// Evaluates an expression with a fresh budget.
    ///
    /// # Errors
    /// An `ExpressionError` that names the expression, its field and its place in the file.
    pub fn eval(&self, expression: &'static Expression) -> Outcome {
        let cx = Cx::new();
        let result = (expression.run)(self, &cx);
        result
            .and_then(|value| cx.check_result(&value).map(|()| value))
            .map_err(|error| StageError::evaluation(explain(expression, &error), &error))
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

impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("stage", &self.place.stage.id)
            .finish_non_exhaustive()
    }
}
