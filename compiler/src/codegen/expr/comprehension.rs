//! Comprehensions as plain loops. `any` and `all` stop at the first element that decides.
//!
//! Enters: an element and clauses. Leaves: nested `for`s that gather elements or stop early. Must
//! not know where the value goes.

use fmc_expr::ast::ComprehensionKind;

use super::{MANY, body::Body, piece::Piece};
use crate::{
    codegen::{
        names, paths,
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
        let made = match kind {
            ComprehensionKind::List | ComprehensionKind::Generator => "Gather::list",
            ComprehensionKind::Set => "Gather::set",
            ComprehensionKind::Dict => "Gather::object",
        };
        let gather = self.gather(made);
        self.loops(None, &gather, clauses, &mut |body: &mut Self| {
            let pieces = body.operands(std::iter::once(element).chain(value));
            let items = pieces.iter().map(Piece::owned);
            let arguments = std::iter::once(body.cx()).chain(items).collect();
            let keep = if value.is_some() { "entry" } else { "push" };
            let gather = Box::new(RustExpr::Name(gather.clone()));
            body.push(Stmt::Do(RustExpr::Method(gather, keep, arguments).tried()));
        });
        self.ops_call("gathered", std::iter::once(RustExpr::Name(gather)))
    }

    /// A variable for what loops gather.
    fn gather(&mut self, made: &'static str) -> Name {
        let gather = self.variable();
        let make = Name::within(self.path(paths::OPS), made);
        let make = RustExpr::Call(make, Vec::new());
        self.push(Stmt::LetMut(gather.clone(), make));
        gather
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
        let gather = self.gather("Gather::nothing");
        // With several clauses the `break` must leave all loops, so the outermost one gets a label.
        let label = (clauses.len() > 1).then(|| found.clone());
        self.loops(label.as_ref(), &gather, clauses, &mut |body: &mut Self| {
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
        gather: &Name,
        clauses: &[Clause],
        innermost: &mut dyn FnMut(&mut Self),
    ) {
        self.nested(label, gather, clauses, 0, innermost);
    }

    /// The loops from the `nth` clause on.
    fn nested(
        &mut self,
        label: Option<&Name>,
        gather: &Name,
        clauses: &[Clause],
        nth: usize,
        innermost: &mut dyn FnMut(&mut Self),
    ) {
        let Some(clause) = clauses.get(nth) else {
            innermost(self);
            return;
        };
        // The level of optimisation depends on this.
        self.has_loops = true;
        let most = self.share(operands_of(clauses));
        let items = self.operands_below([&clause.iter], most);
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
            body.unless(&clause.conditions, &Stmt::Continue, most);
            body.nested(None, gather, clauses, nth + 1, innermost);
        });
        // The loop body comes first, because it decides which variables are used.
        let body = self.block(|body| {
            // Each turn costs the same as in the interpreter.
            let gather = Box::new(RustExpr::Name(gather.clone()));
            let arguments = vec![
                body.cx(),
                RustExpr::count(nth),
                RustExpr::count(clause.steps),
            ];
            let turn = RustExpr::Method(gather, "turn", arguments);
            body.push(Stmt::Do(turn.tried()));
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

    /// Does something else unless all conditions hold, each of which shall have fewer nodes than
    /// `most` where it is. Very many are in parts.
    fn unless(&mut self, conditions: &[Expr], otherwise: &Stmt, most: usize) {
        let each = conditions.len().div_ceil(MANY);
        for group in conditions.chunks(each.max(1)) {
            let holds = match group {
                [condition] => self.truth_below(condition, most),
                conditions => {
                    let value = self.path(paths::VALUE);
                    let fails =
                        RustExpr::Call(Name::within(value, "Bool"), vec![RustExpr::bool(false)]);
                    let fails = Stmt::Return(RustExpr::call("Ok", vec![fails]));
                    let most = self.share(conditions.len());
                    let ((), apart) = self.measured(|body| body.unless(conditions, &fails, most));
                    let of: Vec<_> = conditions.iter().collect();
                    self.truth_part(apart, RustExpr::bool(true), &of)
                }
            };
            let fails = Branch::only(holds.opposite().code(), otherwise.clone());
            self.push(Stmt::If(fails));
        }
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

/// How many expressions clauses have, with the element and its key.
fn operands_of(clauses: &[Clause]) -> usize {
    let each = clauses.iter();
    each.map(|clause| 1 + clause.conditions.len().min(MANY))
        .sum::<usize>()
        + 2
}
