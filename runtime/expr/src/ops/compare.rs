//! Equality, order, membership and identity.
//!
//! Enters: two values. Leaves: true or false; or a refusal, where Python has no order either. Must
//! not know names or stages.

use std::cmp::Ordering;

use crate::{cx::Cx, error::EvalError, value::Value};

/// `a == b`. Numbers are compared by value, whether int, float or bool; lists and objects element
/// by element.
#[must_use]
pub fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) => true,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, item)| b.get(key).is_some_and(|other| equal(item, other)))
        }
        _ => numbers(a, b) == Some(Ordering::Equal),
    }
}

/// `a is b`: the same type and equal. For `None`, `True` and `False` that is what Python gives.
#[must_use]
pub fn is(a: &Value, b: &Value) -> bool {
    a.kinds() == b.kinds() && equal(a, b)
}

/// `a < b`
///
/// # Errors
/// Types without an order.
pub fn less(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(cx, "<", a, b)? == Ordering::Less)
}

/// `a <= b`
///
/// # Errors
/// Types without an order.
pub fn less_equal(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(cx, "<=", a, b)? != Ordering::Greater)
}

/// `a > b`
///
/// # Errors
/// Types without an order.
pub fn greater(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(cx, ">", a, b)? == Ordering::Greater)
}

/// `a >= b`
///
/// # Errors
/// Types without an order.
pub fn greater_equal(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(order(cx, ">=", a, b)? != Ordering::Less)
}

/// The order of two values for sorting. Refuses what `<` refuses, in the same words.
pub(crate) fn ordering(cx: &Cx, a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    order(cx, "<", a, b)
}

fn order(cx: &Cx, operator: &str, a: &Value, b: &Value) -> Result<Ordering, EvalError> {
    cx.charge(1)?;
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Ok(a.cmp(b)),
        (Value::List(a), Value::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                cx.charge(1)?;
                if !equal(a, b) {
                    return order(cx, operator, a, b);
                }
            }
            Ok(a.len().cmp(&b.len()))
        }
        _ => numbers(a, b).ok_or_else(|| {
            EvalError::type_error(format!(
                "cannot compare `{}` {operator} `{}`",
                a.kind_name(),
                b.kind_name()
            ))
            .found(&[a, b])
        }),
    }
}

/// Compares two numbers exactly; `None` when one is not a number.
fn numbers(a: &Value, b: &Value) -> Option<Ordering> {
    match (number(a)?, number(b)?) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(&b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(&b),
        (Number::Int(a), Number::Float(b)) => Some(int_float(a, b)),
        (Number::Float(a), Number::Int(b)) => Some(int_float(b, a).reverse()),
    }
}

enum Number {
    Int(i64),
    Float(f64),
}

fn number(value: &Value) -> Option<Number> {
    match value {
        Value::Bool(value) => Some(Number::Int(i64::from(*value))),
        Value::Int(value) => Some(Number::Int(*value)),
        Value::Float(value) => Some(Number::Float(*value)),
        Value::Null | Value::Str(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// Compares exactly. Converting the integer to a float would round it if it is beyond 2^53.
fn int_float(int: i64, float: f64) -> Ordering {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if float >= LIMIT {
        return Ordering::Less;
    }
    if float < -LIMIT {
        return Ordering::Greater;
    }
    let whole = float.trunc();
    // The two tests above make sure that the number is in range, so the cast is exact.
    int.cmp(&(whole as i64)).then_with(|| {
        0.0_f64
            .partial_cmp(&(float - whole))
            .unwrap_or(Ordering::Equal)
    })
}

/// `item in container`: an element of a list, a key of an object, a part of a string.
///
/// # Errors
/// Any other type of container, or a string that is searched for something other than a string.
pub fn contains(cx: &Cx, item: &Value, container: &Value) -> Result<bool, EvalError> {
    match (container, item) {
        (Value::List(items), _) => {
            cx.charge(items.len() as u64)?;
            Ok(items.iter().any(|other| equal(item, other)))
        }
        (Value::Object(entries), Value::Str(key)) => Ok(entries.contains_key(key)),
        (Value::Object(_), _) => Ok(false),
        (Value::Str(text), Value::Str(part)) => {
            cx.charge(text.len() as u64 / 64)?;
            Ok(text.contains(part.as_str()))
        }
        _ => Err(EvalError::type_error(format!(
            "cannot look for `{}` in `{}`",
            item.kind_name(),
            container.kind_name()
        ))
        .found(&[item, container])),
    }
}
