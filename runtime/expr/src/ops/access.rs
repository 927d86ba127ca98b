//! Reading parts: members, indices, slices, iteration, unpacking.
//!
//! Enters: a value and which part of it. Leaves: the part, or null when it is missing (language
//! reference, section 4, difference 2). Must not know names or stages.

use super::compare::find_key;
use crate::{
    builder::Builder,
    cx::Cx,
    error::EvalError,
    str::Str,
    value::{List, Value, as_count},
};

/// `base.name`: the value of an object's key. Null when the key is missing, or when `base` is null.
///
/// # Errors
/// `base` has any other type.
pub fn member(base: &Value, name: &str) -> Result<Value, EvalError> {
    match base {
        Value::Object(entries) => Ok(entries.get(name).cloned().unwrap_or_default()),
        Value::Null => Ok(Value::Null),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) | Value::List(_) => Err(
            EvalError::type_error(format!("`{}` has no field `{name}`", base.kind_name())),
        ),
    }
}

/// `base.first.second…`: calls [`member`] for each name.
///
/// # Errors
/// The errors of [`member`].
pub fn path(base: Value, names: &[&str]) -> Result<Value, EvalError> {
    names
        .iter()
        .try_fold(base, |value, name| member(&value, name))
}

/// `base[index]`. Null when the key is missing, when the index is out of range, or when `base` is
/// null.
///
/// # Errors
/// A base that has no parts, or an index of a type that the base does not take.
pub fn index(cx: &Cx, base: &Value, index: &Value) -> Result<Value, EvalError> {
    match (base, index) {
        (Value::Null, _) => Ok(Value::Null),
        (Value::Object(entries), Value::Str(key)) => {
            find_key(cx, key)?;
            Ok(entries.get(key).cloned().unwrap_or_default())
        }
        (Value::List(items), Value::Int(_) | Value::Bool(_)) => {
            let at = position(index, items.len());
            Ok(at.and_then(|at| items.get(at)).cloned().unwrap_or_default())
        }
        (Value::Str(text), Value::Int(_) | Value::Bool(_)) => {
            let at = position(index, characters(cx, text)?);
            let found = at.and_then(|at| {
                if text.is_ascii() {
                    text.as_bytes().get(at).copied().map(char::from)
                } else {
                    text.chars().nth(at)
                }
            });
            Ok(found.map_or(Value::Null, one_character))
        }
        _ => Err(EvalError::type_error(format!(
            "cannot index `{}` with `{}`",
            base.kind_name(),
            index.kind_name()
        ))
        .found(&[index])),
    }
}

fn position(index: &Value, length: usize) -> Option<usize> {
    let at = integer(index)?;
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at.checked_add(length)? } else { at };
    usize::try_from(at).ok()
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(value) => Some(*value),
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Null | Value::Float(_) | Value::Str(_) | Value::List(_) | Value::Object(_) => None,
    }
}

/// `base[start:stop:step]` of a list or string. Null when `base` is null.
///
/// # Errors
/// A base of another type, a bound that is not an integer, or a step of zero.
pub fn slice(cx: &Cx, base: &Value, bounds: [Option<&Value>; 3]) -> Result<Value, EvalError> {
    let [start, stop, step] = bounds;
    let step = bound(step)?.unwrap_or(1);
    if step == 0 {
        return Err(EvalError::value_error("slice step cannot be zero"));
    }
    let (start, stop) = (bound(start)?, bound(stop)?);
    match base {
        Value::Null => Ok(Value::Null),
        Value::List(items) => {
            let picks = picks(items.len(), start, stop, step);
            cx.charge(picks.len() as u64)?;
            cx.allocate_list(picks.len())?;
            Ok(Value::List(List::of(
                picks.map(|at| items.get(at).cloned().unwrap_or_default()),
            )))
        }
        Value::Str(text) => slice_text(cx, text, start, stop, step),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object(_) => Err(
            EvalError::type_error(format!("cannot slice `{}`", base.kind_name())),
        ),
    }
}

fn bound(value: Option<&Value>) -> Result<Option<i64>, EvalError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => integer(value).map(Some).ok_or_else(|| {
            EvalError::type_error(format!(
                "slice bounds are `int` or `null`, found `{}`",
                value.kind_name()
            ))
        }),
    }
}

/// How many characters a text has. The charge covers finding one of them as well: in a text that is
/// ASCII only they need not be counted.
fn characters(cx: &Cx, text: &str) -> Result<usize, EvalError> {
    cx.charge(text.len() as u64 / 64)?;
    if text.is_ascii() {
        return Ok(text.len());
    }
    cx.scan(text.len().saturating_mul(2))?;
    Ok(text.chars().count())
}

/// A part of a text. Without steps it is cut out in one piece.
fn slice_text(
    cx: &Cx,
    text: &Str,
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
) -> Result<Value, EvalError> {
    let count = characters(cx, text)?;
    let mut picks = picks(count, start, stop, step);
    if step == 1 {
        let (Some(first), more) = (picks.next(), picks.len()) else {
            return Ok(Value::from(""));
        };
        let (from, to) = if text.is_ascii() {
            (first, first + more + 1)
        } else {
            let mut places = text.char_indices().map(|(place, _)| place).skip(first);
            let from = places.next().unwrap_or(text.len());
            (from, places.nth(more).unwrap_or(text.len()))
        };
        let part = text.get(from..to).unwrap_or_default();
        if part.len() == text.len() {
            return Ok(Value::Str(text.clone()));
        }
        cx.allocate(part.len() as u64)?;
        return Ok(Value::from(part));
    }
    cx.charge(picks.len() as u64 / 4)?;
    let mut out = Builder::with_capacity(cx, picks.len())?;
    if text.is_ascii() {
        let bytes = text.as_bytes();
        out.extend(picks.filter_map(|at| bytes.get(at).copied().map(char::from)))?;
        return out.finish();
    }
    let room = count as u64 * 4;
    cx.reserve(room)?;
    let mut characters = Vec::with_capacity(count);
    characters.extend(text.chars());
    out.extend(picks.filter_map(|at| characters.get(at).copied()))?;
    drop(characters);
    cx.release(room);
    out.finish()
}

/// The positions that a slice picks, by the rules of CPython's `slice.indices`.
fn picks(
    length: usize,
    start: Option<i64>,
    stop: Option<i64>,
    step: i64,
) -> impl ExactSizeIterator<Item = usize> {
    let length = as_count(length);
    let (lower, upper) = if step < 0 {
        (-1, length - 1)
    } else {
        (0, length)
    };
    let clamp = |bound: i64| {
        let bound = if bound < 0 {
            bound.saturating_add(length)
        } else {
            bound
        };
        bound.clamp(lower, upper)
    };
    let start = start.map_or(if step < 0 { upper } else { lower }, clamp);
    let stop = stop.map_or(if step < 0 { lower } else { upper }, clamp);
    let way = if step < 0 { start - stop } else { stop - start };
    let width = step.unsigned_abs();
    let count = u64::try_from(way).unwrap_or(0).div_ceil(width);
    // All of them are positions of the list, so no sum goes beyond 64 bits.
    (0..usize::try_from(count).unwrap_or(0)).map(move |nth| {
        let at = start.saturating_add(as_count(nth).saturating_mul(step));
        usize::try_from(at).unwrap_or(usize::MAX)
    })
}

/// The elements that `for` iterates over: those of a list, the keys of an object, the characters of
/// a string. A list is shared and not copied.
///
/// # Errors
/// The value has any other type.
pub fn iterate(cx: &Cx, value: &Value) -> Result<List, EvalError> {
    match value {
        Value::List(items) => {
            cx.charge(items.len() as u64)?;
            Ok(items.clone())
        }
        Value::Object(entries) => {
            cx.charge(entries.len() as u64)?;
            cx.allocate_list(entries.len())?;
            Ok(List::of(entries.keys().cloned().map(Value::Str)))
        }
        Value::Str(text) => {
            cx.charge(text.len() as u64)?;
            let length = text.chars().count();
            cx.allocate_list(length)?;
            let mut items = Vec::with_capacity(length);
            items.extend(text.chars().map(one_character));
            Ok(List::new(items))
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => Err(
            EvalError::type_error(format!("cannot iterate over `{}`", value.kind_name()))
                .found(&[value]),
        ),
    }
}

fn one_character(character: char) -> Value {
    Value::from(&*character.encode_utf8(&mut [0; 4]))
}

/// The `count` elements that a loop target such as `k, v` is bound to.
///
/// # Errors
/// A value that cannot be iterated over, or that has another number of elements.
pub fn unpack(cx: &Cx, value: &Value, count: usize) -> Result<List, EvalError> {
    let items = iterate(cx, value)?;
    if items.len() == count {
        return Ok(items);
    }
    Err(EvalError::value_error(format!(
        "cannot unpack {} elements into {count} names",
        items.len()
    )))
}
