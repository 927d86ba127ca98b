//! Variables of `context`.
//!
//! Enters: `context.NAME`. Leaves: the fact, loop variable or `variable-set` variable that it
//! means, or a finding that nothing sets it (FMC0308). Must not know how names are looked up.

use fmc_expr::ast;

use super::{Scope, expression::Typer};
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    ir::{
        expr::{Expr, ExprKind},
        uses::Space,
    },
    types::Type,
};

impl Typer<'_, '_> {
    /// `context.name`
    pub(super) fn context(&mut self, expr: &ast::Expr, name: &ast::Ident) -> Expr {
        let key = &name.name;
        let span = self.span(name.span);
        self.infer.uses.read(Space::Context, key, span);
        let fact = self.scope().fact(key);
        let ty = match fact.map_or_else(|| self.variable(key), |fact| Ok(fact.ty)) {
            Ok(ty) => ty,
            Err(message) => {
                self.unset(name, &message);
                Type::Error
            }
        };
        self.typed(expr, ExprKind::Context(key.clone()), ty)
    }

    /// The type of a variable that a `variable-set` before this stage has set.
    fn variable(&self, key: &str) -> Result<Type, String> {
        let found = self.scope().variable(key);
        let known = self.infer.knows_scopes();
        // When owners or order are guessed, the setter may well come before this stage.
        let excused = !known || !self.order_is_known();
        match found {
            Some(found) if found.certain || excused => Ok(found.ty),
            Some(_) => Err(format!(
                "`context.{key}` is set by a stage that may not have finished"
            )),
            None if !known => Ok(Type::Any),
            None => Err(format!("nothing sets `context.{key}`")),
        }
    }

    /// Whether this stage waits for what was meant.
    fn order_is_known(&self) -> bool {
        let order = |stage| self.infer.trust.order(self.infer.graph, stage);
        self.reader().is_none_or(|stage| order(stage).is_sound())
    }

    fn unset(&mut self, name: &ast::Ident, message: &str) {
        let span = self.span(name.span);
        let finding = Diagnostic::new(Code::UnsetVariable, span, message);
        let infer = &mut *self.infer;
        let (stage, locals) = (self.spot.stage, &self.spot.locals);
        let scope = Scope::at(&infer.scopes, infer.graph, stage, locals);
        let known = || scope.context_names();
        let near = match scope.sets(&name.name) {
            true => Some(&*name.name),
            false => infer.nearest.variable(&name.name, known()),
        };
        let other = near.filter(|near| *near != name.name);
        let finding = finding.guessed(other, [span], |finding| match near {
            // The name is right, but its setter may not have finished.
            Some(_) => finding.help("add the `variable-set` stage to `depends_on`"),
            None => match scope.context_count() {
                0 => finding,
                count => finding.help(format!(
                    "`context` has {}",
                    suggest::list_first(known(), count)
                )),
            },
        });
        let near = near.map(str::to_owned);
        self.missing(Space::Context, &name.name, near.as_deref(), finding);
    }
}
