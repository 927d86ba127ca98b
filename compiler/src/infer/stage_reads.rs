//! Outputs of other stages.
//!
//! Enters: the id behind `upstream.` or `stages.`. Leaves: the stage with the type of its output and
//! a note of who reads what of whom, or a finding: a minus that was read as part of an id
//! (FMC0303). An id that no stage has is noted in the table of uses.

use fmc_expr::ast;

use super::expression::Typer;
use crate::{
    catalogue::NAMES,
    diagnostics::{Code, Diagnostic},
    ir::{
        StageId,
        expr::{Expr, ExprKind},
        uses::{Read, Space, Step},
    },
    types::Type,
};

impl Typer<'_, '_> {
    /// `upstream.id`, `stages.id`, `upstream['id']`
    pub(super) fn stage(&mut self, expr: &ast::Expr, name: &str, span: ast::Span) -> Expr {
        if name.is_empty() {
            return self.poison(expr.span);
        }
        let known = self.infer.skeleton.ids.contains(name);
        let broken = !self.embedded.trust.is_sound();
        if !known && (broken || self.hyphen(name, span)) {
            return self.poison(expr.span);
        }
        let place = self.span(span);
        let avoid = self.unfinished();
        let ids = &self.infer.skeleton.ids;
        match ids.refer(self.infer.uses, name, place, &avoid) {
            Some(stage) => {
                let output = self.infer.scopes.output(stage);
                let ty = match known {
                    // Read too early, which is said; of its fields nothing is.
                    true if avoid.contains(&stage) => Type::Any,
                    true => output,
                    // A guess is good enough for silence, not for more findings.
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

    /// Stages that have certainly not finished: this one, and the blocks around it.
    fn unfinished(&self) -> Vec<StageId> {
        let Some(reader) = self.reader() else {
            return Vec::new();
        };
        let graph = self.infer.graph;
        let mut around = graph.around(reader);
        around.retain(|owner| graph.is_block(*owner));
        around.push(reader);
        around
    }

    /// `upstream.a-upstream.b`, `upstream.total-1`: a minus that was read as part of an id.
    fn hyphen(&mut self, name: &str, span: ast::Span) -> bool {
        let starts = |c: char| c.is_ascii_digit();
        let meant = name.match_indices('-').find_map(|(at, _)| {
            let (left, right) = (name.get(..at)?, name.get(at + 1..)?);
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
            .help("blanks around `-` make it a minus")
            .fix(
                "put blanks around `-`",
                false,
                place,
                format!("{left} - {right}"),
            );
        self.report(finding);
        true
    }

    /// Notes that the expression reads a stage's output: `field` of it, with its place, or all of
    /// it; what is taken from that is the path so far.
    pub(super) fn note_read(&mut self, stage: &Expr, field: Option<(&str, ast::Span)>) {
        // Of a misspelt id nothing more is said.
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
