//! The expression AST, as written: every node with its bytes in the expression text.
//!
//! Enters: what the parser saw, `Error` nodes where it recovered. Leaves: trees that the
//! printer prints back and the compiler lowers. Must not know names' meanings or types.

/// A byte range in the (decoded) text the expression was parsed from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// From the start of this to the end of another.
    pub(crate) fn to(self, last: Self) -> Self {
        let end = last.end;
        Self { end, ..self }
    }
}

/// A word with its place: a name, a member, a keyword argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The word.
    pub name: String,
    /// Its place, without quotes or dots.
    pub span: Span,
}

/// A node with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place, brackets of its own included.
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
    Str(String),
    /// `f'…{expr!r:spec}…'`.
    FString(Vec<FPart>),
    /// A bare name.
    Name(String),
    /// `base.name`, the key `name`. After `upstream` and `stages` the name may hold hyphens.
    Member {
        /// What is read from.
        base: Box<Expr>,
        /// The key.
        name: Ident,
    },
    /// `base[index]`.
    Index {
        /// What is read from.
        base: Box<Expr>,
        /// Key or position.
        index: Box<Expr>,
    },
    /// `base[start:stop:step]`.
    Slice {
        /// What is sliced.
        base: Box<Expr>,
        /// Start, stop, step.
        bounds: [Option<Box<Expr>>; 3],
    },
    /// `callee(args, name=value)`. A [`ExprKind::Member`] callee is a method call or a module
    /// function (`re.match`). `x | f(a)` is the call `f(x, a)` with `filter` true.
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// Positional arguments, the filtered value first.
        args: Vec<Expr>,
        /// Keyword arguments.
        kwargs: Vec<(Ident, Expr)>,
        /// Written as a `|` filter.
        filter: bool,
    },
    /// `-x`, `+x`, `not x`.
    Unary {
        /// Which.
        op: UnaryOp,
        /// On what.
        operand: Box<Expr>,
    },
    /// Arithmetic.
    Binary {
        /// Which.
        op: BinaryOp,
        /// The operator's own place.
        op_span: Span,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a and b`, `a or b`: yields an operand, evaluates the right side only when needed.
    Logic {
        /// `and` rather than `or`.
        and: bool,
        /// Left side.
        left: Box<Expr>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a < b <= c`: each middle operand evaluated once.
    Compare {
        /// The leftmost operand.
        first: Box<Expr>,
        /// Operator, its place, right operand.
        rest: Vec<(CompareOp, Span, Expr)>,
    },
    /// `then if condition else otherwise`.
    Ternary {
        /// The condition.
        condition: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Box<Expr>,
    },
    /// `[a, b]`, and tuples `(a, b)`, `(a,)`, `()`.
    List {
        /// The elements.
        items: Vec<Expr>,
        /// Written as a tuple or set (printing only; the value is a list). `Set` removes doubles.
        display: Display,
    },
    /// `{'a': 1}`.
    Dict(Vec<(Expr, Expr)>),
    /// `[e for x in xs if c]` and its siblings.
    Comprehension {
        /// Which brackets.
        kind: ComprehensionKind,
        /// Element, or the key of a dict comprehension.
        element: Box<Expr>,
        /// The value of a dict comprehension.
        value: Option<Box<Expr>>,
        /// `for … in … if …`, outermost first.
        clauses: Vec<Clause>,
    },
    /// A part of a condition field that was a `{{…}}` template part: a sub-expression in parentheses.
    Part(Box<Expr>),
    /// Where no expression could be read, with what could be read of one: nothing in the gap of
    /// `f(a,,b)`, `x` and `1` in `x := 1`. A tree with such a node always comes with an error.
    Error(Vec<Expr>),
}

/// One piece of an f-string (and of an interpolated literal in a condition field).
#[derive(Clone, Debug, PartialEq)]
pub enum FPart {
    /// Literal text, decoded.
    Text(String),
    /// `{expr!conv:spec}`.
    Expr {
        /// The expression.
        expr: Expr,
        /// `!r`, `!s`, `!a`.
        conversion: Option<char>,
        /// The format specification, itself an f-string.
        spec: Vec<FPart>,
    },
}

/// Which brackets a sequence display was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// `[…]`
    List,
    /// `(…,)`
    Tuple,
    /// `{…}`; doubles are dropped, first occurrences kept.
    Set,
}

/// Which brackets a comprehension was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComprehensionKind {
    /// `[…]`
    List,
    /// `{…}`
    Set,
    /// `{k: v …}`
    Dict,
    /// `(…)` or a call's only argument. `any` and `all` stop early on it.
    Generator,
}

/// `for target in iter if c if d`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What each element is bound to.
    pub target: Target,
    /// What is iterated.
    pub iter: Expr,
    /// The filters, in order.
    pub conditions: Vec<Expr>,
}

/// A loop target: `x`, or `k, v` (nested, parenthesised or not).
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// One name.
    Name(Ident),
    /// Unpacked.
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
    /// As it is written.
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
    /// As it is written.
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
