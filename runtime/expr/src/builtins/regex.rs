//! Regular expressions, by an engine whose time is linear in the text.
//!
//! Enters: a pattern in Python's syntax (without look-around and back-references) and text.
//! Leaves: matches as objects, lists of text, replaced text.

use std::{cell::RefCell, sync::Arc};

use indexmap::IndexMap;
use regex::{Captures, Regex, RegexBuilder};

use super::{
    arguments::{maybe_integer, string},
    signature::{Args, Kinds, Returns, opt, req, rows},
};
use crate::{
    cx::Cx,
    error::EvalError,
    str::Str,
    value::{Map, Value},
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
        "Every match: its text, its group, or the list of its groups.", "re.findall('a(.)', 'ab ac')" => "[\"b\",\"c\"]";
    "re.sub", sub(req("pattern", Kinds::STR), req("repl", Kinds::STR), req("string", Kinds::STR), opt("count", Kinds::INTEGER)) -> Returns::Kinds(Kinds::STR),
        "With every match replaced; `\\\\1` and `\\\\g<name>` stand for groups.", "re.sub('b+', '-', 'abbc')" => "\"a-c\"";
}

/// Compiled patterns kept for loops.
const CACHED: usize = 64;

thread_local! {
    static CACHE: RefCell<IndexMap<Str, Arc<Regex>>> = RefCell::new(IndexMap::new());
}

fn compiled(cx: &Cx, pattern: &Str) -> Result<Arc<Regex>, EvalError> {
    let known = CACHE.with_borrow(|cache| cache.get(pattern).cloned());
    if let Some(known) = known {
        return Ok(known);
    }
    cx.charge(1000 + pattern.len() as u64)?;
    let built = RegexBuilder::new(&python_syntax(pattern))
        .size_limit(1 << 20)
        .build();
    let built = Arc::new(built.map_err(|error| {
        let reason = error.to_string();
        let last = reason.lines().last().unwrap_or_default();
        EvalError::value_error(format!(
            "bad pattern `{pattern}`: {}",
            last.trim_start_matches("error: ")
        ))
    })?);
    CACHE.with_borrow_mut(|cache| {
        if cache.len() >= CACHED {
            cache.shift_remove_index(0);
        }
        cache.insert(pattern.clone(), Arc::clone(&built));
    });
    Ok(built)
}

/// `\Z` is Python's end of text; the engine calls it `\z`.
fn python_syntax(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut escaped = false;
    for character in pattern.chars() {
        out.push(if escaped && character == 'Z' {
            'z'
        } else {
            character
        });
        escaped = character == '\\' && !escaped;
    }
    out
}

fn prepared<'a>(
    cx: &Cx,
    name: &str,
    args: Args<'a>,
    text: usize,
) -> Result<(Arc<Regex>, &'a Str), EvalError> {
    let text = string(name, args, text)?;
    cx.charge(text.len() as u64 / 8)?;
    Ok((compiled(cx, string(name, args, 0)?)?, text))
}

fn characters(text: &str, byte: usize) -> Value {
    let count = text.get(..byte).unwrap_or_default().chars().count();
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

fn group(captures: &Captures<'_>, at: usize) -> Value {
    captures
        .get(at)
        .map_or(Value::Null, |found| Value::from(found.as_str()))
}

fn described(regex: &Regex, text: &str, captures: &Captures<'_>) -> Value {
    let (start, end) = captures
        .get(0)
        .map_or((0, 0), |found| (found.start(), found.end()));
    let groups = (1..captures.len()).map(|at| group(captures, at)).collect();
    let named = regex.capture_names().flatten().map(|name| {
        let found = captures
            .name(name)
            .map_or(Value::Null, |found| Value::from(found.as_str()));
        (Str::from(name), found)
    });
    let fields = [
        ("match", group(captures, 0)),
        ("groups", Value::list(groups)),
        ("named", Value::object(named.collect())),
        ("start", characters(text, start)),
        ("end", characters(text, end)),
    ];
    let fields: Map = fields
        .into_iter()
        .map(|(key, item)| (Str::from_static(key), item))
        .collect();
    Value::object(fields)
}

/// `re.match(pattern, string)`
pub fn matches(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string("re.match", args, 1)?;
    cx.charge(text.len() as u64 / 8)?;
    let pattern = string("re.match", args, 0)?;
    // Flags such as `(?i)` keep working inside the group.
    let anchored = compiled(cx, &Str::from(format!(r"\A(?:{pattern})")))?;
    let found = anchored.captures(text);
    Ok(found.map_or(Value::Null, |captures| {
        described(&anchored, text, &captures)
    }))
}

/// `re.search(pattern, string)`
pub fn search(cx: &Cx, args: Args<'_>) -> Outcome {
    let (regex, text) = prepared(cx, "re.search", args, 1)?;
    let found = regex.captures(text);
    Ok(found.map_or(Value::Null, |captures| described(&regex, text, &captures)))
}

/// `re.findall(pattern, string)`
pub fn findall(cx: &Cx, args: Args<'_>) -> Outcome {
    let (regex, text) = prepared(cx, "re.findall", args, 1)?;
    let mut out = Vec::new();
    for captures in regex.captures_iter(text) {
        cx.charge(captures.len() as u64)?;
        let text_of = |at| match group(&captures, at) {
            Value::Null => Value::from(""),
            found => found,
        };
        out.push(match captures.len() {
            1 => text_of(0),
            2 => text_of(1),
            count => Value::list((1..count).map(text_of).collect()),
        });
    }
    Ok(Value::list(out))
}

/// `re.sub(pattern, repl, string, count=0)`
pub fn sub(cx: &Cx, args: Args<'_>) -> Outcome {
    let (regex, text) = prepared(cx, "re.sub", args, 2)?;
    let replacement = replacement(string("re.sub", args, 1)?)?;
    let count = maybe_integer("re.sub", args, 3)?.unwrap_or(0);
    let limit = usize::try_from(count)
        .ok()
        .filter(|&count| count > 0)
        .unwrap_or(usize::MAX);
    let mut out = String::new();
    let mut copied = 0;
    for captures in regex.captures_iter(text).take(limit) {
        let Some(whole) = captures.get(0) else {
            continue;
        };
        out.push_str(text.get(copied..whole.start()).unwrap_or_default());
        captures.expand(&replacement, &mut out);
        copied = whole.end();
        cx.charge(1)?;
        cx.allocate(out.len() as u64 / 16)?;
        if out.len() as u64 > crate::cx::MAX_BYTES {
            break;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    cx.allocate(out.len() as u64)?;
    Ok(Value::from(out))
}

/// Python's replacement syntax as the engine's: `\1` is `${1}`, `\g<n>` is `${n}`, `$` is `$$`.
fn replacement(text: &str) -> Result<String, EvalError> {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match (character, rest.peek().copied()) {
            ('$', _) => out.push_str("$$"),
            ('\\', Some(digit)) if digit.is_ascii_digit() => {
                let mut number = String::new();
                while let Some(digit) = rest.next_if(char::is_ascii_digit) {
                    number.push(digit);
                }
                out.push_str(&format!("${{{number}}}"));
            }
            ('\\', Some('g')) => {
                rest.next();
                let name: String = rest
                    .by_ref()
                    .skip_while(|c| *c == '<')
                    .take_while(|c| *c != '>')
                    .collect();
                out.push_str(&format!("${{{name}}}"));
            }
            ('\\', Some(escape)) => {
                rest.next();
                out.push(match escape {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    '\\' => '\\',
                    other => {
                        return Err(EvalError::value_error(format!(
                            "bad escape `\\{other}` in the replacement"
                        )));
                    }
                });
            }
            (other, _) => out.push(other),
        }
    }
    Ok(out)
}
