//! `logger`: writes one structured event to standard error.
//!
//! Enters: `message`, `level`, `data`, `tags`. Leaves: `logged`, `log_id`, `passthrough` (the
//! data). An event below `--log-level` is not logged. Must not know how lines look.

use fmc_expr::Value;

use crate::{
    base::{
        fault::{Outcome, StageError},
        object::object,
        preset::Choice,
    },
    component::contract::{Call, Component, Work},
    host::{
        report::{
            Level,
            level::{LEVELS, WORDS},
            log::Entry,
        },
        world,
    },
};

const LEVEL: Choice<Level> = Choice {
    name: "level",
    words: &WORDS,
    meanings: &LEVELS,
    usual: 1,
};

/// `logger`
pub static LOGGER: Component = Component {
    name: "logger",
    side_effect: false,
    presets: &[LEVEL.row()],
    run: |call| Work::Done(run(&call)),
    preflight: None,
};

fn run(call: &Call) -> Outcome {
    let settings = &call.settings;
    let message = settings.required_text("message")?;
    let level = settings.choice(&LEVEL)?;
    let tags = settings.object(call.site.cx(), "tags")?;
    let tags = tags.map_or(Value::Null, Value::Object);
    let data = settings.any("data");
    let passthrough = settings.get("passthrough").unwrap_or(&data).clone();
    let run = &call.site.run;
    let id = world::short_id(&*run.world);
    let logged = level >= run.reporter.level;
    let entry = Entry {
        level,
        stage: call.site.stage_id,
        run_id: &run.id,
        message: &message,
        data,
        tags,
        id: &id,
    };
    let written = run.reporter.log_within(Some(call.site.cx()), &entry);
    written.map_err(|error| StageError::expression(error.to_string()))?;
    Ok(object([
        ("logged", Value::Bool(logged)),
        ("log_id", Value::from(id)),
        ("passthrough", passthrough),
    ]))
}
