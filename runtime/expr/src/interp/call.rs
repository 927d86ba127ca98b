//! Calls of functions, module functions, filters and methods.
//!
//! Enters: a callee and its arguments. Leaves: the value that the builtin gives. A name in scope
//! never hides a function, and a key of an object never hides a method. Must not know what builtins
//! do.

use super::{Interpreter, Located, Outcome, at};
use crate::{
    ast::{ComprehensionKind, Expr, ExprKind, Ident},
    builtins::{self, Builtin},
    error::EvalError,
    value::Value,
};

impl<'a> Interpreter<'a> {
    pub(super) fn call(
        &mut self,
        whole: &Expr,
        callee: &'a Expr,
        args: &'a [Expr],
        kwargs: &'a [(Ident, Expr)],
    ) -> Outcome {
        if let ExprKind::Name(name) = &callee.kind {
            // `any(… for …)` stops at the first element that decides, so its argument is not made a
            // list.
            if let (Some(wanted), [only], []) = (quantifier(name), args, kwargs)
                && let ExprKind::Comprehension {
                    kind: ComprehensionKind::Generator,
                    element,
                    clauses,
                    ..
                } = &only.kind
            {
                return self.quantify(wanted, element, clauses);
            }
            let Some(builtin) = builtins::function(name) else {
                let message = format!("unknown function `{name}`");
                return Err(at(callee)(EvalError::type_error(message)));
            };
            return self.function(whole, builtin, args, kwargs);
        }
        let ExprKind::Member { base, name } = &callee.kind else {
            return Err(at(callee)(EvalError::type_error(
                "only functions and methods can be called",
            )));
        };
        if let ExprKind::Name(module) = &base.kind
            && self.name(module).is_none()
            && let Some(builtin) = builtins::function(&format!("{module}.{}", name.name))
        {
            return self.function(whole, builtin, args, kwargs);
        }
        let receiver = self.eval(base)?;
        let (args, kwargs) = self.arguments(args, kwargs)?;
        builtins::call_method(self.cx, &name.name, receiver, args, kwargs).map_err(at(whole))
    }

    fn function(
        &mut self,
        whole: &Expr,
        builtin: &Builtin,
        args: &'a [Expr],
        kwargs: &'a [(Ident, Expr)],
    ) -> Outcome {
        if !builtin.pure && !self.scope.impure() {
            let message = format!("`{}` cannot be called here", builtin.name);
            return Err(at(whole)(EvalError::type_error(message)));
        }
        let (args, kwargs) = self.arguments(args, kwargs)?;
        let slots = builtins::layout(self.cx, builtin, None, args, kwargs).map_err(at(whole))?;
        (builtin.call)(self.cx, &slots).map_err(at(whole))
    }

    #[allow(clippy::type_complexity)]
    fn arguments(
        &mut self,
        args: &'a [Expr],
        kwargs: &'a [(Ident, Expr)],
    ) -> Result<(Vec<Value>, Vec<(String, Value)>), Located> {
        let args = self.all(args)?;
        let mut named = Vec::with_capacity(kwargs.len());
        for (name, value) in kwargs {
            named.push((name.name.clone(), self.eval(value)?));
        }
        Ok((args, named))
    }
}

fn quantifier(name: &str) -> Option<bool> {
    match name {
        "any" => Some(true),
        "all" => Some(false),
        _ => None,
    }
}
