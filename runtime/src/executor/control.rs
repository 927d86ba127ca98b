//! Control stages: what their rendered settings decide, and their outputs.
//!
//! Enters: where the stage stands. Leaves: the selection for the scheduler and what is known
//! of the output by then; at a block's end, its output. Must not run stages.

use fmc_expr::{Map, Str, Value, ops, text};

use super::{
    place::Place,
    state::{Done, Failure, LoopSettings, TrySettings},
};
use crate::{
    component,
    error::{Fault, StageError},
    plan::{Kind, Outcome, StageIndex},
    render,
    scope::{Ahead, Own, Scope},
    settings::Settings,
};

/// `max_parallel` where it is not set.
const MAX_PARALLEL: u64 = 5;
/// `retry_delay_ms` of a trycatch where it is not set.
const RETRY_DELAY_MS: u64 = 1000;

/// What a control stage decided.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) done: Done,
    /// The output, where it is known before the block ends.
    pub(crate) output: Option<Value>,
    pub(crate) items: Option<Items>,
    pub(crate) ending: Option<Ending>,
}

/// The items of a loop.
#[derive(Debug)]
pub(crate) struct Items {
    pub(crate) kept: Vec<Value>,
    pub(crate) total: usize,
    pub(crate) collect: bool,
}

/// What a `return` ends the run with.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) value: Value,
    pub(crate) failed: bool,
    pub(crate) message: Option<String>,
}

impl Decision {
    fn select(stages: &[StageIndex], output: Value) -> Self {
        Self {
            done: Done::Select(stages.to_vec()),
            output: Some(output),
            items: None,
            ending: None,
        }
    }

    fn block(done: Done) -> Self {
        Self {
            done,
            output: None,
            items: None,
            ending: None,
        }
    }
}

/// Evaluates a control stage's settings.
pub(crate) fn decide(place: &Place) -> Result<Decision, Fault> {
    match &place.stage.kind {
        Kind::Router { routes, default } => route(place, routes, *default),
        Kind::Conditional { on_true, on_false } => branch(place, on_true, on_false),
        Kind::TryCatch { .. } => {
            let settings = settings(place)?;
            Ok(Decision::block(Done::Try(try_settings(&settings)?)))
        }
        Kind::Foreach { .. } => loop_items(place),
        Kind::Return => ending(place),
        Kind::Leaf(_) => Ok(Decision::block(Done::Plain)),
    }
}

/// A stage's rendered settings.
pub(crate) fn settings(place: &Place) -> Result<Settings, Fault> {
    let rendered = (place.stage.config)(&Scope::new(place, Own::default()))?;
    Ok(Settings::new(rendered))
}

/// A stage's settings as far as they are known before the run, and the keys of the others.
pub(crate) fn settings_ahead(place: &Place) -> Result<(Settings, Vec<&'static str>), Fault> {
    let ahead = Ahead::default();
    let rendered = (place.stage.config)(&Scope::ahead(place, &ahead))?;
    Ok((Settings::new(rendered), ahead.into_unknown()))
}

fn route(
    place: &Place,
    routes: &'static [(&'static str, &'static [StageIndex])],
    default: Option<&'static [StageIndex]>,
) -> Result<Decision, Fault> {
    let settings = settings(place)?;
    let mut value = settings.any("value");
    let own = Own {
        value: value.clone(),
        ..Own::default()
    };
    if let Some(result) = component::deferred(place, "value_expression", own) {
        value = result?;
    }
    let wanted = text::text(&value);
    let loose = settings.boolean("case_insensitive")?.unwrap_or(false);
    let exact = routes.iter().find(|(key, _)| *key == wanted.as_str());
    let found = exact.or_else(|| {
        let lower = wanted.to_lowercase();
        let mut routes = routes.iter().filter(|_| loose);
        routes.find(|(key, _)| key.to_lowercase() == lower)
    });
    let (taken, stages) = match (found, default) {
        (Some((key, stages)), _) => (Value::from(*key), *stages),
        (None, Some(stages)) => (Value::from("default"), stages),
        (None, None) => {
            let shared = &place.shared;
            let message =
                format!("no route for `{wanted}` and no default route: nothing is selected");
            shared
                .reporter
                .warn(&shared.run_id, place.stage.id, &message);
            (Value::Null, &[][..])
        }
    };
    let output = render::record([
        ("route_taken", taken),
        ("value", value),
        ("stages", ids(place, stages)),
    ]);
    Ok(Decision::select(stages, output))
}

fn ids(place: &Place, stages: &[StageIndex]) -> Value {
    let all = place.shared.pipeline.stages;
    let ids = stages.iter().filter_map(|index| all.get(*index as usize));
    Value::list(ids.map(|stage| Value::from(stage.id)).collect())
}

/// The value of a condition: evaluated, or as it is written; none when there is none.
fn condition(place: &Place, settings: Option<&Settings>) -> Result<Option<bool>, Fault> {
    let own = Own {
        value: settings
            .map(|settings| settings.any("value"))
            .unwrap_or_default(),
        ..Own::default()
    };
    match component::deferred(place, "condition", own) {
        Some(result) => Ok(Some(ops::truthy(&result?))),
        None => Ok(settings
            .and_then(|settings| settings.get("condition"))
            .map(ops::truthy)),
    }
}

fn branch(
    place: &Place,
    on_true: &'static [StageIndex],
    on_false: &'static [StageIndex],
) -> Result<Decision, Fault> {
    let settings = settings(place)?;
    let holds = condition(place, Some(&settings))?.unwrap_or(false);
    let output = render::record([
        (
            "branch_taken",
            Value::from(if holds { "true" } else { "false" }),
        ),
        ("condition_result", Value::Bool(holds)),
    ]);
    Ok(Decision::select(
        if holds { on_true } else { on_false },
        output,
    ))
}

fn try_settings(settings: &Settings) -> Result<TrySettings, Fault> {
    let scopes = [("continue", false), ("propagate", true)];
    let retries = settings.count("max_retries")?.unwrap_or(0);
    Ok(TrySettings {
        propagate: settings.choice("error_scope", &scopes)?.unwrap_or(false),
        catch_types: settings.texts("catch_error_types")?.unwrap_or_default(),
        max_retries: u32::try_from(retries).unwrap_or(u32::MAX),
        retry_delay_ms: settings.count("retry_delay_ms")?.unwrap_or(RETRY_DELAY_MS),
    })
}

fn loop_items(place: &Place) -> Result<Decision, Fault> {
    let settings = settings(place)?;
    let items = settings.required_list("items")?;
    let mut kept = Vec::with_capacity(items.len());
    for item in items.iter() {
        let own = Own {
            item: Some(item.clone()),
            data: Value::List(items.clone()),
            ..Own::default()
        };
        let keep = match component::deferred(place, "filter_expression", own) {
            Some(result) => ops::truthy(&result?),
            None => true,
        };
        if keep {
            kept.push(item.clone());
        }
    }
    let parallel = settings.boolean("parallel")?.unwrap_or(false);
    let most = settings.positive("max_parallel")?.unwrap_or(MAX_PARALLEL);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let done = Done::Loop(LoopSettings {
        count: kept.len(),
        parallel: if parallel { most } else { 1 },
        break_on_error: settings.boolean("break_on_error")?.unwrap_or(true),
    });
    let items = Items {
        kept,
        total: items.len(),
        collect: settings.boolean("collect_results")?.unwrap_or(true),
    };
    Ok(Decision {
        items: Some(items),
        ..Decision::block(done)
    })
}

fn ending(place: &Place) -> Result<Decision, Fault> {
    // The condition first: what would be returned need not be readable when it does not hold.
    let evaluated = condition(place, None)?;
    let rendered = match evaluated {
        Some(false) => None,
        _ => Some(settings(place)?),
    };
    let holds = match (evaluated, &rendered) {
        (Some(holds), _) => holds,
        (None, Some(settings)) => settings.get("condition").is_none_or(ops::truthy),
        (None, None) => true,
    };
    let mut decision = Decision::block(Done::Plain);
    let mut value = Value::Null;
    if let (true, Some(settings)) = (holds, rendered) {
        let statuses = [("completed", false), ("failed", true)];
        value = settings.any("return_value");
        decision.ending = Some(Ending {
            value: value.clone(),
            failed: settings.choice("status", &statuses)?.unwrap_or(false),
            message: settings.text("message")?.map(|text| text.to_string()),
        });
    }
    decision.output = Some(render::record([
        ("returned", Value::Bool(holds)),
        ("return_value", value),
    ]));
    Ok(decision)
}

/// The variables of an iteration.
pub(crate) fn iteration(kind: &Kind, item: Value, index: usize, total: usize) -> Map {
    let int = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    let mut variables = Map::new();
    if let Kind::Foreach {
        item: item_name,
        index: index_name,
        ..
    } = kind
    {
        variables.insert(Str::from_static("loop_index"), int(index));
        variables.insert(Str::from_static("loop_total"), int(total));
        variables.insert(Str::from_static(index_name), int(index));
        variables.insert(Str::from_static(item_name), item);
    }
    variables
}

/// The output of a trycatch that did not fail.
pub(crate) fn tried(place: &Place, error: Option<&Failure>) -> Value {
    let shown = error.map(|failure| error_value(place, failure));
    let part = |name| {
        shown
            .as_ref()
            .and_then(|error| error.get(name))
            .cloned()
            .unwrap_or_default()
    };
    render::record([
        (
            "status",
            Value::from(if error.is_some() { "caught" } else { "success" }),
        ),
        ("error_occurred", Value::Bool(error.is_some())),
        ("error_message", part("message")),
        ("error_type", part("type")),
        ("recovered", Value::Bool(error.is_some())),
    ])
}

/// The output of a loop that ran to its end.
pub(crate) fn looped(items: &Items, results: Vec<Value>, failed: usize) -> Value {
    let int = |number: usize| Value::Int(i64::try_from(number).unwrap_or(i64::MAX));
    render::record([
        ("results", Value::list(results)),
        ("total_items", int(items.total)),
        ("processed_items", int(items.kept.len())),
        ("failed_items", int(failed)),
        ("skipped_items", int(items.total - items.kept.len())),
        ("is_complete", Value::Bool(true)),
    ])
}

/// A failure as `error` shows it; secrets masked, because it is often sent on.
pub(crate) fn error_value(place: &Place, failure: &Failure) -> Value {
    let shared = &place.shared;
    let stage = shared.pipeline.stages.get(failure.at.stage as usize);
    let fault: &StageError = &failure.fault;
    let status = fault
        .status_code
        .map_or(Value::Null, |status| Value::Int(i64::from(status)));
    render::record([
        (
            "message",
            Value::from(shared.reporter.mask.text(&fault.message).as_ref()),
        ),
        ("type", Value::from(fault.kind.name())),
        ("stage_id", Value::from(stage.map_or("", |stage| stage.id))),
        ("status_code", status),
    ])
}

/// The fallback output of a stage whose failure does not count.
pub(crate) fn fallback(place: &Place) -> Outcome {
    match place.stage.fallback {
        Some(render) => render(&Scope::new(place, Own::default())),
        None => Ok(Value::Null),
    }
}
