//! Prints an AST as text.
//!
//! Enters: a tree. Leaves: text that parses to the same tree (except for spans), with brackets only
//! where the precedence needs them. Must not know values.

use crate::{
    ast::{BinaryOp, Clause, ComprehensionKind, Display, Expr, ExprKind, FPart, Target, UnaryOp},
    json,
    precedence::Level,
};

/// Prints a tree.
#[must_use]
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write(&mut out, expr, Level::Ternary);
    out
}

/// Writes an expression in a position that needs at least the level `least`. An expression that
/// binds looser gets brackets.
fn write(out: &mut String, expr: &Expr, least: Level) {
    let brackets = Level::outermost(expr) < least;
    if brackets {
        out.push('(');
    }
    node(out, expr);
    if brackets {
        out.push(')');
    }
}

fn node(out: &mut String, expr: &Expr) {
    match &expr.kind {
        ExprKind::Null => out.push_str("None"),
        ExprKind::Bool(true) => out.push_str("True"),
        ExprKind::Bool(false) => out.push_str("False"),
        ExprKind::Int(number) => out.push_str(&number.to_string()),
        ExprKind::Float(number) => out.push_str(&json::float(*number)),
        ExprKind::Str(text) => literal(out, text, false),
        ExprKind::FString(parts) => fstring(out, parts),
        ExprKind::Name(name) => out.push_str(name),
        ExprKind::Member { base, name } => {
            operand(out, base);
            out.push('.');
            out.push_str(&name.name);
        }
        ExprKind::Index { base, index } => {
            operand(out, base);
            out.push('[');
            write(out, index, Level::Ternary);
            out.push(']');
        }
        ExprKind::Slice { base, bounds } => slice(out, base, bounds),
        ExprKind::Call {
            callee,
            args,
            kwargs,
            filter,
        } => call(out, callee, args, kwargs, *filter),
        ExprKind::Unary { op, operand } => {
            let (sign, least) = match op {
                UnaryOp::Neg => ("-", Level::Sign),
                UnaryOp::Pos => ("+", Level::Sign),
                UnaryOp::Not => ("not ", Level::Not),
            };
            out.push_str(sign);
            write(out, operand, least);
        }
        ExprKind::Binary {
            op, left, right, ..
        } => {
            let level = Level::of(*op);
            // `**` groups to the right, and its right side can be `-x` without brackets.
            let (before, after) = if *op == BinaryOp::Pow {
                (Level::Atom, Level::Sign)
            } else {
                (level, level.tighter())
            };
            infix(out, left, before, op.symbol(), right, after);
        }
        ExprKind::Logic { and, left, right } => {
            let (word, level) = if *and {
                ("and", Level::And)
            } else {
                ("or", Level::Or)
            };
            infix(out, left, level, word, right, level.tighter());
        }
        ExprKind::Compare { first, rest } => {
            write(out, first, Level::Filter);
            for (op, _, right) in rest {
                out.push(' ');
                out.push_str(op.symbol());
                out.push(' ');
                write(out, right, Level::Filter);
            }
        }
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => {
            write(out, then, Level::Or);
            out.push_str(" if ");
            write(out, condition, Level::Or);
            out.push_str(" else ");
            write(out, otherwise, Level::Ternary);
        }
        ExprKind::List { items, display } => display_of(out, items, *display),
        ExprKind::Dict(entries) => {
            out.push('{');
            separated(out, entries, |out, (key, value)| {
                write(out, key, Level::Ternary);
                out.push_str(": ");
                write(out, value, Level::Ternary);
            });
            out.push('}');
        }
        ExprKind::Comprehension {
            kind,
            element,
            value,
            clauses,
        } => {
            comprehension(out, *kind, element, value.as_deref(), clauses);
        }
        ExprKind::Part(inner) => node(out, inner),
        // What is missing is not printed, so the text lacks it again: `f(a,,b)` stays so.
        ExprKind::Error(read) => {
            for (at, expr) in read.iter().enumerate() {
                out.push_str(if at > 0 { " " } else { "" });
                write(out, expr, Level::Ternary);
            }
        }
    }
}

fn infix(out: &mut String, left: &Expr, before: Level, symbol: &str, right: &Expr, after: Level) {
    write(out, left, before);
    out.push(' ');
    out.push_str(symbol);
    out.push(' ');
    write(out, right, after);
}

/// Writes an expression before a dot or bracket. A number gets brackets: in `1.x` the dot would
/// belong to the number.
fn operand(out: &mut String, base: &Expr) {
    let number = matches!(base.kind, ExprKind::Int(_) | ExprKind::Float(_));
    write(
        out,
        base,
        if number {
            Level::Bracketed
        } else {
            Level::Atom
        },
    );
}

fn separated<T>(out: &mut String, items: &[T], mut one: impl FnMut(&mut String, &T)) {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        one(out, item);
    }
}

fn slice(out: &mut String, base: &Expr, bounds: &[Option<Box<Expr>>; 3]) {
    operand(out, base);
    out.push('[');
    let [start, stop, step] = bounds;
    for (at, bound) in [start, stop, step].into_iter().enumerate() {
        if at == 1 || at == 2 && step.is_some() {
            out.push(':');
        }
        if let Some(bound) = bound {
            write(out, bound, Level::Ternary);
        }
    }
    out.push(']');
}

fn call(
    out: &mut String,
    callee: &Expr,
    args: &[Expr],
    kwargs: &[(crate::ast::Ident, Expr)],
    filter: bool,
) {
    let mut args = args;
    if let (true, Some((left, rest))) = (filter, args.split_first()) {
        write(out, left, Level::Filter);
        out.push_str(" | ");
        args = rest;
    }
    operand(out, callee);
    if filter && args.is_empty() && kwargs.is_empty() {
        return;
    }
    out.push('(');
    separated(out, args, |out, arg| write(out, arg, Level::Ternary));
    for (at, (name, value)) in kwargs.iter().enumerate() {
        if at > 0 || !args.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&name.name);
        out.push('=');
        write(out, value, Level::Ternary);
    }
    out.push(')');
}

fn display_of(out: &mut String, items: &[Expr], display: Display) {
    let (open, close) = match display {
        Display::List => ('[', ']'),
        Display::Tuple => ('(', ')'),
        Display::Set => ('{', '}'),
    };
    out.push(open);
    separated(out, items, |out, item| write(out, item, Level::Ternary));
    if display == Display::Tuple && items.len() == 1 {
        out.push(',');
    }
    out.push(close);
}

fn comprehension(
    out: &mut String,
    kind: ComprehensionKind,
    element: &Expr,
    value: Option<&Expr>,
    clauses: &[Clause],
) {
    let (open, close) = match kind {
        ComprehensionKind::List => ('[', ']'),
        ComprehensionKind::Set | ComprehensionKind::Dict => ('{', '}'),
        ComprehensionKind::Generator => ('(', ')'),
    };
    out.push(open);
    write(out, element, Level::Ternary);
    if let Some(value) = value {
        out.push_str(": ");
        write(out, value, Level::Ternary);
    }
    for clause in clauses {
        out.push_str(" for ");
        target(out, &clause.target, true);
        out.push_str(" in ");
        write(out, &clause.iter, Level::Or);
        for condition in &clause.conditions {
            out.push_str(" if ");
            write(out, condition, Level::Or);
        }
    }
    out.push(close);
}

fn target(out: &mut String, written: &Target, outermost: bool) {
    match written {
        Target::Name(name) => out.push_str(&name.name),
        Target::Tuple(targets, _) => {
            if !outermost {
                out.push('(');
            }
            separated(out, targets, |out, one| target(out, one, false));
            if targets.len() == 1 {
                out.push(',');
            }
            if !outermost {
                out.push(')');
            }
        }
    }
}

/// Writes a string literal in single quotes. With `inside`, set for the text of an f-string, there
/// are no quotes, and braces are doubled.
fn literal(out: &mut String, text: &str, inside: bool) {
    if !inside {
        out.push('\'');
    }
    for character in text.chars() {
        match character {
            '\'' => out.push_str("\\x27"),
            // In an f-string, this quote could end the literal around it.
            '"' => out.push_str("\\x22"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '{' => out.push_str(if inside { "{{" } else { "\\x7b" }),
            '}' => out.push_str(if inside { "}}" } else { "\\x7d" }),
            other => out.push(other),
        }
    }
    if !inside {
        out.push('\'');
    }
}

fn fstring(out: &mut String, parts: &[FPart]) {
    out.push_str("f'''");
    pieces(out, parts);
    out.push_str("'''");
}

fn pieces(out: &mut String, parts: &[FPart]) {
    for part in parts {
        match part {
            FPart::Text(text) => literal(out, text, true),
            FPart::Expr {
                expr,
                conversion,
                spec,
            } => {
                out.push('{');
                // Without the space, `{` and the `{` of a dict would read as an escaped brace `{{`.
                out.push(' ');
                write(out, expr, Level::Ternary);
                out.push(' ');
                if let Some(conversion) = conversion {
                    out.push('!');
                    out.push(*conversion);
                }
                if !spec.is_empty() {
                    out.push(':');
                    specification(out, spec);
                }
                out.push('}');
            }
        }
    }
}

/// Writes a format specification. It has no escapes.
fn specification(out: &mut String, parts: &[FPart]) {
    for part in parts {
        match part {
            FPart::Text(text) => out.push_str(text),
            nested @ FPart::Expr { .. } => pieces(out, std::slice::from_ref(nested)),
        }
    }
}
