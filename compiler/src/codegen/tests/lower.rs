//! Typed expressions without the type checker, for tests: names and arguments are resolved, and
//! every method is chosen at run time. Expressions that the checker would refuse are kept, so that
//! errors at run time can be compared.

use fmc_expr::{
    Value,
    ast::{self, ComprehensionKind, Display, Expr, ExprKind as Ast},
    builtins::{self, Builtin, Passing, Presence},
};

use crate::{
    ir::expr::{self as ir, ExprKind, FPart, LocalId, Target},
    source::Span,
    types::Type,
};

/// Lowers an expression over `input`. `None` when the checker would not lower it either.
pub(super) fn lower(expr: &Expr) -> Option<ir::Expr> {
    Lowering::default().expr(expr)
}

#[derive(Default)]
struct Lowering {
    locals: Vec<(String, LocalId)>,
    next: u32,
}

fn typed(kind: ExprKind) -> ir::Expr {
    ir::Expr {
        kind,
        span: Span::default(),
        ty: Type::Any,
    }
}

impl Lowering {
    fn expr(&mut self, expr: &Expr) -> Option<ir::Expr> {
        let kind = match &expr.kind {
            Ast::Null => ExprKind::Literal(Value::Null),
            Ast::Bool(value) => ExprKind::Literal(Value::Bool(*value)),
            Ast::Int(value) => ExprKind::Literal(Value::Int(*value)),
            Ast::Float(value) => ExprKind::Literal(Value::Float(*value)),
            Ast::Str(text) => ExprKind::Literal(Value::from(text.as_str())),
            Ast::FString(parts) => ExprKind::FString(self.parts(parts)?),
            Ast::Name(name) => match self.local(name) {
                Some(id) => ExprKind::Local(id),
                None if name == "input" => ExprKind::Input,
                None => return None,
            },
            Ast::Member { base, name } => match constant(base, &name.name) {
                Some(value) => ExprKind::Literal(value),
                None => ExprKind::Member(self.boxed(base)?, name.name.clone()),
            },
            Ast::Index { base, index } => ExprKind::Index(self.boxed(base)?, self.boxed(index)?),
            Ast::Slice { base, bounds } => {
                let base = self.boxed(base)?;
                let mut lowered = [None, None, None];
                for (slot, bound) in lowered.iter_mut().zip(bounds) {
                    if let Some(bound) = bound {
                        *slot = Some(self.boxed(bound)?);
                    }
                }
                ExprKind::Slice(base, lowered)
            }
            Ast::Call {
                callee,
                args,
                kwargs,
                ..
            } => self.call(callee, args, kwargs)?,
            Ast::Unary { op, operand } => ExprKind::Unary(*op, self.boxed(operand)?),
            Ast::Binary {
                op, left, right, ..
            } => ExprKind::Binary(*op, self.boxed(left)?, self.boxed(right)?),
            Ast::Logic { and, left, right } => {
                ExprKind::Logic(*and, self.boxed(left)?, self.boxed(right)?)
            }
            Ast::Compare { first, rest } => {
                let first = self.boxed(first)?;
                let rest: Option<_> = rest
                    .iter()
                    .map(|(op, _, right)| Some((*op, self.expr(right)?)))
                    .collect();
                ExprKind::Compare(first, rest?)
            }
            Ast::Ternary {
                condition,
                then,
                otherwise,
            } => ExprKind::Ternary {
                condition: self.boxed(condition)?,
                then: self.boxed(then)?,
                otherwise: self.boxed(otherwise)?,
            },
            Ast::List { items, display } => {
                let items = self.all(items)?;
                match display {
                    Display::Set => ExprKind::Set(items),
                    Display::List | Display::Tuple => ExprKind::List(items),
                }
            }
            Ast::Dict(entries) => {
                let entries: Option<_> = entries
                    .iter()
                    .map(|(key, value)| Some((self.expr(key)?, self.expr(value)?)))
                    .collect();
                ExprKind::Dict(entries?)
            }
            Ast::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.comprehension(*kind, element, value.as_deref(), clauses)?,
            Ast::Part(inner) => return self.expr(inner),
            Ast::Error(_) => return None,
        };
        Some(typed(kind))
    }

    fn boxed(&mut self, expr: &Expr) -> Option<Box<ir::Expr>> {
        self.expr(expr).map(Box::new)
    }

    fn all(&mut self, exprs: &[Expr]) -> Option<Vec<ir::Expr>> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn local(&self, name: &str) -> Option<LocalId> {
        self.locals
            .iter()
            .rev()
            .find(|(local, _)| local == name)
            .map(|(_, id)| *id)
    }

    fn parts(&mut self, parts: &[ast::FPart]) -> Option<Vec<FPart>> {
        parts
            .iter()
            .map(|part| {
                Some(match part {
                    ast::FPart::Text(text) => FPart::Text(text.clone()),
                    ast::FPart::Expr {
                        expr,
                        conversion,
                        spec,
                    } => FPart::Expr {
                        expr: self.expr(expr)?,
                        conversion: *conversion,
                        spec: self.parts(spec)?,
                    },
                })
            })
            .collect()
    }

    fn call(
        &mut self,
        callee: &Expr,
        args: &[Expr],
        kwargs: &[(ast::Ident, Expr)],
    ) -> Option<ExprKind> {
        let function = if let Ast::Name(name) = &callee.kind {
            builtins::function(name)
        } else if let Ast::Member { base, name } = &callee.kind
            && let Ast::Name(module) = &base.kind
        {
            builtins::function(&format!("{module}.{}", name.name))
        } else {
            None
        };
        let args = self.all(args)?;
        let named: Option<Vec<_>> = kwargs
            .iter()
            .map(|(name, value)| Some((name.name.clone(), self.expr(value)?)))
            .collect();
        if let Some(builtin) = function {
            return Some(ExprKind::Call(builtin, slots(builtin, args, named?)?));
        }
        let Ast::Member { base, name } = &callee.kind else {
            return None;
        };
        Some(ExprKind::MethodCall {
            name: name.name.clone(),
            receiver: self.boxed(base)?,
            args,
            kwargs: named?,
        })
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        value: Option<&Expr>,
        clauses: &[ast::Clause],
    ) -> Option<ExprKind> {
        let outside = self.locals.len();
        let mut lowered = Vec::new();
        let steps = ast::turn_steps(clauses, element, value);
        for (clause, steps) in clauses.iter().zip(steps) {
            let iter = self.expr(&clause.iter)?;
            let target = self.target(&clause.target);
            let conditions = self.all(&clause.conditions)?;
            lowered.push(ir::Clause {
                target,
                iter,
                conditions,
                steps,
            });
        }
        let element = self.boxed(element)?;
        let value = match value {
            Some(value) => Some(self.boxed(value)?),
            None => None,
        };
        self.locals.truncate(outside);
        Some(ExprKind::Comprehension {
            kind,
            element,
            value,
            clauses: lowered,
        })
    }

    fn target(&mut self, target: &ast::Target) -> Target {
        match target {
            ast::Target::Name(name) => {
                let id = LocalId(self.next);
                self.next += 1;
                self.locals.push((name.name.clone(), id));
                Target::Local(id, name.name.clone())
            }
            ast::Target::Tuple(targets, _) => {
                Target::Tuple(targets.iter().map(|target| self.target(target)).collect())
            }
        }
    }
}

fn constant(base: &Expr, member: &str) -> Option<Value> {
    let Ast::Name(module) = &base.kind else {
        return None;
    };
    let full = format!("{module}.{member}");
    let found = builtins::CONSTANTS
        .iter()
        .find(|(name, ..)| *name == full)?;
    Some(Value::Float(found.1))
}

/// Like `builtins::layout`, for expressions.
fn slots(
    builtin: &Builtin,
    args: Vec<ir::Expr>,
    mut named: Vec<(String, ir::Expr)>,
) -> Option<Vec<Option<ir::Expr>>> {
    let mut args = args.into_iter();
    let mut slots = Vec::new();
    let mut tail = Vec::new();
    for param in builtin.params {
        match param.presence {
            Presence::Variadic => tail.extend(args.by_ref().map(Some)),
            Presence::Keywords => {
                let entries = named
                    .drain(..)
                    .map(|(name, value)| (typed(ExprKind::Literal(Value::from(name))), value));
                slots.push(Some(typed(ExprKind::Dict(entries.collect()))));
            }
            Presence::Required | Presence::Optional => {
                let by_place = if param.passing == Passing::Keyword {
                    None
                } else {
                    args.next()
                };
                let by_name = named.iter().position(|(name, _)| name == param.name);
                let by_name = by_name.map(|at| named.remove(at).1);
                let argument = by_place.or(by_name);
                if argument.is_none() && param.presence == Presence::Required {
                    return None;
                }
                slots.push(argument);
            }
        }
    }
    slots.append(&mut tail);
    (args.next().is_none() && named.is_empty()).then_some(slots)
}
