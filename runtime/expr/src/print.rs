//! AST to text.
//!
//! Enters: a tree. Leaves: text that parses to the same tree (spans apart), with no more
//! brackets than precedence asks for. Must not know values.

use crate::{
    ast::{BinaryOp, Clause, ComprehensionKind, Display, Expr, ExprKind, FPart, Target, UnaryOp},
    json,
};

/// How tightly a node binds; a child that binds looser than its place asks for gets brackets.
mod strength {
    pub(super) const TERNARY: u8 = 0;
    pub(super) const OR: u8 = 1;
    pub(super) const AND: u8 = 2;
    pub(super) const NOT: u8 = 3;
    pub(super) const COMPARE: u8 = 4;
    pub(super) const FILTER: u8 = 5;
    pub(super) const SUM: u8 = 6;
    pub(super) const PRODUCT: u8 = 7;
    pub(super) const SIGN: u8 = 8;
    pub(super) const POWER: u8 = 9;
    pub(super) const ATOM: u8 = 10;
}
use strength::{AND, ATOM, COMPARE, FILTER, NOT, OR, POWER, PRODUCT, SIGN, SUM, TERNARY};

/// Prints a tree.
#[must_use]
pub fn print(expr: &Expr) -> String {
    let mut out = String::new();
    write(&mut out, expr, TERNARY);
    out
}

fn write(out: &mut String, expr: &Expr, least: u8) {
    let brackets = binds(expr) < least;
    if brackets {
        out.push('(');
    }
    node(out, expr);
    if brackets {
        out.push(')');
    }
}

fn binds(expr: &Expr) -> u8 {
    match &expr.kind {
        ExprKind::Ternary { .. } => TERNARY,
        ExprKind::Logic { and, .. } => {
            if *and {
                AND
            } else {
                OR
            }
        }
        ExprKind::Unary {
            op: UnaryOp::Not, ..
        } => NOT,
        ExprKind::Compare { .. } => COMPARE,
        ExprKind::Call { filter: true, .. } => FILTER,
        ExprKind::Binary { op, .. } => arithmetic(*op),
        ExprKind::Unary { .. } => SIGN,
        ExprKind::Part(inner) => binds(inner),
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::FString(_)
        | ExprKind::Name(_)
        | ExprKind::Member { .. }
        | ExprKind::Index { .. }
        | ExprKind::Slice { .. }
        | ExprKind::Call { filter: false, .. }
        | ExprKind::List { .. }
        | ExprKind::Dict(_)
        | ExprKind::Comprehension { .. }
        | ExprKind::Error => ATOM,
    }
}

fn arithmetic(op: BinaryOp) -> u8 {
    match op {
        BinaryOp::Add | BinaryOp::Sub => SUM,
        BinaryOp::Mul | BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Rem => PRODUCT,
        BinaryOp::Pow => POWER,
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
            write(out, index, TERNARY);
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
                UnaryOp::Neg => ("-", SIGN),
                UnaryOp::Pos => ("+", SIGN),
                UnaryOp::Not => ("not ", NOT),
            };
            out.push_str(sign);
            write(out, operand, least);
        }
        ExprKind::Binary {
            op, left, right, ..
        } => {
            let level = arithmetic(*op);
            // `**` binds to the right, and takes a sign there without brackets.
            let (before, after) = if *op == BinaryOp::Pow {
                (ATOM, SIGN)
            } else {
                (level, level + 1)
            };
            infix(out, left, before, op.symbol(), right, after);
        }
        ExprKind::Logic { and, left, right } => {
            let (word, level) = if *and { ("and", AND) } else { ("or", OR) };
            infix(out, left, level, word, right, level + 1);
        }
        ExprKind::Compare { first, rest } => {
            write(out, first, FILTER);
            for (op, _, right) in rest {
                out.push(' ');
                out.push_str(op.symbol());
                out.push(' ');
                write(out, right, FILTER);
            }
        }
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => {
            write(out, then, OR);
            out.push_str(" if ");
            write(out, condition, OR);
            out.push_str(" else ");
            write(out, otherwise, TERNARY);
        }
        ExprKind::List { items, display } => display_of(out, items, *display),
        ExprKind::Dict(entries) => {
            out.push('{');
            separated(out, entries, |out, (key, value)| {
                write(out, key, TERNARY);
                out.push_str(": ");
                write(out, value, TERNARY);
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
        ExprKind::Error => out.push_str("None"),
    }
}

fn infix(out: &mut String, left: &Expr, before: u8, symbol: &str, right: &Expr, after: u8) {
    write(out, left, before);
    out.push(' ');
    out.push_str(symbol);
    out.push(' ');
    write(out, right, after);
}

/// What stands before a dot or bracket: a number there would swallow the dot.
fn operand(out: &mut String, base: &Expr) {
    let number = matches!(base.kind, ExprKind::Int(_) | ExprKind::Float(_));
    write(out, base, if number { ATOM + 1 } else { ATOM });
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
            write(out, bound, TERNARY);
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
        write(out, left, FILTER);
        out.push_str(" | ");
        args = rest;
    }
    operand(out, callee);
    if filter && args.is_empty() && kwargs.is_empty() {
        return;
    }
    out.push('(');
    separated(out, args, |out, arg| write(out, arg, TERNARY));
    for (at, (name, value)) in kwargs.iter().enumerate() {
        if at > 0 || !args.is_empty() {
            out.push_str(", ");
        }
        out.push_str(&name.name);
        out.push('=');
        write(out, value, TERNARY);
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
    separated(out, items, |out, item| write(out, item, TERNARY));
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
    write(out, element, TERNARY);
    if let Some(value) = value {
        out.push_str(": ");
        write(out, value, TERNARY);
    }
    for clause in clauses {
        out.push_str(" for ");
        target(out, &clause.target, true);
        out.push_str(" in ");
        write(out, &clause.iter, OR);
        for condition in &clause.conditions {
            out.push_str(" if ");
            write(out, condition, OR);
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

/// A string literal in single quotes; in an f-string braces are doubled.
fn literal(out: &mut String, text: &str, inside: bool) {
    if !inside {
        out.push('\'');
    }
    for character in text.chars() {
        match character {
            '\'' => out.push_str("\\x27"),
            // A quote of the other kind could end an f-string's replacement field.
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
                // A blank keeps a leading `{` of a display from reading as a doubled brace.
                out.push(' ');
                write(out, expr, TERNARY);
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

/// Format specifications take no escapes.
fn specification(out: &mut String, parts: &[FPart]) {
    for part in parts {
        match part {
            FPart::Text(text) => out.push_str(text),
            nested @ FPart::Expr { .. } => pieces(out, std::slice::from_ref(nested)),
        }
    }
}
