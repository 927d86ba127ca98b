//! The AST of expressions, as written: each node has its span in the expression text.
//!
//! Enters: what the parser reads, with `Error` nodes where it recovered. Leaves: trees, which the
//! compiler reads and the printer prints. Must not know what names mean, or types.

use crate::str::Str;

/// A range of bytes in the (decoded) text that the expression was parsed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// From the start of this span to the end of another.
    pub(crate) fn to(self, last: Self) -> Self {
        let end = last.end;
        Self { end, ..self }
    }
}

/// A word and its span: a name, a member, the name of a keyword argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The word.
    pub name: String,
    /// Its span, without quotes or dots.
    pub span: Span,
}

/// An expression and its span.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its span, with the brackets around it.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `None`, `null`.
    Null,
    /// `True`, `False`, `true`, `false`.
    Bool(bool),
    /// An integer literal that fits 64 bits.
    Int(i64),
    /// A finite float literal.
    Float(f64),
    /// A string literal, decoded; adjacent literals are joined.
    Str(Str),
    /// `f'…{expr!r:spec}…'`.
    FString(Vec<FPart>),
    /// A bare name.
    Name(String),
    /// `base.name`: reads the key `name`. After `upstream` and `stages` the name may have hyphens.
    Member {
        /// The expression that is read from.
        base: Box<Expr>,
        /// The key.
        name: Ident,
    },
    /// `base[index]`.
    Index {
        /// The expression that is read from.
        base: Box<Expr>,
        /// The key or position.
        index: Box<Expr>,
    },
    /// `base[start:stop:step]`.
    Slice {
        /// The expression that is sliced.
        base: Box<Expr>,
        /// Start, stop, step.
        bounds: [Option<Box<Expr>>; 3],
    },
    /// `callee(args, name=value)`. If the callee is a [`ExprKind::Member`], this is a method call,
    /// or a function of a module (`re.match`). `x | f(a)` is the call `f(x, a)` with `filter` set.
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// The positional arguments. For a filter, the filtered value is the first.
        args: Vec<Expr>,
        /// Keyword arguments.
        kwargs: Vec<(Ident, Expr)>,
        /// Whether it was written as a filter, like `x | f`. The parser sets it; the printer and
        /// the compiler read it.
        filter: bool,
    },
    /// `-x`, `+x`, `not x`.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// Arithmetic.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The span of the operator.
        op_span: Span,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a and b`, `a or b`: gives one of its operands, and evaluates the right side only if needed.
    Logic {
        /// `true` for `and`, `false` for `or`. The parser sets it; everything that reads trees
        /// reads it.
        and: bool,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a < b <= c`. An operand in the middle is evaluated once.
    Compare {
        /// The leftmost operand.
        first: Box<Expr>,
        /// For each further operand: the operator before it, the span of the operator, the operand.
        rest: Vec<(CompareOp, Span, Expr)>,
    },
    /// `then if condition else otherwise`.
    Ternary {
        /// The condition.
        condition: Box<Expr>,
        /// The value if the condition is true.
        then: Box<Expr>,
        /// The value if the condition is false.
        otherwise: Box<Expr>,
    },
    /// `[a, b]`, and tuples `(a, b)`, `(a,)`, `()`.
    List {
        /// The elements.
        items: Vec<Expr>,
        /// How it was written. Only `Set` changes the value: it removes duplicates.
        display: Display,
    },
    /// `{'a': 1}`.
    Dict(Vec<(Expr, Expr)>),
    /// `[e for x in xs if c]`, and the same in other brackets.
    Comprehension {
        /// The brackets it was written with.
        kind: ComprehensionKind,
        /// The element; in a dict comprehension, the key.
        element: Box<Expr>,
        /// The value of a dict comprehension.
        value: Option<Box<Expr>>,
        /// The clauses `for … in … if …`, the outermost first.
        clauses: Vec<Clause>,
    },
    /// A `{{…}}` part of a condition field. It is a sub-expression, as if it were in parentheses.
    Part(Box<Expr>),
    /// Stands where no expression could be read. It contains what could be read: nothing for the
    /// gap in `f(a,,b)`, but `x` and `1` for `x := 1`. A tree with such a node always comes with a
    /// syntax error.
    Error(Vec<Expr>),
}

/// One piece of an f-string, or of a literal with `{{…}}` parts in a condition field.
#[derive(Clone, Debug, PartialEq)]
pub enum FPart {
    /// Literal text, decoded.
    Text(String),
    /// `{expr!conv:spec}`.
    Expr {
        /// The expression.
        expr: Expr,
        /// `r`, `s` or `a`, from `!r`, `!s` or `!a`.
        conversion: Option<char>,
        /// The format specification. It can contain fields, like an f-string.
        spec: Vec<FPart>,
    },
}

/// How a list was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// `[…]`
    List,
    /// `(…)`
    Tuple,
    /// `{…}`: of equal elements only the first is kept.
    Set,
}

/// The brackets that a comprehension was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)`, or the only argument of a call. `any` and `all` over a generator stop early.
    Generator,
}

/// `for target in iter if c if d`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// The names that each element is bound to.
    pub target: Target,
    /// The expression that is iterated over.
    pub iter: Expr,
    /// The conditions after `if`, in order.
    pub conditions: Vec<Expr>,
}

/// So many bytes of the text cost a step in each turn of a loop, and each time a dynamic condition
/// is evaluated. Eight bytes are one to four nodes
/// of the tree.
pub(crate) const BYTES_A_STEP: u64 = 8;

/// The steps that one turn of each loop of a comprehension costs, the outermost first: one, and
/// more when much is written in the loop. Operators charge for their data, but a loop may evaluate
/// thousands of names and literals that have none.
#[must_use]
pub fn turn_steps(clauses: &[Clause], element: &Expr, value: Option<&Expr>) -> Vec<u64> {
    let length = |expr: &Expr| u64::from(expr.span.end.saturating_sub(expr.span.start));
    let steps = clauses.iter().enumerate().map(|(at, clause)| {
        let conditions: u64 = clause.conditions.iter().map(length).sum();
        let inside = match clauses.get(at + 1) {
            Some(next) => length(&next.iter),
            None => length(element) + value.map_or(0, length),
        };
        1 + (conditions + inside) / BYTES_A_STEP
    });
    steps.collect()
}

/// The target of a loop: `x`, or `k, v`, with or without brackets. Targets can be nested.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One name.
    Name(Ident),
    /// Several targets, and the span of all of them.
    Tuple(Vec<Target>, Span),
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `+`
    Pos,
    /// `not`
    Not,
}

/// Arithmetic operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `//`
    FloorDiv,
    /// `%`
    Rem,
    /// `**`
    Pow,
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `in`
    In,
    /// `not in`
    NotIn,
    /// `is`
    Is,
    /// `is not`
    IsNot,
}

impl BinaryOp {
    /// The operator as it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::FloorDiv => "//",
            Self::Rem => "%",
            Self::Pow => "**",
        }
    }
}

impl CompareOp {
    /// The operator as it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::In => "in",
            Self::NotIn => "not in",
            Self::Is => "is",
            Self::IsNot => "is not",
        }
    }
}
