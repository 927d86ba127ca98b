//! Equality, order, membership and identity.
//!
//! Enters: two values. Leaves: true or false; or a refusal, where Python has no order either. Must
//! not know names or stages.

use std::cmp::Ordering;

use crate::{
    cx::Cx,
    error::EvalError,
    str::Str,
    value::{Object, Value},
};

/// `a == b`. Numbers are compared by value, whether int, float or bool; lists and objects element
/// by element. Each value that is looked at costs a step, and a long text costs more. The same list
/// or object in memory is equal to itself without being looked at.
///
/// # Errors
/// A limit error when the budget is spent.
pub fn equal(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    cx.charge(1)?;
    match (a, b) {
        (Value::Null, Value::Null) => Ok(true),
        (Value::Str(a), Value::Str(b)) => same_text(cx, a, b),
        (Value::List(a), Value::List(b)) => {
            Ok(a.is_shared_with(b) || (a.len() == b.len() && all_equal(cx, a, b)?))
        }
        (Value::Object(a), Value::Object(b)) => {
            Ok(a.is_shared_with(b) || (a.len() == b.len() && entries_equal(cx, a, b)?))
        }
        _ => Ok(numbers(a, b) == Some(Ordering::Equal)),
    }
}

/// Texts of different length are different without being read, and so is a text from itself.
fn same_text(cx: &Cx, a: &Str, b: &Str) -> Result<bool, EvalError> {
    if a.len() != b.len() || a.is_shared_with(b) {
        return Ok(a.len() == b.len());
    }
    cx.scan(a.len())?;
    Ok(a == b)
}

fn all_equal(cx: &Cx, a: &[Value], b: &[Value]) -> Result<bool, EvalError> {
    for (a, b) in a.iter().zip(b) {
        if !equal(cx, a, b)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn entries_equal(cx: &Cx, a: &Object, b: &Object) -> Result<bool, EvalError> {
    for (key, item) in a {
        find_key(cx, key)?;
        let Some(other) = b.get(key) else {
            return Ok(false);
        };
        if !equal(cx, item, other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Charges for finding a key in an object: it is hashed, or compared with a few keys that are as
/// long as it is.
pub(crate) fn find_key(cx: &Cx, key: &str) -> Result<(), EvalError> {
    cx.charge(1)?;
    cx.scan(key.len().saturating_mul(4))
}

/// `a is b`: the same type and equal. For `None`, `True` and `False` that is what Python gives.
///
/// # Errors
/// As [`equal`].
pub fn is(cx: &Cx, a: &Value, b: &Value) -> Result<bool, EvalError> {
    Ok(a.kinds() == b.kinds() && equal(cx, a, b)?)
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
        (Value::Str(a), Value::Str(b)) => {
            cx.scan(a.len().min(b.len()))?;
            Ok(a.cmp(b))
        }
        (Value::List(a), Value::List(b)) if a.is_shared_with(b) => Ok(Ordering::Equal),
        (Value::List(a), Value::List(b)) => {
            for (a, b) in a.iter().zip(b.iter()) {
                if !equal(cx, a, b)? {
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
            for other in items {
                if equal(cx, other, item)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (Value::Object(entries), Value::Str(key)) => {
            find_key(cx, key)?;
            Ok(entries.contains_key(key))
        }
        (Value::Object(_), _) => Ok(false),
        (Value::Str(text), Value::Str(part)) => {
            cx.scan(text.len() + part.len())?;
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
