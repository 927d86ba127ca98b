//! Keywords that check a value as a whole.
//!
//! Enters: the value of a keyword, and the value to check. Leaves: what is wrong, if anything. A
//! keyword accepts values of types it is not about (JSON Schema, validation, section 6). Must not
//! know paths.

use fmc_expr::{Cx, Value, ops, value::as_count};

use crate::base::excerpt::excerpt;

/// A keyword and what it asserts.
type Assertion = (&'static str, fn(&Value, &Value) -> Option<String>);

/// `type` comes first: if it fails, the other keywords are not checked.
pub(super) const ALL: &[Assertion] = &[
    ("type", kind),
    ("enum", choices),
    ("const", only),
    ("minimum", |limit, value| {
        bound(limit, value, "at least", |a, b| a >= b)
    }),
    ("maximum", |limit, value| {
        bound(limit, value, "at most", |a, b| a <= b)
    }),
    ("exclusiveMinimum", |limit, value| {
        bound(limit, value, "more than", |a, b| a > b)
    }),
    ("exclusiveMaximum", |limit, value| {
        bound(limit, value, "less than", |a, b| a < b)
    }),
    ("multipleOf", multiple),
    ("minLength", |limit, value| {
        size(limit, length(value), "at least", "character", |a, b| a >= b)
    }),
    ("maxLength", |limit, value| {
        size(limit, length(value), "at most", "character", |a, b| a <= b)
    }),
    ("pattern", pattern),
    ("minItems", |limit, value| {
        size(limit, items(value), "at least", "item", |a, b| a >= b)
    }),
    ("maxItems", |limit, value| {
        size(limit, items(value), "at most", "item", |a, b| a <= b)
    }),
    ("uniqueItems", unique),
    ("minProperties", |limit, value| {
        size(limit, entries(value), "at least", "entry", |a, b| a >= b)
    }),
    ("maxProperties", |limit, value| {
        size(limit, entries(value), "at most", "entry", |a, b| a <= b)
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

fn choices(choices: &Value, value: &Value) -> Option<String> {
    let choices = choices.as_list()?;
    let fits = choices.iter().any(|choice| same(choice, value));
    (!fits).then(|| {
        let choices: Vec<_> = choices.iter().map(excerpt).collect();
        let choices = choices.join(", ");
        format!("expected one of {choices}, found {}", excerpt(value))
    })
}

fn only(only: &Value, value: &Value) -> Option<String> {
    (!same(only, value)).then(|| format!("expected {}, found {}", excerpt(only), excerpt(value)))
}

/// Equality in JSON: `1` and `1.0` are equal, `1` and `true` are not.
fn same(a: &Value, b: &Value) -> bool {
    matches!(a, Value::Bool(_)) == matches!(b, Value::Bool(_))
        && ops::equal(&Cx::new(), a, b).unwrap_or(false)
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

fn length(value: &Value) -> Option<usize> {
    value.as_str().map(|text| text.chars().count())
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

fn unique(wanted: &Value, value: &Value) -> Option<String> {
    let items = value.as_list()?;
    if !matches!(wanted, Value::Bool(true)) {
        return None;
    }
    let twice = items.iter().enumerate().find(|(at, item)| {
        let before = items.get(..*at).unwrap_or_default();
        before.iter().any(|other| same(other, item))
    });
    twice.map(|(at, item)| format!("{} at [{at}] is in the list twice", excerpt(item)))
}

fn pattern(pattern: &Value, value: &Value) -> Option<String> {
    let (pattern, text) = (pattern.as_str()?, value.as_str()?);
    (!found(pattern, text)).then(|| {
        format!(
            "expected text that matches `{pattern}`, found {}",
            excerpt(value)
        )
    })
}

/// Whether a pattern matches anywhere in a text. The compiler links the engine into programs whose
/// schemas have patterns. A pattern that the engine refuses matches nowhere.
pub(super) fn found(pattern: &str, text: &str) -> bool {
    #[cfg(feature = "regex")]
    {
        let args = [Some(Value::from(pattern)), Some(Value::from(text))];
        let found = fmc_expr::builtins::regex::search(&fmc_expr::Cx::new(), &args);
        found.is_ok_and(|found| !found.is_null())
    }
    #[cfg(not(feature = "regex"))]
    {
        let _ = (pattern, text);
        false
    }
}
