//! Evaluates an AST. `fmc eval` and dynamic conditions use it; everything else is compiled.
//!
//! Enters: a tree, the names in scope, a budget. Leaves: a value, or an error with the
//! sub-expression that failed. It calls the same operators as generated code. Must not know
//! pipelines.

mod call;

mod comprehension;

use std::collections::BTreeMap;

use crate::{
    ast::{BinaryOp, CompareOp, Display, Expr, ExprKind, FPart, Span, UnaryOp},
    builtins,
    cx::Cx,
    error::EvalError,
    format, ops,
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
        locals: Vec::new(),
    };
    let value = interpreter.eval(expr)?;
    cx.check_result(&value).map_err(at(expr))?;
    Ok(value)
}

struct Interpreter<'a> {
    scope: &'a dyn Scope,
    cx: &'a Cx,
    /// The loop variables of comprehensions, the innermost last.
    locals: Vec<(String, Value)>,
}

/// Whether an expression is a literal of one value.
fn is_scalar(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
    )
}

/// Adds the span of an expression to an error.
fn at(expr: &Expr) -> impl Fn(EvalError) -> Located + use<> {
    let span = expr.span;
    move |error| Located { error, span }
}

impl Interpreter<'_> {
    fn eval(&mut self, expr: &Expr) -> Outcome {
        match &expr.kind {
            ExprKind::Null => Ok(Value::Null),
            ExprKind::Bool(value) => Ok(Value::Bool(*value)),
            ExprKind::Int(value) => Ok(Value::Int(*value)),
            ExprKind::Float(value) => Ok(Value::Float(*value)),
            ExprKind::Str(text) => Ok(Value::from(text.as_str())),
            ExprKind::FString(parts) => self.fstring(parts).map(Value::from),
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
            // Without a charge: generated code makes such a list once.
            ExprKind::List {
                items,
                display: Display::List | Display::Tuple,
            } if items.iter().all(is_scalar) => Ok(Value::list(self.all(items)?)),
            ExprKind::List { items, display } => {
                let items = self.all(items)?;
                let made = match display {
                    Display::Set => ops::set(self.cx, items),
                    Display::List | Display::Tuple => ops::list(self.cx, items),
                };
                made.map_err(at(expr))
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

    fn all(&mut self, exprs: &[Expr]) -> Result<Vec<Value>, Located> {
        exprs.iter().map(|expr| self.eval(expr)).collect()
    }

    fn name(&self, name: &str) -> Option<Value> {
        let local = self.locals.iter().rev().find(|(local, _)| local == name);
        local
            .map(|(_, value)| value.clone())
            .or_else(|| self.scope.name(name))
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

    fn fstring(&mut self, parts: &[FPart]) -> Result<String, Located> {
        let mut out = String::new();
        for part in parts {
            match part {
                FPart::Text(text) => out.push_str(text),
                FPart::Expr {
                    expr,
                    conversion,
                    spec,
                } => {
                    let value = self.eval(expr)?;
                    let spec = self.fstring(spec)?;
                    let text = format::format_value(self.cx, &value, *conversion, &spec);
                    // `format_value` has made room for the text.
                    out.push_str(&text.map_err(at(expr))?);
                    self.cx.check_len(out.len()).map_err(at(expr))?;
                }
            }
        }
        Ok(out)
    }

    fn slice(&mut self, expr: &Expr, base: &Expr, bounds: &[Option<Box<Expr>>; 3]) -> Outcome {
        let base = self.eval(base)?;
        let mut values = [None, None, None];
        for (value, bound) in values.iter_mut().zip(bounds) {
            if let Some(bound) = bound {
                *value = Some(self.eval(bound)?);
            }
        }
        ops::slice(self.cx, &base, values.each_ref().map(Option::as_ref)).map_err(at(expr))
    }

    fn unary(&mut self, expr: &Expr, op: UnaryOp, operand: &Expr) -> Outcome {
        let value = self.eval(operand)?;
        match op {
            UnaryOp::Not => Ok(ops::not(&value)),
            UnaryOp::Neg => ops::neg(self.cx, &value).map_err(at(expr)),
            UnaryOp::Pos => ops::pos(self.cx, &value).map_err(at(expr)),
        }
    }

    fn compare(&mut self, expr: &Expr, first: &Expr, rest: &[(CompareOp, Span, Expr)]) -> Outcome {
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
