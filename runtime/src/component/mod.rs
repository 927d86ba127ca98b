//! Components: what a leaf stage does with its rendered configuration.
//!
//! Enters: a rendered configuration. Leaves: the stage's output or a fault. One file a
//! component; each is a `static` that generated code names, so that the linker drops the rest:
//! nothing central may list them all.

mod batch;

mod filter;

#[cfg(feature = "http")]
pub(crate) mod http;

#[cfg(feature = "http")]
mod generator;

mod json_transform;

mod logger;

mod path;

mod variable_set;

#[cfg(test)]
mod tests;

use std::{fmt, future::Future, pin::Pin};

use fmc_expr::{EvalError, Value};

use crate::{
    entry::environment::Environment,
    error::{Fault, StageError},
    executor::place::Place,
    plan::{Deferred, Outcome},
    scope::{Own, Scope},
    settings::Settings,
};

pub use batch::LOOP;
pub use filter::FILTER;
#[cfg(feature = "http")]
pub use generator::GENERATOR;
#[cfg(feature = "http")]
pub use http::HTTP_REQUEST;
pub use json_transform::JSON_TRANSFORM;
pub use logger::LOGGER;
pub use variable_set::VARIABLE_SET;

/// A running component.
pub type Task<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// What must hold before a run; says what is missing.
pub type Check = fn(&Preflight<'_>) -> Result<(), String>;

/// A leaf component.
#[derive(Debug)]
pub struct Component {
    /// Its canonical name.
    pub name: &'static str,
    /// Whether it acts on the world: such a stage fails under `--mock` unless it is listed.
    pub side_effect: bool,
    /// Starts it.
    pub run: for<'a> fn(Call<'a>) -> Task<'a>,
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

/// One call of a component: its settings and where it stands.
pub struct Call<'a> {
    pub(crate) place: &'a Place,
    pub(crate) settings: Settings,
}

impl Call<'_> {
    /// Evaluates a deferred setting in the stage's scope with `own` names added; none when the
    /// pipeline does not have it.
    pub(crate) fn deferred(&self, field: &str, own: Own) -> Option<Outcome> {
        deferred(self.place, field, own)
    }
}

/// See [`Call::deferred`].
pub(crate) fn deferred(place: &Place, field: &str, own: Own) -> Option<Outcome> {
    let (_, found) = place
        .stage
        .deferred
        .iter()
        .find(|(name, _)| *name == field)?;
    Some(match *found {
        Deferred::Render(render) => render(&Scope::new(place, own)),
        Deferred::Dynamic { text, evaluate } => dynamic(place, field, own, text, evaluate),
    })
}

fn dynamic(
    place: &Place,
    field: &str,
    own: Own,
    text: crate::plan::Render,
    evaluate: fn(&str, Value, Option<Value>) -> Result<Value, EvalError>,
) -> Outcome {
    let item = own.item.clone();
    let data = own.data.clone();
    let mask = &place.shared.reporter.mask;
    let value = text(&Scope::new(place, own))?;
    match &value {
        Value::Str(expression) => evaluate(expression, data, item).map_err(|error| {
            let shown = crate::settings::excerpt(&value);
            let whose = format!("{shown} (the value of `config.{field}`)");
            // A message shows single words of the text, by which no mask knows a secret.
            if mask.finds(expression) {
                return StageError::expression(format!("cannot evaluate {whose}"));
            }
            StageError::evaluation(format!("{error} in {whose}"), &error)
        }),
        _ => Ok(value),
    }
}

/// A task whose result is already known.
pub(crate) fn ready<'a>(outcome: Outcome) -> Task<'a> {
    Box::pin(std::future::ready(outcome))
}

/// The fault of a setting that has no meaning together with another.
pub(crate) fn conflict(first: &str, second: &str) -> Fault {
    StageError::config(format!(
        "fields `{first}` and `{second}` cannot both be set"
    ))
}

impl fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("stage", &self.place.stage.id)
            .finish_non_exhaustive()
    }
}
