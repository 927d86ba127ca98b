//! What every component is: called with settings, done at once, at work, or to go on after a rest.
//!
//! Enters: a stage's rendered settings and where it stands. Leaves: the types by which the
//! executor calls a component and a component answers. Must not know any component.

use std::{fmt, future::Future, pin::Pin};

use fmc_expr::{EvalError, Value};

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
    scope::{Deferred, Own, Render, Scope},
};

/// A component at work: what it came to.
pub type Task = Pin<Box<dyn Future<Output = Work>>>;

/// What a component's work came to for now.
pub enum Work {
    /// It is done.
    Done(Outcome),
    /// It takes time.
    Task(Task),
    /// It wants to go on after a rest.
    Again(Box<Again>),
}

/// How a component goes on after a rest within one attempt, like a model that was busy and is
/// asked again. The executor rests, since it alone knows whether the run stops meanwhile.
pub struct Again {
    /// Whether and after how long.
    pub(crate) policy: OnError,
    /// How often the policy was asked by now, this time included.
    pub(crate) asked: u32,
    /// What the stage fails with where it does not go on; its `Retry-After` is a wish.
    pub(crate) fault: Fault,
    /// What happened, for the log: "`openai` answered 503 Service Unavailable".
    pub(crate) note: String,
    /// What follows the rest.
    pub(crate) then: Task,
}

/// What must hold before a run; says what is missing.
pub type Check = fn(&Preflight<'_>) -> Result<(), String>;

/// A leaf component.
#[derive(Debug)]
pub struct Component {
    /// Its canonical name.
    pub name: &'static str,
    /// Whether it acts on the world: such a stage fails under `--mock` unless it is listed.
    pub side_effect: bool,
    /// What its settings are where they are not given.
    pub presets: &'static [Row],
    /// Does its work, or starts it.
    pub run: fn(Call) -> Work,
    /// What must hold before the first stage runs; says what is missing.
    pub preflight: Option<Check>,
}

/// What a component sees before the run.
#[derive(Debug)]
pub struct Preflight<'a> {
    /// The stage's settings as far as they are known before anything ran.
    pub(crate) settings: Settings,
    /// The keys of those that are not, at any depth.
    pub(crate) unknown: Vec<&'static str>,
    pub(crate) environment: &'a Environment,
}

/// Settings that a component evaluates itself, by name.
pub(crate) type DeferredSettings = &'static [(&'static str, Deferred)];

/// One call of a component: its settings and where it stands.
pub struct Call {
    pub(crate) site: Site,
    pub(crate) settings: Settings,
    pub(crate) deferred: DeferredSettings,
}

impl Call {
    /// Evaluates a deferred setting in the stage's scope with `own` names added; none when the
    /// pipeline does not have it.
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

fn dynamic(
    site: &Site,
    field: &str,
    own: Own,
    text: Render,
    evaluate: fn(&str, Value, Option<Value>) -> Result<Value, EvalError>,
) -> Outcome {
    let item = own.item.clone();
    let data = own.data.clone();
    let mask = &site.run.reporter.mask;
    let value = text(&Scope::new(site, own))?;
    match &value {
        Value::Str(expression) => evaluate(expression, data, item).map_err(|error| {
            let shown = excerpt(&value);
            let whose = format!("{shown} (the value of `config.{field}`)");
            // A message shows single words of the text, by which no mask knows a secret.
            if mask.finds(expression) {
                return StageError::expression(format!("cannot evaluate {whose}"));
            }
            StageError::evaluation(format!("{error} in {whose}"), &error)
        }),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::List(_)
        | Value::Object(_) => Ok(value),
    }
}

/// The fault of a setting that has no meaning together with another.
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
