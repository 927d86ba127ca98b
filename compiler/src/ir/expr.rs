//! Expressions whose names are resolved and whose types are known.
//!
//! Enters: what inference made of AST expressions. Leaves: trees for analysis, editors and code
//! generation. Calls are laid out: one slot a parameter, as the implementations take them.

use fmc_expr::{
    Value,
    ast::{BinaryOp, CompareOp, ComprehensionKind, UnaryOp},
    builtins::Builtin,
};

use crate::{
    ast::template::Embedded, ir::StageId, source::Span, syntax::tree::JsonString, types::Type,
};

/// An expression's position in the model's list of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// Where an expression stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The stage whose setting it is in; none outside of pipelines (`fmc eval`).
    pub stage: Option<StageId>,
    /// The configuration path: `config.body.fields[0].value`.
    pub path: String,
}

impl Site {
    /// The name of the setting it is in: `body` of `config.body.fields[0]`, `fallback_output`.
    #[must_use]
    pub fn setting(&self) -> Option<&str> {
        let path = self.path.strip_prefix("config.").unwrap_or(&self.path);
        let end = path.find(['.', '[']).unwrap_or(path.len());
        path.get(..end).filter(|name| !name.is_empty())
    }
}

/// One `{{…}}`, or a condition.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Its position.
    pub id: ExprId,
    /// Where it stands.
    pub site: Site,
    /// The JSON string it stands in.
    pub string: JsonString,
    /// Its syntax tree, its text, and where that is in the string.
    pub embedded: Embedded,
    /// Marked safe by `raw(…)` as the outermost call, or in the branches of a choice (URLs).
    pub raw: bool,
    /// The expression with its names resolved and its types known.
    pub typed: Expr,
}

impl Expression {
    /// The text as written (decoded), trimmed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.embedded.text.trim()
    }

    /// Its place in the file, without the braces and blanks around it.
    #[must_use]
    pub fn span(&self) -> Span {
        self.embedded.span(&self.string)
    }
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
