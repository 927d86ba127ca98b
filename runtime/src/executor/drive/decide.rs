//! Decides what a control stage does, from its settings.
//!
//! Enters: a control stage and its site. Leaves: the selection for the scheduler, and the output as
//! far as it is known. Must not run stages.

use fmc_expr::{Value, ops, text};

use crate::{
    base::{
        excerpt::short,
        fault::Fault,
        object::object,
        preset::{Choice, Preset, Row},
        settings::Settings,
    },
    component,
    executor::schedule::types::{Done, ForeachSettings, TrySettings},
    plan::{PipelinePlan, StageKind, StagePlan},
    run::{site::Site, store::StageIndex},
    scope::{Ahead, Own, Scope},
};

const CASE_INSENSITIVE: Preset<bool> = Preset::new("case_insensitive", false);
/// Whether a caught failure fails the `trycatch` in the end: false for `continue`, true for
/// `propagate`.
const ERROR_SCOPE: Choice<bool> = Choice {
    name: "error_scope",
    words: &["continue", "propagate"],
    meanings: &[false, true],
    usual: 0,
};
const MAX_RETRIES: Preset<u64> = Preset::new("max_retries", 0);
const RETRY_DELAY_MS: Preset<u64> = Preset::new("retry_delay_ms", 1000);
const PARALLEL: Preset<bool> = Preset::new("parallel", false);
const MAX_PARALLEL: Preset<u64> = Preset::new("max_parallel", 5);
const BREAK_ON_ERROR: Preset<bool> = Preset::new("break_on_error", true);
const COLLECT_RESULTS: Preset<bool> = Preset::new("collect_results", true);
/// Whether the run ends as failed: false for `completed`, true for `failed`.
const STATUS: Choice<bool> = Choice {
    name: "status",
    words: &["completed", "failed"],
    meanings: &[false, true],
    usual: 0,
};

/// The defaults of the settings of control stages, by component.
pub const PRESETS: &[(&str, &[Row])] = &[
    ("router", &[CASE_INSENSITIVE.row()]),
    (
        "trycatch",
        &[ERROR_SCOPE.row(), MAX_RETRIES.row(), RETRY_DELAY_MS.row()],
    ),
    (
        "foreach",
        &[
            PARALLEL.row(),
            MAX_PARALLEL.row(),
            BREAK_ON_ERROR.row(),
            COLLECT_RESULTS.row(),
        ],
    ),
    ("return", &[STATUS.row()]),
];

/// What a control stage has decided.
#[derive(Debug)]
pub(crate) struct Decision {
    pub(crate) done: Done,
    /// The output, if it is known before the block ends.
    pub(crate) output: Option<Value>,
    pub(crate) items: Option<Items>,
    pub(crate) ending: Option<Ending>,
}

/// The items of a `foreach`.
#[derive(Debug)]
pub(crate) struct Items {
    pub(crate) kept: Vec<Value>,
    pub(crate) total: usize,
    /// Whether the results of the items are kept. Set by `collect_results`; the driver reads it
    /// when the loop begins.
    pub(crate) collect: bool,
}

/// How a `return` stage ends the run.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(crate) value: Value,
    /// Whether the run ends as failed. Set by `status: failed`; the driver reads it when the run
    /// ends.
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

/// Evaluates the settings of a control stage.
pub(crate) fn decide(
    pipeline: &PipelinePlan,
    stage: &StagePlan,
    site: &Site,
) -> Result<Decision, Fault> {
    match &stage.kind {
        StageKind::Router { routes, default } => route(pipeline, stage, site, routes, *default),
        StageKind::Conditional { on_true, on_false } => branch(stage, site, on_true, on_false),
        StageKind::TryCatch { .. } => {
            let settings = settings(stage, site)?;
            Ok(Decision::block(Done::Try(try_settings(site, &settings)?)))
        }
        StageKind::Foreach { .. } => items(stage, site),
        StageKind::Return => ending(stage, site),
        StageKind::Leaf(_) => Ok(Decision::block(Done::Plain)),
    }
}

/// The rendered settings of a stage.
pub(crate) fn settings(stage: &StagePlan, site: &Site) -> Result<Settings, Fault> {
    let rendered = (stage.config)(&Scope::new(site, Own::default()))?;
    Ok(Settings::new(rendered))
}

/// The settings of a stage that are known before the run, and the keys of all others.
pub(crate) fn settings_ahead(
    stage: &StagePlan,
    site: &Site,
) -> Result<(Settings, Vec<&'static str>), Fault> {
    let ahead = Ahead::default();
    let rendered = (stage.config)(&Scope::ahead(site, &ahead))?;
    Ok((Settings::new(rendered), ahead.into_unknown()))
}

fn route(
    pipeline: &PipelinePlan,
    stage: &StagePlan,
    site: &Site,
    routes: &'static [(&'static str, &'static [StageIndex])],
    default: Option<&'static [StageIndex]>,
) -> Result<Decision, Fault> {
    let settings = settings(stage, site)?;
    let mut value = settings.any("value");
    let own = Own {
        value: value.clone(),
        ..Own::default()
    };
    if let Some(result) = component::deferred(stage.deferred, site, "value_expression", own) {
        value = result?;
    }
    site.measure(&value)?;
    let wanted = text::text(&value);
    let loose = settings.flag(CASE_INSENSITIVE)?;
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
            let wanted = short(&wanted);
            let message =
                format!("no route for `{wanted}` and no default route: nothing is selected");
            site.warn(&message);
            (Value::Null, &[][..])
        }
    };
    let output = object([
        ("route_taken", taken),
        ("value", value),
        ("stages", ids(pipeline, stages)),
    ]);
    Ok(Decision::select(stages, output))
}

fn ids(pipeline: &PipelinePlan, stages: &[StageIndex]) -> Value {
    let all = pipeline.stages;
    let ids = stages.iter().filter_map(|index| all.get(*index as usize));
    Value::list(ids.map(|stage| Value::from(stage.id)).collect())
}

/// The truth of a condition: evaluated, or as it is written. `None` when there is none.
fn condition(
    stage: &StagePlan,
    site: &Site,
    settings: Option<&Settings>,
) -> Result<Option<bool>, Fault> {
    let own = Own {
        value: settings
            .map(|settings| settings.any("value"))
            .unwrap_or_default(),
        ..Own::default()
    };
    match component::deferred(stage.deferred, site, "condition", own) {
        Some(result) => Ok(Some(ops::truthy(&result?))),
        None => Ok(settings
            .and_then(|settings| settings.get("condition"))
            .map(ops::truthy)),
    }
}

fn branch(
    stage: &StagePlan,
    site: &Site,
    on_true: &'static [StageIndex],
    on_false: &'static [StageIndex],
) -> Result<Decision, Fault> {
    let settings = settings(stage, site)?;
    let holds = condition(stage, site, Some(&settings))?.unwrap_or(false);
    let output = object([
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

fn try_settings(site: &Site, settings: &Settings) -> Result<TrySettings, Fault> {
    let retries = settings.count_or(MAX_RETRIES)?;
    Ok(TrySettings {
        propagate: settings.choice(&ERROR_SCOPE)?,
        catch_types: settings
            .texts(site.cx(), "catch_error_types")?
            .unwrap_or_default(),
        max_retries: u32::try_from(retries).unwrap_or(u32::MAX),
        retry_delay_ms: settings.count_or(RETRY_DELAY_MS)?,
    })
}

fn items(stage: &StagePlan, site: &Site) -> Result<Decision, Fault> {
    let settings = settings(stage, site)?;
    let items = settings.required_list(site.cx(), "items")?;
    let mut kept = Vec::with_capacity(items.len());
    for item in items.iter() {
        site.charge(1)?;
        let own = Own {
            item: Some(item.clone()),
            data: Value::List(items.clone()),
            ..Own::default()
        };
        let keep = match component::deferred(stage.deferred, site, "filter_expression", own) {
            Some(result) => ops::truthy(&result?),
            None => true,
        };
        if keep {
            kept.push(item.clone());
        }
    }
    let parallel = settings.flag(PARALLEL)?;
    let most = settings.positive_or(MAX_PARALLEL)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let done = Done::Foreach(ForeachSettings {
        count: kept.len(),
        parallel: if parallel { most } else { 1 },
        break_on_error: settings.flag(BREAK_ON_ERROR)?,
    });
    let items = Items {
        kept,
        total: items.len(),
        collect: settings.flag(COLLECT_RESULTS)?,
    };
    Ok(Decision {
        items: Some(items),
        ..Decision::block(done)
    })
}

fn ending(stage: &StagePlan, site: &Site) -> Result<Decision, Fault> {
    // The condition comes first, so that an error in the return value does not matter when the
    // condition does not hold.
    let evaluated = condition(stage, site, None)?;
    let rendered = match evaluated {
        Some(false) => None,
        _ => Some(settings(stage, site)?),
    };
    let holds = match (evaluated, &rendered) {
        (Some(holds), _) => holds,
        (None, Some(settings)) => settings.get("condition").is_none_or(ops::truthy),
        (None, None) => true,
    };
    let mut decision = Decision::block(Done::Plain);
    let mut value = Value::Null;
    if let (true, Some(settings)) = (holds, rendered) {
        value = settings.any("return_value");
        decision.ending = Some(Ending {
            value: value.clone(),
            failed: settings.choice(&STATUS)?,
            message: settings.text("message")?.map(|text| text.to_string()),
        });
    }
    decision.output = Some(object([
        ("returned", Value::Bool(holds)),
        ("return_value", value),
    ]));
    Ok(decision)
}
