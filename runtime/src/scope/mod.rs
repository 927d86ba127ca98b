//! The names that the expressions of a stage can read.
//!
//! Enters: the state of a run, and the site of a stage. Leaves: the values of the names in scope
//! (language reference, section 4). Must not know scheduling.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use fmc_expr::{Cx, EvalError, Str, Value};

use crate::{
    base::fault::{Fault, Outcome, StageError},
    run::{site::Site, store::StageIndex},
};

pub use crate::run::memo::Memo;

pub mod render;

/// A generated function that renders one configuration, template or condition.
pub type Render = fn(&Scope<'_>) -> Outcome;

/// One `{{…}}` expression: its function, and where it is written, for error messages.
#[derive(Debug)]
pub struct Expression {
    /// The text as written.
    pub text: &'static str,
    /// The path in the configuration, like `config.body.fields.summary`.
    pub field: &'static str,
    /// The line in the pipeline file, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
    /// The compiled expression.
    pub run: fn(&Scope<'_>, &Cx) -> Result<Value, EvalError>,
}

/// Evaluates a text as an expression that can only read `data` and, if it is given, `item`, within
/// the budget of an attempt.
pub type Evaluate = fn(&str, Value, Option<Value>, &Cx, &Memo) -> Result<Value, EvalError>;

/// A setting that a component evaluates itself, with more names in scope.
#[derive(Debug, Clone, Copy)]
pub enum Deferred {
    /// It was compiled.
    Render(Render),
    /// The value of the template may be the text of an expression, which is known at run time only.
    /// `text` renders it; `evaluate` is `fmc_runtime::dynamic::evaluate`. It is a pointer so that
    /// only binaries that need it link the parser.
    Dynamic {
        /// Renders the value of the condition.
        text: Render,
        /// Evaluates a string as an expression that can only read `data` and `item`.
        evaluate: Evaluate,
    },
}

/// The facts of a run that `context` contains, in this order.
pub const FACTS: [&str; 6] = [
    "run_id",
    "pipeline_id",
    "pipeline_version",
    "stage_id",
    "started_at",
    "attempt",
];

/// The names in scope for one stage, or for one element that it looks at.
#[derive(Clone)]
pub struct Scope<'a> {
    pub(crate) site: &'a Site,
    own: Own,
    pub(crate) ahead: Option<&'a Ahead>,
}

/// Names that a component adds to the scope of its deferred settings. Those it does not add are
/// null.
#[derive(Clone, Debug, Default)]
pub(crate) struct Own {
    pub(crate) data: Value,
    /// The current element, which may be null. `None` when there is no loop.
    pub(crate) item: Option<Value>,
    pub(crate) value: Value,
}

/// What is noticed while settings are rendered before the run.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// Whether something was read that is known only during the run, like `upstream`. The scope
    /// sets it; `entry` reads it, and then leaves the entry out.
    touched: Cell<bool>,
    /// The keys of the entries that are not known yet, at any depth.
    unknown: RefCell<Vec<&'static str>>,
}

impl Ahead {
    /// The value of an entry. If it is known only during the run, `None`, and its key is noted.
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

    /// The keys of the entries that are not known yet.
    pub(crate) fn into_unknown(self) -> Vec<&'static str> {
        self.unknown.into_inner()
    }
}

impl<'a> Scope<'a> {
    pub(crate) fn new(site: &'a Site, own: Own) -> Self {
        Self {
            site,
            own,
            ahead: None,
        }
    }

    /// A scope before the run. Names that are known only during the run are null, and this is
    /// noted.
    pub(crate) fn ahead(site: &'a Site, ahead: &'a Ahead) -> Self {
        Self {
            ahead: Some(ahead),
            ..Self::new(site, Own::default())
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
        self.site.run.input.clone()
    }

    /// The output of a stage; null when it was skipped, failed or has not run. In the body of a
    /// loop, outputs of the same iteration come first.
    #[must_use]
    pub fn upstream(&self, stage: StageIndex) -> Value {
        self.touch();
        let store = self.site.run.store.borrow();
        store
            .output(self.site.frame, stage)
            .cloned()
            .unwrap_or_default()
    }

    /// `env.NAME`; null when it is not set.
    #[must_use]
    pub fn env(&self, name: &'static str) -> Value {
        let run = &self.site.run;
        let value = run.environment.get(name);
        if value.is_none() && run.requires(name) {
            self.touch();
        }
        value.map_or(Value::Null, Value::from)
    }

    /// `context.NAME`: a fact of the run, a variable, or the item or index of a loop; null when
    /// nothing with that name is set.
    #[must_use]
    pub fn context(&self, name: &'static str) -> Value {
        self.site.context(name).unwrap_or_else(|| {
            self.touch();
            Value::Null
        })
    }

    /// `context` alone: every fact, and every variable that is set.
    #[must_use]
    pub fn context_all(&self) -> Value {
        self.touch();
        let store = self.site.run.store.borrow();
        let mut all = store.variables(self.site.frame);
        // If this spends the budget, the next operator says so.
        let _ = self.site.cx().charge(all.len() as u64);
        for name in FACTS {
            let fact = self.site.context(name).unwrap_or_default();
            all.insert(Str::from_static(name), fact);
        }
        Value::object(all)
    }

    /// `data` in a template or in the condition of a filter.
    #[must_use]
    pub fn data(&self) -> Value {
        self.own.data.clone()
    }

    /// `item` in a filter or a filter expression.
    #[must_use]
    pub fn item(&self) -> Value {
        self.own.item.clone().unwrap_or_default()
    }

    /// `value` in `value_expression` of a router.
    #[must_use]
    pub fn value(&self) -> Value {
        self.own.value.clone()
    }

    /// `error` in catch and finally stages; null when nothing failed.
    #[must_use]
    pub fn error(&self) -> Value {
        self.touch();
        self.site.error.clone()
    }

    /// Evaluates an expression within the budget of the attempt.
    ///
    /// # Errors
    /// An `ExpressionError` that names the expression, its field, and its line and column.
    pub fn eval(&self, expression: &'static Expression) -> Outcome {
        let cx = self.site.cx();
        let before = cx.alive();
        let result = (expression.run)(self, cx);
        result
            .and_then(|value| kept(cx, before, value))
            .map_err(|error| expression.fault(&error))
    }
}

impl Expression {
    /// The fault for an error of this expression.
    pub(crate) fn fault(&self, error: &EvalError) -> Fault {
        StageError::evaluation(explain(self, error), error)
    }
}

/// Checks the result of an expression. Of the memory that was taken since `before`, only the
/// result is still held.
///
/// # Errors
/// A limit error when the result is too large.
pub(crate) fn kept(cx: &Cx, before: u64, value: Value) -> Result<Value, EvalError> {
    cx.check_result(&value)?;
    if cx.alive() > before {
        cx.settle(before, Some(&value));
    }
    Ok(value)
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
            .field("stage", &self.site.stage_id)
            .finish_non_exhaustive()
    }
}
