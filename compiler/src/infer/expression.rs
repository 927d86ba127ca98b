//! One expression: resolves its names, lays out its calls, infers its types.
//!
//! Enters: the AST of an expression, and where it is. Leaves: a typed expression, its uses of
//! names, and findings of families 03 and 05. Whatever has a finding becomes poison, about which
//! nothing more is reported. Each kind of expression has a file of its own beside this one. Must
//! not know how the value is used.

use fmc_expr::{
    Value,
    ast::{self, Display},
    builtins::Kinds,
};

use super::{EnvRead, Infer, Spot, variables::Variables};
use crate::{
    ast::template::Embedded,
    diagnostics::{Code, Diagnostic},
    ir::{
        StageId,
        expr::{Expr, ExprId, ExprKind, FPart},
        uses::{Missing, Space, Step},
    },
    source::Span,
    syntax::tree::JsonString,
    types::Type,
};

/// A longer expression is not looked into when it could not be read: nothing is reported about it
/// but what could not be read, and its tree may be a hundred times its text.
const LONG: usize = 64 << 10;

/// The state while one expression is typed.
pub(super) struct Typer<'t, 'a> {
    pub(super) infer: &'t mut Infer<'a>,
    pub(super) spot: &'t Spot,
    string: &'t JsonString,
    pub(super) embedded: &'t Embedded,
    pub(super) id: ExprId,
    /// The variables of comprehensions in scope.
    pub(super) locals: Variables,
    pub(super) next_local: u32,
    /// Whether the part being typed may be null without harm. Set inside the left side of `or`, the
    /// condition of a ternary, and the arguments of `default` and `get`. Read where an environment
    /// variable or a stage is read: `env.CHANNEL or '#ops'` does not make CHANNEL required.
    pub(super) guarded: bool,
    /// The steps that are taken from the value being typed, last one first. In
    /// `upstream.a.body.key` they are `key` and `body` when the stage is reached.
    pub(super) path: Vec<Step>,
    /// The environment variables that the condition of an enclosing ternary has tested, as in
    /// `env.X if env.X else 'none'`. The part before `if` may then read
    /// them without making them required.
    pub(super) tested_env: Vec<String>,
    /// Spans that were read as one stage id with a hyphen and have a finding.
    pub(super) reported: Vec<ast::Span>,
}

impl Infer<'_> {
    /// Gives the typed tree of a whole expression.
    pub(super) fn expression(
        &mut self,
        spot: &Spot,
        string: &JsonString,
        embedded: &Embedded,
    ) -> Expr {
        if !embedded.trust.is_sound() && embedded.text.len() > LONG {
            return Expr {
                kind: ExprKind::Poison,
                span: embedded.span(string),
                ty: Type::Error,
            };
        }
        let id = self.next_expression();
        let mut typer = Typer {
            infer: self,
            spot,
            string,
            embedded,
            id,
            locals: Variables::default(),
            next_local: 0,
            guarded: false,
            path: Vec::new(),
            tested_env: Vec::new(),
            reported: Vec::new(),
        };
        let mut expr = typer.expr(&embedded.expr);
        if !embedded.trust.is_sound() {
            // Parts may be missing, so nothing may be concluded from the type.
            expr.ty = Type::Error;
        }
        expr
    }
}

impl Typer<'_, '_> {
    pub(super) fn span(&self, span: ast::Span) -> Span {
        self.embedded.source(self.string, span)
    }

    pub(super) fn typed(&self, at: &ast::Expr, kind: ExprKind, ty: Type) -> Expr {
        Expr {
            kind,
            span: self.span(at.span),
            ty,
        }
    }

    pub(super) fn poison(&self, at: ast::Span) -> Expr {
        Expr {
            kind: ExprKind::Poison,
            span: self.span(at),
            ty: Type::Error,
        }
    }

    /// Adds a finding, unless the expression could not be read: then it has one already.
    pub(super) fn report(&mut self, finding: Diagnostic) {
        if self.embedded.trust.is_sound() {
            self.infer.found.push(finding);
        }
    }

    /// Records the use of a name that does not exist. The finding is kept with it, because a
    /// misspelt definition may be the cause; then that is reported instead.
    pub(super) fn missing(
        &mut self,
        space: Space,
        name: &str,
        near: Option<&str>,
        finding: Diagnostic,
    ) {
        if self.embedded.trust.is_sound() {
            let missing = Missing {
                span: finding.primary.span,
                near: near.map(str::to_owned),
                finding: Some(Box::new(finding)),
            };
            self.infer.uses.miss(space, name, missing);
        }
    }

    pub(super) fn error(&mut self, code: Code, at: ast::Span, message: impl Into<String>) {
        let span = self.span(at);
        self.report(Diagnostic::new(code, span, message));
    }

    /// Types an expression whose whole value is used.
    pub(super) fn expr(&mut self, expr: &ast::Expr) -> Expr {
        // The steps belong to the outer expression: in `a[b].c`, `c` is not read from `b`.
        let path = std::mem::take(&mut self.path);
        let typed = self.base(expr);
        self.path = path;
        typed
    }

    /// Types an expression from whose value the steps in `path` are taken.
    pub(super) fn base(&mut self, expr: &ast::Expr) -> Expr {
        let outer = self.guarded;
        self.guarded &= passes_null_on(&expr.kind);
        let typed = self.by_kind(expr);
        self.guarded = outer;
        typed
    }

    fn by_kind(&mut self, expr: &ast::Expr) -> Expr {
        use ast::ExprKind as K;
        match &expr.kind {
            K::Null => self.literal(expr, Value::Null, Type::Null),
            K::Bool(value) => self.literal(expr, Value::Bool(*value), Type::Bool),
            K::Int(value) => self.literal(expr, Value::Int(*value), Type::Int),
            K::Float(value) => self.literal(expr, Value::Float(*value), Type::Float),
            K::Str(text) => self.literal(expr, Value::from(text.as_str()), Type::literal(text)),
            K::FString(parts) => {
                let parts = self.fstring(parts);
                self.typed(expr, ExprKind::FString(parts), Type::STR)
            }
            K::Name(name) => self.name(expr, name),
            K::Member { base, name } => self.member(expr, base, name),
            K::Index { base, index } => self.index(expr, base, index),
            K::Slice { base, bounds } => self.slice(expr, base, bounds),
            K::Call {
                callee,
                args,
                kwargs,
                ..
            } => self.call(expr, callee, args, kwargs),
            K::Unary { op, operand } => self.unary(expr, *op, operand),
            K::Binary {
                op,
                op_span,
                left,
                right,
            } => self.binary(expr, *op, *op_span, left, right),
            K::Logic { and, left, right } => self.logic(expr, *and, left, right),
            K::Compare { first, rest } => self.compare(expr, first, rest),
            K::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(expr, condition, then, otherwise),
            K::List { items, display } => self.list(expr, items, *display),
            K::Dict(entries) => self.dict(expr, entries),
            K::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.comprehension(expr, *kind, element, value.as_deref(), clauses),
            K::Part(inner) => self.expr(inner),
            K::Error(_) => self.poison(expr.span),
        }
    }

    fn fstring(&mut self, parts: &[ast::FPart]) -> Vec<FPart> {
        parts
            .iter()
            .map(|part| match part {
                ast::FPart::Text(text) => FPart::Text(text.clone()),
                ast::FPart::Expr {
                    expr,
                    conversion,
                    spec,
                } => FPart::Expr {
                    expr: self.expr(expr),
                    conversion: *conversion,
                    spec: self.fstring(spec),
                },
            })
            .collect()
    }

    fn literal(&self, expr: &ast::Expr, value: Value, ty: Type) -> Expr {
        self.typed(expr, ExprKind::Literal(value), ty)
    }

    fn list(&mut self, expr: &ast::Expr, items: &[ast::Expr], display: Display) -> Expr {
        let items: Vec<Expr> = items.iter().map(|item| self.expr(item)).collect();
        let types = items.iter().map(|item| item.ty.clone());
        let element = Type::union(types).unwrap_or(Type::Any);
        let kind = if display == Display::Set {
            ExprKind::Set(items)
        } else {
            ExprKind::List(items)
        };
        self.typed(expr, kind, Type::list(element))
    }

    fn dict(&mut self, expr: &ast::Expr, entries: &[(ast::Expr, ast::Expr)]) -> Expr {
        let mut fields = Vec::with_capacity(entries.len());
        let mut literal = true;
        let mut lowered = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let (key, value) = (self.expr(key), self.expr(value));
            if let ExprKind::Literal(Value::Str(name)) = &key.kind {
                fields.push((name.to_string(), value.ty.clone()));
            } else {
                literal = false;
            }
            let strings = Kinds::STR;
            if !key.ty.is_loose() && !key.ty.kinds().overlaps(strings) {
                let message = format!("object keys are strings, found `{}`", key.ty);
                self.report(Diagnostic::new(Code::OperandType, key.span, message));
            }
            lowered.push((key, value));
        }
        let ty = if literal {
            Type::closed(fields)
        } else {
            Type::open()
        };
        self.typed(expr, ExprKind::Dict(lowered), ty)
    }

    pub(super) fn read_env(&mut self, name: &str, span: ast::Span) {
        let guarded = self.guarded || self.tested_env.iter().any(|tested| tested == name);
        let span = self.span(span);
        self.infer.env.push(EnvRead {
            name: name.to_owned(),
            span,
            guarded,
        });
    }

    pub(super) fn reader(&self) -> Option<StageId> {
        self.spot.stage
    }
}

/// Whether the expression gives null when its part is null, without failing, so that a guard around
/// the whole also guards the part.
fn passes_null_on(kind: &ast::ExprKind) -> bool {
    use ast::{CompareOp as C, ExprKind as K};
    match kind {
        K::Compare { rest, .. } => rest
            .iter()
            .all(|(op, ..)| matches!(op, C::Eq | C::Ne | C::Is | C::IsNot)),
        K::Binary { .. } | K::Call { .. } | K::FString(_) | K::Comprehension { .. } => false,
        K::Null
        | K::Bool(_)
        | K::Int(_)
        | K::Float(_)
        | K::Str(_)
        | K::Name(_)
        | K::Member { .. }
        | K::Index { .. }
        | K::Slice { .. }
        | K::Unary { .. }
        | K::Logic { .. }
        | K::Ternary { .. }
        | K::List { .. }
        | K::Dict(_)
        | K::Part(_)
        | K::Error(_) => true,
    }
}
