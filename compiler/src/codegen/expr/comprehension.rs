//! Comprehensions as plain loops; `any` and `all` stop at the first that decides.
//!
//! Enters: element, clauses. Leaves: nested `for`s that push to one list, or leave it early.

use fmc_expr::ast::ComprehensionKind;

use super::body::{Body, Piece};
use crate::{
    codegen::{layout::Code, names, paths},
    ir::expr::{Clause, Expr, ExprKind, Target},
};

/// Wider `let … else` stands on several lines.
const LET_ELSE: usize = 50;

/// A reserved line that binds targets: its mark, the list it takes from, targets and names.
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
        self.has_loops = true;
        let items = self.operands([&clause.iter]);
        let items = items.iter().map(Piece::reference);
        let items = self.ops_call("iterate", items);
        let items = self.bind(items).reference().flat();
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
            for (mark, list, targets) in unpacked {
                let line = body.pattern(&list, &targets);
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
        let count = Code::atom(targets.len().to_string());
        let parts = self.ops_call("unpack", [Code::atom(item), count].into_iter());
        let list = self.bind(parts).owned().flat();
        let named: Vec<_> = targets
            .iter()
            .map(|target| (target, self.target(target)))
            .collect();
        let mark = self.mark();
        self.line("");
        let inner: Vec<_> = named.clone();
        let mut marks = vec![(mark, list, named)];
        for (target, name) in inner {
            if let Target::Tuple(targets) = target {
                marks.extend(self.unpack(&name, targets));
            }
        }
        marks
    }

    fn pattern(&self, list: &str, targets: &[(&Target, String)]) -> String {
        let names: Vec<_> = targets
            .iter()
            .map(|(target, name)| match target {
                Target::Local(id, _) => self.binding(*id),
                Target::Tuple(_) => name.clone(),
            })
            .collect();
        // `unpack` gave as many as were asked for: the other way is never taken.
        let head = format!("let [{}] = {list}.as_slice() else", names.join(", "));
        let short = format!("{head} {{ continue }};");
        if short.len() <= LET_ELSE {
            return short;
        }
        let inner = " ".repeat(4);
        let indent = self.indentation();
        format!("{head} {{\n{indent}{inner}continue;\n{indent}}};")
    }
}
