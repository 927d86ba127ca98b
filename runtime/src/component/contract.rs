//! The interface of components: how one is called, and what it can return.
//!
//! Enters: the rendered settings of a stage and its site. Leaves: the types with which the executor
//! calls a component and the component returns. Must not know any component.

use std::{fmt, future::Future, pin::Pin};

use fmc_expr::{Cx, Value};

use crate::{
    base::{
        excerpt::excerpt,
        fault::{Fault, Outcome, StageError},
        preset::Row,
        retry::OnError,
        settings::Settings,
    },
    host::environment::Environment,
    run::site::Site,
    scope::{self, Deferred, Evaluate, Own, Render, Scope},
};

/// The work of a component that takes time.
pub type Task = Pin<Box<dyn Future<Output = Work>>>;

/// What a component returns.
pub enum Work {
    /// It is done.
    Done(Outcome),
    /// It takes time: this is its work.
    Task(Task),
    /// It wants to continue after a rest.
    Again(Box<Again>),
}

/// How a component continues after a rest within the same attempt, like a model call that is
/// repeated because the provider was busy. The executor does the resting, because it knows when the
/// run stops.
pub struct Again {
    /// Whether to continue, and after how long a rest.
    pub(crate) policy: OnError,
    /// How many times the component has tried, including this time.
    pub(crate) asked: u32,
    /// The error of the stage if it does not continue. Its `Retry-After` may lengthen the rest.
    pub(crate) fault: Fault,
    /// What happened, for the log, like "`openai` answered 503 Service Unavailable".
    pub(crate) note: String,
    /// The work after the rest.
    pub(crate) then: Task,
}

/// Checks what a stage needs before the run starts; the error says what is missing.
pub type Check = fn(&Preflight<'_>) -> Result<(), String>;

/// A leaf component.
#[derive(Debug)]
pub struct Component {
    /// Its canonical name.
    pub name: &'static str,
    /// Whether it changes or asks something outside the run, like `http-request`. Each component
    /// sets it; under `--mock` a stage of such a component fails if the mock file does not list it.
    pub side_effect: bool,
    /// The defaults of its settings.
    pub presets: &'static [Row],
    /// Does its work or starts it.
    pub run: fn(Call) -> Work,
    /// What is checked before the first stage runs, if anything.
    pub preflight: Option<Check>,
}

/// What a component can read before the run.
#[derive(Debug)]
pub struct Preflight<'a> {
    /// The settings of the stage, as far as they are known before the run.
    pub(crate) settings: Settings,
    /// The keys of the settings that are not known yet, at any depth.
    pub(crate) unknown: Vec<&'static str>,
    pub(crate) environment: &'a Environment,
    /// The budget of the check.
    pub(crate) cx: &'a Cx,
}

/// The settings that a component evaluates itself, by name.
pub(crate) type DeferredSettings = &'static [(&'static str, Deferred)];

/// One call of a component: its settings and its site.
pub struct Call {
    pub(crate) site: Site,
    pub(crate) settings: Settings,
    pub(crate) deferred: DeferredSettings,
}

impl Call {
    /// Evaluates a deferred setting in the scope of the stage, with the names in `own` added.
    /// `None` when the stage does not have the setting.
    pub(crate) fn deferred(&self, field: &str, own: Own) -> Option<Outcome> {
        deferred(self.deferred, &self.site, field, own)
    }
}

/// See [`Call::deferred`].
pub(crate) fn deferred(
    settings: DeferredSettings,
    site: &Site,
    field: &str,
    own: Own,
) -> Option<Outcome> {
    let (_, found) = settings.iter().find(|(name, _)| *name == field)?;
    Some(match *found {
        Deferred::Render(render) => render(&Scope::new(site, own)),
        Deferred::Dynamic { text, evaluate } => dynamic(site, field, own, text, evaluate),
    })
}

fn dynamic(site: &Site, field: &str, own: Own, text: Render, evaluate: Evaluate) -> Outcome {
    let item = own.item.clone();
    let data = own.data.clone();
    let mask = &site.run.reporter.mask;
    let value = text(&Scope::new(site, own))?;
    match &value {
        Value::Str(expression) => {
            let before = site.cx().alive();
            let result = evaluate(expression, data, item, site.cx(), &site.budget.memo);
            let result = result.and_then(|value| scope::kept(site.cx(), before, value));
            result.map_err(|error| {
                let whose = format!("the value of `config.{field}`");
                // A message quotes the text, and can quote single words of it, by which the mask
                // cannot recognize a secret.
                // Where the search was ended, there may be one.
                let finds = mask.finds_within(Some(site.cx()), expression);
                if finds.unwrap_or(true) {
                    let shown = excerpt(&value);
                    return StageError::expression(format!("cannot evaluate {shown}, {whose}"));
                }
                StageError::evaluation(format!("{error}, {whose}"), &error)
            })
        }
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Object(_) => Ok(value),
    }
}

/// The error for a setting that cannot be combined with another.
pub(crate) fn conflict(first: &str, second: &str) -> Fault {
    StageError::config(format!(
        "fields `{first}` and `{second}` cannot both be set"
    ))
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("stage", &self.site.stage_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(outcome) => f.debug_tuple("Done").field(outcome).finish(),
            Self::Task(_) => f.write_str("Task"),
            Self::Again(again) => f.debug_tuple("Again").field(&again.note).finish(),
        }
    }
}
