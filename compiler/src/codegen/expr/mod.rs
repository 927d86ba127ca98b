//! Expressions as Rust: direct calls of the same operators and builtins that the interpreter calls.
//!
//! Enters: a typed expression. Leaves: the body of its function. Operands are evaluated from left
//! to right, and only when Python would evaluate them. Must not know stages or tables.

mod body;
mod calls;
mod comprehension;
mod control;
mod cut;
mod extent;
mod fstring;
mod piece;
mod wide;

use fmc_expr::{
    Value,
    ast::{BinaryOp, UnaryOp},
};

use super::{
    constants::{self, Constants},
    parts::Parts,
    paths::{self, Imports},
    rust::{Block, Name, RustExpr, Stmt, Varying},
};
use crate::ir::{
    StageId,
    expr::{Expr, ExprKind},
};
use body::Body;
use piece::Piece;

/// A display, f-string or call with more parts than this is filled by statements.
const MANY: usize = 100;

/// The body of a generated function, and what it uses.
pub(super) struct FunctionBody {
    /// Its statements.
    pub(super) body: Block,
    /// Whether it reads the scope. When not, its parameter is written `_s`.
    pub(super) uses_scope: bool,
    /// Whether it uses the budget. When not, its parameter is written `_cx`.
    pub(super) uses_cx: bool,
    /// Whether it uses regular expressions, so that the program needs the feature `regex`.
    pub(super) uses_regex: bool,
    /// Whether it contains a comprehension, which decides the level of optimisation.
    pub(super) loops: bool,
}

/// The body of the function that evaluates an expression. `parts` gets the functions that it calls.
pub(super) fn function(
    expr: &Expr,
    imports: &mut Imports,
    constants: &mut Constants,
    parts: &mut Parts,
) -> FunctionBody {
    let mut body = Body::new(imports, constants, parts);
    body.whole_tail(expr);
    FunctionBody {
        uses_scope: body.extent.scope,
        uses_cx: body.extent.cx,
        uses_regex: body.uses_regex,
        loops: body.has_loops,
        body: body.finish(),
    }
}

impl Body<'_> {
    /// Adds an expression as the last one of a function or block, all of it in this function.
    fn whole_tail(&mut self, expr: &Expr) {
        if let ExprKind::Logic(and, left, right) = &expr.kind {
            self.tail_logic(*and, left, right);
        } else if let ExprKind::Ternary {
            condition,
            then,
            otherwise,
        } = &expr.kind
        {
            self.tail_ternary(condition, then, otherwise);
        } else {
            self.extent.nodes += 1;
            let last = self.whole(expr).result();
            self.push(Stmt::Value(last));
        }
    }

    /// Adds the statements that an expression needs, all of them in this function, and returns the
    /// piece that is its value.
    fn whole(&mut self, expr: &Expr) -> Piece {
        match &expr.kind {
            ExprKind::Literal(value) => self.constant(value),
            ExprKind::FString(parts) => self.fstring(parts),
            ExprKind::Input => self.scope("input", None),
            ExprKind::Upstream(stage) => self.scope("upstream", Some(stage_at(*stage))),
            ExprKind::Env(name) => self.scope("env", Some(varying_text(name))),
            ExprKind::Context(name) => self.scope("context", Some(varying_text(name))),
            ExprKind::ContextAll => self.scope("context_all", None),
            ExprKind::Data => self.scope("data", None),
            ExprKind::Item => self.scope("item", None),
            ExprKind::Value => self.scope("value", None),
            ExprKind::ErrorInfo => self.scope("error", None),
            ExprKind::Local(id) => self.local(*id),
            ExprKind::Member(..) => self.member(expr),
            ExprKind::Index(base, index) => self.op("index", &[base, index]),
            ExprKind::Slice(base, bounds) => self.slice(base, bounds),
            ExprKind::Call(builtin, slots) => self.call(builtin, slots),
            ExprKind::MethodCall {
                name,
                receiver,
                args,
                kwargs,
            } => self.method_call(name, receiver, args, kwargs),
            ExprKind::Unary(UnaryOp::Not, _) | ExprKind::Compare(..) => {
                let truth = self.truth(expr);
                let bool = Name::within(self.path(paths::VALUE), "Bool");
                Piece::built(RustExpr::Call(bool, vec![truth.code()]), truth.has_effect())
            }
            ExprKind::Unary(op, operand) => {
                self.op(if *op == UnaryOp::Neg { "neg" } else { "pos" }, &[operand])
            }
            ExprKind::Binary(op, left, right) => self.op(binary(*op), &[left, right]),
            ExprKind::Logic(and, left, right) => self.logic(*and, left, right),
            ExprKind::Ternary {
                condition,
                then,
                otherwise,
            } => self.ternary(condition, then, otherwise),
            ExprKind::List(items) => self.display("list", items),
            ExprKind::Set(items) => self.display("set", items),
            ExprKind::Dict(entries) => self.dict(entries),
            ExprKind::Comprehension {
                kind,
                element,
                value,
                clauses,
            } => self.comprehension(*kind, element, value.as_deref(), clauses),
            ExprKind::Poison => self.constant(&Value::Null),
        }
    }

    /// `base.first.second…`, as one call for the whole chain.
    fn member(&mut self, expr: &Expr) -> Piece {
        let mut base = expr;
        let mut names = Vec::new();
        while let ExprKind::Member(inner, name) = &base.kind {
            names.push(varying_text(name));
            base = inner;
        }
        names.reverse();
        self.extent.nodes += names.len() / 8;
        let base = self.operands([base]);
        let ops = self.path(paths::OPS);
        // For a single step, a variable that is read again later is borrowed and not cloned.
        if let ([variable], 1) = (base.as_slice(), names.len())
            && variable.is_shared()
        {
            names.insert(0, variable.reference());
            return Piece::fallible(Name::within(ops, "member"), names);
        }
        let base = base.iter().map(Piece::owned);
        let arguments = base.chain([RustExpr::slice(names)]).collect();
        Piece::fallible(Name::within(ops, "path"), arguments)
    }

    /// A name that the scope gives.
    fn scope(&mut self, name: &'static str, argument: Option<RustExpr>) -> Piece {
        self.extent.scope = true;
        let scope = Box::new(RustExpr::name("s"));
        let arguments = argument.into_iter().collect();
        Piece::fresh(RustExpr::Method(scope, name, arguments).word())
    }

    /// The budget, `cx`.
    fn cx(&mut self) -> RustExpr {
        self.extent.cx = true;
        RustExpr::name("cx")
    }

    /// A value known at compile time.
    fn constant(&mut self, value: &Value) -> Piece {
        let (imports, constants) = self.tables();
        match value {
            Value::List(_) | Value::Object(_) => Piece::shared(constants.hoist(value, imports)),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {
                Piece::fresh(constants::scalar(value, imports))
            }
        }
    }

    /// The pieces of several expressions, which are evaluated in this order.
    fn operands<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Vec<Piece> {
        let exprs: Vec<_> = exprs.into_iter().collect();
        let most = self.share(exprs.len());
        self.operands_below(exprs, most)
    }

    /// The same, for expressions that shall have fewer nodes than this where they are.
    fn operands_below<'e>(
        &mut self,
        exprs: impl IntoIterator<Item = &'e Expr>,
        most: usize,
    ) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for expr in exprs {
            let (piece, stmts) = self.apart(|body| body.emit_below(expr, most));
            self.settle(&mut pieces, stmts);
            pieces.push(piece);
        }
        self.fit(&mut pieces);
        pieces
    }

    /// An operator that takes the budget and references to its operands.
    fn op(&mut self, name: &'static str, operands: &[&Expr]) -> Piece {
        let pieces = self.operands(operands.iter().copied());
        self.ops_call(name, pieces.iter().map(Piece::reference))
    }

    /// A call of an operator whose first argument is the budget.
    fn ops_call(&mut self, name: &'static str, arguments: impl Iterator<Item = RustExpr>) -> Piece {
        let function = Name::within(self.path(paths::OPS), name);
        let arguments = std::iter::once(self.cx()).chain(arguments);
        Piece::fallible(function, arguments.collect())
    }

    fn slice(&mut self, base: &Expr, bounds: &[Option<Box<Expr>>; 3]) -> Piece {
        let given = bounds.iter().flatten().map(AsRef::as_ref);
        let pieces = self.operands(std::iter::once(base).chain(given));
        let mut pieces = pieces.iter().map(Piece::reference);
        let base = pieces.next();
        let bounds = bounds
            .iter()
            .map(|bound| RustExpr::option(bound.as_ref().and_then(|_| pieces.next())))
            .collect();
        self.ops_call("slice", base.into_iter().chain([RustExpr::Array(bounds)]))
    }

    fn display(&mut self, name: &'static str, items: &[Expr]) -> Piece {
        if name == "list"
            && let Some(items) = items.iter().map(literal_of).collect::<Option<Vec<_>>>()
            && !items.is_empty()
        {
            return self.constant(&Value::list(items));
        }
        let items = self.vector(items);
        self.ops_call(name, std::iter::once(items))
    }

    /// A vector of the values of expressions, which are evaluated in this order.
    fn vector(&mut self, items: &[Expr]) -> RustExpr {
        if self.is_wide(items) {
            return self.filled(items, |body, item| body.emit(item).owned());
        }
        let pieces = self.operands(items);
        RustExpr::Vector(pieces.iter().map(Piece::owned).collect())
    }

    fn dict(&mut self, entries: &[(Expr, Expr)]) -> Piece {
        if self.is_wide(entries) {
            let entries = self.filled(entries, |body, (key, value)| {
                let pair = body.operands([key, value]);
                RustExpr::Tuple(pair.iter().map(Piece::owned).collect())
            });
            return self.ops_call("object", std::iter::once(entries));
        }
        let pieces = self.operands(entries.iter().flat_map(|(key, value)| [key, value]));
        let entries = pieces
            .chunks(2)
            .map(|pair| RustExpr::Tuple(pair.iter().map(Piece::owned).collect()))
            .collect();
        self.ops_call("object", std::iter::once(RustExpr::Vector(entries)))
    }
}

fn varying_text(text: &str) -> RustExpr {
    RustExpr::text(text).varying(Varying::Text)
}

fn stage_at(stage: StageId) -> RustExpr {
    RustExpr::count(stage.0).varying(Varying::Stage)
}

/// The value of an expression that is a literal.
fn literal_of(expr: &Expr) -> Option<Value> {
    let ExprKind::Literal(value) = &expr.kind else {
        return None;
    };
    Some(value.clone())
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "add",
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::Div => "div",
        BinaryOp::FloorDiv => "floor_div",
        BinaryOp::Rem => "rem",
        BinaryOp::Pow => "pow",
    }
}
