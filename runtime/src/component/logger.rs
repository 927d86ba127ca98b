//! `logger`: one structured event on standard error.
//!
//! Enters: `message`, `level`, `data`, `tags`. Leaves: `logged`, `log_id`, `passthrough` (the
//! data). An event below `--log-level` counts as not logged.

use fmc_expr::Value;

use super::{Call, Component, ready};
use crate::{
    clock,
    plan::Outcome,
    render,
    report::{
        Level,
        log::{Entry, LEVELS},
    },
};

/// `logger`
pub static LOGGER: Component = Component {
    name: "logger",
    side_effect: false,
    run: |call| ready(run(&call)),
    preflight: None,
};

fn run(call: &Call<'_>) -> Outcome {
    let settings = &call.settings;
    let message = settings.required_text("message")?;
    let level = settings.choice("level", &LEVELS)?.unwrap_or(Level::Info);
    let tags = settings.object("tags")?.map_or(Value::Null, Value::Object);
    let data = settings.any("data");
    let passthrough = settings.get("passthrough").unwrap_or(&data).clone();
    let shared = &call.place.shared;
    let id = clock::short_id();
    let logged = level >= shared.reporter.level;
    shared.reporter.log(&Entry {
        level,
        stage: call.place.stage.id,
        run_id: &shared.run_id,
        message: &message,
        data,
        tags,
        id: &id,
    });
    Ok(render::record([
        ("logged", Value::Bool(logged)),
        ("log_id", Value::from(id)),
        ("passthrough", passthrough),
    ]))
}
