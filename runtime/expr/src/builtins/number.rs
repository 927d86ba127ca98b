//! Numbers: conversion, rounding and `math`.
//!
//! Enters: values. Leaves: numbers; or a refusal, where CPython raises an exception. Must not know
//! stages.

use super::{
    arguments::{given, integer, maybe_integer, refuse, value},
    signature::{Args, Returns, opt, req, rows},
    unicode,
};
use crate::{cx::Cx, error::EvalError, kinds::Kinds, ops, value::Value};

type Outcome = Result<Value, EvalError>;

const INT: Returns = Returns::Kinds(Kinds::INT);
const FLOAT: Returns = Returns::Kinds(Kinds::FLOAT);
const NUMERIC: Returns = Returns::Kinds(Kinds::INT.or(Kinds::FLOAT));

rows! { "number";
    "int", int(opt("x", Kinds::NUMBER.or(Kinds::STR)), opt("base", Kinds::INTEGER)) -> INT,
        "An integer from a number (towards zero) or from text.", "int('0x1f', 16)" => "31";
    "float", float(opt("x", Kinds::NUMBER.or(Kinds::STR))) -> FLOAT,
        "A float from a number or from text.", "float('1e3')" => "1000.0";
    "bool", bool(opt("x", Kinds::ANY)) -> Returns::Kinds(Kinds::BOOL),
        "Python truthiness: null, false, zero and everything empty are false.", "bool('')" => "false";
    "abs", abs(req("x", Kinds::NUMBER)) -> NUMERIC,
        "The absolute value.", "abs(-3)" => "3";
    "round", round(req("number", Kinds::NUMBER), opt("ndigits", Kinds::INTEGER.or(Kinds::NULL))) -> NUMERIC,
        "Rounded to `ndigits` decimals, or without it to an integer; ties go to the even digit.", "round(2.5)" => "2";
    "pow", pow(req("base", Kinds::NUMBER), req("exp", Kinds::NUMBER), opt("mod", Kinds::INTEGER)) -> NUMERIC,
        "`base ** exp`; with `mod`, its remainder.", "pow(2, 10, 1000)" => "24";
    "divmod", divmod(req("a", Kinds::NUMBER), req("b", Kinds::NUMBER)) -> Returns::ListOf(Kinds::INT.or(Kinds::FLOAT)),
        "`[a // b, a % b]`.", "divmod(7, -2)" => "[-4,-1]";
    "math.sqrt", sqrt(req("x", Kinds::NUMBER)) -> FLOAT, "The square root.", "math.sqrt(9)" => "3.0";
    "math.floor", floor(req("x", Kinds::NUMBER)) -> INT, "The largest integer not above `x`.", "math.floor(-1.5)" => "-2";
    "math.ceil", ceil(req("x", Kinds::NUMBER)) -> INT, "The smallest integer not below `x`.", "math.ceil(1.2)" => "2";
    "math.log", log(req("x", Kinds::NUMBER), opt("base", Kinds::NUMBER)) -> FLOAT,
        "The natural logarithm, or the logarithm to `base`.", "math.log(8, 2)" => "3.0";
    "math.log10", log10(req("x", Kinds::NUMBER)) -> FLOAT, "The logarithm to base 10.", "math.log10(1000)" => "3.0";
    "math.exp", exp(req("x", Kinds::NUMBER)) -> FLOAT, "`e` to the power `x`.", "math.exp(0)" => "1.0";
    "math.pow", math_pow(req("x", Kinds::NUMBER), req("y", Kinds::NUMBER)) -> FLOAT,
        "`x` to the power `y`, as a float.", "math.pow(2, 3)" => "8.0";
}

fn number(name: &str, args: Args<'_>, at: usize) -> Result<f64, EvalError> {
    given(args, at)
        .and_then(ops::to_float)
        .ok_or_else(|| refuse(name, "int | float", given(args, at)))
}

/// Turns a float without decimals into an integer.
fn whole(value: f64) -> Outcome {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&value) {
        // The test above makes sure that the number is in range.
        Ok(Value::Int(value as i64))
    } else {
        Err(EvalError::value_error("the number does not fit 64 bits"))
    }
}

/// `int(x=0, base=10)`
pub fn int(cx: &Cx, args: Args<'_>) -> Outcome {
    cx.charge(1)?;
    let base = maybe_integer("int", args, 1)?;
    match (given(args, 0), base) {
        (None, None) => Ok(Value::Int(0)),
        (Some(Value::Str(text)), _) => {
            let scratch = digits(cx, text)?;
            let number = parse_int(text, base.unwrap_or(10));
            cx.release(scratch);
            number
        }
        (other, Some(_)) => Err(refuse("int", "string", other)),
        (Some(Value::Int(number)), None) => Ok(Value::Int(*number)),
        (Some(Value::Bool(flag)), None) => Ok(Value::Int(i64::from(*flag))),
        (Some(Value::Float(number)), None) => whole(number.trunc()),
        (other, None) => Err(refuse("int", "number | string", other)),
    }
}

/// Charges for reading a number from text, digit by digit, and makes room for two copies of it.
/// The caller gives that back.
fn digits(cx: &Cx, text: &str) -> Result<u64, EvalError> {
    cx.charge(text.len() as u64 / 4)?;
    let scratch = text.len() as u64 * 2;
    cx.reserve(scratch)?;
    Ok(scratch)
}

fn parse_int(text: &str, base: i64) -> Outcome {
    let wrong = || {
        EvalError::value_error(format!(
            "`{}` is not an integer of base {base}",
            shown(text)
        ))
    };
    if base != 0 && !(2..=36).contains(&base) {
        return Err(EvalError::value_error(
            "the base of `int` must be 0 or 2 to 36",
        ));
    }
    let ascii = unicode::ascii_decimals(text.trim());
    let trimmed = ascii.as_ref();
    let (negative, body) = match trimmed.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let lower = body.to_lowercase();
    let prefixed = [("0x", 16), ("0o", 8), ("0b", 2)]
        .into_iter()
        .find(|&(prefix, value)| lower.starts_with(prefix) && (base == 0 || base == value));
    let (digits, radix) = match prefixed {
        // Python allows an underscore between prefix and digits: `0x_ff`.
        Some((_, radix)) => {
            let digits = lower.get(2..).unwrap_or_default();
            (digits.strip_prefix('_').unwrap_or(digits), radix)
        }
        None if base == 0 => (lower.as_str(), 10),
        None => (lower.as_str(), base),
    };
    let grouped = !digits.starts_with('_') && !digits.ends_with('_') && !digits.contains("__");
    // `int('007', 0)` is refused, as Python refuses the literal `007`.
    let leading_zero = base == 0
        && prefixed.is_none()
        && digits.len() > 1
        && digits.starts_with('0')
        && !digits.trim_matches(['0', '_']).is_empty();
    if digits.is_empty() || !grouped || leading_zero {
        return Err(wrong());
    }
    let radix = u32::try_from(radix).unwrap_or(10);
    let mut total: i128 = 0;
    for digit in digits.chars().filter(|&digit| digit != '_') {
        let digit = digit.to_digit(radix).ok_or_else(wrong)?;
        total = total
            .saturating_mul(i128::from(radix))
            .saturating_add(i128::from(digit));
    }
    let total = if negative { -total } else { total };
    i64::try_from(total)
        .map(Value::Int)
        .map_err(|_| EvalError::value_error("the number does not fit 64 bits"))
}

fn shown(text: &str) -> String {
    let short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short + "…"
    } else {
        short
    }
}

/// `float(x=0.0)`
pub fn float(cx: &Cx, args: Args<'_>) -> Outcome {
    cx.charge(1)?;
    match given(args, 0) {
        None => Ok(Value::Float(0.0)),
        Some(Value::Str(text)) => {
            let scratch = digits(cx, text)?;
            let wrong = || EvalError::value_error(format!("`{}` is not a number", shown(text)));
            let body = unicode::ascii_decimals(text.trim());
            let grouped = body.as_bytes().windows(3).all(|around| match *around {
                [before, b'_', after] => before.is_ascii_digit() && after.is_ascii_digit(),
                _ => true,
            });
            if body.starts_with('_') || body.ends_with('_') || !grouped {
                return Err(wrong());
            }
            let number: f64 = body.replace('_', "").parse().map_err(|_| wrong())?;
            cx.release(scratch);
            ops::finite(number)
        }
        other => number("float", args, 0)
            .map(Value::Float)
            .map_err(|_| refuse("float", "number | string", other)),
    }
}

/// `bool(x=False)`
pub fn bool(_: &Cx, args: Args<'_>) -> Outcome {
    Ok(Value::Bool(given(args, 0).is_some_and(ops::truthy)))
}

/// `abs(x)`
pub fn abs(cx: &Cx, args: Args<'_>) -> Outcome {
    match given(args, 0) {
        Some(Value::Float(number)) => Ok(Value::Float(number.abs())),
        other => {
            let number =
                integer("abs", args, 0).map_err(|_| refuse("abs", "int | float", other))?;
            if number < 0 {
                ops::neg(cx, &Value::Int(number))
            } else {
                Ok(Value::Int(number))
            }
        }
    }
}

/// `round(number, ndigits=None)`
pub fn round(cx: &Cx, args: Args<'_>) -> Outcome {
    cx.charge(1)?;
    let digits = maybe_integer("round", args, 1)?;
    match (given(args, 0), digits) {
        (Some(Value::Float(number)), None) => whole(number.round_ties_even()),
        (Some(Value::Float(number)), Some(digits)) => {
            // The number is written with all its digits and read again.
            cx.charge(48 + digits.unsigned_abs().min(330) / 2)?;
            round_float(*number, digits)
        }
        (Some(Value::Int(_) | Value::Bool(_)), _) => {
            round_int(integer("round", args, 0)?, digits.unwrap_or(0))
        }
        (other, _) => Err(refuse("round", "int | float", other)),
    }
}

fn round_float(number: f64, digits: i64) -> Outcome {
    // With more decimals than this a float does not change; rounded to more than 310 digits before
    // the point it is zero.
    if digits > 330 {
        return Ok(Value::Float(number));
    }
    if digits < -310 {
        return Ok(Value::Float(0.0_f64.copysign(number)));
    }
    if let Ok(decimals) = usize::try_from(digits) {
        let text = format!("{number:.decimals$}");
        return ops::finite(text.parse().unwrap_or(number));
    }
    // The decimal digits before the point are exact, so they are rounded as text: a division would
    // round before.
    let text = format!("{:.0}", number.trunc().abs());
    let drop = usize::try_from(-digits).unwrap_or(usize::MAX);
    let padded = format!("{text:0>width$}", width = drop + 1);
    let cut = padded.len() - drop;
    let (kept, dropped) = padded.split_at_checked(cut).unwrap_or((&padded, ""));
    let half = format!("5{}", "0".repeat(drop.saturating_sub(1)));
    let odd = kept.bytes().last().is_some_and(|digit| digit % 2 == 1);
    let up = match dropped.cmp(half.as_str()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => number.fract() != 0.0 || odd,
        std::cmp::Ordering::Less => false,
    };
    let rounded = format!("{kept}{}", "0".repeat(drop)).parse().unwrap_or(0.0);
    let step = format!("1{}", "0".repeat(drop)).parse().unwrap_or(0.0);
    let magnitude: f64 = if up { rounded + step } else { rounded };
    ops::finite(magnitude.copysign(number))
}

fn round_int(number: i64, digits: i64) -> Outcome {
    if digits >= 0 {
        return Ok(Value::Int(number));
    }
    let drop = u32::try_from(digits.unsigned_abs()).unwrap_or(u32::MAX);
    let Some(step) = 10_i128.checked_pow(drop) else {
        return Ok(Value::Int(0));
    };
    let number = i128::from(number);
    let (down, rest) = (number.div_euclid(step), number.rem_euclid(step));
    let up = rest * 2 > step || (rest * 2 == step && down % 2 != 0);
    let rounded = (down + i128::from(up)) * step;
    i64::try_from(rounded)
        .map(Value::Int)
        .map_err(|_| EvalError::value_error("the number does not fit 64 bits"))
}

/// `pow(base, exp, mod=None)`
pub fn pow(cx: &Cx, args: Args<'_>) -> Outcome {
    let Some(modulus) = maybe_integer("pow", args, 2)? else {
        return ops::pow(cx, &value(args, 0), &value(args, 1));
    };
    let (base, exponent) = (integer("pow", args, 0)?, integer("pow", args, 1)?);
    if modulus == 0 {
        return Err(EvalError::value_error("the `mod` of `pow` cannot be zero"));
    }
    // A division of 128 bits for each bit of the exponent.
    cx.charge(64)?;
    let modulus = i128::from(modulus);
    let mut factor = i128::from(base).rem_euclid(modulus);
    if exponent < 0 {
        factor = inverse(factor, modulus.abs()).ok_or_else(|| {
            EvalError::value_error(format!("{base} has no inverse for the modulus {modulus}"))
        })?;
    }
    let mut exponent = exponent.unsigned_abs();
    let mut total = 1_i128.rem_euclid(modulus);
    while exponent > 0 {
        if exponent % 2 == 1 {
            total = (total * factor).rem_euclid(modulus);
        }
        factor = (factor * factor).rem_euclid(modulus);
        exponent /= 2;
    }
    // Python's remainder has the sign of the modulus.
    let total = if modulus < 0 && total != 0 {
        total + modulus
    } else {
        total
    };
    Ok(Value::Int(i64::try_from(total).unwrap_or(0)))
}

/// The modular inverse: the number whose product with `value` has the remainder 1. Euclid's
/// algorithm.
fn inverse(value: i128, modulus: i128) -> Option<i128> {
    let (mut rest, mut next_rest) = (modulus, value);
    let (mut factor, mut next_factor) = (0, 1);
    while next_rest != 0 {
        let quotient = rest / next_rest;
        (rest, next_rest) = (next_rest, rest - quotient * next_rest);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    (rest == 1).then(|| factor.rem_euclid(modulus))
}

/// `divmod(a, b)`
pub fn divmod(cx: &Cx, args: Args<'_>) -> Outcome {
    cx.allocate_list(2)?;
    let (a, b) = (value(args, 0), value(args, 1));
    Ok(Value::list(vec![
        ops::floor_div(cx, &a, &b)?,
        ops::rem(cx, &a, &b)?,
    ]))
}

/// `math.sqrt(x)`
pub fn sqrt(_: &Cx, args: Args<'_>) -> Outcome {
    ops::finite(number("math.sqrt", args, 0)?.sqrt())
}

/// `math.floor(x)`
pub fn floor(_: &Cx, args: Args<'_>) -> Outcome {
    rounded("math.floor", args, f64::floor)
}

/// `math.ceil(x)`
pub fn ceil(_: &Cx, args: Args<'_>) -> Outcome {
    rounded("math.ceil", args, f64::ceil)
}

fn rounded(name: &str, args: Args<'_>, how: fn(f64) -> f64) -> Outcome {
    match given(args, 0) {
        Some(Value::Float(number)) => whole(how(*number)),
        other => integer(name, args, 0)
            .map(Value::Int)
            .map_err(|_| refuse(name, "int | float", other)),
    }
}

/// `math.log(x, base)`
pub fn log(_: &Cx, args: Args<'_>) -> Outcome {
    let natural = positive("math.log", args, 0)?.ln();
    match given(args, 1) {
        None => ops::finite(natural),
        // CPython divides the natural logarithms, so `log(8, 2)` is 3.0 but `log(1000, 10)` is not
        // quite 3.0.
        Some(_) => ops::finite(natural / positive("math.log", args, 1)?.ln()),
    }
}

/// `math.log10(x)`
pub fn log10(_: &Cx, args: Args<'_>) -> Outcome {
    ops::finite(positive("math.log10", args, 0)?.log10())
}

fn positive(name: &str, args: Args<'_>, at: usize) -> Result<f64, EvalError> {
    let number = number(name, args, at)?;
    if number > 0.0 {
        return Ok(number);
    }
    Err(EvalError::value_error(format!(
        "`{name}` takes numbers above zero"
    )))
}

/// `math.exp(x)`
pub fn exp(_: &Cx, args: Args<'_>) -> Outcome {
    ops::finite(number("math.exp", args, 0)?.exp())
}

/// `math.pow(x, y)`
pub fn math_pow(_: &Cx, args: Args<'_>) -> Outcome {
    ops::finite(number("math.pow", args, 0)?.powf(number("math.pow", args, 1)?))
}
