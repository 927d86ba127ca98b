//! Arithmetic.
//!
//! Enters: two operands. Leaves: Python's result; or a refusal, when an integer overflows, a float
//! is NaN or infinite, or the types do not fit. Must not know names or stages.

use crate::{builder::Builder, cx::Cx, error::EvalError, value::Value};

enum Pair {
    Ints(i64, i64),
    Floats(f64, f64),
}

fn pair(operation: &str, a: &Value, b: &Value) -> Result<Pair, EvalError> {
    match (integer(a), integer(b)) {
        (Some(a), Some(b)) => Ok(Pair::Ints(a, b)),
        _ => match (to_float(a), to_float(b)) {
            (Some(a), Some(b)) => Ok(Pair::Floats(a, b)),
            _ => Err(refuse(operation, a, b)),
        },
    }
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Null | Value::Float(_) | Value::Str(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// A number as a float; `None` for other types.
pub(crate) fn to_float(value: &Value) -> Option<f64> {
    if let Value::Float(value) = value {
        return Some(*value);
    }
    integer(value).map(|value| value as f64)
}

fn refuse(operation: &str, a: &Value, b: &Value) -> EvalError {
    let hint = match (operation, a, b) {
        ("add", Value::Str(_), _) | ("add", _, Value::Str(_)) => "; `str(…)` makes text of a value",
        ("take the remainder of", Value::Str(_), _) => "; f-strings format text",
        _ => "",
    };
    EvalError::type_error(format!(
        "cannot {operation} `{}` and `{}`{hint}",
        a.kind_name(),
        b.kind_name()
    ))
    .found(&[a, b])
}

fn overflow() -> EvalError {
    EvalError::value_error("integer overflow: the result does not fit 64 bits")
}

/// The result of float arithmetic. NaN and infinities are refused (language reference, section 4,
/// difference 4).
pub(crate) fn finite(value: f64) -> Result<Value, EvalError> {
    if value.is_finite() {
        Ok(Value::Float(value))
    } else {
        Err(EvalError::value_error("the result is not a finite number"))
    }
}

fn whole(value: Option<i64>) -> Result<Value, EvalError> {
    value.map(Value::Int).ok_or_else(overflow)
}

fn division_by_zero() -> EvalError {
    EvalError::value_error("division by zero")
}

/// `a + b` of numbers, strings or lists.
///
/// # Errors
/// Other types, overflow, limits.
pub fn add(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => {
            let mut out = Builder::with_capacity(cx, a.len() + b.len())?;
            out.push_str(a)?;
            out.push_str(b)?;
            out.finish()
        }
        (Value::List(a), Value::List(b)) => {
            let length = a.len() + b.len();
            cx.charge(length as u64)?;
            cx.allocate_list(length)?;
            Ok(Value::list(a.iter().chain(b.iter()).cloned().collect()))
        }
        _ => match pair("add", a, b)? {
            Pair::Ints(a, b) => whole(a.checked_add(b)),
            Pair::Floats(a, b) => finite(a + b),
        },
    }
}

/// `a - b`
///
/// # Errors
/// Types that are not numbers, overflow.
pub fn sub(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match pair("subtract", a, b)? {
        Pair::Ints(a, b) => whole(a.checked_sub(b)),
        Pair::Floats(a, b) => finite(a - b),
    }
}

/// `a * b`: numbers, or a string or list repeated that many times.
///
/// # Errors
/// Other types, overflow, limits.
pub fn mul(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match (a, b) {
        (Value::Str(_) | Value::List(_), _) if integer(b).is_some() => {
            repeat(cx, a, integer(b).unwrap_or(0))
        }
        (_, Value::Str(_) | Value::List(_)) if integer(a).is_some() => {
            repeat(cx, b, integer(a).unwrap_or(0))
        }
        _ => match pair("multiply", a, b)? {
            Pair::Ints(a, b) => whole(a.checked_mul(b)),
            Pair::Floats(a, b) => finite(a * b),
        },
    }
}

/// Texts are repeated in pieces of about this many bytes.
const PIECE: usize = 4_096;

fn repeat(cx: &Cx, value: &Value, times: i64) -> Result<Value, EvalError> {
    let times = usize::try_from(times).unwrap_or(0);
    match value {
        Value::Str(text) => {
            let length = text.len().saturating_mul(times);
            let mut out = Builder::with_capacity(cx, length)?;
            // Many short pieces are put together to a few long ones first.
            let many = text.repeat(times.min(1 + PIECE / text.len().max(1)));
            for _ in 0..length / many.len().max(1) {
                out.push_str(&many)?;
            }
            out.push_str(many.get(..length - out.len()).unwrap_or_default())?;
            out.finish()
        }
        Value::List(items) => {
            let length = items.len().saturating_mul(times);
            cx.charge(length as u64)?;
            cx.allocate_list(length)?;
            let whole = items.iter().cycle().take(items.len() * times);
            Ok(Value::list(whole.cloned().collect()))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object(_) => {
            Ok(Value::Null)
        }
    }
}

/// `a / b`: always a float; exact rounding also for large integers.
///
/// # Errors
/// Types that are not numbers, division by zero.
pub fn div(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match pair("divide", a, b)? {
        Pair::Ints(_, 0) => Err(division_by_zero()),
        Pair::Ints(a, b) => finite(divide_exactly(a, b)),
        Pair::Floats(_, 0.0) => Err(division_by_zero()),
        Pair::Floats(a, b) => finite(a / b),
    }
}

/// Divides two integers and rounds once. Integers beyond 2^53 would be rounded a first time when
/// converted to floats.
fn divide_exactly(a: i64, b: i64) -> f64 {
    const EXACT: u64 = 1 << 53;
    let (top, bottom) = (a.unsigned_abs(), b.unsigned_abs());
    if top <= EXACT && bottom <= EXACT {
        return a as f64 / b as f64;
    }
    // `top` is shifted so that the quotient has at least 66 bits, more than a float holds. The rest
    // only decides ties, so one "sticky" bit is enough to keep of it.
    let shift = 127 - 64 + top.leading_zeros();
    let scaled = u128::from(top) << shift;
    let quotient = scaled / u128::from(bottom);
    let sticky = u128::from(scaled % u128::from(bottom) != 0);
    let magnitude = (quotient | sticky) as f64 * 2_f64.powi(-i32::try_from(shift).unwrap_or(0));
    if (a < 0) == (b < 0) {
        magnitude
    } else {
        -magnitude
    }
}

/// `a // b`: rounds towards negative infinity.
///
/// # Errors
/// Types that are not numbers, division by zero, overflow.
pub fn floor_div(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match pair("divide", a, b)? {
        Pair::Ints(_, 0) | Pair::Floats(_, 0.0) => Err(division_by_zero()),
        Pair::Ints(a, b) => whole(a.checked_div_euclid(b).map(|quotient| {
            // Euclid's remainder is never negative, but Python's has the sign of the divisor.
            if b < 0 && a.checked_rem_euclid(b).is_some_and(|rest| rest != 0) {
                quotient - 1
            } else {
                quotient
            }
        })),
        Pair::Floats(a, b) => finite(float_divmod(a, b).0),
    }
}

/// `a % b`: has the sign of `b`.
///
/// # Errors
/// Types that are not numbers, division by zero.
pub fn rem(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match pair("take the remainder of", a, b)? {
        Pair::Ints(_, 0) | Pair::Floats(_, 0.0) => Err(division_by_zero()),
        Pair::Ints(a, b) => {
            let rest = a.wrapping_rem(b);
            let wrong_sign = rest != 0 && (rest < 0) != (b < 0);
            Ok(Value::Int(if wrong_sign { rest + b } else { rest }))
        }
        Pair::Floats(a, b) => finite(float_divmod(a, b).1),
    }
}

/// Follows CPython's `float_divmod` step by step, so that signs and rounding are the same.
fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut rest = a % b;
    let mut quotient = (a - rest) / b;
    if rest == 0.0 {
        rest = 0.0_f64.copysign(b);
    } else if (b < 0.0) != (rest < 0.0) {
        rest += b;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0.0_f64.copysign(a / b), rest);
    }
    let floor = quotient.floor();
    let floor = if quotient - floor > 0.5 {
        floor + 1.0
    } else {
        floor
    };
    (floor, rest)
}

/// `a ** b`: integers stay integers unless the exponent is negative.
///
/// # Errors
/// Types that are not numbers, overflow, zero to a negative power, a root of a negative number.
pub fn pow(cx: &Cx, a: &Value, b: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    match pair("raise", a, b)? {
        // `checked_pow` takes no exponent beyond 32 bits, and these three bases take any.
        Pair::Ints(base, exponent) if exponent >= 0 => match base {
            0 | 1 => Ok(Value::Int(if exponent == 0 { 1 } else { base })),
            -1 => Ok(Value::Int(if exponent % 2 == 0 { 1 } else { -1 })),
            _ => whole(
                u32::try_from(exponent)
                    .ok()
                    .and_then(|exponent| base.checked_pow(exponent)),
            ),
        },
        Pair::Ints(0, _) => Err(EvalError::value_error(
            "zero cannot be raised to a negative power",
        )),
        Pair::Ints(base, exponent) => finite((base as f64).powf(exponent as f64)),
        Pair::Floats(0.0, exponent) if exponent < 0.0 => Err(EvalError::value_error(
            "zero cannot be raised to a negative power",
        )),
        Pair::Floats(base, exponent) if base < 0.0 && exponent.fract() != 0.0 => Err(
            EvalError::value_error("a negative number has no fractional power"),
        ),
        Pair::Floats(base, exponent) => finite(base.powf(exponent)),
    }
}

/// `-value`
///
/// # Errors
/// A type that is not a number, overflow.
pub fn neg(cx: &Cx, value: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    if let Value::Float(value) = value {
        return Ok(Value::Float(-value));
    }
    match integer(value) {
        Some(value) => whole(value.checked_neg()),
        None => Err(unary("negate", value)),
    }
}

/// `+value`
///
/// # Errors
/// A type that is not a number.
pub fn pos(cx: &Cx, value: &Value) -> Result<Value, EvalError> {
    cx.charge(1)?;
    if let Value::Float(value) = value {
        return Ok(Value::Float(*value));
    }
    integer(value)
        .map(Value::Int)
        .ok_or_else(|| unary("take the number of", value))
}

fn unary(operation: &str, value: &Value) -> EvalError {
    EvalError::type_error(format!("cannot {operation} `{}`", value.kind_name())).found(&[value])
}
