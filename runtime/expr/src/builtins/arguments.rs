//! Reading the arguments of a builtin, and putting arguments into its slots.
//!
//! Enters: the slots of a call. Leaves: typed arguments, or a refusal that names the function, the
//! parameter, and what was found and expected. Must not know any one builtin.

use std::cell::Cell;

use super::signature::{Args, Builtin, Passing, Presence};
use crate::{
    cx::Cx,
    error::EvalError,
    ops,
    str::Str,
    value::{Object, Value},
};

/// The argument in a slot; null when it was left out.
pub(crate) fn value(args: Args<'_>, at: usize) -> Value {
    given(args, at).cloned().unwrap_or_default()
}

/// The argument in a slot; `None` when it was left out.
pub(crate) fn given(args: Args<'_>, at: usize) -> Option<&Value> {
    args.get(at).and_then(Option::as_ref)
}

/// The arguments from a slot on, without those that were left out.
pub(crate) fn rest(args: Args<'_>, from: usize) -> Vec<Value> {
    args.iter().skip(from).flatten().cloned().collect()
}

/// A refusal like: `upper` takes `string`, found `int`.
pub(crate) fn refuse(function: &str, expected: &str, found: Option<&Value>) -> EvalError {
    let name = found.map_or("nothing", Value::kind_name);
    EvalError::type_error(format!("`{function}` takes `{expected}`, found `{name}`"))
        .found(found.as_slice())
}

/// A string argument. Reading the whole of it is charged here, so that no builtin can forget to.
pub(crate) fn string<'a>(
    cx: &Cx,
    function: &str,
    args: Args<'a>,
    at: usize,
) -> Result<&'a Str, EvalError> {
    let text = edge(function, args, at)?;
    cx.scan(text.len())?;
    Ok(text)
}

/// A string argument of which only the start or the end is looked at, at no charge.
pub(crate) fn edge<'a>(function: &str, args: Args<'a>, at: usize) -> Result<&'a Str, EvalError> {
    match given(args, at) {
        Some(Value::Str(text)) => Ok(text),
        other => Err(refuse(function, "string", other)),
    }
}

/// A string argument that may be left out or null. Reading it is charged.
pub(crate) fn maybe_string<'a>(
    cx: &Cx,
    function: &str,
    args: Args<'a>,
    at: usize,
) -> Result<Option<&'a Str>, EvalError> {
    match given(args, at) {
        None | Some(Value::Null) => Ok(None),
        _ => string(cx, function, args, at).map(Some),
    }
}

/// An integer argument. A boolean counts as an integer.
pub(crate) fn integer(function: &str, args: Args<'_>, at: usize) -> Result<i64, EvalError> {
    match given(args, at) {
        Some(Value::Int(number)) => Ok(*number),
        Some(Value::Bool(flag)) => Ok(i64::from(*flag)),
        other => Err(refuse(function, "int", other)),
    }
}

/// An integer argument that may be left out or null.
pub(crate) fn maybe_integer(
    function: &str,
    args: Args<'_>,
    at: usize,
) -> Result<Option<i64>, EvalError> {
    match given(args, at) {
        None | Some(Value::Null) => Ok(None),
        _ => integer(function, args, at).map(Some),
    }
}

/// An object argument.
pub(crate) fn object<'a>(
    function: &str,
    args: Args<'a>,
    at: usize,
) -> Result<&'a Object, EvalError> {
    match given(args, at) {
        Some(Value::Object(entries)) => Ok(entries),
        other => Err(refuse(function, "object", other)),
    }
}

/// A list argument.
pub(crate) fn list<'a>(
    function: &str,
    args: Args<'a>,
    at: usize,
) -> Result<&'a [Value], EvalError> {
    match given(args, at) {
        Some(Value::List(items)) => Ok(items),
        other => Err(refuse(function, "list", other)),
    }
}

/// Puts positional and keyword arguments into the slots of [`Args`].
///
/// # Errors
/// Too few or too many arguments, an unknown name, or one argument given twice; a limit error.
pub fn layout(
    cx: &Cx,
    builtin: &Builtin,
    receiver: Option<Value>,
    positional: Vec<Value>,
    named: Vec<(String, Value)>,
) -> Result<Vec<Option<Value>>, EvalError> {
    // The object of the keyword arguments is charged, as it is where generated code makes it.
    let failure = Cell::new(None);
    let slots = layout_with(builtin, receiver, positional, named, |entries| {
        let entries = entries.into_iter();
        let entries = entries.map(|(key, item)| (Value::from(key), item));
        ops::object(cx, entries.collect()).unwrap_or_else(|error| {
            failure.set(Some(error));
            Value::Null
        })
    });
    match failure.into_inner() {
        Some(error) => Err(error),
        None => slots.map_err(EvalError::type_error),
    }
}

/// [`layout`] for anything that represents a value; the compiler calls it with expressions.
/// `object` makes one object of the arguments that a `**keywords` parameter collects.
///
/// # Errors
/// Too few or too many arguments, an unknown name, or one argument given twice: a message.
pub fn layout_with<T>(
    builtin: &Builtin,
    receiver: Option<T>,
    positional: Vec<T>,
    named: Vec<(String, T)>,
    object: impl Fn(Vec<(String, T)>) -> T,
) -> Result<Vec<Option<T>>, String> {
    let name = builtin.name;
    let given = positional.len();
    let mut positional = positional.into_iter();
    let mut named: Vec<Option<(String, T)>> = named.into_iter().map(Some).collect();
    let mut slots: Vec<Option<T>> = receiver.into_iter().map(Some).collect();
    let mut tail = Vec::new();
    for param in builtin.params {
        match param.presence {
            Presence::Variadic => tail.extend(positional.by_ref().map(Some)),
            Presence::Keywords => {
                slots.push(Some(object(
                    named.iter_mut().filter_map(Option::take).collect(),
                )));
            }
            Presence::Required | Presence::Optional => {
                let by_place = if param.passing == Passing::Keyword {
                    None
                } else {
                    positional.next()
                };
                let by_name = take_named(&mut named, param.name, param.passing);
                if by_place.is_some() && by_name.is_some() {
                    return Err(format!("`{name}` was given `{}` twice", param.name));
                }
                let argument = by_place.or(by_name);
                if argument.is_none() && param.presence == Presence::Required {
                    return Err(format!("`{name}` needs an argument `{}`", param.name));
                }
                slots.push(argument);
            }
        }
    }
    if positional.next().is_some() {
        return Err(too_many(builtin, given));
    }
    if let Some((unknown, _)) = named.into_iter().flatten().next() {
        return Err(format!("`{name}` has no argument `{unknown}`"));
    }
    slots.append(&mut tail);
    Ok(slots)
}

/// The message: `len` takes 1 argument, found 2.
fn too_many(builtin: &Builtin, given: usize) -> String {
    let places = builtin
        .params
        .iter()
        .filter(|param| param.passing != Passing::Keyword && param.presence != Presence::Keywords);
    let takes = places.clone().count();
    let fewer = places
        .clone()
        .any(|param| param.presence == Presence::Optional);
    let most = if fewer { "at most " } else { "" };
    let s = if takes == 1 { "" } else { "s" };
    format!(
        "`{}` takes {most}{takes} argument{s}, found {given}",
        builtin.name
    )
}

fn take_named<T>(named: &mut [Option<(String, T)>], name: &str, passing: Passing) -> Option<T> {
    if passing == Passing::Positional {
        return None;
    }
    let found = named
        .iter_mut()
        .find(|entry| entry.as_ref().is_some_and(|(key, _)| key == name));
    found.and_then(Option::take).map(|(_, item)| item)
}
