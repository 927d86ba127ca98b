//! Comprehensions: loop variables and their types.
//!
//! Enters: clauses and an element. Leaves: the comprehension with its variables numbered, or a
//! finding when something cannot be iterated over or unpacked (FMC0501). Must not know the names
//! outside.

use fmc_expr::{
    ast::{self, ComprehensionKind},
    builtins::Kinds,
};

use super::expression::Typer;
use crate::{
    diagnostics::{Code, Diagnostic},
    ir::expr::{Clause, Expr, ExprKind, LocalId, Target},
    types::Type,
};

impl Typer<'_, '_> {
    pub(super) fn comprehension(
        &mut self,
        expr: &ast::Expr,
        kind: ComprehensionKind,
        element: &ast::Expr,
        value: Option<&ast::Expr>,
        clauses: &[ast::Clause],
    ) -> Expr {
        let outside = self.locals.len();
        let steps = ast::turn_steps(clauses, element, value);
        let clauses = clauses.iter().zip(steps);
        let clauses: Vec<Clause> = clauses
            .map(|(clause, steps)| self.clause(clause, steps))
            .collect();
        let element = self.expr(element);
        let value = value.map(|value| self.expr(value));
        // The variables of a comprehension are not visible after it.
        self.locals.truncate(outside);
        let ty = match kind {
            ComprehensionKind::Dict => Type::open(),
            ComprehensionKind::List | ComprehensionKind::Set | ComprehensionKind::Generator => {
                Type::list(element.ty.clone())
            }
        };
        let kind = ExprKind::Comprehension {
            kind,
            element: Box::new(element),
            value: value.map(Box::new),
            clauses,
        };
        self.typed(expr, kind, ty)
    }

    fn clause(&mut self, clause: &ast::Clause, steps: u64) -> Clause {
        let iter = self.expr(&clause.iter);
        if !iter.ty.is_loose() && !iter.ty.kinds().overlaps(Kinds::ITERABLE) {
            let message = format!("cannot iterate over `{}`", iter.ty);
            self.report(Diagnostic::new(Code::OperandType, iter.span, message));
        }
        let element = if iter.ty == Type::Error {
            Type::Error
        } else {
            iter.ty.element()
        };
        let target = self.bind(&clause.target, element);
        let conditions = clause
            .conditions
            .iter()
            .map(|condition| self.expr(condition))
            .collect();
        Clause {
            target,
            iter,
            conditions,
            steps,
        }
    }

    fn bind(&mut self, target: &ast::Target, ty: Type) -> Target {
        match target {
            ast::Target::Name(name) => {
                let id = LocalId(self.next_local);
                self.next_local += 1;
                self.locals.push(&name.name, id, ty);
                Target::Local(id, name.name.clone())
            }
            // All parts get the type of an element: the types do not know positions of a list.
            ast::Target::Tuple(targets, span) => {
                let element = if ty.is_loose() {
                    ty
                } else if ty.kinds().overlaps(Kinds::ITERABLE) {
                    ty.element()
                } else {
                    let message = format!("cannot unpack `{ty}`");
                    self.error(Code::OperandType, *span, message);
                    Type::Error
                };
                Target::Tuple(
                    targets
                        .iter()
                        .map(|target| self.bind(target, element.clone()))
                        .collect(),
                )
            }
        }
    }
}
