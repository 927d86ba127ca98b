//! Objects and lists: functions and methods.
//!
//! Enters: an object or list and arguments, the receiver first. Leaves: parts of it. Dict views are
//! lists. Must not know stages.

use super::{
    arguments::{given, list, maybe_integer, object, refuse, value},
    signature::{Args, Returns, keywords, opt, req, rows},
};
use crate::{
    cx::Cx,
    elements::Entries,
    error::EvalError,
    kinds::Kinds,
    ops,
    value::{List, Object, Value, as_count},
};

type Outcome = Result<Value, EvalError>;

rows! { "object";
    "dict", dict(opt("x", Kinds::OBJECT.or(Kinds::LIST)), keywords("fields")) -> Returns::Kinds(Kinds::OBJECT),
        "An object from pairs, another object, or named arguments.", "dict([['a', 1]], b=2)" => "{\"a\":1,\"b\":2}";
    "keys", keys(req("x", Kinds::OBJECT)) -> Returns::ListOf(Kinds::STR), "The keys, in order.", "keys({'a': 1})" => "[\"a\"]";
    "values", values(req("x", Kinds::OBJECT)) -> Returns::ListOfElements(0), "The values, in order.", "values({'a': 1})" => "[1]";
    "items", items(req("x", Kinds::OBJECT)) -> Returns::ListOfLists, "Pairs of key and value, in order.", "items({'a': 1})" => "[[\"a\",1]]";
    "default", default(req("x", Kinds::ANY), opt("d", Kinds::ANY)) -> Returns::Either(0, 1),
        "`x`; when it is null, `d` or empty text. (`or` also replaces zero and empty values.)", "None | default('a')" => "\"a\"";
    "raw", raw(req("x", Kinds::ANY)) -> Returns::Argument(0),
        "The value itself; in a URL it is not escaped.", "raw('a/b')" => "\"a/b\"";
    "get" on Kinds::OBJECT, get(req("key", Kinds::ANY), opt("default", Kinds::ANY)) -> Returns::Any,
        "The value of `key`, else `default`.", "{'a': 1}.get('b', 0)" => "0";
    "keys" on Kinds::OBJECT, keys() -> Returns::ListOf(Kinds::STR), "The keys, in order.", "{'a': 1}.keys()" => "[\"a\"]";
    "values" on Kinds::OBJECT, values() -> Returns::ListOfElements(0), "The values, in order.", "{'a': 1}.values()" => "[1]";
    "items" on Kinds::OBJECT, items() -> Returns::ListOfLists, "Pairs of key and value, in order.", "[k for k, v in {'a': 1}.items()]" => "[\"a\"]";
    "index" on Kinds::LIST, index(req("x", Kinds::ANY), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> Returns::Kinds(Kinds::INT),
        "The position of the first equal element; an error when there is none.", "[1, 2].index(2)" => "1";
    "count" on Kinds::LIST, count(req("x", Kinds::ANY)) -> Returns::Kinds(Kinds::INT), "How many elements are equal.", "[1, 1.0, 2].count(1)" => "2";
}

/// `dict(x, **fields)`
pub fn dict(cx: &Cx, args: Args<'_>) -> Outcome {
    let mut out = Entries::default();
    match given(args, 0) {
        None => {}
        Some(Value::Object(entries)) => add_all(cx, &mut out, entries)?,
        Some(Value::List(pairs)) => {
            for pair in pairs {
                let two = ops::unpack(cx, pair, 2)?;
                if let [key, item] = two.as_slice() {
                    ops::insert(cx, &mut out, key.clone(), item.clone())?;
                }
            }
        }
        other => return Err(refuse("dict", "object | list", other)),
    }
    if let Some(Value::Object(fields)) = given(args, 1) {
        add_all(cx, &mut out, fields)?;
    }
    out.finish(cx)
}

fn add_all(cx: &Cx, out: &mut Entries, entries: &Object) -> Result<(), EvalError> {
    for (key, item) in entries {
        ops::insert(cx, out, Value::Str(key.clone()), item.clone())?;
    }
    Ok(())
}

/// `d.keys()`
pub fn keys(cx: &Cx, args: Args<'_>) -> Outcome {
    object("keys", args, 0)?;
    Ok(Value::List(ops::iterate(cx, &value(args, 0))?))
}

/// `d.values()`
pub fn values(cx: &Cx, args: Args<'_>) -> Outcome {
    let entries = object("values", args, 0)?;
    cx.charge(entries.len() as u64)?;
    cx.allocate_list(entries.len())?;
    Ok(Value::List(List::of(entries.values().cloned())))
}

/// `d.items()`
pub fn items(cx: &Cx, args: Args<'_>) -> Outcome {
    let entries = object("items", args, 0)?;
    cx.allocate_list(entries.len())?;
    let mut pairs = Vec::with_capacity(entries.len());
    for (key, item) in entries {
        cx.charge(2)?;
        cx.allocate_list(2)?;
        pairs.push(Value::list(vec![Value::Str(key.clone()), item.clone()]));
    }
    Ok(Value::list(pairs))
}

/// `d.get(key, default=None)`
pub fn get(cx: &Cx, args: Args<'_>) -> Outcome {
    let entries = object("get", args, 0)?;
    let Some(Value::Str(key)) = given(args, 1) else {
        return Ok(value(args, 2));
    };
    ops::find_key(cx, key)?;
    Ok(entries.get(key).cloned().unwrap_or_else(|| value(args, 2)))
}

/// `default(x, d='')`
pub fn default(_: &Cx, args: Args<'_>) -> Outcome {
    match given(args, 0) {
        None | Some(Value::Null) => Ok(given(args, 1).cloned().unwrap_or_else(|| Value::from(""))),
        Some(value) => Ok(value.clone()),
    }
}

/// `raw(x)`
pub fn raw(_: &Cx, args: Args<'_>) -> Outcome {
    Ok(value(args, 0))
}

/// `xs.index(x, start, end)`
pub fn index(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = list("index", args, 0)?;
    let length = as_count(items.len());
    let clamp = |at: i64| {
        if at < 0 {
            at.saturating_add(length).max(0)
        } else {
            at
        }
    };
    let start = clamp(maybe_integer("index", args, 2)?.unwrap_or(0));
    let end = clamp(maybe_integer("index", args, 3)?.unwrap_or(length));
    let wanted = value(args, 1);
    for (at, item) in (0..).zip(items) {
        cx.charge(1)?;
        if (start..end).contains(&at) && ops::equal(cx, item, &wanted)? {
            return Ok(Value::Int(at));
        }
    }
    Err(EvalError::value_error("`index` did not find the element"))
}

/// `xs.count(x)`
pub fn count(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = list("count", args, 0)?;
    let wanted = value(args, 1);
    let mut count = 0_usize;
    for item in items {
        count += usize::from(ops::equal(cx, item, &wanted)?);
    }
    Ok(Value::Int(as_count(count)))
}
