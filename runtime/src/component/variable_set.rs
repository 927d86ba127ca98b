//! `variable-set`: sets `context.NAME` for the stages after it.
//!
//! Enters: `variables`, or `name` with `value`. `extract_path` picks a part of each value;
//! `overwrite: false` keeps a variable that is set already. Leaves: `variables`, and each name as a
//! field. A variable that is set in the body of a loop exists until the end of the iteration. Must
//! not know other stages.

use fmc_expr::{Cx, EvalError, Map, Object, Str, Value};

use crate::{
    base::{
        fault::{Fault, Outcome, StageError},
        settings,
    },
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
    let entries = match (
        given.object(call.site.cx(), "variables")?,
        given.text("name")?,
    ) {
        (Some(_), Some(_)) => return Err(conflict("variables", "name")),
        (Some(entries), None) => entries,
        (None, Some(name)) => Map::from_iter([(name, given.any("value"))]).into(),
        (None, None) => return Err(settings::missing("variables", "object")),
    };
    let site = &call.site;
    let variables = if extract.is_none() && overwrite {
        entries
    } else {
        let values = entries.iter().map(|(name, value)| {
            site.charge(1)?;
            let kept = if overwrite { None } else { site.context(name) };
            Ok::<_, Fault>(kept.unwrap_or_else(|| match &extract {
                Some(path) => path::find(value, path).cloned().unwrap_or_default(),
                None => value.clone(),
            }))
        });
        Object::try_new(entries.shared_keys().clone(), values)?
    };
    let output = output(site.cx(), &variables);
    let output = output.map_err(|error| StageError::expression(error.to_string()))?;
    let mut store = site.run.store.borrow_mut();
    store.set_variables(site.frame, site.stage, variables, || site.charge(1))?;
    Ok(output)
}

/// The variables, each as a field too. There may be a million, so that each of them is paid.
fn output(cx: &Cx, variables: &Object) -> Result<Value, EvalError> {
    let mut output = Map::with_capacity(variables.len() + 1);
    for (name, value) in variables {
        cx.charge(1)?;
        output.insert(name.clone(), value.clone());
    }
    let all = Value::Object(variables.clone());
    output.insert(Str::from_static("variables"), all);
    Ok(Value::object(output))
}

#[cfg(test)]
#[path = "tests/variable_set.rs"]
mod tests;
