//! `filter`: decides whether data passes, or which elements of a list do. It does not stop other
//! stages.
//!
//! Enters: `data` and a condition. Leaves: `passed`, `data`, `filtered_count`, `reason`. A
//! condition that cannot be evaluated is an error, except when `pass_if_missing` is set and a
//! missing key is the cause. Must not know other stages.

use fmc_expr::{Object, Value, ops};

use crate::{
    base::{
        excerpt::{cut, excerpt, short},
        fault::{Fault, Outcome, StageError},
        object::{int, object},
        preset::{Choice, Preset},
        settings,
    },
    component::{
        contract::{Call, Component, Work},
        path,
    },
    scope::Own,
};

/// `filter`
pub static FILTER: Component = Component {
    name: "filter",
    side_effect: false,
    presets: &[FILTER_MODE.row(), PASS_IF_MISSING.row(), INVERT.row()],
    run: |call| Work::Done(run(&call)),
    preflight: None,
};

#[derive(Clone, Copy)]
enum Mode {
    PassFail,
    FilterArray,
}

const FILTER_MODE: Choice<Mode> = Choice {
    name: "filter_mode",
    words: &["pass_fail", "filter_array"],
    meanings: &[Mode::PassFail, Mode::FilterArray],
    usual: 0,
};
const PASS_IF_MISSING: Preset<bool> = Preset::new("pass_if_missing", false);
const INVERT: Preset<bool> = Preset::new("invert", false);

/// How many characters of an error a reason quotes. It may quote a condition that came with data.
const LONGEST: usize = 300;

struct Filter<'a> {
    call: &'a Call,
    data: Value,
    fields: Option<Object>,
    /// Whether data passes when a key is missing. A setting; `judge` and `fields` read it.
    pass_if_missing: bool,
    /// Whether the decision is reversed. A setting; `decide` reads it.
    invert: bool,
}

fn run(call: &Call) -> Outcome {
    let settings = &call.settings;
    let mode = settings.choice(&FILTER_MODE)?;
    let filter = Filter {
        call,
        data: settings.any("data"),
        fields: settings.object(call.site.cx(), "field_conditions")?,
        pass_if_missing: settings.flag(PASS_IF_MISSING)?,
        invert: settings.flag(INVERT)?,
    };
    match mode {
        Mode::PassFail => {
            let (passed, reason) = filter.decide(None)?;
            let data = if passed { filter.data } else { Value::Null };
            // What was expected may be a secret, and whoever sends the data reads the reason.
            let reason = call.site.run.reporter.mask.text(&reason).into_owned();
            Ok(output(passed, data, 0, reason))
        }
        Mode::FilterArray => filter.array(),
    }
}

impl Filter<'_> {
    fn array(&self) -> Outcome {
        let items = match self.call.settings.list(self.call.site.cx(), "data")? {
            Some(items) => items,
            None => return Err(settings::missing("data", "list")),
        };
        let mut kept = Vec::new();
        for item in items.iter() {
            self.call.site.charge(1)?;
            if self.decide(Some(item))?.0 {
                kept.push(item.clone());
            }
        }
        let dropped = items.len() - kept.len();
        let reason = format!("{} of {} items passed", kept.len(), items.len());
        Ok(output(!kept.is_empty(), Value::list(kept), dropped, reason))
    }

    /// Whether the data, or one element of it, passes; and why.
    fn decide(&self, item: Option<&Value>) -> Result<(bool, String), Fault> {
        let (mut passed, mut reason) = (true, "no condition".to_owned());
        let own = Own {
            data: self.data.clone(),
            item: item.cloned(),
            ..Own::default()
        };
        if let Some(result) = self.call.deferred("condition", own) {
            (passed, reason) = self.judge(result)?;
        }
        if let (true, Some(fields)) = (passed, &self.fields) {
            (passed, reason) = self.fields(fields, item.unwrap_or(&self.data))?;
        }
        if self.invert {
            return Ok((!passed, format!("inverted: {reason}")));
        }
        Ok((passed, reason))
    }

    fn judge(&self, result: Outcome) -> Result<(bool, String), Fault> {
        match result {
            Ok(value) => Ok((
                ops::truthy(&value),
                format!("condition is {}", excerpt(&value)),
            )),
            // A missing key reads as null, and the operation refused that null. A key that exists
            // and is null has the same effect, because expressions cannot tell the difference.
            Err(fault) if self.pass_if_missing && fault.null => Ok((
                true,
                format!(
                    "passed although a key is missing: {}",
                    cut(&fault.message, LONGEST)
                ),
            )),
            Err(fault) => Err(fault),
        }
    }

    fn fields(&self, fields: &Object, of: &Value) -> Result<(bool, String), Fault> {
        for (field, expected) in fields {
            self.call.site.charge(1 + field.len() as u64 / 16)?;
            let found = of.get(field).or_else(|| path::find(of, field));
            match found {
                Some(found) if self.equal(found, expected)? => {}
                None if self.pass_if_missing => {}
                None => return Ok((false, format!("`{}` is missing", short(field)))),
                Some(found) => {
                    let (field, expected, found) =
                        (short(field), excerpt(expected), excerpt(found));
                    return Ok((
                        false,
                        format!("`{field}`: expected {expected}, found {found}"),
                    ));
                }
            }
        }
        Ok((true, "every field condition holds".to_owned()))
    }

    fn equal(&self, a: &Value, b: &Value) -> Result<bool, Fault> {
        let equal = ops::equal(self.call.site.cx(), a, b);
        equal.map_err(|error| StageError::expression(error.to_string()))
    }
}

fn output(passed: bool, data: Value, dropped: usize, reason: String) -> Value {
    object([
        ("passed", Value::Bool(passed)),
        ("data", data),
        ("filtered_count", int(dropped)),
        ("reason", Value::from(reason)),
    ])
}
