//! Expressions of a model as text.
//!
//! Enters: typed expressions. Leaves: their text in the dump, in which names show what they refer
//! to (`upstream[id]`; `%0` for a variable of a comprehension) and operations are in parentheses.
//! Must not know stages and settings.

use std::fmt::{self, Write};

use fmc_expr::ast::{CompareOp, ComprehensionKind, UnaryOp};

use super::{Dump, POISON};
use crate::ir::expr::{Clause, Expr, ExprKind, FPart, Target};

impl Dump<'_, '_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> fmt::Result {
        match &expr.kind {
            ExprKind::Literal(value) => {
                fmc_expr::json::write(self.out, value, None);
                Ok(())
            }
            ExprKind::FString(parts) => self.fstring(parts),
            ExprKind::Input => self.out.write_str("input"),
            ExprKind::Upstream(stage) => {
                let name = self.name(*stage);
                write!(self.out, "upstream[{name}]")
            }
            ExprKind::Env(name) => write!(self.out, "env[{name}]"),
            ExprKind::Context(name) => write!(self.out, "context[{name}]"),
            ExprKind::ContextAll => self.out.write_str("context"),
            ExprKind::Data => self.out.write_str("data"),
            ExprKind::Item => self.out.write_str("item"),
            ExprKind::Value => self.out.write_str("value"),
            ExprKind::ErrorInfo => self.out.write_str("error"),
            ExprKind::Local(local) => write!(self.out, "%{}", local.0),
            ExprKind::Member(base, name) => {
                self.expr(base)?;
                write!(self.out, ".{name}")
            }
            ExprKind::Index(base, index) => {
                self.expr(base)?;
                self.list("[", std::slice::from_ref(&**index), "]")
            }
            ExprKind::Slice(base, bounds) => self.slice(base, bounds),
            ExprKind::Call(builtin, slots) => self.call(builtin.name, slots),
            ExprKind::MethodCall {
                name,
                receiver,
                args,
                kwargs,
            } => self.method(name, receiver, args, kwargs),
            ExprKind::Unary(op, operand) => self.unary(*op, operand),
            ExprKind::Binary(op, left, right) => self.infix(left, op.symbol(), right),
            ExprKind::Logic(and, left, right) => {
                self.infix(left, if *and { "and" } else { "or" }, right)
            }
            ExprKind::Compare(first, rest) => self.compare(first, rest),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(condition, then, otherwise),
            ExprKind::List(items) => self.list("[", items, "]"),
            ExprKind::Set(items) => self.list("set[", items, "]"),
            ExprKind::Dict(entries) => self.dict(entries),
            ExprKind::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.comprehension(*kind, element, value.as_deref(), clauses),
            ExprKind::Poison => self.out.write_str(POISON),
        }
    }

    /// `base[1::2]`
    fn slice(&mut self, base: &Expr, bounds: &[Option<Box<Expr>>; 3]) -> fmt::Result {
        self.expr(base)?;
        self.out.write_char('[')?;
        for (at, bound) in bounds.iter().enumerate() {
            if at > 0 {
                self.out.write_char(':')?;
            }
            if let Some(bound) = bound {
                self.expr(bound)?;
            }
        }
        self.out.write_char(']')
    }

    /// A call with its arguments in the order of the parameters; `_` for a missing one.
    fn call(&mut self, name: &str, slots: &[Option<Expr>]) -> fmt::Result {
        write!(self.out, "{name}(")?;
        for (at, slot) in slots.iter().enumerate() {
            self.comma(at)?;
            match slot {
                Some(slot) => self.expr(slot)?,
                None => self.out.write_char('_')?,
            }
        }
        self.out.write_char(')')
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr) -> fmt::Result {
        self.out.write_str(match op {
            UnaryOp::Neg => "(-",
            UnaryOp::Pos => "(+",
            UnaryOp::Not => "(not ",
        })?;
        self.expr(operand)?;
        self.out.write_char(')')
    }

    fn compare(&mut self, first: &Expr, rest: &[(CompareOp, Expr)]) -> fmt::Result {
        self.out.write_char('(')?;
        self.expr(first)?;
        for (op, right) in rest {
            write!(self.out, " {} ", op.symbol())?;
            self.expr(right)?;
        }
        self.out.write_char(')')
    }

    fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> fmt::Result {
        self.out.write_char('(')?;
        self.expr(then)?;
        self.out.write_str(" if ")?;
        self.expr(condition)?;
        self.out.write_str(" else ")?;
        self.expr(otherwise)?;
        self.out.write_char(')')
    }

    fn dict(&mut self, entries: &[(Expr, Expr)]) -> fmt::Result {
        self.out.write_char('{')?;
        for (at, (key, value)) in entries.iter().enumerate() {
            self.comma(at)?;
            self.expr(key)?;
            self.out.write_str(": ")?;
            self.expr(value)?;
        }
        self.out.write_char('}')
    }

    fn infix(&mut self, left: &Expr, op: &str, right: &Expr) -> fmt::Result {
        self.out.write_char('(')?;
        self.expr(left)?;
        write!(self.out, " {op} ")?;
        self.expr(right)?;
        self.out.write_char(')')
    }

    fn list(&mut self, open: &str, items: &[Expr], close: &str) -> fmt::Result {
        self.out.write_str(open)?;
        for (at, item) in items.iter().enumerate() {
            self.comma(at)?;
            self.expr(item)?;
        }
        self.out.write_str(close)
    }

    fn method(
        &mut self,
        name: &str,
        receiver: &Expr,
        args: &[Expr],
        kwargs: &[(String, Expr)],
    ) -> fmt::Result {
        self.expr(receiver)?;
        write!(self.out, ".{name}?")?;
        self.list("(", args, "")?;
        for (at, (name, value)) in kwargs.iter().enumerate() {
            self.comma(args.len() + at)?;
            write!(self.out, "{name}=")?;
            self.expr(value)?;
        }
        self.out.write_char(')')
    }

    fn fstring(&mut self, parts: &[FPart]) -> fmt::Result {
        self.out.write_str("f(")?;
        for (at, part) in parts.iter().enumerate() {
            self.comma(at)?;
            match part {
                FPart::Text(text) => write!(self.out, "{text:?}")?,
                FPart::Expr {
                    expr,
                    conversion,
                    spec,
                } => {
                    self.expr(expr)?;
                    if let Some(conversion) = conversion {
                        write!(self.out, "!{conversion}")?;
                    }
                    if !spec.is_empty() {
                        self.out.write_char(':')?;
                        self.fstring(spec)?;
                    }
                }
            }
        }
        self.out.write_char(')')
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[Clause],
    ) -> fmt::Result {
        let (open, close) = match kind {
            ComprehensionKind::List => ("[", "]"),
            ComprehensionKind::Set => ("set[", "]"),
            ComprehensionKind::Dict => ("{", "}"),
            ComprehensionKind::Generator => ("(", ")"),
        };
        self.out.write_str(open)?;
        self.expr(element)?;
        if let Some(value) = value {
            self.out.write_str(": ")?;
            self.expr(value)?;
        }
        for clause in clauses {
            self.out.write_str(" for ")?;
            self.target(&clause.target)?;
            self.out.write_str(" in ")?;
            self.expr(&clause.iter)?;
            for condition in &clause.conditions {
                self.out.write_str(" if ")?;
                self.expr(condition)?;
            }
        }
        self.out.write_str(close)
    }

    fn target(&mut self, target: &Target) -> fmt::Result {
        match target {
            Target::Local(local, name) => write!(self.out, "%{} ({name})", local.0),
            Target::Tuple(targets) => {
                for (at, target) in targets.iter().enumerate() {
                    self.comma(at)?;
                    self.target(target)?;
                }
                Ok(())
            }
        }
    }
}
