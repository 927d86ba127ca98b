//! `json-transform`: renders a template, maps fields, flattens, or passes the data on.
//!
//! Enters: `data` and one mode. Leaves: the rendered template; in the other modes an object with
//! `result`, `fields_mapped`, `fields_missing`. JMESPath is not supported. Must not know other
//! stages.

use std::collections::HashSet;

use fmc_expr::{ErrorKind, Map, Object, Str, Value, cx::VALUE_BYTES, json};

use crate::{
    base::{
        fault::{Fault, Outcome, StageError},
        object::{int, object},
        preset::Preset,
        settings,
    },
    component::{
        contract::{Call, Component, Work, conflict},
        path,
    },
    run::site::Site,
    scope::Own,
};

const PARSE_JSON_STRINGS: Preset<bool> = Preset::new("parse_json_strings", true);

/// `json-transform`
pub static JSON_TRANSFORM: Component = Component {
    name: "json-transform",
    side_effect: false,
    presets: &[PARSE_JSON_STRINGS.row()],
    run: |call| Work::Done(run(&call)),
    preflight: None,
};

fn run(call: &Call) -> Outcome {
    let settings = &call.settings;
    let data = data(call)?;
    let own = Own {
        data: data.clone(),
        ..Own::default()
    };
    let flatten = settings.boolean("flatten")?.unwrap_or(false);
    let mapping = settings.object(call.site.cx(), "mapping")?;
    if let Some(rendered) = call.deferred("template", own) {
        return match (mapping, flatten) {
            (Some(_), _) => Err(conflict("template", "mapping")),
            (None, true) => Err(conflict("template", "flatten")),
            (None, false) => rendered,
        };
    }
    match mapping {
        Some(_) if flatten => Err(conflict("mapping", "flatten")),
        Some(mapping) => map(call, &data, &mapping),
        None if flatten => {
            let mut flat = Map::new();
            let site = &call.site;
            flatten_into(site, &mut flat, String::new(), &data)?;
            let count = flat.len();
            Ok(result(Value::object(flat), count, Vec::new()))
        }
        None => Ok(result(data, 0, Vec::new())),
    }
}

/// The data. A string that is a whole JSON document is replaced by that document.
fn data(call: &Call) -> Result<Value, Fault> {
    let (settings, site) = (&call.settings, &call.site);
    let data = settings.any("data");
    let parse = settings.flag(PARSE_JSON_STRINGS)?;
    let document = data
        .as_str()
        .map(str::trim)
        .filter(|text| parse && text.starts_with(['{', '[']));
    let Some(document) = document else {
        return Ok(data);
    };
    site.charge(document.len() as u64 / 4)?;
    match json::read(site.cx(), document.as_bytes()) {
        Ok(read) => {
            if let Some(warning) = read.warning("data") {
                site.warn(&warning);
            }
            Ok(read.value)
        }
        // It only looked like JSON.
        Err(error) if error.kind == ErrorKind::Value => Ok(data),
        Err(error) => Err(StageError::expression(error.to_string())),
    }
}

fn map(call: &Call, data: &Value, mapping: &Object) -> Outcome {
    let (settings, cx) = (&call.settings, call.site.cx());
    let defaults = settings.object(cx, "defaults")?;
    let excluded = settings.texts(cx, "exclude_fields")?.unwrap_or_default();
    let mut mapped = Map::new();
    let mut missing = Vec::new();
    let excluded: HashSet<_> = excluded.iter().map(String::as_str).collect();
    for (field, path) in mapping {
        call.site.charge(1)?;
        let Some(path) = path.as_str() else {
            let field = format!("mapping.{field}");
            return Err(settings::unfit(&field, "string", path));
        };
        call.site.charge(path.len() as u64 / 16)?;
        let value = path::find(data, path).cloned().unwrap_or_else(|| {
            missing.push(Value::Str(field.clone()));
            let default = defaults.as_ref().and_then(|defaults| defaults.get(field));
            default.cloned().unwrap_or_default()
        });
        if !excluded.contains(field.as_str()) {
            mapped.insert(field.clone(), value);
        }
    }
    let found = mapping.len() - missing.len();
    Ok(result(Value::object(mapped), found, missing))
}

fn flatten_into(site: &Site, flat: &mut Map, prefix: String, value: &Value) -> Result<(), Fault> {
    site.charge(1 + prefix.len() as u64 / 16)?;
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (key, item) in entries.iter() {
                let name = if prefix.is_empty() {
                    key.to_string()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten_into(site, flat, name, item)?;
            }
        }
        Value::List(items) if !items.is_empty() => {
            for (at, item) in items.iter().enumerate() {
                flatten_into(site, flat, format!("{prefix}[{at}]"), item)?;
            }
        }
        Value::Object(_) if prefix.is_empty() => {}
        scalar @ (Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::List(_)
        | Value::Object(_)) => {
            let name = if prefix.is_empty() {
                "value".to_owned()
            } else {
                prefix
            };
            let bytes = name.len() as u64 + VALUE_BYTES;
            let room = site.cx().allocate(bytes);
            room.map_err(|error| StageError::expression(error.to_string()))?;
            flat.insert(Str::from(name), scalar.clone());
        }
    }
    Ok(())
}

fn result(result: Value, mapped: usize, missing: Vec<Value>) -> Value {
    object([
        ("result", result),
        ("fields_mapped", int(mapped)),
        ("fields_missing", Value::list(missing)),
    ])
}
