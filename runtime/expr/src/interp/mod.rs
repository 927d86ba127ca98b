//! Evaluates an AST. `fmc eval` and dynamic conditions use it; everything else is compiled.
//!
//! Enters: a tree, the names in scope, a budget. Leaves: a value, or an error with the
//! sub-expression that failed. It calls the same operators as generated code. Must not know
//! pipelines.

mod call;

mod comprehension;

mod literals;

mod locals;

use std::collections::BTreeMap;

use literals::Literals;
use locals::Locals;

use crate::{
    ast::{BinaryOp, CompareOp, Display, Expr, ExprKind, FPart, Span, UnaryOp},
    builtins,
    cx::Cx,
    error::EvalError,
    format, ops,
    str::Str,
    text,
    value::Value,
};

/// The names an expression can read, besides functions and its own loop variables.
pub trait Scope {
    /// The value of a name; `None` when there is no such name.
    fn name(&self, name: &str) -> Option<Value>;

    /// All names, for messages.
    fn names(&self) -> Vec<String>;

    /// Whether functions may be called that read the clock or make random numbers, like `now()`.
    /// Dynamic conditions set it to false, because their text may come from elsewhere; `call` reads
    /// it.
    fn impure(&self) -> bool {
        true
    }
}

/// Names with their values.
pub type Names = BTreeMap<String, Value>;

impl Scope for Names {
    fn name(&self, name: &str) -> Option<Value> {
        self.get(name).cloned()
    }

    fn names(&self) -> Vec<String> {
        self.keys().cloned().collect()
    }
}

/// The error of a failed evaluation, and where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The error.
    pub error: EvalError,
    /// The span of the sub-expression, in bytes of the parsed text.
    pub span: Span,
}

type Outcome = Result<Value, Located>;

/// Evaluates a tree.
///
/// # Errors
/// Errors that CPython would raise too, a limit, or an unknown name.
pub fn eval(expr: &Expr, scope: &dyn Scope, cx: &Cx) -> Outcome {
    let mut interpreter = Interpreter {
        scope,
        cx,
        locals: Locals::default(),
        literals: Literals::default(),
    };
    let value = interpreter.eval(expr)?;
    cx.check_result(&value).map_err(at(expr))?;
    Ok(value)
}

struct Interpreter<'a> {
    scope: &'a dyn Scope,
    cx: &'a Cx,
    /// The loop variables of comprehensions.
    locals: Locals<'a>,
    literals: Literals,
}

/// Adds the span of an expression to an error.
fn at(expr: &Expr) -> impl Fn(EvalError) -> Located + use<> {
    let span = expr.span;
    move |error| Located { error, span }
}

impl<'a> Interpreter<'a> {
    fn eval(&mut self, expr: &'a Expr) -> Outcome {
        match &expr.kind {
            ExprKind::Null => Ok(Value::Null),
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Int(value) => Ok(Value::Int(*value)),
            ExprKind::Float(value) => Ok(Value::Float(*value)),
            ExprKind::Str(text) => Ok(Value::Str(text.clone())),
            ExprKind::FString(parts) => self.fstring(expr, parts),
            ExprKind::Name(name) => self.name(name).ok_or_else(|| self.unknown(expr, name)),
            ExprKind::Member { base, name } => match self.constant(base, &name.name) {
                Some(value) => Ok(value),
                None => ops::member(&self.eval(base)?, &name.name).map_err(at(expr)),
            },
            ExprKind::Index { base, index } => {
                let (base, index) = (self.eval(base)?, self.eval(index)?);
                ops::index(self.cx, &base, &index).map_err(at(expr))
            }
            ExprKind::Slice { base, bounds } => self.slice(expr, base, bounds),
            ExprKind::Call {
                callee,
                args,
                kwargs,
                ..
            } => self.call(expr, callee, args, kwargs),
            ExprKind::Unary { op, operand } => self.unary(expr, *op, operand),
            ExprKind::Binary {
                op, left, right, ..
            } => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                binary(self.cx, *op, &left, &right).map_err(at(expr))
            }
            ExprKind::Logic { and, left, right } => {
                let left = self.eval(left)?;
                if ops::truthy(&left) == *and {
                    self.eval(right)
                } else {
                    Ok(left)
                }
            }
            ExprKind::Compare { first, rest } => self.compare(expr, first, rest),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => {
                let branch = if ops::truthy(&self.eval(condition)?) {
                    then
                } else {
                    otherwise
                };
                self.eval(branch)
            }
            ExprKind::List {
                items,
                display: Display::Set,
            } => {
                let items = self.all(items)?;
                ops::set(self.cx, items).map_err(at(expr))
            }
            ExprKind::List { items, .. } => {
                if let Some(made) = self.literals.list(items) {
                    return Ok(made);
                }
                let items = self.all(items)?;
                ops::list(self.cx, items).map_err(at(expr))
            }
            ExprKind::Dict(entries) => {
                let mut values = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    values.push((self.eval(key)?, self.eval(value)?));
                }
                ops::object(self.cx, values).map_err(at(expr))
            }
            ExprKind::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.comprehension(expr, *kind, element, value.as_deref(), clauses),
            ExprKind::Part(inner) => self.eval(inner),
            ExprKind::Error(_) => Err(at(expr)(EvalError::value_error("not an expression"))),
        }
    }

    fn all(&mut self, exprs: &'a [Expr]) -> Result<Vec<Value>, Located> {
        exprs.iter().map(|expr| self.eval(expr)).collect()
    }

    fn name(&self, name: &str) -> Option<Value> {
        let local = self.locals.get(name).cloned();
        local.or_else(|| self.scope.name(name))
    }

    fn unknown(&self, expr: &Expr, name: &str) -> Located {
        let message = if builtins::function(name).is_some() {
            format!("`{name}` is a function: it is called as `{name}(…)`")
        } else {
            let names = self.scope.names();
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            match names.as_slice() {
                [] => format!("unknown name `{name}`; no names are in scope"),
                names => format!("unknown name `{name}`; in scope: {}", names.join(", ")),
            }
        };
        at(expr)(EvalError::type_error(message))
    }

    /// A constant like `math.pi`, unless there is a name `math` in scope.
    fn constant(&self, base: &Expr, member: &str) -> Option<Value> {
        let ExprKind::Name(module) = &base.kind else {
            return None;
        };
        if self.name(module).is_some() {
            return None;
        }
        let full = format!("{module}.{member}");
        let found = builtins::CONSTANTS
            .iter()
            .find(|(name, _, _)| *name == full);
        found.map(|(_, value, _)| Value::Float(*value))
    }

    fn fstring(&mut self, whole: &Expr, parts: &'a [FPart]) -> Outcome {
        let mut texts = Vec::with_capacity(parts.len());
        for part in parts {
            texts.push(match part {
                FPart::Text(text) => Value::from(text.as_str()),
                FPart::Expr {
                    expr,
                    conversion,
                    spec,
                } => self.field(whole, expr, *conversion, spec)?,
            });
        }
        text::join(self.cx, &texts).map_err(at(whole))
    }

    /// One field of an f-string. Without conversion and specification it is the value itself.
    fn field(
        &mut self,
        whole: &Expr,
        expr: &'a Expr,
        conversion: Option<char>,
        spec: &'a [FPart],
    ) -> Outcome {
        let value = self.eval(expr)?;
        let spec = match spec {
            [] if conversion.is_none() => return Ok(value),
            [] => Str::default(),
            [FPart::Text(text)] => Str::from(text.as_str()),
            parts => text::text(&self.fstring(whole, parts)?),
        };
        format::field(self.cx, &value, conversion, &spec).map_err(at(expr))
    }

    fn slice(
        &mut self,
        expr: &Expr,
        base: &'a Expr,
        bounds: &'a [Option<Box<Expr>>; 3],
    ) -> Outcome {
        let base = self.eval(base)?;
        let mut values = [None, None, None];
        for (value, bound) in values.iter_mut().zip(bounds) {
            if let Some(bound) = bound {
                *value = Some(self.eval(bound)?);
            }
        }
        ops::slice(self.cx, &base, values.each_ref().map(Option::as_ref)).map_err(at(expr))
    }

    fn unary(&mut self, expr: &Expr, op: UnaryOp, operand: &'a Expr) -> Outcome {
        let value = self.eval(operand)?;
        match op {
            UnaryOp::Not => Ok(ops::not(&value)),
            UnaryOp::Neg => ops::neg(self.cx, &value).map_err(at(expr)),
            UnaryOp::Pos => ops::pos(self.cx, &value).map_err(at(expr)),
        }
    }

    fn compare(
        &mut self,
        expr: &Expr,
        first: &'a Expr,
        rest: &'a [(CompareOp, Span, Expr)],
    ) -> Outcome {
        let mut left = self.eval(first)?;
        for (op, _, right) in rest {
            let right = self.eval(right)?;
            if !compare(self.cx, *op, &left, &right).map_err(at(expr))? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }
}

/// Applies an arithmetic operator.
///
/// # Errors
/// The operands are refused.
pub fn binary(cx: &Cx, op: BinaryOp, left: &Value, right: &Value) -> Result<Value, EvalError> {
    let function = match op {
        BinaryOp::Add => ops::add,
        BinaryOp::Sub => ops::sub,
        BinaryOp::Mul => ops::mul,
        BinaryOp::Div => ops::div,
        BinaryOp::FloorDiv => ops::floor_div,
        BinaryOp::Rem => ops::rem,
        BinaryOp::Pow => ops::pow,
    };
    function(cx, left, right)
}

/// Applies a comparison operator.
///
/// # Errors
/// The operands are refused.
pub fn compare(cx: &Cx, op: CompareOp, left: &Value, right: &Value) -> Result<bool, EvalError> {
    match op {
        CompareOp::Eq => ops::equal(cx, left, right),
        CompareOp::Ne => ops::equal(cx, left, right).map(|same| !same),
        CompareOp::Lt => ops::less(cx, left, right),
        CompareOp::Le => ops::less_equal(cx, left, right),
        CompareOp::Gt => ops::greater(cx, left, right),
        CompareOp::Ge => ops::greater_equal(cx, left, right),
        CompareOp::In => ops::contains(cx, left, right),
        CompareOp::NotIn => ops::contains(cx, left, right).map(|found| !found),
        CompareOp::Is => ops::is(cx, left, right),
        CompareOp::IsNot => ops::is(cx, left, right).map(|same| !same),
    }
}
