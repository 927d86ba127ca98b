//! Comprehensions.
//!
//! Enters: clauses and an element. Leaves: a list, set or object. `any` and `all` over a generator
//! stop at the first element that decides. Must not know how clauses were written.

use std::ops::ControlFlow;

use super::{Interpreter, Located, Outcome, at};
use crate::{
    EvalError,
    ast::{self, Clause, ComprehensionKind, Expr, Target},
    ops::{self, Gather},
    value::Value,
};

/// What to do with each element. It says whether to go on.
type Step<'a, 's> =
    dyn FnMut(&mut Interpreter<'a>, &mut Gather) -> Result<ControlFlow<()>, Located> + 's;

/// The loops of a comprehension.
struct Loops<'a> {
    clauses: &'a [Clause],
    /// What a turn of each loop costs.
    steps: Vec<u64>,
}

impl<'a> Loops<'a> {
    fn new(clauses: &'a [Clause], element: &Expr, value: Option<&Expr>) -> Self {
        Self {
            clauses,
            steps: ast::turn_steps(clauses, element, value),
        }
    }
}

impl<'a> Interpreter<'a> {
    pub(super) fn comprehension(
        &mut self,
        whole: &Expr,
        kind: ComprehensionKind,
        element: &'a Expr,
        value: Option<&'a Expr>,
        clauses: &'a [Clause],
    ) -> Outcome {
        let mut gather = match kind {
            ComprehensionKind::List | ComprehensionKind::Generator => Gather::list(),
            ComprehensionKind::Set => Gather::set(),
            ComprehensionKind::Dict => Gather::object(),
        };
        let loops = Loops::new(clauses, element, value);
        let _ = self.each(&loops, 0, &mut gather, &mut |this, gather| {
            let element = this.eval(element)?;
            let kept = match value {
                Some(value) => gather.entry(this.cx, element, this.eval(value)?),
                None => gather.push(this.cx, element),
            };
            kept.map_err(at(whole))?;
            Ok(ControlFlow::Continue(()))
        })?;
        gather.finish(self.cx).map_err(at(whole))
    }

    /// `any` (`wanted` is true) or `all` (`wanted` is false) over a generator.
    pub(super) fn quantify(
        &mut self,
        wanted: bool,
        element: &'a Expr,
        clauses: &'a [Clause],
    ) -> Outcome {
        let mut decided = false;
        let loops = Loops::new(clauses, element, None);
        let _ = self.each(&loops, 0, &mut Gather::nothing(), &mut |this, _| {
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
        loops: &Loops<'a>,
        nth: usize,
        gather: &mut Gather,
        step: &mut Step<'a, '_>,
    ) -> Result<ControlFlow<()>, Located> {
        let (Some(clause), Some(steps)) = (loops.clauses.get(nth), loops.steps.get(nth)) else {
            return step(self, gather);
        };
        let items = self.eval(&clause.iter)?;
        let items = ops::iterate(self.cx, &items).map_err(at(&clause.iter))?;
        let outside = self.locals.len();
        for item in &items {
            gather
                .turn(self.cx, nth, *steps)
                .map_err(at(&clause.iter))?;
            self.bind(&clause.target, item.clone())
                .map_err(at(&clause.iter))?;
            let mut wanted = true;
            for condition in &clause.conditions {
                if !ops::truthy(&self.eval(condition)?) {
                    wanted = false;
                    break;
                }
            }
            if wanted && self.each(loops, nth + 1, gather, step)?.is_break() {
                self.locals.truncate(outside);
                return Ok(ControlFlow::Break(()));
            }
            self.locals.truncate(outside);
        }
        Ok(ControlFlow::Continue(()))
    }

    fn bind(&mut self, target: &'a Target, item: Value) -> Result<(), EvalError> {
        match target {
            Target::Name(name) => self.locals.push(&name.name, item),
            Target::Tuple(targets, _) => {
                let parts = ops::unpack(self.cx, &item, targets.len())?;
                for (target, part) in targets.iter().zip(&parts) {
                    self.bind(target, part.clone())?;
                }
            }
        }
        Ok(())
    }
}
