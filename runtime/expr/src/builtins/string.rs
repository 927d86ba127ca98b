//! Strings: functions and methods. Each has one implementation for both.
//!
//! Enters: text and arguments, the receiver first. Leaves: text, lists of text, positions in
//! characters, booleans, as CPython's `str` methods give them. Must not know stages.

use super::{
    arguments::{edge, given, integer, maybe_integer, maybe_string, rest, string, value},
    parts::Parts,
    signature::{Args, Returns, keywords, opt, req, rows, variadic},
    trim::{cut, is_blank, trim},
    unicode,
};
use crate::{
    builder::Builder,
    cx::Cx,
    error::EvalError,
    format,
    kinds::Kinds,
    ops, text,
    value::{Value, as_count},
};

type Outcome = Result<Value, EvalError>;

const STR: Returns = Returns::Kinds(Kinds::STR);
const INT: Returns = Returns::Kinds(Kinds::INT);
const BOOL: Returns = Returns::Kinds(Kinds::BOOL);
const STRINGS: Returns = Returns::ListOf(Kinds::STR);
const TEXT_OR_NULL: Kinds = Kinds::STR.or(Kinds::NULL);
const PREFIXES: Kinds = Kinds::STR.or(Kinds::LIST);

rows! { "string";
    "str", str(opt("x", Kinds::ANY)) -> STR, "The text form.", "str([1, None])" => "\"[1,null]\"";
    "upper", upper(req("s", Kinds::STR)) -> STR, "Upper case.", "'ab' | upper" => "\"AB\"";
    "lower", lower(req("s", Kinds::STR)) -> STR, "Lower case.", "lower('AB')" => "\"ab\"";
    "strip", strip(req("s", Kinds::STR), opt("chars", TEXT_OR_NULL)) -> STR,
        "Without white space (or `chars`) at both ends.", "strip(' a ')" => "\"a\"";
    "split", split(req("s", Kinds::STR), opt("sep", TEXT_OR_NULL), opt("maxsplit", Kinds::INTEGER)) -> STRINGS,
        "The parts between separators, or between white space.", "split('a,b', ',')" => "[\"a\",\"b\"]";
    "join", join_function(req("items", Kinds::ITERABLE), opt("sep", Kinds::STR)) -> STR,
        "The text forms of the items with `sep` between them.", "[1, 'a'] | join(', ')" => "\"1, a\"";
    "replace", replace(req("s", Kinds::STR), req("old", Kinds::STR), req("new", Kinds::STR), opt("count", Kinds::INTEGER)) -> STR,
        "The text with `old` replaced by `new`.", "replace('aa', 'a', 'b', 1)" => "\"ba\"";
    "startswith", startswith(req("s", Kinds::STR), req("prefix", PREFIXES), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> BOOL,
        "Whether the text starts with `prefix`.", "startswith('abc', 'ab')" => "true";
    "endswith", endswith(req("s", Kinds::STR), req("suffix", PREFIXES), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> BOOL,
        "Whether the text ends with `suffix`.", "endswith('abc', 'bc')" => "true";

    "upper" on Kinds::STR, upper() -> STR, "Upper case.", "'ß'.upper()" => "\"SS\"";
    "lower" on Kinds::STR, lower() -> STR, "Lower case.", "'AB'.lower()" => "\"ab\"";
    "title" on Kinds::STR, title() -> STR, "Each word capitalised.", "'a bC'.title()" => "\"A Bc\"";
    "capitalize" on Kinds::STR, capitalize() -> STR, "The first character in upper case, the rest in lower.", "'aB'.capitalize()" => "\"Ab\"";
    "strip" on Kinds::STR, strip(opt("chars", TEXT_OR_NULL)) -> STR, "Without white space (or `chars`) at both ends.", "'xax'.strip('x')" => "\"a\"";
    "lstrip" on Kinds::STR, lstrip(opt("chars", TEXT_OR_NULL)) -> STR, "Without white space (or `chars`) at the start.", "' a '.lstrip()" => "\"a \"";
    "rstrip" on Kinds::STR, rstrip(opt("chars", TEXT_OR_NULL)) -> STR, "Without white space (or `chars`) at the end.", "' a '.rstrip()" => "\" a\"";
    "split" on Kinds::STR, split(opt("sep", TEXT_OR_NULL), opt("maxsplit", Kinds::INTEGER)) -> STRINGS,
        "The parts between separators, or between white space.", "' a  b '.split()" => "[\"a\",\"b\"]";
    "rsplit" on Kinds::STR, rsplit(opt("sep", TEXT_OR_NULL), opt("maxsplit", Kinds::INTEGER)) -> STRINGS,
        "Like `split`, but `maxsplit` counts from the end.", "'a.b.c'.rsplit('.', 1)" => "[\"a.b\",\"c\"]";
    "splitlines" on Kinds::STR, splitlines(opt("keepends", Kinds::INTEGER)) -> STRINGS, "The lines.", "'a\\nb'.splitlines()" => "[\"a\",\"b\"]";
    "join" on Kinds::STR, join(req("items", Kinds::ITERABLE).of(Kinds::STR)) -> STR, "The items, all strings, with this text between them.", "'-'.join(['a', 'b'])" => "\"a-b\"";
    "replace" on Kinds::STR, replace(req("old", Kinds::STR), req("new", Kinds::STR), opt("count", Kinds::INTEGER)) -> STR,
        "The text with `old` replaced by `new`.", "'aa'.replace('a', 'b')" => "\"bb\"";
    "startswith" on Kinds::STR, startswith(req("prefix", PREFIXES), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> BOOL,
        "Whether the text starts with `prefix`, or one of several.", "'abc'.startswith(('x', 'a'))" => "true";
    "endswith" on Kinds::STR, endswith(req("suffix", PREFIXES), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> BOOL,
        "Whether the text ends with `suffix`, or one of several.", "'abc'.endswith('b')" => "false";
    "find" on Kinds::STR, find(req("sub", Kinds::STR), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> INT,
        "The position of `sub` in characters, or -1.", "'héllo'.find('l')" => "2";
    "index" on Kinds::STR, index(req("sub", Kinds::STR), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> INT,
        "The position of `sub` in characters; an error when there is none.", "'abc'.index('c')" => "2";
    "count" on Kinds::STR, count(req("sub", Kinds::STR), opt("start", Kinds::INTEGER), opt("end", Kinds::INTEGER)) -> INT,
        "How many times `sub` occurs, without overlap.", "'aaa'.count('aa')" => "1";
    "isdigit" on Kinds::STR, isdigit() -> BOOL, "Whether there are only digits, and at least one.", "'12'.isdigit()" => "true";
    "isalpha" on Kinds::STR, isalpha() -> BOOL, "Whether there are only letters, and at least one.", "'a1'.isalpha()" => "false";
    "removeprefix" on Kinds::STR, removeprefix(req("prefix", Kinds::STR)) -> STR, "Without `prefix` at the start.", "'v1'.removeprefix('v')" => "\"1\"";
    "removesuffix" on Kinds::STR, removesuffix(req("suffix", Kinds::STR)) -> STR, "Without `suffix` at the end.", "'a.rs'.removesuffix('.rs')" => "\"a\"";
    "zfill" on Kinds::STR, zfill(req("width", Kinds::INTEGER)) -> STR, "Padded with zeros, after the sign, to `width` characters.", "'-7'.zfill(4)" => "\"-007\"";
    "format" on Kinds::STR, format(keywords("keywords"), variadic("args", Kinds::ANY)) -> STR,
        "The text with its `{}` fields filled.", "'{:>4}|{x}'.format(1, x='a')" => "\"   1|a\"";
}

/// `str(x='')`
pub fn str(cx: &Cx, args: Args<'_>) -> Outcome {
    match given(args, 0) {
        None => Ok(Value::from("")),
        Some(value) => text::text_within(cx, value).map(Value::Str),
    }
}

/// `s.upper()`
pub fn upper(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "upper", args, 0)?;
    let mut out = Builder::with_capacity(cx, text.len())?;
    if text.is_ascii() {
        out.extend(text.chars().map(|character| character.to_ascii_uppercase()))?;
    } else {
        cx.charge(text.len() as u64 / 4)?;
        out.extend(text.chars().flat_map(char::to_uppercase))?;
    }
    out.finish()
}

/// `s.lower()`
pub fn lower(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "lower", args, 0)?;
    let lowered = lowered(cx, text)?;
    let mut out = Builder::with_capacity(cx, lowered.len())?;
    out.push_str(&lowered)?;
    cx.release(lowered.capacity() as u64);
    drop(lowered);
    out.finish()
}

/// The text in lower case. Room is made for it; the caller gives it back. The whole text at once,
/// because the lower case of a final sigma depends on its neighbours.
fn lowered(cx: &Cx, text: &str) -> Result<String, EvalError> {
    if text.is_ascii() {
        cx.reserve(text.len() as u64)?;
        return Ok(text.to_ascii_lowercase());
    }
    cx.charge(text.len() as u64 / 4)?;
    // Two bytes become three at most, and a text that grows has room for twice as much.
    let room = text.len() as u64 * 3;
    cx.reserve(room)?;
    let mut lowered = text.to_lowercase();
    lowered.shrink_to_fit();
    cx.release(room.saturating_sub(lowered.capacity() as u64));
    Ok(lowered)
}

/// `s.title()`
pub fn title(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "title", args, 0)?;
    cx.charge(text.len() as u64 / 2)?;
    let whole = lowered(cx, text)?;
    let mut lowered = whole.chars();
    let mut out = Builder::with_capacity(cx, text.len())?;
    let mut inside = false;
    let mut first = String::new();
    for character in text.chars() {
        let lower = lowered.by_ref().take(character.to_lowercase().count());
        if inside {
            out.extend(lower)?;
        } else {
            lower.for_each(drop);
            first.clear();
            unicode::push_title(&mut first, character);
            out.push_str(&first)?;
        }
        inside = unicode::is_cased(character);
    }
    cx.release(whole.capacity() as u64);
    drop(whole);
    out.finish()
}

/// `s.capitalize()`
pub fn capitalize(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "capitalize", args, 0)?;
    let mut out = Builder::with_capacity(cx, text.len())?;
    if let Some(first) = text.chars().next() {
        let mut title = String::new();
        unicode::push_title(&mut title, first);
        out.push_str(&title)?;
        let lowered = lowered(cx, text)?;
        out.extend(lowered.chars().skip(first.to_lowercase().count()))?;
        cx.release(lowered.capacity() as u64);
    }
    out.finish()
}

/// `s.strip(chars=None)`
pub fn strip(cx: &Cx, args: Args<'_>) -> Outcome {
    trim(cx, "strip", args, true, true)
}

/// `s.lstrip(chars=None)`
pub fn lstrip(cx: &Cx, args: Args<'_>) -> Outcome {
    trim(cx, "lstrip", args, true, false)
}

/// `s.rstrip(chars=None)`
pub fn rstrip(cx: &Cx, args: Args<'_>) -> Outcome {
    trim(cx, "rstrip", args, false, true)
}

/// The argument `maxsplit`. A negative one means no limit.
fn limit(name: &str, args: Args<'_>) -> Result<usize, EvalError> {
    let limit = maybe_integer(name, args, 2)?.unwrap_or(-1);
    Ok(usize::try_from(limit).unwrap_or(usize::MAX))
}

fn separator<'a>(cx: &Cx, name: &str, args: Args<'a>) -> Result<Option<&'a str>, EvalError> {
    match maybe_string(cx, name, args, 1)? {
        Some(separator) if separator.is_empty() => Err(EvalError::value_error(format!(
            "`{name}` takes no empty separator"
        ))),
        other => Ok(other.map(|separator| separator.as_str())),
    }
}

/// `s.split(sep=None, maxsplit=-1)`
pub fn split(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "split", args, 0)?;
    let limit = limit("split", args)?;
    let mut parts = Parts::new(cx);
    if let Some(separator) = separator(cx, "split", args)? {
        let all = text.splitn(limit.saturating_add(1), separator);
        return parts.all(all)?.finish();
    }
    let mut rest = text.trim_start_matches(is_blank);
    while !rest.is_empty() {
        if parts.len() == limit {
            // The last part keeps its white space, inside and at its end.
            parts.push(rest)?;
            break;
        }
        let end = rest.find(is_blank).unwrap_or(rest.len());
        let (part, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        parts.push(part)?;
        rest = tail.trim_start_matches(is_blank);
    }
    parts.finish()
}

/// `s.rsplit(sep=None, maxsplit=-1)`
pub fn rsplit(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "rsplit", args, 0)?;
    let limit = limit("rsplit", args)?;
    let mut parts = Parts::new(cx);
    if let Some(separator) = separator(cx, "rsplit", args)? {
        let all = text.rsplitn(limit.saturating_add(1), separator);
        return parts.all(all)?.reversed();
    }
    let mut rest = text.trim_end_matches(is_blank);
    while !rest.is_empty() {
        if parts.len() == limit {
            parts.push(rest)?;
            break;
        }
        let start = rest
            .char_indices()
            .rev()
            .find(|(_, character)| is_blank(*character))
            .map_or(0, |(at, character)| at + character.len_utf8());
        let (head, part) = rest.split_at_checked(start).unwrap_or(("", rest));
        parts.push(part)?;
        rest = head.trim_end_matches(is_blank);
    }
    parts.reversed()
}

/// `s.splitlines(keepends=False)`
pub fn splitlines(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "splitlines", args, 0)?;
    let keep = given(args, 1).is_some_and(ops::truthy);
    let is_break = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'
                ..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    let mut lines = Parts::new(cx);
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let Some(at) = rest.find(is_break) else {
            lines.push(rest)?;
            break;
        };
        let (line, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let width = if tail.starts_with("\r\n") {
            2
        } else {
            tail.chars().next().map_or(1, char::len_utf8)
        };
        let kept = rest.get(..at + width).unwrap_or(line);
        lines.push(if keep { kept } else { line })?;
        rest = tail.get(width..).unwrap_or("");
    }
    lines.finish()
}

/// `sep.join(items)`
pub fn join(cx: &Cx, args: Args<'_>) -> Outcome {
    let separator = string(cx, "join", args, 0)?;
    let items = ops::iterate(cx, &value(args, 1))?;
    if let Some((at, other)) = items
        .iter()
        .enumerate()
        .find(|(_, item)| item.as_str().is_none())
    {
        return Err(EvalError::type_error(format!(
            "`join` takes strings, element {at} is `{}`; the filter `| join(…)` makes text of any value",
            other.kind_name()
        ))
        .found(&[other]));
    }
    joined(cx, separator, &items)
}

/// `join(items, sep='')`
pub fn join_function(cx: &Cx, args: Args<'_>) -> Outcome {
    let items = ops::iterate(cx, &value(args, 0))?;
    let separator = maybe_string(cx, "join", args, 1)?.map_or("", |separator| separator.as_str());
    joined(cx, separator, &items)
}

fn joined(cx: &Cx, separator: &str, items: &[Value]) -> Outcome {
    if let [Value::Str(only)] = items {
        return Ok(Value::Str(only.clone()));
    }
    let mut out = Builder::new(cx);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(separator)?;
        }
        text::push_text(cx, &mut out, item)?;
    }
    out.finish()
}

/// `s.replace(old, new, count=-1)`
pub fn replace(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "replace", args, 0)?;
    let (old, new) = (
        string(cx, "replace", args, 1)?,
        string(cx, "replace", args, 2)?,
    );
    let count = maybe_integer("replace", args, 3)?.unwrap_or(-1);
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    let mut out = Builder::new(cx);
    let mut last = 0;
    for (at, part) in text.match_indices(old.as_str()).take(count) {
        cx.charge(1)?;
        out.push_str(text.get(last..at).unwrap_or_default())?;
        out.push_str(new)?;
        last = at + part.len();
    }
    if last == 0 && out.len() == 0 {
        return Ok(Value::Str(text.clone()));
    }
    out.push_str(text.get(last..).unwrap_or_default())?;
    out.finish()
}

/// The part of the text between `start` and `end`, and how many characters come before it. `None`
/// when `start` is after the end of the text, or after `end`.
///
/// Finding the part is charged, reading it is not.
fn window<'a>(
    cx: &Cx,
    name: &str,
    args: Args<'a>,
    from: usize,
) -> Result<Option<(&'a str, usize)>, EvalError> {
    let text = edge(name, args, 0)?;
    let (start, end) = (
        maybe_integer(name, args, from)?,
        maybe_integer(name, args, from + 1)?,
    );
    if start.is_none() && end.is_none() {
        return Ok(Some((text, 0)));
    }
    cx.scan(text.len().saturating_mul(2))?;
    let length = as_count(text.chars().count());
    let clamp = |at: i64| {
        if at < 0 {
            at.saturating_add(length).max(0)
        } else {
            at
        }
    };
    let (start, end) = (
        start.map_or(0, clamp),
        end.map_or(length, clamp).min(length),
    );
    if start > length || start > end {
        return Ok(None);
    }
    let byte = |at: i64| {
        let at = usize::try_from(at).unwrap_or(0);
        text.char_indices()
            .nth(at)
            .map_or(text.len(), |(byte, _)| byte)
    };
    let part = text.get(byte(start)..byte(end)).unwrap_or("");
    Ok(Some((part, usize::try_from(start).unwrap_or(0))))
}

fn affix(cx: &Cx, name: &str, args: Args<'_>, test: fn(&str, &str) -> bool) -> Outcome {
    let window = window(cx, name, args, 2)?;
    let one = given(args, 1).map(std::slice::from_ref).unwrap_or_default();
    let affixes = match given(args, 1) {
        Some(Value::List(several)) => several.as_slice(),
        _ => {
            edge(name, args, 1)?;
            one
        }
    };
    let Some((part, _)) = window else {
        return Ok(Value::Bool(false));
    };
    for affix in affixes {
        cx.charge(1)?;
        let affix = affix.as_str().ok_or_else(|| {
            EvalError::type_error(format!(
                "`{name}` takes `string`, found `{}`",
                affix.kind_name()
            ))
            .found(&[affix])
        })?;
        cx.scan(affix.len().min(part.len()))?;
        if test(part, affix) {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

/// `s.startswith(prefix, start, end)`
pub fn startswith(cx: &Cx, args: Args<'_>) -> Outcome {
    affix(cx, "startswith", args, |text, affix| {
        text.starts_with(affix)
    })
}

/// `s.endswith(suffix, start, end)`
pub fn endswith(cx: &Cx, args: Args<'_>) -> Outcome {
    affix(cx, "endswith", args, |text, affix| text.ends_with(affix))
}

fn found(cx: &Cx, name: &str, args: Args<'_>) -> Result<Option<i64>, EvalError> {
    let sub = string(cx, name, args, 1)?;
    let Some((part, before)) = window(cx, name, args, 2)? else {
        return Ok(None);
    };
    cx.scan(part.len().saturating_mul(2))?;
    Ok(part.find(sub.as_str()).map(|at| {
        let inside = part.get(..at).unwrap_or("").chars().count();
        as_count(before + inside)
    }))
}

/// `s.find(sub, start, end)`
pub fn find(cx: &Cx, args: Args<'_>) -> Outcome {
    Ok(Value::Int(found(cx, "find", args)?.unwrap_or(-1)))
}

/// `s.index(sub, start, end)`
pub fn index(cx: &Cx, args: Args<'_>) -> Outcome {
    found(cx, "index", args)?
        .map(Value::Int)
        .ok_or_else(|| EvalError::value_error("`index` did not find the text"))
}

/// `s.count(sub, start, end)`
pub fn count(cx: &Cx, args: Args<'_>) -> Outcome {
    let sub = string(cx, "count", args, 1)?;
    let Some((part, _)) = window(cx, "count", args, 2)? else {
        return Ok(Value::Int(0));
    };
    cx.scan(part.len())?;
    let count = part.matches(sub.as_str()).count();
    Ok(Value::Int(as_count(count)))
}

/// Each character is looked up in tables.
fn every(cx: &Cx, text: &str, test: fn(char) -> bool) -> Outcome {
    cx.charge(text.len() as u64 / 4)?;
    Ok(Value::Bool(!text.is_empty() && text.chars().all(test)))
}

/// `s.isdigit()`: decimal digits of any script, superscripts and circled digits count.
pub fn isdigit(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "isdigit", args, 0)?;
    every(cx, text, unicode::is_digit)
}

/// `s.isalpha()`
pub fn isalpha(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "isalpha", args, 0)?;
    every(cx, text, unicode::is_letter)
}

/// `s.removeprefix(prefix)`
pub fn removeprefix(cx: &Cx, args: Args<'_>) -> Outcome {
    without(cx, "removeprefix", args, |text, prefix| {
        text.strip_prefix(prefix)
    })
}

/// `s.removesuffix(suffix)`
pub fn removesuffix(cx: &Cx, args: Args<'_>) -> Outcome {
    without(cx, "removesuffix", args, |text, suffix| {
        text.strip_suffix(suffix)
    })
}

fn without(
    cx: &Cx,
    name: &str,
    args: Args<'_>,
    cut: for<'t> fn(&'t str, &str) -> Option<&'t str>,
) -> Outcome {
    let (text, affix) = (edge(name, args, 0)?, edge(name, args, 1)?);
    cx.charge(1)?;
    cx.scan(affix.len().min(text.len()))?;
    match cut(text, affix) {
        Some(rest) => self::cut(cx, text, rest),
        None => Ok(Value::Str(text.clone())),
    }
}

/// `s.zfill(width)`
pub fn zfill(cx: &Cx, args: Args<'_>) -> Outcome {
    let text = string(cx, "zfill", args, 0)?;
    let width = usize::try_from(integer("zfill", args, 1)?).unwrap_or(0);
    let missing = width.saturating_sub(text.chars().count());
    if missing == 0 {
        return Ok(Value::Str(text.clone()));
    }
    let mut out = Builder::with_capacity(cx, text.len().saturating_add(missing))?;
    let (sign, digits) = match text.chars().next() {
        Some('+' | '-') => text.split_at_checked(1).unwrap_or(("", text)),
        _ => ("", text.as_str()),
    };
    out.push_str(sign)?;
    out.extend(std::iter::repeat_n('0', missing))?;
    out.push_str(digits)?;
    out.finish()
}

/// `s.format(*args, **keywords)`
pub fn format(cx: &Cx, args: Args<'_>) -> Outcome {
    let template = string(cx, "format", args, 0)?;
    let positional: Vec<_> = rest(args, 2).into_iter().map(Some).collect();
    format::str_format(cx, template, &positional, given(args, 1))
}
