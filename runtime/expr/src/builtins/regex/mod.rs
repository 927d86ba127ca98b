//! Regular expressions, by an engine whose time is linear in the text.
//!
//! Enters: a pattern in Python's syntax (without look-around and back-references) and a text.
//! Leaves: matches as objects, lists of text, text with replacements. Must not know stages.

mod automaton;

mod class;

mod engine;

mod kept;

mod lazy;

mod pattern;

mod reader;

mod replacement;

mod threads;

#[cfg(test)]
mod tests;

use engine::{Match, Search};
use replacement::{Part, parts};

use super::{
    arguments::{edge, maybe_integer, string},
    signature::{Args, Returns, opt, req, rows},
};
use crate::{
    builder::Builder,
    cx::{Cx, text_bytes},
    elements::Elements,
    error::{EvalError, excerpt},
    kinds::Kinds,
    str::Str,
    value::{Map, Value, as_count},
};

type Outcome = Result<Value, EvalError>;

const MATCH: Returns = Returns::Kinds(Kinds::OBJECT.or(Kinds::NULL));

rows! { "regex";
    "re.match", matches(req("pattern", Kinds::STR), req("string", Kinds::STR)) -> MATCH,
        "The match at the start of the text: `match`, `groups`, `named`, `start`, `end`; or null.",
        "re.match('(a)(b)?', 'ab').groups" => "[\"a\",\"b\"]";
    "re.search", search(req("pattern", Kinds::STR), req("string", Kinds::STR)) -> MATCH,
        "The first match anywhere: `match`, `groups`, `named`, `start`, `end`; or null.",
        "re.search('[0-9]+', 'a12').match" => "\"12\"";
    "re.findall", findall(req("pattern", Kinds::STR), req("string", Kinds::STR)) -> Returns::ListOf(Kinds::STR.or(Kinds::LIST)),
        "A list of the matches: each as its text, its only group, or the list of its groups.", "re.findall('a(.)', 'ab ac')" => "[\"b\",\"c\"]";
    "re.sub", sub(req("pattern", Kinds::STR), req("repl", Kinds::STR), req("string", Kinds::STR), opt("count", Kinds::INTEGER)) -> Returns::Kinds(Kinds::STR),
        "The text with every match replaced; `\\\\1` and `\\\\g<name>` insert groups.", "re.sub('b+', '-', 'abbc')" => "\"a-c\"";
}

/// Prepares a search: the pattern is argument 0, the text is argument `text`.
fn search_in<'a>(
    cx: &'a Cx,
    name: &str,
    args: Args<'a>,
    text: usize,
    anchored: bool,
) -> Result<Search<'a>, EvalError> {
    Search::new(
        cx,
        string(cx, name, args, 0)?,
        edge(name, args, text)?,
        anchored,
    )
}

fn characters(text: &str, byte: usize) -> Value {
    let count = text.get(..byte).unwrap_or_default().chars().count();
    Value::Int(as_count(count))
}

fn group(found: &Match<'_>, at: usize) -> Value {
    found.group(at).map_or(Value::Null, Value::from)
}

/// A match as `re.match` and `re.search` return it.
fn described(search: &Search<'_>, text: &str, found: &Match<'_>) -> Value {
    let span = found.span();
    let groups = (1..found.len()).map(|at| group(found, at)).collect();
    let names = search.names().into_iter().enumerate();
    let named = names.filter_map(|(at, name)| Some((Str::from(name?), group(found, at))));
    let fields = [
        ("match", group(found, 0)),
        ("groups", Value::list(groups)),
        ("named", Value::object(named.collect())),
        ("start", characters(text, span.start)),
        ("end", characters(text, span.end)),
    ];
    let fields: Map = fields
        .into_iter()
        .map(|(key, item)| (Str::from_static(key), item))
        .collect();
    Value::object(fields)
}

/// Makes room for the texts of all groups.
fn hold(cx: &Cx, found: &Match<'_>) -> Result<(), EvalError> {
    let texts = (0..found.len()).filter_map(|at| found.group(at));
    let size: u64 = texts.map(text_bytes).sum();
    cx.charge(found.len() as u64)?;
    cx.allocate_list(found.len())?;
    cx.reserve(size)
}

fn first(cx: &Cx, name: &str, args: Args<'_>, anchored: bool) -> Outcome {
    let search = search_in(cx, name, args, 1, anchored)?;
    let text = edge(name, args, 1)?;
    let Some(found) = search.first()? else {
        return Ok(Value::Null);
    };
    // The positions are counted in characters.
    cx.scan(found.span().end)?;
    hold(cx, &found)?;
    Ok(described(&search, text, &found))
}

/// `re.match(pattern, string)`
pub fn matches(cx: &Cx, args: Args<'_>) -> Outcome {
    first(cx, "re.match", args, true)
}

/// `re.search(pattern, string)`
pub fn search(cx: &Cx, args: Args<'_>) -> Outcome {
    first(cx, "re.search", args, false)
}

/// `re.findall(pattern, string)`
pub fn findall(cx: &Cx, args: Args<'_>) -> Outcome {
    let search = search_in(cx, "re.findall", args, 1, false)?;
    let mut out = Elements::default();
    for found in search.all() {
        let found = found?;
        hold(cx, &found)?;
        let text_of = |at| Value::from(found.group(at).unwrap_or_default());
        let item = match found.len() {
            1 => text_of(0),
            2 => text_of(1),
            count => Value::list((1..count).map(text_of).collect()),
        };
        out.push(cx, item)?;
    }
    out.finish(cx)
}

/// `re.sub(pattern, repl, string, count=0)`
pub fn sub(cx: &Cx, args: Args<'_>) -> Outcome {
    let search = search_in(cx, "re.sub", args, 2, false)?;
    let text = edge("re.sub", args, 2)?;
    let replacement = string(cx, "re.sub", args, 1)?;
    cx.scan(replacement.len() * 4)?;
    let parts = parts(replacement, &search.names()).map_err(|reason| {
        let replacement = excerpt(replacement);
        EvalError::value_error(format!("bad replacement `{replacement}`: {reason}"))
    })?;
    // Like CPython: zero means every match, and a negative number means none.
    let limit = match maybe_integer("re.sub", args, 3)?.unwrap_or(0) {
        0 => usize::MAX,
        count => usize::try_from(count).unwrap_or(0),
    };
    let mut out = Builder::new(cx);
    let mut copied = 0;
    for found in search.all().take(limit) {
        let found = found?;
        let span = found.span();
        out.push_str(text.get(copied..span.start).unwrap_or_default())?;
        for part in &parts {
            out.push_str(match part {
                Part::Text(text) => text,
                Part::Group(at) => found.group(*at).unwrap_or_default(),
            })?;
        }
        copied = span.end;
        cx.charge(1 + parts.len() as u64)?;
    }
    out.push_str(text.get(copied..).unwrap_or_default())?;
    out.finish()
}
