//! `fmc eval`: evaluates one expression, one per line, or those typed at a prompt.
//!
//! Enters: an expression, and values for its names. Leaves: its value as JSON. Must not know
//! pipelines: `input` and `upstream` exist only if `--scope` gives them.

mod prompt;

use std::{
    io::{BufRead as _, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};

use clap::Args;
use fmc_expr::{
    Cx, Value,
    ast::{Expr, ExprKind, Span},
    interp::{self, Names},
    outside::{bounded, drawn, json, layout, line, message},
    parse,
};

use super::{Global, Outcome};
use crate::{
    ast::template::is_in_braces,
    driver::{out, read},
    infer::infer_expression,
    types::Type,
};

/// Evaluate an expression and print its value as JSON
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  fmc eval \"len('日本') + 1\"\n  fmc eval --data alert.json \"data.labels.service or 'unknown'\"\n  \
                  fmc eval --scope 'input={\"n\": 3}' \"[x * 2 for x in range(input.n)]\"\n  \
                  echo '{\"expr\": \"data + 1\", \"data\": 2}' | fmc eval --batch"
)]
pub(super) struct Arguments {
    /// The expression, without `{{ }}`; without it, a prompt on the terminal asks for expressions.
    /// One that begins with `-` comes after `--`: `fmc eval -- -2**2`
    #[arg(value_name = "EXPR", conflicts_with = "batch")]
    expr: Option<String>,
    /// A JSON file to use as `data`, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "batch")]
    data: Option<PathBuf>,
    /// A name and its value
    #[arg(long, value_name = "NAME=JSON", conflicts_with = "batch")]
    scope: Vec<String>,
    /// Print the inferred type instead of the value; names have the types of the values given for
    /// them
    #[arg(long = "type", conflicts_with = "batch")]
    types: bool,
    /// Read `{"expr", "data", "scope"}` objects from standard input, one per line; write `{"ok":
    /// value}` or `{"error": text}`, one per line
    #[arg(long)]
    batch: bool,
}

/// The largest `--data` and the longest line of a batch, in bytes. It is what a binary reads as its
/// input.
const LARGEST_DATA: u64 = 64 << 20;

/// Why there is no value: a message of one line, and the guilty bytes of the expression.
struct Failure {
    message: String,
    span: Span,
}

/// Runs `fmc eval`.
pub(super) fn run(arguments: &Arguments, _global: &Global) -> Outcome {
    if arguments.batch {
        return batch();
    }
    if arguments.expr.is_none() && !std::io::stdin().is_terminal() {
        return Err(
            "no expression given, and standard input is not a terminal; \
             `--batch` reads one per line"
                .to_owned(),
        );
    }
    let names = names(arguments)?;
    let answer = |text: &str| answer(text, &names, arguments.types);
    match &arguments.expr {
        Some(text) => answer(text),
        None => prompt::run(answer),
    }
}

/// The names that the flags define.
fn names(arguments: &Arguments) -> Result<Names, String> {
    let mut names = Names::new();
    if let Some(path) = &arguments.data {
        names.insert("data".to_owned(), read_data(path)?);
    }
    for pair in &arguments.scope {
        let (name, json) = pair
            .split_once('=')
            .ok_or_else(|| format!("--scope: expected NAME=JSON, found `{pair}`"))?;
        check_name(name).map_err(|message| format!("--scope: {message}"))?;
        let value = Value::from_json(json.as_bytes()).map_err(|error| {
            format!("--scope: cannot read the value of `{name}` as JSON: {error}")
        })?;
        names.insert(name.to_owned(), value);
    }
    Ok(names)
}

/// Prints the value or type of an expression, or why there is none.
fn answer(text: &str, names: &Names, types: bool) -> Outcome {
    let result = if types {
        type_of(text, names).map(|of| line(&of).ended())
    } else {
        evaluate(text, names).map(|value| json(&value.to_json_pretty()).ended())
    };
    match result {
        Ok(shown) => super::print(&shown),
        Err(failure) => {
            out::error(&layout(&show(text, &failure), false));
            Ok(1)
        }
    }
}

/// Parses a text that must be exactly one expression.
fn parsed(text: &str) -> Result<Expr, Failure> {
    let parsed = parse::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(Failure {
            message: match error.help() {
                Some(help) => format!("{error}; {help}"),
                None => error.to_string(),
            },
            span: error.span,
        });
    }
    // `{{ 1 + 1 }}` would be a set in a set: legal, but surely copied from a template.
    if is_in_braces(&parsed.expr) {
        return Err(Failure {
            message:
                "leave out the `{{ }}`: they belong to templates, and this is a bare expression"
                    .to_owned(),
            span: parsed.expr.span,
        });
    }
    Ok(parsed.expr)
}

fn type_of(text: &str, names: &Names) -> Result<String, Failure> {
    parsed(text)?;
    let scope: Vec<_> = names
        .iter()
        .map(|(name, value)| (name.clone(), Type::like(value)))
        .collect();
    infer_expression(text, &scope)
        .map(|ty| ty.to_string())
        .map_err(|found| {
            let first = found.first();
            let span = first.map(|found| found.primary.span).unwrap_or_default();
            let help = first.and_then(|found| found.help.first());
            let message = first.map_or("", |found| &found.message);
            Failure {
                message: match help {
                    Some(help) => format!("{message}; {help}"),
                    None => message.to_owned(),
                },
                span: Span {
                    start: span.start,
                    end: span.end,
                },
            }
        })
}

fn read_data(path: &Path) -> Result<Value, String> {
    let (bytes, name) = if path == Path::new("-") {
        let bytes = read::stream(std::io::stdin().lock(), LARGEST_DATA);
        (bytes, "standard input".to_owned())
    } else {
        let file = std::fs::File::open(path);
        let bytes = file.and_then(|file| read::stream(file, LARGEST_DATA));
        (bytes, format!("`{}`", path.display()))
    };
    let bytes = bytes.map_err(|error| format!("cannot read {name}: {error}"))?;
    // Files written by other programs may begin with a byte-order mark.
    let text = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(&bytes);
    Value::from_json(text).map_err(|error| format!("cannot read {name} as JSON: {error}"))
}

fn evaluate(text: &str, names: &Names) -> Result<Value, Failure> {
    interp::eval(&parsed(text)?, names, &Cx::new()).map_err(|located| Failure {
        message: located.error.to_string(),
        span: located.span,
    })
}

/// How many characters are shown before and after the guilty part.
const AROUND: usize = 60;

/// The message, and the line of the expression with its guilty part underlined.
fn show(text: &str, failure: &Failure) -> String {
    let (start, end) = (failure.span.start as usize, failure.span.end as usize);
    let before = text.get(..start).unwrap_or(text);
    let guilty = text.get(start..end).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default();
    let printable = |text: &str, count: usize| -> String {
        let line = text.lines().next().unwrap_or_default().chars();
        line.take(count).collect()
    };
    let line = before.rsplit('\n').next().unwrap_or_default();
    let skipped = line.chars().count().saturating_sub(AROUND);
    let left: String = line.chars().skip(skipped).collect();
    let left = drawn(&printable(&left, AROUND));
    let guilty = drawn(&printable(guilty, AROUND));
    let right = drawn(&printable(behind, AROUND));
    let blanks = " ".repeat(left.chars().count());
    let carets = "^".repeat(guilty.chars().count().max(1));
    let message = message(&failure.message);
    format!("fmc: {message}\n  {left}{guilty}{right}\n  {blanks}{carets}")
}

/// Answers one object per line with one object per line: line 7 answers line 7, whatever it holds.
fn batch() -> Outcome {
    let mut lines = std::io::stdin().lock();
    loop {
        let mut line = Vec::new();
        let read = (&mut lines).take(LARGEST_DATA).read_until(b'\n', &mut line);
        match read.map_err(|error| format!("cannot read standard input: {error}"))? as u64 {
            0 => break,
            LARGEST_DATA if !line.ends_with(b"\n") => {
                return Err("cannot read standard input: a line has more than 64 MB".to_owned());
            }
            _ => {}
        }
        if line.ends_with(b"\n") {
            line.pop();
        }
        let (key, value) = match batch_line(&line) {
            Ok(value) => ("ok", value),
            Err(message) => ("error", Value::from(bounded(&message).as_ref())),
        };
        // At once, for a program that asks again when it has the answer. A closed pipe means that
        // the reader wants no more.
        let answer = format!("{{\"{key}\":{}}}\n", value.to_json());
        if !out::result(&json(&answer))? {
            break;
        }
    }
    Ok(0)
}

/// What a line of a batch must hold.
const BATCH: &str = "expected an object with a string `expr`, and `data` and `scope` if needed";

/// Refuses a name that no expression could use.
fn check_name(name: &str) -> Result<(), String> {
    let parsed = parse::parse(name);
    // The grammar decides what a name is; `True` and `a.b` are not names.
    let is_name = matches!(&parsed.expr.kind, ExprKind::Name(read) if *read == name);
    if is_name && parsed.errors.is_empty() {
        Ok(())
    } else {
        Err(format!("expected a name, found `{name}`"))
    }
}

fn batch_line(line: &[u8]) -> Result<Value, String> {
    let request =
        Value::from_json(line).map_err(|error| format!("cannot read the line as JSON: {error}"))?;
    let request = request.as_object().ok_or(BATCH)?;
    let known = |key: &str| matches!(key, "expr" | "data" | "scope");
    if let Some((key, _)) = request.iter().find(|(key, _)| !known(key)) {
        return Err(format!("{BATCH}, found `{key}`"));
    }
    let text = request.get("expr").and_then(Value::as_str).ok_or(BATCH)?;
    let mut names = Names::new();
    if let Some(scope) = request.get("scope") {
        let scope = scope
            .as_object()
            .ok_or("`scope` must be an object of names")?;
        for (name, value) in scope.iter() {
            check_name(name)?;
            names.insert(name.to_string(), value.clone());
        }
    }
    if let Some(data) = request.get("data") {
        names.insert("data".to_owned(), data.clone());
    }
    evaluate(text, &names).map_err(|failure| failure.message)
}
