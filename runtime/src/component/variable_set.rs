//! `variable-set`: sets `context.NAME` for the stages after it.
//!
//! Enters: `variables`, or `name` with `value`. `extract_path` picks a part of each value;
//! `overwrite: false` keeps a variable that is set already. Leaves: `variables`, and each name as a
//! field. A variable that is set in the body of a loop exists until the end of the iteration. Must
//! not know other stages.

use fmc_expr::{Map, Str, Value};

use crate::{
    base::{fault::Outcome, settings},
    component::{
        contract::{Call, Component, Work, conflict},
        path,
    },
};

/// `variable-set`
pub static VARIABLE_SET: Component = Component {
    name: "variable-set",
    side_effect: false,
    presets: &[],
    run: |call| Work::Done(run(&call)),
    preflight: None,
};

fn run(call: &Call) -> Outcome {
    let given = &call.settings;
    let extract = given.text("extract_path")?;
    let overwrite = given.boolean("overwrite")?.unwrap_or(true);
    let mut variables = Map::new();
    match (
        given.object(call.site.cx(), "variables")?,
        given.text("name")?,
    ) {
        (Some(_), Some(_)) => return Err(conflict("variables", "name")),
        (Some(entries), None) => {
            variables.extend(entries.iter().map(|(k, v)| (k.clone(), v.clone())))
        }
        (None, Some(name)) => drop(variables.insert(name, given.any("value"))),
        (None, None) => return Err(settings::missing("variables", "object")),
    }
    let site = &call.site;
    for (name, value) in variables.iter_mut() {
        if let Some(path) = &extract {
            *value = path::find(value, path).cloned().unwrap_or_default();
        }
        if let Some(set) = site.context(name).filter(|_| !overwrite) {
            *value = set;
        }
    }
    site.run
        .store
        .borrow_mut()
        .set_variables(site.frame, site.stage, variables.clone());
    let mut output = variables.clone();
    output.insert(Str::from_static("variables"), Value::object(variables));
    Ok(Value::object(output))
}
