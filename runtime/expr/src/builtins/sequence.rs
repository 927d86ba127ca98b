//! Builtins over sequences.
//!
//! Enters: lists, strings, objects. Leaves: lengths, lists, elements, booleans. A function that
//! CPython has too works like CPython's. Must not know stages.

use super::{
    arguments::{given, integer, maybe_integer, refuse, rest, value},
    signature::{Args, Returns, keyword, opt, req, rows, variadic},
};
use crate::{
    cx::{Cx, VALUE_BYTES},
    elements::Elements,
    error::EvalError,
    kinds::Kinds,
    ops,
    value::{List, Value, as_count},
};
use std::cmp::Ordering;

type Outcome = Result<Value, EvalError>;

rows! { "sequence";
    "len", len(req("x", Kinds::ITERABLE)) -> Returns::Kinds(Kinds::INT),
        "The number of elements, keys or characters.", "len('héllo')" => "5";
    "list", list(opt("x", Kinds::ITERABLE)) -> Returns::ListOfElements(0),
        "A list of the elements, keys or characters.", "list({'a': 1})" => "[\"a\"]";
    "set", set(opt("x", Kinds::ITERABLE)) -> Returns::ListOfElements(0),
        "The distinct elements, first occurrences in order.", "set([2, 1, 2])" => "[2,1]";
    "unique", set(req("x", Kinds::ITERABLE)) -> Returns::ListOfElements(0),
        "The distinct elements, first occurrences in order.", "['b', 'a', 'b'] | unique" => "[\"b\",\"a\"]";
    "range", range(req("start", Kinds::INTEGER), opt("stop", Kinds::INTEGER), opt("step", Kinds::INTEGER))
        -> Returns::ListOf(Kinds::INT),
        "The integers from `start` (0 when only one is given) up to, not including, `stop`.", "range(1, 7, 2)" => "[1,3,5]";
    "enumerate", enumerate(req("x", Kinds::ITERABLE), opt("start", Kinds::INTEGER)) -> Returns::ListOfLists,
        "Pairs of position and element.", "enumerate(['a'], start=1)" => "[[1,\"a\"]]";
    "zip", zip(keyword("strict", Kinds::BOOL), variadic("xs", Kinds::ITERABLE)) -> Returns::ListOfLists,
        "Lists of the elements at the same position, as long as the shortest.", "zip([1, 2], 'ab')" => "[[1,\"a\"],[2,\"b\"]]";
    "sorted", sorted(req("x", Kinds::ITERABLE), keyword("reverse", Kinds::INTEGER)) -> Returns::ListOfElements(0),
        "The elements in order; equal ones keep their order.", "sorted([3, 1, 2], reverse=True)" => "[3,2,1]";
    "reversed", reversed(req("x", Kinds::ITERABLE)) -> Returns::ListOfElements(0),
        "The elements from last to first.", "reversed('abc')" => "[\"c\",\"b\",\"a\"]";
    "any", any(req("x", Kinds::ITERABLE)) -> Returns::Kinds(Kinds::BOOL),
        "Whether an element is true.", "any(x > 1 for x in [1, 2])" => "true";
    "all", all(req("x", Kinds::ITERABLE)) -> Returns::Kinds(Kinds::BOOL),
        "Whether every element is true.", "all([])" => "true";
    "min", min(keyword("default", Kinds::ANY), variadic("values", Kinds::ANY)) -> Returns::OneOf,
        "The smallest of the arguments, or of one sequence.", "min(3, 1, 2)" => "1";
    "max", max(keyword("default", Kinds::ANY), variadic("values", Kinds::ANY)) -> Returns::OneOf,
        "The largest of the arguments, or of one sequence.", "max([], default=0)" => "0";
    "sum", sum(req("x", Kinds::LIST).of(Kinds::NUMBER.or(Kinds::LIST)), opt("start", Kinds::ANY)) -> Returns::Sum,
        "The sum of the elements.", "sum([1, 2.5])" => "3.5";
    "first", first(req("x", Kinds::ITERABLE.or(Kinds::NULL))) -> Returns::ElementOrNull(0),
        "The first element, or null when there is none.", "[] | first" => "null";
    "last", last(req("x", Kinds::ITERABLE.or(Kinds::NULL))) -> Returns::ElementOrNull(0),
        "The last element, or null when there is none.", "last([1, 2])" => "2";
    "flatten", flatten(req("x", Kinds::LIST), opt("depth", Kinds::INTEGER)) -> Returns::ListOf(Kinds::ANY),
        "The list with inner lists replaced by their elements, `depth` levels deep (1).", "flatten([1, [2, [3]]])" => "[1,2,[3]]";
}

/// `len(x)`
pub fn len(cx: &Cx, args: Args<'_>) -> Outcome {
    let count = match given(args, 0) {
        Some(Value::Str(text)) => {
            cx.charge(text.len() as u64 / 64)?;
            text.chars().count()
        }
        Some(Value::List(items)) => items.len(),
        Some(Value::Object(entries)) => entries.len(),
        other => return Err(refuse("len", "string | list | object", other)),
    };
    Ok(Value::Int(as_count(count)))
}

/// `list(x)`
pub fn list(cx: &Cx, args: Args<'_>) -> Outcome {
    match given(args, 0) {
        None => Ok(Value::empty_list()),
        Some(items) => Ok(Value::List(ops::iterate(cx, items)?)),
    }
}

/// `set(x)`
pub fn set(cx: &Cx, args: Args<'_>) -> Outcome {
    match given(args, 0) {
        None => Ok(Value::empty_list()),
        Some(items) => ops::distinct(cx, ops::iterate(cx, items)?.iter().cloned()),
    }
}

/// `range(stop)`, `range(start, stop, step)`
pub fn range(cx: &Cx, args: Args<'_>) -> Outcome {
    let first = integer("range", args, 0)?;
    let (start, stop) = match given(args, 1) {
        None => (0, first),
        Some(_) => (first, integer("range", args, 1)?),
    };
    let step = match given(args, 2) {
        None => 1,
        Some(_) => integer("range", args, 2)?,
    };
    if step == 0 {
        return Err(EvalError::value_error("`range` step cannot be zero"));
    }
    let span = if step > 0 {
        i128::from(stop) - i128::from(start)
    } else {
        i128::from(start) - i128::from(stop)
    };
    let width = i128::from(step.unsigned_abs());
    let count = u64::try_from((span + width - 1).div_euclid(width).max(0)).unwrap_or(u64::MAX);
    cx.charge(count)?;
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    cx.allocate_list(count)?;
    let numbers = std::iter::successors(Some(start), |at| at.checked_add(step));
    // The iterator does not know how many there are, and a list that grows takes more room.
    let mut items = Vec::with_capacity(count);
    items.extend(numbers.take(count).map(Value::Int));
    Ok(Value::list(items))
}

/// `enumerate(x, start=0)`
pub fn enumerate(cx: &Cx, args: Args<'_>) -> Outcome {
    let start = maybe_integer("enumerate", args, 1)?.unwrap_or(0);
    let items = ops::iterate(cx, &value(args, 0))?;
    let numbers = std::iter::successors(Some(start), |at| at.checked_add(1));
    let mut rows = Rows::new(cx, items.len())?;
    for (at, item) in numbers.zip(&items) {
        rows.push(vec![Value::Int(at), item.clone()])?;
    }
    Ok(rows.finish())
}

/// `zip(*xs, strict=False)`
pub fn zip(cx: &Cx, args: Args<'_>) -> Outcome {
    let strict = given(args, 0).is_some_and(ops::truthy);
    let columns: Vec<List> = rest(args, 1)
        .iter()
        .map(|column| ops::iterate(cx, column))
        .collect::<Result<_, _>>()?;
    let shortest = columns.iter().map(|column| column.len()).min().unwrap_or(0);
    if strict && columns.iter().any(|column| column.len() != shortest) {
        return Err(EvalError::value_error(
            "`zip` with `strict` found sequences of different lengths",
        ));
    }
    let mut rows = Rows::new(cx, shortest)?;
    for at in 0..shortest {
        cx.charge(columns.len() as u64)?;
        let row = columns.iter().filter_map(|column| column.get(at).cloned());
        rows.push(row.collect())?;
    }
    Ok(rows.finish())
}

/// A list of short lists. Room is made for each before it is added.
struct Rows<'a> {
    cx: &'a Cx,
    rows: Vec<Value>,
}

impl<'a> Rows<'a> {
    fn new(cx: &'a Cx, rows: usize) -> Result<Self, EvalError> {
        cx.allocate_list(rows)?;
        let rows = Vec::with_capacity(rows);
        Ok(Self { cx, rows })
    }

    fn push(&mut self, row: Vec<Value>) -> Result<(), EvalError> {
        self.cx.charge(3)?;
        self.cx.allocate_list(row.len())?;
        self.rows.push(Value::list(row));
        Ok(())
    }

    fn finish(self) -> Value {
        Value::list(self.rows)
    }
}

/// `sorted(x, reverse=False)`
pub fn sorted(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = ops::iterate(cx, &value(args, 0))?;
    let descending = given(args, 1).is_some_and(ops::truthy);
    cx.allocate_list(items.len())?;
    // While it is sorted, a list is in memory three times.
    let copies = items.len() as u64 * 2 * VALUE_BYTES;
    cx.reserve(copies)?;
    let sorted = merge_sort(cx, items.to_vec(), descending)?;
    cx.release(copies);
    Ok(Value::list(sorted))
}

/// A stable sort in which a comparison may fail. The one in the standard library cannot stop at an
/// error.
fn merge_sort(cx: &Cx, mut items: Vec<Value>, descending: bool) -> Result<Vec<Value>, EvalError> {
    if items.len() < 2 {
        return Ok(items);
    }
    let right = items.split_off(items.len() / 2);
    let mut left = merge_sort(cx, items, descending)?.into_iter().peekable();
    let mut right = merge_sort(cx, right, descending)?.into_iter().peekable();
    let mut out = Vec::with_capacity(left.len() + right.len());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        // The right one comes first only if it is really less (or greater). Equal elements keep
        // their order.
        let wanted = if descending {
            Ordering::Greater
        } else {
            Ordering::Less
        };
        let next = if ops::ordering(cx, b, a)? == wanted {
            &mut right
        } else {
            &mut left
        };
        out.extend(next.next());
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}

/// `reversed(x)`
pub fn reversed(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = ops::iterate(cx, &value(args, 0))?;
    cx.allocate_list(items.len())?;
    Ok(Value::List(List::of(items.iter().rev().cloned())))
}

/// `any(x)`
pub fn any(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = ops::iterate(cx, &value(args, 0))?;
    Ok(Value::Bool(items.iter().any(ops::truthy)))
}

/// `all(x)`
pub fn all(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = ops::iterate(cx, &value(args, 0))?;
    Ok(Value::Bool(items.iter().all(ops::truthy)))
}

/// `min(xs)`, `min(a, b)`
pub fn min(cx: &Cx, args: Args<'_>) -> Outcome {
    extreme(cx, "min", Ordering::Less, args)
}

/// `max(xs)`, `max(a, b)`
pub fn max(cx: &Cx, args: Args<'_>) -> Outcome {
    extreme(cx, "max", Ordering::Greater, args)
}

fn extreme(cx: &Cx, name: &str, wanted: Ordering, args: Args<'_>) -> Outcome {
    let values = rest(args, 1);
    let items = match values.as_slice() {
        [] => return Err(EvalError::type_error(format!("`{name}` needs an argument"))),
        [sequence] => ops::iterate(cx, sequence)?,
        _ => List::new(values),
    };
    let mut best: Option<&Value> = None;
    for item in &items {
        let better = match best {
            None => true,
            Some(best) => ops::ordering(cx, item, best)? == wanted,
        };
        if better {
            best = Some(item);
        }
    }
    best.or_else(|| given(args, 0)).cloned().ok_or_else(|| {
        EvalError::value_error(format!("`{name}` of an empty sequence needs a `default`"))
    })
}

/// `sum(x, start=0)`
pub fn sum(cx: &Cx, args: Args<'_>) -> Outcome {
    let start = given(args, 1).cloned().unwrap_or(Value::Int(0));
    if matches!(start, Value::Str(_)) {
        return Err(EvalError::type_error(
            "`sum` does not join strings; `join` does",
        ));
    }
    let items = ops::iterate(cx, &value(args, 0))?;
    if let Value::List(first) = &start {
        return joined(cx, first, &items);
    }
    items
        .iter()
        .try_fold(start, |sum, item| ops::add(cx, &sum, item))
}

/// The elements of lists in one list. Adding one list after the other would copy the first ones
/// again and again.
fn joined(cx: &Cx, first: &List, lists: &[Value]) -> Outcome {
    cx.charge(first.len() as u64)?;
    let mut out = Elements::default();
    out.extend(cx, first)?;
    for item in lists {
        let Value::List(more) = item else {
            // It refuses.
            return ops::add(cx, &Value::empty_list(), item);
        };
        cx.charge(1 + more.len() as u64)?;
        out.extend(cx, more)?;
    }
    out.finish(cx)
}

/// `first(x)`
pub fn first(cx: &Cx, args: Args<'_>) -> Outcome {
    end(cx, args, 0)
}

/// `last(x)`
pub fn last(cx: &Cx, args: Args<'_>) -> Outcome {
    end(cx, args, -1)
}

fn end(cx: &Cx, args: Args<'_>, at: i64) -> Outcome {
    match given(args, 0) {
        Some(Value::Object(_)) => {
            let keys = Value::List(ops::iterate(cx, &value(args, 0))?);
            ops::index(cx, &keys, &Value::Int(at))
        }
        other => ops::index(cx, &other.cloned().unwrap_or_default(), &Value::Int(at)),
    }
}

/// `flatten(x, depth=1)`
pub fn flatten(cx: &Cx, args: Args<'_>) -> Outcome {
    let depth = maybe_integer("flatten", args, 1)?.unwrap_or(1);
    let Some(Value::List(items)) = given(args, 0) else {
        return Err(refuse("flatten", "list", given(args, 0)));
    };
    let mut out = Elements::default();
    open(cx, items, depth, &mut out)?;
    out.finish(cx)
}

fn open(cx: &Cx, items: &[Value], depth: i64, out: &mut Elements) -> Result<(), EvalError> {
    for item in items {
        cx.charge(1)?;
        if let (Value::List(inner), true) = (item, depth > 0) {
            open(cx, inner, depth - 1, out)?;
        } else {
            out.push(cx, item.clone())?;
        }
    }
    Ok(())
}
