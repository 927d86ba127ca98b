//! Comprehensions as plain loops. `any` and `all` stop at the first element that decides.
//!
//! Enters: an element and clauses. Leaves: nested `for`s that push to one list or stop early. Must
//! not know where the value goes.

use fmc_expr::ast::ComprehensionKind;

use super::{body::Body, piece::Piece};
use crate::{
    codegen::{
        names,
        rust::{Branch, Name, RustExpr, Stmt},
    },
    ir::expr::{Clause, Expr, ExprKind, Target},
};

/// A loop target with several names: the variable to unpack, the list of its parts, and for each
/// part its target and its variable.
struct Unpacking<'t> {
    item: Name,
    list: Name,
    parts: Vec<(&'t Target, Name)>,
}

impl Body<'_> {
    /// The value of a comprehension. A generator becomes a list here.
    pub(super) fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[Clause],
    ) -> Piece {
        let list = self.variable();
        self.push(Stmt::LetMut(
            list.clone(),
            RustExpr::call("Vec::new", Vec::new()),
        ));
        self.loops(None, clauses, &mut |body: &mut Self| {
            let mut pieces = body.operands(std::iter::once(element).chain(value));
            let item = match (pieces.pop(), pieces.pop()) {
                (Some(value), Some(key)) => RustExpr::Tuple(vec![key.owned(), value.owned()]),
                (Some(element), None) => element.owned(),
                (None, _) => return,
            };
            let list = Box::new(RustExpr::Name(list.clone()));
            body.push(Stmt::Do(RustExpr::Method(list, "push", vec![item])));
        });
        let name = match kind {
            ComprehensionKind::List | ComprehensionKind::Generator => "list",
            ComprehensionKind::Set => "set",
            ComprehensionKind::Dict => "object",
        };
        self.ops_call(name, std::iter::once(RustExpr::Name(list)))
    }

    /// The value of `any(…)` or `all(…)` over a generator: the variable that holds the `bool`.
    pub(super) fn search(
        &mut self,
        builtin: &fmc_expr::builtins::Builtin,
        slots: &[Option<Expr>],
    ) -> Option<Name> {
        let any = match (builtin.receiver, builtin.name) {
            (None, "any") => true,
            (None, "all") => false,
            _ => return None,
        };
        let [Some(argument)] = slots else { return None };
        let ExprKind::Comprehension {
            kind: ComprehensionKind::Generator,
            element,
            clauses,
            ..
        } = &argument.kind
        else {
            return None;
        };
        let found = self.variable();
        self.push(Stmt::LetMut(found.clone(), RustExpr::bool(!any)));
        // With several clauses the `break` must leave all loops, so the outermost one gets a label.
        let label = (clauses.len() > 1).then(|| found.clone());
        self.loops(label.as_ref(), clauses, &mut |body: &mut Self| {
            let element = body.truth(element);
            let decides = if any { element } else { element.opposite() };
            body.push(Stmt::If(Branch {
                condition: decides.code(),
                then: vec![
                    Stmt::Assign(found.clone(), RustExpr::bool(any)),
                    Stmt::Break(label.clone()),
                ],
                otherwise: None,
            }));
        });
        Some(found)
    }

    /// One loop for each clause, nested; the outermost has the label.
    fn loops(
        &mut self,
        label: Option<&Name>,
        clauses: &[Clause],
        innermost: &mut dyn FnMut(&mut Self),
    ) {
        let Some((clause, rest)) = clauses.split_first() else {
            innermost(self);
            return;
        };
        // The level of optimisation depends on this.
        self.has_loops = true;
        let items = self.operands([&clause.iter]);
        let items = items.iter().map(Piece::reference);
        let items = self.ops_call("iterate", items);
        // The list must live as long as the loop over it.
        let items = self.bind(items).reference();

        let item = self.target(&clause.target);
        let mut unpackings = Vec::new();
        if let Target::Tuple(targets) = &clause.target {
            self.unpack(item.clone(), targets, &mut unpackings);
        }
        let inside = self.block(|body| {
            for condition in &clause.conditions {
                let condition = body.truth(condition).opposite().code();
                body.push(Stmt::If(Branch::only(condition, Stmt::Continue)));
            }
            body.loops(None, rest, innermost);
        });
        // The loop body comes first, because it decides which variables are used.
        let body = self.block(|body| {
            let charge =
                // Each element costs one step of the budget, as in the interpreter.
                RustExpr::Method(Box::new(body.cx()), "charge", vec![RustExpr::count(1_u32)]);
            body.push(Stmt::Do(charge.tried()));
            for unpacking in &unpackings {
                body.take_parts(unpacking);
            }
            body.extend(inside);
        });
        self.push(Stmt::For {
            label: label.cloned(),
            item: self.bound(&clause.target, &item),
            items,
            body,
        });
    }

    /// The variable that the value of a target is bound to.
    fn target(&mut self, target: &Target) -> Name {
        match target {
            Target::Local(id, name) => {
                let name = names::local(name, id.0);
                self.declare(*id, name.clone());
                name
            }
            Target::Tuple(_) => self.variable(),
        }
    }

    /// The name to bind a target's variable to.
    fn bound(&self, target: &Target, name: &Name) -> Name {
        match target {
            Target::Local(id, _) => self.binding(*id, name),
            Target::Tuple(_) => name.clone(),
        }
    }

    /// Names the parts of a variable, and their parts; records in order what must be unpacked.
    fn unpack<'t>(
        &mut self,
        item: Name,
        targets: &'t [Target],
        unpackings: &mut Vec<Unpacking<'t>>,
    ) {
        let list = self.variable();
        let parts: Vec<_> = targets
            .iter()
            .map(|target| (target, self.target(target)))
            .collect();
        unpackings.push(Unpacking {
            item,
            list,
            parts: parts.clone(),
        });
        for (target, name) in parts {
            if let Target::Tuple(targets) = target {
                self.unpack(name, targets, unpackings);
            }
        }
    }

    /// Adds the statements that unpack a variable.
    fn take_parts(&mut self, unpacking: &Unpacking<'_>) {
        let Unpacking { item, list, parts } = unpacking;
        let arguments = [RustExpr::Name(item.clone()), RustExpr::count(parts.len())];
        let unpacked = self.ops_call("unpack", arguments.into_iter()).owned();
        self.push(Stmt::Let(list.clone(), unpacked));
        let names = parts.iter().map(|(target, name)| self.bound(target, name));
        let names = names.collect();
        self.push(Stmt::Unpack(names, list.clone()));
    }
}
