//! Expressions with resolved names and known types.
//!
//! Enters: what inference made of AST expressions. Leaves: trees for analysis, editors and code
//! generation. The arguments of a call are in the order of the parameters, one slot for each
//! parameter. Must not know settings.

use fmc_expr::{
    Value,
    ast::{BinaryOp, CompareOp, ComprehensionKind, UnaryOp},
    builtins::Builtin,
};

use crate::{
    ast::template::Embedded, ir::StageId, source::Span, syntax::tree::JsonString, types::Type,
};

/// The index of an expression in the model's list of expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ExprId(pub u32);

/// Where an expression is in the pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The stage whose setting contains it; `None` outside of pipelines (`fmc eval`).
    pub stage: Option<StageId>,
    /// The path of the configuration value: `config.body.fields[0].value`.
    pub path: String,
}

impl Site {
    /// The name of the setting that contains it: `body` for `config.body.fields[0]`, or
    /// `fallback_output`.
    #[must_use]
    pub fn setting(&self) -> Option<&str> {
        let path = self.path.strip_prefix("config.").unwrap_or(&self.path);
        let end = path.find(['.', '[']).unwrap_or(path.len());
        path.get(..end).filter(|name| !name.is_empty())
    }
}

/// One `{{…}}` or one condition.
#[derive(Clone, Debug)]
pub struct Expression {
    /// Its index.
    pub id: ExprId,
    /// Where it is.
    pub site: Site,
    /// The JSON string that contains it.
    pub string: JsonString,
    /// Its syntax tree and its text, and where the text is in the string.
    pub embedded: Embedded,
    /// Whether the author marked it as safe in a URL by `raw(…)`: as the outermost call, or in
    /// every branch of a choice. Set by inference; code generation reads it and then does not
    /// percent-encode the value.
    pub raw: bool,
    /// Whether it begins a URL, as in `{{env.BASE}}/x`. Set by inference; code generation reads it
    /// and then lets the runtime escape what the expression inserts behind its first operand.
    pub base: bool,
    /// The same expression with names resolved and types known.
    pub typed: Expr,
}

impl Expression {
    /// Its text as written, decoded and trimmed.
    #[must_use]
    pub fn text(&self) -> &str {
        self.embedded.text.trim()
    }

    /// Its span in the file, without the braces and the whitespace next to them.
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
    /// Its span in the file.
    pub span: Span,
    /// Its type.
    pub ty: Type,
}

/// A variable of a comprehension; the number is unique in its expression.
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
    /// `context.NAME`: a fact about the run, a variable, or the item or index of a loop.
    Context(String),
    /// `context` as a whole.
    ContextAll,
    /// `data`
    Data,
    /// `item` in a filter or a filter expression. (A loop's variable without `context.` is
    /// [`ExprKind::Context`].)
    Item,
    /// `value`
    Value,
    /// `error`
    ErrorInfo,
    /// A variable of a comprehension.
    Local(LocalId),
    /// `base.name`
    Member(Box<Expr>, String),
    /// `base[index]`
    Index(Box<Expr>, Box<Expr>),
    /// `base[start:stop:step]`
    Slice(Box<Expr>, [Option<Box<Expr>>; 3]),
    /// A function, or a method that the type of the receiver decides (the receiver is the first
    /// argument). The slots are laid out as [`fmc_expr::builtins::Args`] says.
    Call(&'static Builtin, Vec<Option<Expr>>),
    /// A method that several types have. The run chooses it by the type of the receiver.
    MethodCall {
        /// Its name; at least one type has such a method.
        name: String,
        /// The value it is called on.
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
    /// `and` when the flag is true, `or` when it is false.
    Logic(bool, Box<Expr>, Box<Expr>),
    /// A comparison or a chain of them.
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
    /// A list or tuple in brackets.
    List(Vec<Expr>),
    /// A set in braces.
    Set(Vec<Expr>),
    /// A dict in braces.
    Dict(Vec<(Expr, Expr)>),
    /// A comprehension.
    Comprehension {
        /// Its kind of brackets. A `Generator` is a list unless it is the only argument of `any` or
        /// `all`.
        kind: ComprehensionKind,
        /// The element; in a dict comprehension the key.
        element: Box<Expr>,
        /// The value, in a dict comprehension.
        value: Option<Box<Expr>>,
        /// The clauses, outermost first.
        clauses: Vec<Clause>,
    },
    /// Poison: the mistake has a finding.
    Poison,
}

/// A part of an f-string.
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
    /// The variables it binds.
    pub target: Target,
    /// What it iterates over.
    pub iter: Expr,
    /// Its conditions.
    pub conditions: Vec<Expr>,
    /// The steps of the budget that one turn costs (`ast::turn_steps`).
    pub steps: u64,
}

/// What a `for` binds.
#[derive(Clone, Debug)]
pub enum Target {
    /// One variable, with its name as written.
    Local(LocalId, String),
    /// Several, by unpacking.
    Tuple(Vec<Target>),
}
