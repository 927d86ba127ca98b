//! Members, indices and slices.
//!
//! Enters: a base, and which part of it is read. Leaves: the part with its type, or a finding: a
//! known object lacks the field (FMC0307), or the value has no parts (FMC0503). Must not know where
//! the expression is.

use fmc_expr::{ast, builtins::Kinds};

use super::expression::Typer;
use crate::{
    diagnostics::{Code, Diagnostic, suggest},
    ir::{
        expr::{Expr, ExprKind},
        uses::{Space, Step},
    },
    types::Type,
};

impl Typer<'_, '_> {
    /// Types the base of a member or index. When it is the output of a stage, the read is recorded
    /// with the field that is read, or without one for a computed key.
    fn container(&mut self, base: &ast::Expr, field: Option<(&str, ast::Span)>) -> Expr {
        if let Some(stage) = self.stage_output(base) {
            self.note_read(&stage, field);
            return stage;
        }
        let step = field.map_or(Step::Any, |(field, _)| Step::Field(field.to_owned()));
        self.path.push(step);
        let typed = self.base(base);
        self.path.pop();
        typed
    }

    /// The id and its span in `upstream.id`, `upstream['id']` and `stages.id.output`.
    fn stage_reference<'e>(&self, expr: &'e ast::Expr) -> Option<(&'e str, ast::Span)> {
        if let Some(id) = self.read_of(expr, "upstream") {
            return Some(id);
        }
        let ast::ExprKind::Member { base, name } = &expr.kind else {
            return None;
        };
        (name.name == "output").then(|| self.read_of(base, "stages"))?
    }

    /// What is read from a root name, and its span: `id` in `root.id` and in `root['id']`.
    fn read_of<'e>(&self, expr: &'e ast::Expr, root: &str) -> Option<(&'e str, ast::Span)> {
        if let ast::ExprKind::Member { base, name } = &expr.kind {
            return self.is_root(base, root).then_some((&name.name, name.span));
        }
        let ast::ExprKind::Index { base, index } = &expr.kind else {
            return None;
        };
        self.is_root(base, root).then(|| literal(index))?
    }

    /// The output that a stage reference means. Its use is not recorded yet.
    pub(super) fn stage_output(&mut self, expr: &ast::Expr) -> Option<Expr> {
        self.reader()?;
        let (name, span) = self.stage_reference(expr)?;
        let name = name.to_owned();
        let mut lowered = self.stage(expr, &name, span);
        // Findings point to the id itself, which for `upstream['id']` is inside the quotes.
        if matches!(lowered.kind, ExprKind::Poison) {
            lowered.span = self.span(expr.span);
        }
        Some(lowered)
    }

    pub(super) fn member(&mut self, expr: &ast::Expr, base: &ast::Expr, name: &ast::Ident) -> Expr {
        if let Some(stage) = self.stage_output(expr) {
            self.note_read(&stage, None);
            return stage;
        }
        if self.reader().is_some() {
            if let Some(id) = self.stages_id(base) {
                return self.not_output(expr, base, &id, name);
            }
            if self.is_root(base, "env") {
                self.read_env(&name.name, name.span);
                return self.typed(
                    expr,
                    ExprKind::Env(name.name.clone()),
                    Type::STR.or(Type::Null),
                );
            }
            if self.is_root(base, "context") {
                return self.context(expr, name);
            }
            if self.is_root(base, "stages") {
                return self.bare_stages(expr, name);
            }
        }
        if let Some(constant) = self.constant(expr, base, &name.name) {
            return constant;
        }
        let lowered = self.container(base, Some((&name.name, name.span)));
        let ty = self.field_type(&lowered, base, &name.name, name.span);
        self.typed(
            expr,
            ExprKind::Member(Box::new(lowered), name.name.clone()),
            ty,
        )
    }

    /// The id in `stages.id`.
    fn stages_id(&self, expr: &ast::Expr) -> Option<ast::Ident> {
        let (name, span) = self.read_of(expr, "stages")?;
        Some(ast::Ident {
            name: name.to_owned(),
            span,
        })
    }

    /// Reports `stages.id.other`: `output` is misspelt or missing.
    fn not_output(
        &mut self,
        expr: &ast::Expr,
        base: &ast::Expr,
        id: &ast::Ident,
        name: &ast::Ident,
    ) -> Expr {
        let stage = self.stage(base, &id.name, id.span);
        if !matches!(stage.kind, ExprKind::Poison) && !name.name.is_empty() {
            let id = &id.name;
            let message = format!(
                "`stages.{id}` has one field, `output`, found `{}`",
                name.name
            );
            let span = self.span(name.span);
            let finding = Diagnostic::new(Code::UnknownMember, span, message);
            let base = self.span(base.span);
            self.report(finding.meant_or(&name.name, ["output"], span, |finding| {
                let instead = format!("upstream.{id}");
                finding.fix(format!("write `{instead}`"), false, base, instead)
            }));
        }
        self.poison(expr.span)
    }

    /// Reports `stages.id` without `.output`.
    fn bare_stages(&mut self, expr: &ast::Expr, name: &ast::Ident) -> Expr {
        let stage = self.stage(expr, &name.name.clone(), name.span);
        if !matches!(stage.kind, ExprKind::Poison) {
            let span = self.span(expr.span);
            let id = &name.name;
            let message = format!("`stages.{id}` has one field, `output`");
            let finding = Diagnostic::new(Code::UnknownMember, span, message);
            self.report(finding.fix(
                format!("write `upstream.{id}`"),
                false,
                span,
                format!("upstream.{id}"),
            ));
        }
        self.poison(expr.span)
    }

    pub(super) fn field_type(
        &mut self,
        base: &Expr,
        written: &ast::Expr,
        name: &str,
        span: ast::Span,
    ) -> Type {
        if name.is_empty() {
            return Type::Error;
        }
        let objects = Kinds::OBJECT;
        // `input` has its own rules: a property that the schema does not declare is only a warning
        // when the schema is open.
        if matches!(base.kind, ExprKind::Input) && base.ty.kinds().overlaps(objects) {
            return self.input_field(name, span);
        }
        if let Some(ty) = base.ty.member(name) {
            // The same rule for objects inside `input`.
            if declares_others(&base.ty, name) {
                self.undeclared(&base.ty, None, name, span);
            }
            return ty;
        }
        let place = self.span(span);
        // No alternative is an object, so `.name` can never work; otherwise only this field is
        // missing.
        if !base.ty.kinds().overlaps(objects) {
            let message = format!("`{}` has no fields, found `.{name}`", base.ty);
            let base_span = self.span(written.span);
            self.report(
                Diagnostic::new(Code::MemberType, place, message)
                    .related(base_span, format!("this is `{}`", base.ty)),
            );
            return Type::Error;
        }
        self.unknown_member(base, name, span);
        Type::Error
    }

    fn unknown_member(&mut self, base: &Expr, name: &str, span: ast::Span) {
        let place = self.span(span);
        let fields = base.ty.field_names();
        let count = fields.len();
        let message = if count == 0 {
            format!("there is no field `{name}`: the object is empty")
        } else {
            format!(
                "there is no field `{name}`; the fields are {}",
                suggest::list_first(fields, count)
            )
        };
        let finding = Diagnostic::new(Code::UnknownMember, place, message);
        let near = self.infer.nearest.field(&base.ty, name);
        let near = near.as_deref();
        let finding = finding.guessed(near, [place], |finding| finding);
        if let ExprKind::Upstream(stage) = base.kind {
            self.missing(Space::Output(stage), name, near, finding);
        } else {
            self.report(finding);
        }
    }

    /// Types `input.name`. A name that the schema does not declare is an error when the schema is
    /// closed, else a warning.
    fn input_field(&mut self, name: &str, span: ast::Span) -> Type {
        let place = self.span(span);
        self.infer.uses.read(Space::Input, name, place);
        let Some(input) = self.infer.scopes.input.clone() else {
            return Type::Any;
        };
        let ty = input.member(name);
        if ty.is_none() || declares_others(&input, name) {
            self.undeclared(&input, Some(Space::Input), name, span);
            return ty.map_or(Type::Error, |_| Type::Any);
        }
        ty.unwrap_or(Type::Any)
    }

    /// Reports a field that a schema does not declare: an error when the schema allows no other
    /// fields. `space` is given when definitions are recorded, so that a misspelt definition can be
    /// found.
    fn undeclared(&mut self, ty: &Type, space: Option<Space>, name: &str, span: ast::Span) {
        let schema = space.map_or("the schema of this object", |_| "`input_schema`");
        let declared = ty.field_names();
        let count = declared.len();
        let place = self.span(span);
        let message = format!("{schema} does not declare `{name}`");
        let mut finding = Diagnostic::new(Code::UndeclaredInput, place, message);
        if ty.member(name).is_none() {
            // The code is a warning by default. A closed schema makes it an error, since the run
            // would refuse such an input.
            finding.severity = crate::diagnostics::Severity::Error;
        }
        let near = self.infer.nearest.field(ty, name);
        let near = near.as_deref();
        let finding = finding.guessed(near, [place], |finding| match count {
            0 => finding.help("it declares nothing"),
            _ => finding.help(format!(
                "it declares {}",
                suggest::list_first(declared, count)
            )),
        });
        match space {
            Some(space) => self.missing(space, name, near, finding),
            None => self.report(finding),
        }
    }

    pub(super) fn index(&mut self, expr: &ast::Expr, base: &ast::Expr, index: &ast::Expr) -> Expr {
        if let Some(stage) = self.stage_output(expr) {
            self.note_read(&stage, None);
            return stage;
        }
        if self.reader().is_some()
            && let Some(root) = self.literal_root(base)
        {
            return self.root_index(expr, base, index, root);
        }
        let key = literal(index);
        let lowered = self.container(base, key);
        let at = self.expr(index);
        let ty = match key {
            Some((key, span)) if lowered.ty.kinds().overlaps(Kinds::OBJECT.or(Kinds::NULL)) => {
                self.field_type(&lowered, base, key, span)
            }
            _ => self.element_type(&lowered, &at),
        };
        self.typed(expr, ExprKind::Index(Box::new(lowered), Box::new(at)), ty)
    }

    fn literal_root(&self, base: &ast::Expr) -> Option<&'static str> {
        ["upstream", "stages", "env", "context"]
            .into_iter()
            .find(|root| self.is_root(base, root))
    }

    /// Types `env['NAME']` and `context['name']`. The name must be literal, because it decides what
    /// is read.
    fn root_index(
        &mut self,
        expr: &ast::Expr,
        base: &ast::Expr,
        index: &ast::Expr,
        root: &str,
    ) -> Expr {
        let Some((name, span)) = literal(index) else {
            self.error(
                Code::UnknownName,
                index.span,
                format!("`{root}[…]` takes a literal name"),
            );
            return self.poison(expr.span);
        };
        let name = ast::Ident {
            name: name.to_owned(),
            span,
        };
        self.member(expr, base, &name)
    }

    fn element_type(&mut self, base: &Expr, index: &Expr) -> Type {
        if base.ty.is_loose() || index.ty.is_loose() {
            return if base.ty == Type::Error {
                Type::Error
            } else {
                Type::Any
            };
        }
        let each = |ty: &Type| {
            let by = index.ty.kinds();
            match ty {
                // Indexing null gives null, as any member of null does.
                Type::Null => Some(Type::Null),
                Type::List(element) if by.overlaps(Kinds::INTEGER) => {
                    // An index out of range gives null.
                    Some(element.as_ref().clone().or(Type::Null))
                }
                Type::Str(_) if by.overlaps(Kinds::INTEGER) => Some(Type::STR.or(Type::Null)),
                // The key is not literal, so it may be any field.
                Type::Object(_) if by.overlaps(Kinds::STR) => Some(Type::Any),
                Type::List(_)
                | Type::Str(_)
                | Type::Object(_)
                | Type::Any
                | Type::Bool
                | Type::Int
                | Type::Float
                | Type::Union(_)
                | Type::Error => None,
            }
        };
        let found = base.ty.alternatives().iter().filter_map(each);
        Type::union(found).unwrap_or_else(|| {
            let message = format!("cannot index `{}` with `{}`", base.ty, index.ty);
            self.report(
                Diagnostic::new(Code::MemberType, index.span, message)
                    .related(base.span, format!("this is `{}`", base.ty)),
            );
            Type::Error
        })
    }

    pub(super) fn slice(
        &mut self,
        expr: &ast::Expr,
        base: &ast::Expr,
        bounds: &[Option<Box<ast::Expr>>; 3],
    ) -> Expr {
        let lowered = self.expr(base);
        let bounds = bounds.each_ref().map(|bound| {
            bound.as_ref().map(|bound| {
                let bound = self.expr(bound);
                if !bound.ty.is_loose()
                    && !bound.ty.kinds().overlaps(Kinds::INTEGER.or(Kinds::NULL))
                {
                    let message = format!("slice bounds are `int`, found `{}`", bound.ty);
                    self.report(Diagnostic::new(Code::MemberType, bound.span, message));
                }
                Box::new(bound)
            })
        });
        let sliceable = Kinds::LIST.or(Kinds::STR).or(Kinds::NULL);
        let ty = if lowered.ty.is_loose() {
            lowered.ty.clone()
        } else if lowered.ty.kinds().overlaps(sliceable) {
            let parts = lowered
                .ty
                .alternatives()
                .iter()
                .filter(|ty| sliceable.contains(ty.kinds()));
            // A part of a text is another text, so its possible texts are not known.
            let parts = parts.map(|ty| {
                if matches!(ty, Type::Str(_)) {
                    Type::STR
                } else {
                    ty.clone()
                }
            });
            Type::union(parts).unwrap_or(Type::Any)
        } else {
            let message = format!("cannot slice `{}`", lowered.ty);
            self.report(Diagnostic::new(Code::MemberType, lowered.span, message));
            Type::Error
        };
        self.typed(expr, ExprKind::Slice(Box::new(lowered), bounds), ty)
    }
}

/// Whether the object's schema declares some fields but not this one, and says nothing about other
/// fields. (Only objects from schemas have known fields and are open.)
fn declares_others(ty: &Type, name: &str) -> bool {
    let open = |ty: &Type| {
        let Type::Object(object) = ty else {
            return !ty.is_loose();
        };
        !object.fields.is_empty()
            && !object.fields.contains_key(name)
            && object.rest == Some(Type::Any)
    };
    ty.kinds().overlaps(Kinds::OBJECT) && ty.alternatives().iter().all(open)
}

/// The text of a literal string index, with its span.
pub(super) fn literal(index: &ast::Expr) -> Option<(&str, ast::Span)> {
    let ast::ExprKind::Str(text) = &index.kind else {
        return None;
    };
    let inside = ast::Span {
        start: index.span.start + 1,
        end: index.span.end.saturating_sub(1).max(index.span.start + 1),
    };
    Some((text, inside))
}
