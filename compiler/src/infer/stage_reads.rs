//! Reading the outputs of other stages.
//!
//! Enters: the id after `upstream.` or `stages.`. Leaves: the stage, the type of its output and a
//! record of the read, or a finding: a minus that was read as part of an id (FMC0303). An id that
//! no stage has is recorded in the table of uses. Must not know the order of stages.

use fmc_expr::ast;

use super::expression::Typer;
use crate::{
    catalogue::NAMES,
    diagnostics::{Code, Diagnostic},
    ir::{
        expr::{Expr, ExprKind},
        uses::{Read, Space, Step},
    },
    types::Type,
};

impl Typer<'_, '_> {
    /// Types `upstream.id`, `stages.id` and `upstream['id']`.
    pub(super) fn stage(&mut self, expr: &ast::Expr, name: &str, span: ast::Span) -> Expr {
        if name.is_empty() {
            return self.poison(expr.span);
        }
        let known = self.infer.skeleton.ids.contains(name);
        // In an expression that could not be read, an unknown id may be a consequence of that.
        let broken = !self.embedded.trust.is_sound();
        if !known && (broken || self.hyphen(name, span)) {
            return self.poison(expr.span);
        }
        let place = self.span(span);
        let avoid = self
            .reader()
            .map(|reader| self.infer.graph.unfinished(reader));
        let avoid = avoid.unwrap_or_default();
        let ids = &self.infer.skeleton.ids;
        match ids.refer(self.infer.uses, name, place, |stage| avoid.contains(stage)) {
            Some(stage) => {
                let output = self.infer.scopes.output(stage);
                let ty = match known {
                    // It is read too early and has a finding (FMC0602), so its fields are not
                    // checked.
                    true if avoid.contains(stage) => Type::Any,
                    true => output,
                    // A guessed stage prevents further findings; it must not cause any.
                    false => Type::Error,
                };
                Expr {
                    kind: ExprKind::Upstream(stage),
                    span: place,
                    ty,
                }
            }
            None => self.poison(expr.span),
        }
    }

    /// Reports a minus that was read as part of an id: `upstream.a-upstream.b`, `upstream.total-1`.
    fn hyphen(&mut self, name: &str, span: ast::Span) -> bool {
        let starts = |c: char| c.is_ascii_digit();
        let meant = name.match_indices('-').find_map(|(at, _)| {
            let (left, right) = (name.get(..at)?, name.get(at + 1..)?);
            // What comes after the hyphen must be able to be an operand, else the id is just
            // misspelt.
            let operand = NAMES.iter().any(|row| row.name == right)
                || right.starts_with(starts)
                || self.is_local(right);
            (self.infer.skeleton.ids.contains(left) && operand).then_some((left, right))
        });
        let Some((left, right)) = meant else {
            return false;
        };
        let place = self.span(span);
        let message =
            format!("`{name}` is read as one stage id; no stage has it, but `{left}` exists");
        let finding = Diagnostic::new(Code::HyphenAsMinus, place, message)
            .help("with spaces around it, `-` is a minus")
            .fix(
                "put spaces around `-`",
                false,
                place,
                format!("{left} - {right}"),
            );
        self.report(finding);
        true
    }

    /// Records that the expression reads the output of a stage: the field `field` with its span, or
    /// the whole output. The path read so far says what is taken from it.
    pub(super) fn note_read(&mut self, stage: &Expr, field: Option<(&str, ast::Span)>) {
        // A misspelt id has a finding already, so nothing is recorded for it.
        let guessed = stage.ty == Type::Error;
        if let (ExprKind::Upstream(target), Some(reader), false) =
            (&stage.kind, self.reader(), guessed)
        {
            let first = field.map(|(field, _)| Step::Field(field.to_owned()));
            if let Some((field, span)) = field {
                let span = self.span(span);
                self.infer.uses.read(Space::Output(*target), field, span);
            }
            let rest = self.path.iter().rev().cloned();
            self.infer.reads.push(Read {
                reader,
                target: *target,
                expr: self.id,
                span: stage.span,
                path: first.into_iter().chain(rest).collect(),
                guarded: self.guarded,
            });
        }
    }
}
