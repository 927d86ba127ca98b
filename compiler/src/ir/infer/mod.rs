//! Expressions: names resolved, calls laid out, types inferred.
//!
//! Enters: an expression's AST and where it stands. Leaves: a typed expression, and findings of
//! families 03 and 05 at exact places. What was reported becomes poison, silent from then on.

mod access;

mod call;

mod comprehension;

mod names;

mod operators;

mod returns;

use fmc_expr::{
    Value,
    ast::{self, Display},
    parse,
};

use super::{
    StageId,
    expr::{Expr, ExprKind, FPart, LocalId},
    lower::{EnvRead, Lowering},
    misnamed::Space,
    node::Place,
    types::Type,
};
use crate::{
    ast::template::{Embedded, report},
    diagnostics::{Code, Diagnostic},
    source::{FileId, SourceMap, Span},
    syntax::tree::JsonString,
};

/// One expression being lowered.
pub(super) struct Infer<'a, 'b> {
    lowering: &'a mut Lowering<'b>,
    place: &'a Place,
    string: &'a JsonString,
    embedded: &'a Embedded,
    /// Comprehension variables in scope, the innermost last.
    locals: Vec<(String, LocalId, Type)>,
    next_local: u32,
    /// Inside something that gives another value for null.
    guarded: bool,
    /// Environment variables that a ternary's condition has looked at.
    tested_env: Vec<String>,
    /// Words read as one hyphenated stage id already reported.
    reported: Vec<ast::Span>,
}

impl Lowering<'_> {
    pub(super) fn infer(
        &mut self,
        place: &Place,
        string: &JsonString,
        embedded: &Embedded,
    ) -> Expr {
        let mut infer = Infer {
            lowering: self,
            place,
            string,
            embedded,
            locals: Vec::new(),
            next_local: 0,
            guarded: false,
            tested_env: Vec::new(),
            reported: Vec::new(),
        };
        let mut expr = infer.expr(&embedded.expr);
        if embedded.damaged {
            expr.ty = Type::Error;
        }
        expr
    }
}

impl Infer<'_, '_> {
    fn span(&self, span: ast::Span) -> Span {
        self.embedded.source(self.string, span)
    }

    fn typed(&self, at: &ast::Expr, kind: ExprKind, ty: Type) -> Expr {
        Expr {
            kind,
            span: self.span(at.span),
            ty,
        }
    }

    fn poison(&self, at: ast::Span) -> Expr {
        Expr {
            kind: ExprKind::Poison,
            span: self.span(at),
            ty: Type::Error,
        }
    }

    /// Of an expression that could not be read nothing is said but that.
    fn report(&mut self, finding: Diagnostic) {
        if !self.embedded.damaged {
            self.lowering.found.push(finding);
        }
    }

    /// What was found where a name is read that is not there; the definition may be to blame.
    fn vain(&mut self, space: Space, name: &str, near: Option<&str>, finding: Diagnostic) {
        if !self.embedded.damaged {
            self.lowering.uses.vain(space, name, near, finding);
        }
    }

    fn error(&mut self, code: Code, at: ast::Span, message: impl Into<String>) {
        let span = self.span(at);
        self.report(Diagnostic::new(code, span, message));
    }

    fn expr(&mut self, expr: &ast::Expr) -> Expr {
        let outer = self.guarded;
        self.guarded &= hands_null_on(&expr.kind);
        let lowered = self.unguarded(expr);
        self.guarded = outer;
        lowered
    }

    fn unguarded(&mut self, expr: &ast::Expr) -> Expr {
        use ast::ExprKind as K;
        match &expr.kind {
            K::Null => self.typed(expr, ExprKind::Literal(Value::Null), Type::Null),
            K::Bool(value) => self.typed(expr, ExprKind::Literal(Value::Bool(*value)), Type::Bool),
            K::Int(value) => self.typed(expr, ExprKind::Literal(Value::Int(*value)), Type::Int),
            K::Float(value) => {
                self.typed(expr, ExprKind::Literal(Value::Float(*value)), Type::Float)
            }
            K::Str(text) => self.typed(
                expr,
                ExprKind::Literal(Value::from(text.as_str())),
                Type::literal(text),
            ),
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
            K::List { items, display } => {
                let items: Vec<Expr> = items.iter().map(|item| self.expr(item)).collect();
                let element = items
                    .iter()
                    .map(|item| item.ty.clone())
                    .reduce(Type::or)
                    .unwrap_or(Type::Any);
                let kind = if *display == Display::Set {
                    ExprKind::Set(items)
                } else {
                    ExprKind::List(items)
                };
                self.typed(expr, kind, Type::list(element))
            }
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

    fn dict(&mut self, expr: &ast::Expr, entries: &[(ast::Expr, ast::Expr)]) -> Expr {
        let mut fields = Vec::new();
        let mut literal = true;
        let mut lowered = Vec::new();
        for (key, value) in entries {
            let (key, value) = (self.expr(key), self.expr(value));
            match &key.kind {
                ExprKind::Literal(Value::Str(name)) => {
                    fields.push((name.to_string(), value.ty.clone()))
                }
                _ => literal = false,
            }
            let strings = fmc_expr::builtins::Kinds::STR;
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

    fn read_env(&mut self, name: &str, span: ast::Span) {
        let guarded = self.guarded || self.tested_env.iter().any(|tested| tested == name);
        let span = self.span(span);
        self.lowering.env.push(EnvRead {
            name: name.to_owned(),
            span,
            guarded,
        });
    }

    fn reader(&self) -> Option<StageId> {
        self.place.stage
    }
}

/// Whether a part that is null does not fail, so that what guards the whole guards the part.
fn hands_null_on(kind: &ast::ExprKind) -> bool {
    use ast::{CompareOp as C, ExprKind as K};
    match kind {
        K::Compare { rest, .. } => rest
            .iter()
            .all(|(op, ..)| matches!(op, C::Eq | C::Ne | C::Is | C::IsNot)),
        K::Binary { .. } | K::Call { .. } | K::FString(_) | K::Comprehension { .. } => false,
        _ => true,
    }
}

/// The type of an expression outside a pipeline, given the types of the names it may use.
///
/// # Errors
/// What is wrong with it, syntax first; places are bytes of the text, in no file.
pub fn infer_expression(text: &str, scope: &[(String, Type)]) -> Result<Type, Vec<Diagnostic>> {
    let parsed = parse::parse(text);
    let sources = SourceMap::new();
    let mut lowering = Lowering::outside(&sources, scope);
    let string = JsonString::verbatim(FileId::default(), text);
    let embedded = Embedded {
        expr: parsed.expr,
        text: text.to_owned(),
        offset: 0,
        range: 0..text.len(),
        damaged: false,
    };
    if !parsed.errors.is_empty() {
        return Err(report(&string, &embedded, &parsed.errors));
    }
    let expr = lowering.infer(&Place::outside(), &string, &embedded);
    std::mem::take(&mut lowering.uses).report(&mut lowering.found);
    if lowering.found.is_empty() {
        return Ok(expr.ty);
    }
    Err(lowering.found)
}
