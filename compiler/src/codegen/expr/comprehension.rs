//! Comprehensions as plain loops; `any` and `all` stop at the first that decides.
//!
//! Enters: element, clauses. Leaves: nested `for`s that push to one list, or leave it early.

use fmc_expr::ast::ComprehensionKind;

use super::body::{Body, Piece};
use crate::{
    codegen::{layout::Code, names, paths},
    ir::expr::{Clause, Expr, ExprKind, Target},
};

/// A reserved line that binds targets: its mark, the iterator it takes from, targets and names.
type Unpacked<'t> = (usize, String, Vec<(&'t Target, String)>);

impl Body<'_> {
    /// A comprehension's value. A generator is a list here.
    pub(super) fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[Clause],
    ) -> Piece {
        let list = self.variable();
        self.line(format!("let mut {list} = Vec::new();"));
        self.loops(None, clauses, &mut |body: &mut Self| {
            let mut pieces = body.operands(std::iter::once(element).chain(value));
            let item = match (pieces.pop(), pieces.pop()) {
                (Some(value), Some(key)) => Code::tuple(vec![key.owned(), value.owned()]),
                (Some(element), None) => element.owned(),
                (None, _) => return,
            };
            body.place("", &Code::call(format!("{list}.push"), vec![item]), ";");
        });
        let name = match kind {
            ComprehensionKind::List | ComprehensionKind::Generator => "list",
            ComprehensionKind::Set => "set",
            ComprehensionKind::Dict => "object",
        };
        let (ops, cx) = (self.path(paths::OPS), self.cx());
        Piece::fallible(
            format!("{ops}::{name}"),
            vec![Code::atom(cx), Code::atom(list)],
        )
    }

    /// `any(…)` and `all(…)` of a generator: the variable that holds the `bool`.
    pub(super) fn search(
        &mut self,
        builtin: &fmc_expr::builtins::Builtin,
        slots: &[Option<Expr>],
    ) -> Option<String> {
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
        self.line(format!("let mut {found} = {};", !any));
        let label = (clauses.len() > 1).then(|| format!("'{found}"));
        let leave = label
            .as_ref()
            .map_or("break;".to_owned(), |label| format!("break {label};"));
        self.loops(label.as_deref(), clauses, &mut |body: &mut Self| {
            let element = body.truth(element);
            let decides = if any {
                element.text()
            } else {
                element.opposite().text()
            };
            body.line(format!("if {decides} {{"));
            body.indented(|body| {
                body.line(format!("{found} = {any};"));
                body.line(&leave);
            });
            body.line("}");
        });
        Some(found)
    }

    fn loops(
        &mut self,
        label: Option<&str>,
        clauses: &[Clause],
        innermost: &mut dyn FnMut(&mut Self),
    ) {
        let Some((clause, rest)) = clauses.split_first() else {
            innermost(self);
            return;
        };
        let items = self.operands([&clause.iter]);
        let items: Vec<_> = items.iter().map(Piece::reference).collect();
        let (ops, cx) = (self.path(paths::OPS), self.cx());
        let arguments = std::iter::once(Code::atom(cx)).chain(items).collect();
        let items = Code::call(format!("{ops}::iterate"), arguments)
            .tried()
            .flat();
        let label = label.map_or(String::new(), |label| format!("{label}: "));

        let header = self.mark();
        self.line("");
        let item = self.target(&clause.target);
        self.indented(|body| {
            body.line("cx.charge(1)?;");
            let unpacked = match &clause.target {
                Target::Local(..) => Vec::new(),
                Target::Tuple(targets) => body.unpack(&item, targets),
            };
            for condition in &clause.conditions {
                let condition = body.truth(condition).opposite().text();
                body.line(format!("if {condition} {{"));
                body.indented(|body| body.line("continue;"));
                body.line("}");
            }
            body.loops(None, rest, innermost);
            for (mark, iterator, targets) in unpacked {
                let line = body.pattern(&iterator, &targets);
                body.set_line(mark, &line);
            }
        });
        let item = match &clause.target {
            Target::Local(id, _) => self.binding(*id),
            Target::Tuple(_) => item,
        };
        self.set_line(header, &format!("{label}for {item} in {items} {{"));
        self.line("}");
    }

    /// The variable a target's value is bound to.
    fn target(&mut self, target: &Target) -> String {
        match target {
            Target::Local(id, name) => {
                let name = names::local(name, id.0);
                self.declare(*id, name.clone());
                name
            }
            Target::Tuple(_) => self.variable(),
        }
    }

    /// Unpacks a variable. The lines with the names are written when it is known which are read:
    /// their marks, the iterator they take from, and their targets.
    fn unpack<'t>(&mut self, item: &str, targets: &'t [Target]) -> Vec<Unpacked<'t>> {
        let iterator = self.variable();
        let (ops, cx, count) = (self.path(paths::OPS), self.cx(), targets.len());
        let unpack = format!("{ops}::unpack({cx}, &{item}, {count})?");
        if targets.is_empty() {
            self.line(format!("{unpack};"));
            return Vec::new();
        }
        self.line(format!("let mut {iterator} = {unpack}.into_iter();"));
        let named: Vec<_> = targets
            .iter()
            .map(|target| (target, self.target(target)))
            .collect();
        let mark = self.mark();
        self.line("");
        if targets.len() > 1 {
            // `unpack` gave as many as were asked for: this is never reached.
            self.indented(|body| body.line("continue;"));
            self.line("};");
        }
        let inner: Vec<_> = named.clone();
        let mut marks = vec![(mark, iterator, named)];
        for (target, name) in inner {
            if let Target::Tuple(targets) = target {
                marks.extend(self.unpack(&name, targets));
            }
        }
        marks
    }

    fn pattern(&self, iterator: &str, targets: &[(&Target, String)]) -> String {
        let names: Vec<_> = targets
            .iter()
            .map(|(target, name)| match target {
                Target::Local(id, _) => format!("Some({})", self.binding(*id)),
                Target::Tuple(_) => format!("Some({name})"),
            })
            .collect();
        let next = vec![format!("{iterator}.next()"); targets.len()].join(", ");
        match names.as_slice() {
            [only] => format!("let {only} = {next} else {{ continue }};"),
            _ => format!("let ({}) = ({next}) else {{", names.join(", ")),
        }
    }
}
