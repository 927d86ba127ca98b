//! Comprehensions.
//!
//! Enters: clauses and an element. Leaves: a list, set or object. `any` and `all` over a generator
//! stop at the first element that decides. Must not know how clauses were written.

use std::ops::ControlFlow;

use super::{Interpreter, Located, Outcome, at};
use crate::{
    ast::{Clause, ComprehensionKind, Expr, Target},
    ops,
    value::Value,
};

/// What to do with each element. It says whether to go on.
type Step<'s> = dyn FnMut(&mut Interpreter<'_>) -> Result<ControlFlow<()>, Located> + 's;

impl Interpreter<'_> {
    pub(super) fn comprehension(
        &mut self,
        whole: &Expr,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[Clause],
    ) -> Outcome {
        if let Some(value) = value {
            let mut entries = Vec::new();
            let _ = self.each(clauses, &mut |this| {
                entries.push((this.eval(element)?, this.eval(value)?));
                Ok(ControlFlow::Continue(()))
            })?;
            return ops::object(self.cx, entries).map_err(at(whole));
        }
        let mut items = Vec::new();
        let _ = self.each(clauses, &mut |this| {
            items.push(this.eval(element)?);
            Ok(ControlFlow::Continue(()))
        })?;
        let made = match kind {
            ComprehensionKind::Set => ops::set(self.cx, items),
            ComprehensionKind::List | ComprehensionKind::Dict | ComprehensionKind::Generator => {
                ops::list(self.cx, items)
            }
        };
        made.map_err(at(whole))
    }

    /// `any` (`wanted` is true) or `all` (`wanted` is false) over a generator.
    pub(super) fn quantify(&mut self, wanted: bool, element: &Expr, clauses: &[Clause]) -> Outcome {
        let mut decided = false;
        let _ = self.each(clauses, &mut |this| {
            if ops::truthy(&this.eval(element)?) == wanted {
                decided = true;
                return Ok(ControlFlow::Break(()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(Value::Bool(decided == wanted))
    }

    fn each(
        &mut self,
        clauses: &[Clause],
        step: &mut Step<'_>,
    ) -> Result<ControlFlow<()>, Located> {
        let Some((clause, inner)) = clauses.split_first() else {
            return step(self);
        };
        let items = self.eval(&clause.iter)?;
        let items = ops::iterate(self.cx, &items).map_err(at(&clause.iter))?;
        let outside = self.locals.len();
        for item in items {
            self.cx.charge(1).map_err(at(&clause.iter))?;
            self.bind(&clause.target, item).map_err(at(&clause.iter))?;
            let mut wanted = true;
            for condition in &clause.conditions {
                if !ops::truthy(&self.eval(condition)?) {
                    wanted = false;
                    break;
                }
            }
            if wanted && self.each(inner, step)?.is_break() {
                self.locals.truncate(outside);
                return Ok(ControlFlow::Break(()));
            }
            self.locals.truncate(outside);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn bind(&mut self, target: &Target, item: Value) -> Result<(), crate::EvalError> {
        match target {
            Target::Name(name) => self.locals.push((name.name.clone(), item)),
            Target::Tuple(targets, _) => {
                let parts = ops::unpack(self.cx, &item, targets.len())?;
                for (target, part) in targets.iter().zip(parts) {
                    self.bind(target, part)?;
                }
            }
        }
        Ok(())
    }
}
