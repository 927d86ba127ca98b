//! Names: roots of scope, stage ids, environment, context.
//!
//! Enters: a bare name, or the first member after one. Leaves: what it stands for, or a finding
//! of family 03 with what is in scope.

use fmc_expr::{Value, ast, builtins, builtins::CONSTANTS};

use super::Infer;
use crate::{
    catalogue::{Component, Control, FACTS},
    diagnostics::{Code, Diagnostic, suggest},
    ir::{
        Role, StageId,
        expr::{Expr, ExprKind},
        facts::Read,
        lower::Draft,
        misnamed::Space,
    },
    syntax::tree::NodeKind,
    types::Type,
};

/// Roots that every expression sees.
const ROOTS: &[&str] = &["input", "upstream", "stages", "env", "context"];
/// Roots that only some places see.
const SOMETIMES: &[&str] = &["data", "item", "value", "error", "_error"];
/// What a loop adds to `context` besides item and index.
const LOOP: &[&str] = &["loop_index", "loop_total"];
/// Words that stand for values; also written in lower case.
const LITERALS: &[&str] = &["None", "True", "False"];

impl Infer<'_, '_> {
    /// Whether a root is not shadowed by a comprehension's variable.
    pub(super) fn is_root(&self, expr: &ast::Expr, root: &str) -> bool {
        matches!(&expr.kind, ast::ExprKind::Name(name) if name == root) && !self.is_local(root)
    }

    pub(super) fn is_local(&self, name: &str) -> bool {
        self.locals.iter().any(|(local, ..)| local == name)
            || self.lowering.free.iter().any(|(free, _)| free == name)
    }

    pub(super) fn name(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        if let Some((_, id, ty)) = self.locals.iter().rev().find(|(local, ..)| local == name) {
            return self.typed(expr, ExprKind::Local(*id), ty.clone());
        }
        if let Some((_, ty)) = self.lowering.free.iter().find(|(free, _)| free == name) {
            return self.typed(expr, ExprKind::Data, ty.clone());
        }
        let inside = self.reader().is_some();
        match name {
            "input" if inside => {
                let ty = self.lowering.input.clone();
                self.typed(expr, ExprKind::Input, ty)
            }
            "context" if inside => self.typed(expr, ExprKind::ContextAll, Type::open()),
            "upstream" | "stages" | "env" if inside => {
                let what = if name == "env" {
                    "a variable's name"
                } else {
                    "a stage's id"
                };
                let message = format!(
                    "`{name}` is read with {what}, as in `{name}.{}`",
                    if name == "env" { "NAME" } else { "id" }
                );
                self.error(Code::UnknownName, expr.span, message);
                self.poison(expr.span)
            }
            "data" | "item" | "value" | "error" | "_error" => self.sometimes(expr, name),
            _ => match self.loop_variable(name) {
                Some(ty) => {
                    self.lowering.uses.read(Space::Context, name);
                    self.typed(expr, ExprKind::Context(name.to_owned()), ty)
                }
                None => self.unknown_name(expr, name),
            },
        }
    }

    fn sometimes(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        let known = match name {
            "data" => self.place.data.clone().map(|ty| (ExprKind::Data, ty)),
            "item" => match self.place.item.clone() {
                Some(ty) => Some((ExprKind::Item, ty)),
                None => self
                    .loop_item()
                    .map(|(name, ty)| (ExprKind::Context(name), ty)),
            },
            "value" => self.place.value.clone().map(|ty| (ExprKind::Value, ty)),
            _ => self.catches().then(|| (ExprKind::ErrorInfo, error_type())),
        };
        if let Some((kind, ty)) = known {
            return self.typed(expr, kind, ty);
        }
        if let Some(ty) = self.loop_variable(name) {
            return self.typed(expr, ExprKind::Context(name.to_owned()), ty);
        }
        if self.reader().is_none() {
            return self.unknown_name(expr, name);
        }
        if self.lowering.doubtful && matches!(name, "item" | "error" | "_error") {
            return self.poison(expr.span);
        }
        let place = match name {
            "data" => "the template of a `json-transform` and the condition of a `filter`",
            "item" => {
                "the condition of a `filter` of mode `filter_array`, a `filter_expression` and the body of a `foreach`"
            }
            "value" => "the `value_expression` of a `router`",
            _ => "catch and finally stages",
        };
        self.error(
            Code::NameOutOfScope,
            expr.span,
            format!("`{name}` means nothing here; it is in scope in {place}"),
        );
        self.poison(expr.span)
    }

    /// Whether the stage runs in a catch or finally list, at any depth.
    fn catches(&self) -> bool {
        let reacts = |role: &Role| matches!(role, Role::Catch | Role::Finally);
        self.reader()
            .is_some_and(|reader| self.lowering.graph.runs_in(reader, reacts))
    }

    fn unknown_name(&mut self, expr: &ast::Expr, name: &str) -> Expr {
        let known = |run: &ast::Span| run.start <= expr.span.start && expr.span.end <= run.end;
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
        // With stages of other files, it may be the variable of a loop there.
        if self.lowering.references.is_open() || self.lowering.doubtful && self.is_some_loops(name)
        {
            return self.poison(expr.span);
        }
        let scope = self.names_in_scope();
        let near = literal_of(name).or_else(|| {
            let called = self.is_called_on(expr.span);
            let modules = builtins::MODULES.iter().filter(|_| called).copied();
            let names = scope.iter().map(String::as_str);
            suggest::nearest(name, names.chain(modules).chain(LITERALS.iter().copied()))
        });
        if near.is_some_and(|near| matches!(near, "upstream" | "stages")) {
            // A stage id follows, whose hyphens the parser took for minus.
            let behind = self.rest(expr.span, |c| is_id(c) || c == '.');
            self.reported.push(behind);
        }
        let span = self.span(expr.span);
        let finding = Diagnostic::new(
            Code::UnknownName,
            span,
            format!("`{name}` is not a name in scope"),
        );
        let finding = match near {
            Some(near) => finding.help(format!("the nearest name is `{near}`")).fix(
                format!("replace it by `{near}`"),
                false,
                span,
                near,
            ),
            None if scope.is_empty() => finding.help("no names are in scope"),
            None => finding.help(format!(
                "in scope are {}",
                suggest::list(scope.iter().map(String::as_str))
            )),
        };
        self.vain(Space::Context, name, near, finding);
        self.poison(expr.span)
    }

    /// Whether `.word` follows a name.
    fn is_called_on(&self, span: ast::Span) -> bool {
        let rest = self.embedded.text.get(span.end as usize..);
        rest.is_some_and(|rest| rest.trim_start().starts_with('.'))
    }

    /// A stage's id without `upstream.`; `.output` behind it goes with the fix.
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

    /// A place and what follows it without a break.
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

    /// The run of `[A-Za-z0-9_-]` from here on, where it is a stage's id.
    fn stage_run(&self, span: ast::Span) -> Option<ast::Span> {
        let run = self.rest(span, is_id);
        let id = self
            .embedded
            .text
            .get(run.start as usize..run.end as usize)?;
        self.lowering.references.contains(id).then_some(run)
    }

    fn names_in_scope(&self) -> Vec<String> {
        let mut names: Vec<String> = self.locals.iter().map(|(name, ..)| name.clone()).collect();
        names.extend(self.lowering.free.iter().map(|(name, _)| name.clone()));
        if self.reader().is_some() {
            names.extend(ROOTS.iter().map(|root| (*root).to_owned()));
            let seen = [
                self.place.data.is_some(),
                self.place.item.is_some(),
                self.place.value.is_some(),
                self.catches(),
                false,
            ];
            names.extend(
                SOMETIMES
                    .iter()
                    .zip(seen)
                    .filter(|(_, seen)| *seen)
                    .map(|(name, _)| (*name).to_owned()),
            );
            names.extend(self.loop_names().into_iter().map(|(name, _)| name));
        }
        names
    }

    /// The item and index variables of the loops this stage runs in, the innermost first.
    fn loop_names(&self) -> Vec<(String, Type)> {
        let graph = &self.lowering.graph;
        let mut names = Vec::new();
        for foreach in self
            .reader()
            .into_iter()
            .flat_map(|reader| graph.loops(reader))
        {
            if let Some(draft) = self.lowering.drafts.get(foreach.0 as usize) {
                let [item, index] = loop_variables(draft);
                names.push((item, self.lowering.item_type(foreach)));
                names.push((index, Type::Int));
            }
        }
        names
    }

    /// Whether any loop of the pipeline has a variable of this name.
    fn is_some_loops(&self, name: &str) -> bool {
        let foreach = |draft: &&Draft| {
            let control = draft.component.and_then(Component::control);
            control == Some(Control::Foreach)
        };
        let mut loops = self.lowering.drafts.iter().filter(foreach);
        loops.any(|draft| {
            loop_variables(draft)
                .iter()
                .any(|variable| variable == name)
        })
    }

    fn loop_variable(&self, name: &str) -> Option<Type> {
        self.loop_names()
            .into_iter()
            .find(|(variable, _)| variable == name)
            .map(|(_, ty)| ty)
    }

    /// What a bare `item` means in a loop's body: the innermost loop's item, whatever its
    /// variable is called, unless an outer loop's is called just that.
    fn loop_item(&self) -> Option<(String, Type)> {
        let names = self.loop_names();
        let called = names.iter().find(|(name, _)| name == "item").cloned();
        called.or_else(|| names.into_iter().next())
    }

    /// `context.name`
    pub(super) fn context(&mut self, expr: &ast::Expr, name: &ast::Ident) -> Expr {
        let key = &name.name;
        self.lowering.uses.read(Space::Context, key);
        let loops = self.loop_names();
        let known = loops
            .iter()
            .find(|(variable, _)| variable == key)
            .map(|(_, ty)| ty.clone());
        let known = known.or_else(|| match key.as_str() {
            "attempt" => Some(Type::Int),
            fact if FACTS.contains(&fact) => Some(Type::STR),
            fact if LOOP.contains(&fact) && !loops.is_empty() => Some(Type::Int),
            _ => None,
        });
        let ty = match known.map_or_else(|| self.variable(key), Ok) {
            Ok(ty) => ty,
            Err(message) => {
                self.unset(name, &message, &loops);
                Type::Error
            }
        };
        self.typed(expr, ExprKind::Context(key.clone()), ty)
    }

    /// The type of a variable that a `variable-set` before this stage sets.
    fn variable(&self, key: &str) -> Result<Type, String> {
        let mut types = Vec::new();
        let mut certain = self.lowering.doubtful || self.waits_vaguely();
        for (setter, name, ty) in &self.lowering.variables {
            if name.as_deref().is_none_or(|name| name == key) {
                certain |= self.is_before(*setter);
                types.push(ty.clone());
            }
        }
        let set = !types.is_empty();
        if certain && (set || self.lowering.doubtful) {
            // Which of several setters came last, the run decides.
            return Ok(types.into_iter().reduce(Type::or).unwrap_or(Type::Any));
        }
        Err(if set {
            format!("`context.{key}` is set by a stage that need not have finished")
        } else {
            format!("nothing sets `context.{key}`")
        })
    }

    /// Whether a stage has certainly finished when this one starts.
    fn is_before(&self, stage: StageId) -> bool {
        self.reader()
            .is_some_and(|reader| self.lowering.graph.is_before(stage, reader))
    }

    /// Whether some stage this one waits for is only guessed.
    fn waits_vaguely(&self) -> bool {
        let mut guessed = (0..).map(StageId).zip(&self.lowering.guessed);
        guessed.any(|(stage, guessed)| {
            *guessed && (Some(stage) == self.reader() || self.is_before(stage))
        })
    }

    fn unset(&mut self, name: &ast::Ident, message: &str, loops: &[(String, Type)]) {
        let set = self
            .lowering
            .variables
            .iter()
            .filter_map(|(_, name, _)| name.clone());
        let known: Vec<String> = loops
            .iter()
            .map(|(name, _)| name.clone())
            .chain(set)
            .chain(FACTS.iter().map(|fact| (*fact).to_owned()))
            .chain(
                LOOP.iter()
                    .filter(|_| !loops.is_empty())
                    .map(|fact| (*fact).to_owned()),
            )
            .collect();
        let span = self.span(name.span);
        let finding = Diagnostic::new(Code::UnsetVariable, span, message);
        let near = suggest::nearest(&name.name, known.iter().map(String::as_str));
        let finding = match near {
            Some(near) if near != name.name => finding
                .help(format!("the nearest name in `context` is `{near}`"))
                .fix(format!("replace it by `{near}`"), false, span, near),
            Some(_) => finding.help("add the `variable-set` stage to `depends_on`"),
            None => finding.help(format!(
                "`context` has {}",
                suggest::list(known.iter().map(String::as_str))
            )),
        };
        self.vain(Space::Context, &name.name, near, finding);
    }

    /// `upstream.id`, `stages.id`, `upstream['id']`
    pub(super) fn stage(&mut self, expr: &ast::Expr, name: &str, span: ast::Span) -> Expr {
        if name.is_empty() {
            return self.poison(expr.span);
        }
        let known = self.lowering.references.contains(name);
        if !known && (self.embedded.damaged || self.hyphen(name, span)) {
            return self.poison(expr.span);
        }
        let place = self.span(span);
        let avoid = self.unfinished();
        match self.lowering.references.resolve(name, place, &avoid) {
            Some(stage) => {
                let output = self
                    .lowering
                    .outputs
                    .get(stage.0 as usize)
                    .cloned()
                    .unwrap_or(Type::Any);
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
        let graph = &self.lowering.graph;
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
            let operand = ROOTS.contains(&right)
                || SOMETIMES.contains(&right)
                || right.starts_with(starts)
                || self.is_local(right);
            (self.lowering.references.contains(left) && operand).then_some((left, right))
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

    /// Notes that the expression reads a stage's output, whole or one field of it.
    pub(super) fn note_read(&mut self, stage: &Expr, field: Option<&str>) {
        // Of a misspelt id nothing more is said.
        let guessed = stage.ty == Type::Error;
        if let (ExprKind::Upstream(target), Some(reader), false) =
            (&stage.kind, self.reader(), guessed)
        {
            if let Some(field) = field {
                self.lowering.uses.read(Space::Output(*target), field);
            }
            self.lowering.reads.push(Read {
                reader,
                target: *target,
                span: stage.span,
                field: field.map(str::to_owned),
            });
        }
    }

    /// `math.pi`
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

fn error_type() -> Type {
    let fields = [
        ("message", Type::STR),
        ("type", Type::STR),
        ("stage_id", Type::STR),
        ("status_code", Type::Int.or(Type::Null)),
    ];
    Type::closed(fields.map(|(name, ty)| (name.to_owned(), ty))).or(Type::Null)
}

/// The names of a loop's item and index.
fn loop_variables(draft: &Draft) -> [String; 2] {
    [("item_variable", "item"), ("index_variable", "index")].map(|(field, default)| {
        let known = draft.known.iter().find(|known| known.field.name == field);
        match known.map(|known| &known.value.kind) {
            Some(NodeKind::String(name)) => name.text.to_string(),
            _ => default.to_owned(),
        }
    })
}

/// The literal that a word of another language, or in another case, stands for.
fn literal_of(name: &str) -> Option<&'static str> {
    let null = ["undefined", "nil", "nothing"];
    let lower = name.to_lowercase();
    let mut literals = LITERALS.iter().copied();
    match null.contains(&lower.as_str()) || lower == "null" {
        true => Some("None"),
        false => literals.find(|literal| literal.to_lowercase() == lower),
    }
}

/// Whether a character can stand in a stage's id.
fn is_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}
