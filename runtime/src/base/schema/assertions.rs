//! Keywords that check a value as a whole.
//!
//! Enters: the value of a keyword, and the value to check. Leaves: what is wrong, if anything. A
//! keyword accepts values of types it is not about (JSON Schema, validation, section 6). Must not
//! know paths.

use fmc_expr::{Cx, EvalError, Value, ops, value::as_count};

use crate::base::excerpt::{excerpt, short};

/// What is wrong, if anything; or the budget is spent.
type Complaint = Result<Option<String>, EvalError>;
/// A keyword and what it asserts.
type Assertion = (&'static str, fn(&Cx, &Value, &Value) -> Complaint);

/// How many alternatives a message names.
const NAMED: usize = 10;

/// `type` comes first: if it fails, the other keywords are not checked.
pub(super) const ALL: &[Assertion] = &[
    ("type", |_, expected, value| Ok(kind(expected, value))),
    ("enum", choices),
    ("const", only),
    ("minimum", |_, limit, value| {
        Ok(bound(limit, value, "at least", |a, b| a >= b))
    }),
    ("maximum", |_, limit, value| {
        Ok(bound(limit, value, "at most", |a, b| a <= b))
    }),
    ("exclusiveMinimum", |_, limit, value| {
        Ok(bound(limit, value, "more than", |a, b| a > b))
    }),
    ("exclusiveMaximum", |_, limit, value| {
        Ok(bound(limit, value, "less than", |a, b| a < b))
    }),
    ("multipleOf", |_, of, value| Ok(multiple(of, value))),
    ("minLength", |cx, limit, value| {
        Ok(size(
            limit,
            length(cx, value)?,
            "at least",
            "character",
            |a, b| a >= b,
        ))
    }),
    ("maxLength", |cx, limit, value| {
        Ok(size(
            limit,
            length(cx, value)?,
            "at most",
            "character",
            |a, b| a <= b,
        ))
    }),
    ("pattern", pattern),
    ("minItems", |_, limit, value| {
        Ok(size(limit, items(value), "at least", "item", |a, b| a >= b))
    }),
    ("maxItems", |_, limit, value| {
        Ok(size(limit, items(value), "at most", "item", |a, b| a <= b))
    }),
    ("uniqueItems", unique),
    ("minProperties", |_, limit, value| {
        Ok(size(limit, entries(value), "at least", "entry", |a, b| {
            a >= b
        }))
    }),
    ("maxProperties", |_, limit, value| {
        Ok(size(limit, entries(value), "at most", "entry", |a, b| {
            a <= b
        }))
    }),
];

fn kind(expected: &Value, value: &Value) -> Option<String> {
    (!is_of(value, expected)).then(|| {
        let expected = excerpt(expected).replace('"', "`");
        let kind = value.kind_name();
        format!("expected {expected}, found `{kind}` {}", excerpt(value))
    })
}

fn is_of(value: &Value, expected: &Value) -> bool {
    match expected {
        Value::List(kinds) => kinds.iter().any(|kind| is_of(value, kind)),
        Value::Str(kind) => match kind.as_str() {
            "null" => value.is_null(),
            "boolean" => matches!(value, Value::Bool(_)),
            "integer" => match value {
                Value::Int(_) => true,
                Value::Float(number) => number.fract() == 0.0,
                Value::Null
                | Value::Bool(_)
                | Value::Str(_)
                | Value::List(_)
                | Value::Object(_) => false,
            },
            "number" => matches!(value, Value::Int(_) | Value::Float(_)),
            "string" => matches!(value, Value::Str(_)),
            "array" => matches!(value, Value::List(_)),
            "object" => matches!(value, Value::Object(_)),
            _ => true,
        },
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object(_) => true,
    }
}

fn choices(cx: &Cx, choices: &Value, value: &Value) -> Complaint {
    let Some(choices) = choices.as_list() else {
        return Ok(None);
    };
    for choice in choices {
        if same(cx, choice, value)? {
            return Ok(None);
        }
    }
    let named: Vec<_> = choices.iter().take(NAMED).map(excerpt).collect();
    let named = named.join(", ");
    let more = match choices.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let found = excerpt(value);
    Ok(Some(format!(
        "expected one of {named}{more}, found {found}"
    )))
}

fn only(cx: &Cx, only: &Value, value: &Value) -> Complaint {
    let complaint = || format!("expected {}, found {}", excerpt(only), excerpt(value));
    Ok((!same(cx, only, value)?).then(complaint))
}

/// Equality in JSON: `1` and `1.0` are equal, `1` and `true` are not.
fn same(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(matches!(a, Value::Bool(_)) == matches!(b, Value::Bool(_)) && ops::equal(cx, a, b)?)
}

/// A number as a float. Integers beyond 2⁵³ are rounded, but nobody writes limits that close.
#[allow(clippy::cast_precision_loss)]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::List(_) | Value::Object(_) => None,
    }
}

fn bound(limit: &Value, value: &Value, words: &str, holds: fn(f64, f64) -> bool) -> Option<String> {
    let fits = holds(number(value)?, number(limit)?);
    (!fits).then(|| {
        let limit = excerpt(limit);
        format!("expected {words} {limit}, found {}", excerpt(value))
    })
}

fn multiple(of: &Value, value: &Value) -> Option<String> {
    let quotient = number(value)? / number(of)?;
    // `0.3` is a multiple of `0.1`, although their quotient is not exactly whole.
    let whole = (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0);
    (!whole).then(|| {
        let of = excerpt(of);
        format!("expected a multiple of {of}, found {}", excerpt(value))
    })
}

fn length(cx: &Cx, value: &Value) -> Result<Option<usize>, EvalError> {
    let Some(text) = value.as_str() else {
        return Ok(None);
    };
    cx.scan(text.len())?;
    Ok(Some(text.chars().count()))
}

fn items(value: &Value) -> Option<usize> {
    value.as_list().map(<[Value]>::len)
}

fn entries(value: &Value) -> Option<usize> {
    value.as_object().map(|entries| entries.len())
}

fn size(
    limit: &Value,
    found: Option<usize>,
    words: &str,
    noun: &str,
    holds: fn(i64, i64) -> bool,
) -> Option<String> {
    let found = as_count(found?);
    let Value::Int(limit) = limit else {
        return None;
    };
    (!holds(found, *limit)).then(|| {
        let noun = match (noun, *limit) {
            (noun, 1) => noun.to_owned(),
            ("entry", _) => "entries".to_owned(),
            (noun, _) => format!("{noun}s"),
        };
        format!("expected {words} {limit} {noun}, found {found}")
    })
}

fn unique(cx: &Cx, wanted: &Value, value: &Value) -> Complaint {
    let (Value::Bool(true), Some(items)) = (wanted, value.as_list()) else {
        return Ok(None);
    };
    // `1` and `true` are equal for Python but not for JSON.
    let mut booleans = ops::Distinct::default();
    let mut others = ops::Distinct::default();
    for (at, item) in items.iter().enumerate() {
        let seen = match item {
            Value::Bool(_) => &mut booleans,
            Value::Null
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::List(_)
            | Value::Object(_) => &mut others,
        };
        if !seen.insert(cx, item.clone())? {
            return Ok(Some(format!(
                "{} at [{at}] is in the list twice",
                excerpt(item)
            )));
        }
    }
    drop(booleans.finish(cx));
    drop(others.finish(cx));
    Ok(None)
}

fn pattern(cx: &Cx, pattern: &Value, value: &Value) -> Complaint {
    let (Some(pattern), Some(text)) = (pattern.as_str(), value.as_str()) else {
        return Ok(None);
    };
    if found(cx, pattern, text)? {
        return Ok(None);
    }
    let (pattern, found) = (short(pattern), excerpt(value));
    Ok(Some(format!(
        "expected text that matches `{pattern}`, found {found}"
    )))
}

/// Whether a pattern matches anywhere in a text. The compiler links the engine into programs whose
/// schemas have patterns. A pattern that the engine refuses matches nowhere.
pub(super) fn found(cx: &Cx, pattern: &str, text: &str) -> Result<bool, EvalError> {
    #[cfg(feature = "regex")]
    {
        let args = [Some(Value::from(pattern)), Some(Value::from(text))];
        match fmc_expr::builtins::regex::search(cx, &args) {
            Ok(found) => Ok(!found.is_null()),
            Err(error) if error.kind == fmc_expr::ErrorKind::Value => Ok(false),
            Err(error) => Err(error),
        }
    }
    #[cfg(not(feature = "regex"))]
    {
        let _ = (cx, pattern, text);
        Ok(false)
    }
}
