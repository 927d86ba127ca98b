//! Writes a tree in one line, like `(member@0..10 (name@0..8 upstream) x@9..10)`. `!` marks an
//! error node.
//!
//! Enters: a tree. Leaves: every node with its span.

use fmc_expr::ast::{Clause, Expr, ExprKind, FPart, Ident, Span, Target};

pub fn dump(expr: &Expr) -> String {
    let (name, parts) = node(&expr.kind);
    let parts: String = parts.into_iter().map(|part| format!(" {part}")).collect();
    format!("({name}{}{parts})", at(expr.span))
}

fn at(span: Span) -> String {
    format!("@{}..{}", span.start, span.end)
}

fn ident(ident: &Ident) -> String {
    format!("{}{}", ident.name, at(ident.span))
}

fn all(exprs: &[Expr]) -> Vec<String> {
    exprs.iter().map(dump).collect()
}

fn node(kind: &ExprKind) -> (String, Vec<String>) {
    let named = |name: &str, parts| (name.to_owned(), parts);
    match kind {
        ExprKind::Null => named("null", vec![]),
        ExprKind::Bool(value) => named("bool", vec![value.to_string()]),
        ExprKind::Int(value) => named("int", vec![value.to_string()]),
        ExprKind::Float(value) => named("float", vec![format!("{value:?}")]),
        ExprKind::Str(text) => named("str", vec![format!("{text:?}")]),
        ExprKind::FString(parts) => named("f-string", parts.iter().map(piece).collect()),
        ExprKind::Name(name) => named("name", vec![name.clone()]),
        ExprKind::Member { base, name } => named("member", vec![dump(base), ident(name)]),
        ExprKind::Index { base, index } => named("index", vec![dump(base), dump(index)]),
        ExprKind::Slice { base, bounds } => {
            let bounds = bounds.iter().map(|bound| match bound {
                Some(bound) => dump(bound),
                None => "-".to_owned(),
            });
            let parts = std::iter::once(dump(base)).chain(bounds);
            named("slice", parts.collect())
        }
        ExprKind::Call {
            callee,
            args,
            kwargs,
            filter,
        } => {
            let mut parts = vec![dump(callee)];
            parts.extend(all(args));
            let named_args = kwargs.iter();
            parts
                .extend(named_args.map(|(name, value)| format!("{}={}", ident(name), dump(value))));
            named(if *filter { "filter" } else { "call" }, parts)
        }
        ExprKind::Unary { op, operand } => (format!("{op:?}"), vec![dump(operand)]),
        ExprKind::Binary {
            op,
            op_span,
            left,
            right,
        } => {
            let parts = vec![dump(left), at(*op_span), dump(right)];
            (format!("{op:?}"), parts)
        }
        ExprKind::Logic { and, left, right } => {
            let name = if *and { "and" } else { "or" };
            named(name, vec![dump(left), dump(right)])
        }
        ExprKind::Compare { first, rest } => {
            let mut parts = vec![dump(first)];
            for (op, span, right) in rest {
                parts.push(format!("{op:?}{}", at(*span)));
                parts.push(dump(right));
            }
            named("compare", parts)
        }
        ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } => named("if", vec![dump(condition), dump(then), dump(otherwise)]),
        ExprKind::List { items, display } => (format!("{display:?}"), all(items)),
        ExprKind::Dict(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| format!("{}: {}", dump(key), dump(value)));
            named("dict", entries.collect())
        }
        ExprKind::Comprehension {
            kind,
            element,
            value,
            clauses,
        } => {
            let mut parts = vec![dump(element)];
            parts.extend(value.iter().map(|value| dump(value)));
            parts.extend(clauses.iter().map(clause));
            (format!("{kind:?}-comprehension"), parts)
        }
        ExprKind::Part(inner) => named("part", vec![dump(inner)]),
        ExprKind::Error(read) => named("!", all(read)),
    }
}

fn clause(clause: &Clause) -> String {
    let conditions: String = clause
        .conditions
        .iter()
        .map(|condition| format!(" if {}", dump(condition)))
        .collect();
    let target = target(&clause.target);
    format!("for {target} in {}{conditions}", dump(&clause.iter))
}

fn target(written: &Target) -> String {
    match written {
        Target::Name(name) => ident(name),
        Target::Tuple(several, span) => {
            let several: Vec<_> = several.iter().map(target).collect();
            format!("[{}]{}", several.join(", "), at(*span))
        }
    }
}

fn piece(part: &FPart) -> String {
    match part {
        FPart::Text(text) => format!("{text:?}"),
        FPart::Expr {
            expr,
            conversion,
            spec,
        } => {
            let conversion = conversion.map_or(String::new(), |one| format!("!{one}"));
            let spec: Vec<_> = spec.iter().map(piece).collect();
            format!("{{{}{conversion}:{}}}", dump(expr), spec.join(" "))
        }
    }
}
