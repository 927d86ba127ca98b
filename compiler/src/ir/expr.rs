//! Values with templates, and expressions whose names are resolved and whose types are known.
//!
//! Enters: what lowering made of AST expressions. Leaves: trees for analysis and code
//! generation. Calls are laid out: one slot a parameter, as the implementations take them.

use fmc_expr::{
    Value,
    ast::{BinaryOp, CompareOp, ComprehensionKind, UnaryOp},
    builtins::Builtin,
};

use crate::{ir::StageId, source::Span, types::Type};

/// A configured value: JSON with templates.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Its place.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

/// What a configured value is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text without templates.
    Text(String),
    /// A string that is exactly one template, or a condition field: keeps the value's type.
    Whole(Box<Expression>),
    /// A condition field that is one whole template whose value may be a string at run time:
    /// that string is evaluated as an expression (language reference, "Dynamic conditions").
    Dynamic(Box<Expression>),
    /// Text and templates, joined as text.
    Join(Vec<Part>),
    /// Text and templates of a URL, escaped for where they stand.
    Url(Vec<Part>),
    /// An array.
    List(Vec<Node>),
    /// An object; keys may be templates.
    Object(Vec<(Key, Node)>),
    /// Reported already.
    Poison,
}

/// An object's key.
#[derive(Clone, Debug)]
pub struct Key {
    /// Text and templates; a key without templates is one text part (or none).
    pub parts: Vec<Part>,
    /// Its place.
    pub span: Span,
}

/// A part of a joined string.
#[derive(Clone, Debug)]
pub enum Part {
    /// Literal text.
    Text(String),
    /// A template.
    Expr(Box<Expression>),
}

/// One `{{…}}`, or a condition.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The text as written (decoded), trimmed.
    pub text: String,
    /// The configuration path: `config.body.fields[0].value`.
    pub field: String,
    /// Line in the file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Marked safe by `raw(…)` as the outermost call, or in the branches of a choice (URLs).
    pub raw: bool,
    /// The expression.
    pub expr: Expr,
}

/// A typed expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place in the file.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

/// A local of a comprehension; unique in its expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// What a typed expression is.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// A literal, or a constant like `math.pi`.
    Literal(Value),
    /// An f-string.
    FString(Vec<FPart>),
    /// `input`
    Input,
    /// `upstream.ID`
    Upstream(StageId),
    /// `env.NAME`
    Env(String),
    /// `context.NAME`: a fact of the run, a variable, or a loop's item or index.
    Context(String),
    /// `context` as a whole.
    ContextAll,
    /// `data`
    Data,
    /// `item` of a filter or filter expression. (A bare loop variable is [`ExprKind::Context`].)
    Item,
    /// `value`
    Value,
    /// `error`
    ErrorInfo,
    /// A comprehension's variable.
    Local(LocalId),
    /// `base.name`
    Member(Box<Expr>, String),
    /// `base[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `base[start:stop:step]`
    Slice(Box<Expr>, [Option<Box<Expr>>; 3]),
    /// A function, or a method that the receiver's type decides (receiver first): slots laid
    /// out as [`fmc_expr::builtins::Args`] says.
    Call(&'static Builtin, Vec<Option<Expr>>),
    /// A method that the receiver decides at run time.
    MethodCall {
        /// Its name; some type has it.
        name: String,
        /// On what.
        receiver: Box<Expr>,
        /// Positional arguments.
        args: Vec<Expr>,
        /// Keyword arguments.
        kwargs: Vec<(String, Expr)>,
    },
    /// `-x`, `+x`, `not x`
    Unary(UnaryOp, Box<Expr>),
    /// Arithmetic.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `and` (true) or `or`.
    Logic(bool, Box<Expr>, Box<Expr>),
    /// Chained comparison.
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    /// `then if condition else otherwise`
    Ternary {
        /// The condition.
        condition: Box<Expr>,
        /// When true.
        then: Box<Expr>,
        /// When false.
        otherwise: Box<Expr>,
    },
    /// A list or tuple display.
    List(Vec<Expr>),
    /// A set display.
    Set(Vec<Expr>),
    /// A dict display.
    Dict(Vec<(Expr, Expr)>),
    /// A comprehension.
    Comprehension {
        /// Which brackets. A `Generator` is a list unless it is the only argument of `any`/`all`.
        kind: ComprehensionKind,
        /// Element, or key.
        element: Box<Expr>,
        /// Value of a dict comprehension.
        value: Option<Box<Expr>>,
        /// Outermost first.
        clauses: Vec<Clause>,
    },
    /// Reported already.
    Poison,
}

/// A piece of an f-string.
#[derive(Clone, Debug)]
pub enum FPart {
    /// Literal text.
    Text(String),
    /// `{expr!conversion:spec}`
    Expr {
        /// The expression.
        expr: Expr,
        /// `r`, `s`, `a`.
        conversion: Option<char>,
        /// The format specification.
        spec: Vec<FPart>,
    },
}

/// `for target in iter if …`
#[derive(Clone, Debug)]
pub struct Clause {
    /// Bound for each element.
    pub target: Target,
    /// Iterated.
    pub iter: Expr,
    /// Filters.
    pub conditions: Vec<Expr>,
}

/// A loop target.
#[derive(Clone, Debug)]
pub enum Target {
    /// One variable, with its name as written.
    Local(LocalId, String),
    /// Unpacked.
    Tuple(Vec<Target>),
}
