//! Bare names.
//!
//! Enters: a bare name. Leaves: what it refers to, as the scope says, or a finding of family 03
//! that lists what is in scope: for a name that nothing has, a name that is in scope elsewhere, or
//! a stage id without `upstream.`. Must not know settings.

use fmc_expr::{Value, ast, builtins, builtins::CONSTANTS};

use super::{Scope, expression::Typer};
use crate::{
    catalogue::{NAMES, NameRow, Root},
    diagnostics::{Code, Diagnostic, suggest},
    ir::{
        expr::{Expr, ExprKind},
        uses::Space,
    },
    types::Type,
};

/// Names of constants, which other languages write in lower case.
const LITERALS: &[&str] = &["None", "True", "False"];

impl Typer<'_, '_> {
    /// The names that are in scope here.
    pub(super) fn scope(&self) -> Scope<'_> {
        let infer = &self.infer;
        Scope::at(
            &infer.scopes,
            infer.graph,
            self.spot.stage,
            &self.spot.locals,
        )
    }

    /// Whether an expression is this root name and no comprehension variable hides it.
    pub(super) fn is_root(&self, expr: &ast::Expr, root: &str) -> bool {
        matches!(&expr.kind, ast::ExprKind::Name(name) if name == root) && !self.is_local(root)
    }

    pub(super) fn is_local(&self, name: &str) -> bool {
        let mut outside = self.infer.scopes.outside.iter();
        self.locals.get(name).is_some() || outside.any(|(free, _)| free == name)
    }

    pub(super) fn name(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        if let Some(local) = self.locals.get(name) {
            return self.typed(expr, ExprKind::Local(local.id), local.ty.clone());
        }
        // A name in this table that is not in scope here is in scope somewhere else: that message
        // helps more than "unknown".
        let row = NAMES.iter().find(|row| row.name == name);
        let Some(binding) = self.scope().name(name) else {
            return match row {
                Some(row) if self.reader().is_some() => self.out_of_scope(expr, row),
                _ => self.unknown_name(expr, name),
            };
        };
        let Some(kind) = binding.expression() else {
            return self.without_key(expr, name);
        };
        if binding.name == name
            && let Some(space) = binding.space()
        {
            let span = self.span(expr.span);
            self.infer.uses.read(space, name, span);
        }
        self.typed(expr, kind, binding.ty)
    }

    /// Reports `upstream` or `env` alone: they are only useful with a name after them.
    fn without_key(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        let (what, key) = match name {
            "env" => ("a variable's name", "NAME"),
            _ => ("a stage's id", "id"),
        };
        let message = format!("`{name}` is read with {what}, as in `{name}.{key}`");
        self.error(Code::UnknownName, expr.span, message);
        self.poison(expr.span)
    }

    /// Reports a name that is in scope elsewhere, but not here.
    fn out_of_scope(&mut self, expr: &ast::Expr, row: &NameRow) -> Expr {
        // A list or component that could not be read may be what brings the name into scope here.
        let by_owner = matches!(row.root, Root::Item | Root::Error);
        if self.infer.knows_scopes() || !by_owner {
            let NameRow { name, place, .. } = row;
            let message = format!("`{name}` is not in scope here; it is in scope in {place}");
            self.error(Code::NameOutOfScope, expr.span, message);
        }
        self.poison(expr.span)
    }

    fn unknown_name(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        let known = |run: &ast::Span| run.start <= expr.span.start && expr.span.end <= run.end;
        // In `my-stage.x` the parser sees `my - stage.x`. The finding about the stage `my-stage`
        // covers both names.
        if self.reported.iter().any(known) {
            return self.poison(expr.span);
        }
        if let Some(run) = self.stage_run(expr.span) {
            self.bare_stage(run);
            return self.poison(expr.span);
        }
        if builtins::function(name).is_some() || builtins::MODULES.contains(&name) {
            let message = if builtins::MODULES.contains(&name) {
                format!("`{name}` is a module; its functions are called as `{name}.…(…)`")
            } else {
                format!("`{name}` is a function; it is called as `{name}(…)`")
            };
            self.error(Code::UnknownName, expr.span, message);
            return self.poison(expr.span);
        }
        // In a pipeline with stages in other files, it may be the variable of a loop there.
        if self.infer.skeleton.ids.is_open()
            || !self.infer.knows_scopes() && self.infer.scopes.is_some_loops(name)
        {
            return self.poison(expr.span);
        }
        let scope = self.scope().names();
        // The names in scope. They are not copied: an expression may have many, and many mistakes.
        let names = || {
            let scope = scope.iter().map(|binding| &*binding.name);
            self.locals.names().chain(scope)
        };
        let count = self.locals.len() + scope.len();
        let called = self.is_called_on(expr.span);
        let near = literal_of(name).or_else(|| {
            // `mth.sqrt(2)` may mean `math`, but a name alone is never a module.
            let modules = builtins::MODULES.iter().filter(|_| called).copied();
            let names = names().chain(modules).chain(LITERALS.iter().copied());
            self.infer.nearest.name(name, names)
        });
        let near = near.map(str::to_owned);
        let near = near.as_deref();
        if near.is_some_and(|near| matches!(near, "upstream" | "stages")) {
            // After it comes a stage id, whose hyphens the parser read as minus.
            let behind = self.rest(expr.span, |c| is_id(c) || c == '.');
            self.reported.push(behind);
        }
        let span = self.span(expr.span);
        let finding = Diagnostic::new(
            Code::UnknownName,
            span,
            format!("`{name}` is not a name in scope"),
        );
        let finding = finding.guessed(near, [span], |finding| match count {
            0 => finding.help("no names are in scope"),
            _ => finding.help(format!(
                "in scope are {}",
                suggest::list_first(names(), count)
            )),
        });
        self.missing(Space::Context, name, near, finding);
        self.poison(expr.span)
    }

    /// Whether the name is followed by `.word`.
    fn is_called_on(&self, span: ast::Span) -> bool {
        let rest = self.embedded.text.get(span.end as usize..);
        rest.is_some_and(|rest| rest.trim_start().starts_with('.'))
    }

    /// Reports a stage id without `upstream.`. The fix also removes `.output` after it.
    fn bare_stage(&mut self, run: ast::Span) {
        self.reported.push(run);
        let text = &self.embedded.text;
        let id = text
            .get(run.start as usize..run.end as usize)
            .unwrap_or_default()
            .to_owned();
        let member = self.rest(run, |c| is_id(c) || c == '.');
        let behind = text.get(run.end as usize..member.end as usize);
        let has_output =
            behind.is_some_and(|behind| behind == ".output" || behind.starts_with(".output."));
        // The length of `.output`, which the fix removes: `a.output` becomes `upstream.a`.
        let output = if has_output { 7 } else { 0 };
        let span = self.span(run);
        let replaced = self.span(ast::Span {
            end: run.end + output,
            ..run
        });
        let message = format!("`{id}` is a stage, and is read as `upstream.{id}`");
        self.report(Diagnostic::new(Code::BareStage, span, message).fix(
            format!("write `upstream.{id}`"),
            false,
            replaced,
            format!("upstream.{id}"),
        ));
    }

    /// A span extended by the characters after it, as long as `part` accepts them.
    fn rest(&self, span: ast::Span, part: impl Fn(char) -> bool) -> ast::Span {
        let rest = self.embedded.text.get(span.start as usize..);
        let rest = rest.unwrap_or_default();
        let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
        let end = span.start + u32::try_from(length).unwrap_or(0);
        ast::Span {
            end: end.max(span.end),
            ..span
        }
    }

    /// The characters `[A-Za-z0-9_-]` from the start of the span on, when together they are a stage
    /// id.
    fn stage_run(&self, span: ast::Span) -> Option<ast::Span> {
        let run = self.rest(span, is_id);
        let id = self
            .embedded
            .text
            .get(run.start as usize..run.end as usize)?;
        self.infer.skeleton.ids.contains(id).then_some(run)
    }

    /// Types a constant of a module, like `math.pi`.
    pub(super) fn constant(
        &self,
        expr: &ast::Expr,
        base: &ast::Expr,
        member: &str,
    ) -> Option<Expr> {
        let ast::ExprKind::Name(module) = &base.kind else {
            return None;
        };
        if !builtins::MODULES.contains(&module.as_str()) || self.is_local(module) {
            return None;
        }
        let full = format!("{module}.{member}");
        let (_, value, _) = CONSTANTS.iter().find(|(name, ..)| *name == full)?;
        Some(self.typed(expr, ExprKind::Literal(Value::Float(*value)), Type::Float))
    }
}

/// The literal that a word means when it is written in other case or as in another language.
fn literal_of(name: &str) -> Option<&'static str> {
    let null = ["undefined", "nil", "nothing"];
    let lower = name.to_lowercase();
    let mut literals = LITERALS.iter().copied();
    match null.contains(&lower.as_str()) || lower == "null" {
        true => Some("None"),
        false => literals.find(|literal| literal.to_lowercase() == lower),
    }
}

/// Whether a character may be part of a stage id.
pub(super) fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
