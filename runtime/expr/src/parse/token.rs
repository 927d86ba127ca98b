//! Tokens: the lexer makes them and the grammar reads them.
//!
//! Enters: nothing. Leaves: the types of tokens, and the tables of operators and keywords. A token
//! contains no tree: an f-string or a `{{…}}` part is several tokens in a row..

use std::borrow::Cow;

use crate::ast::{BinaryOp, Span};

/// A token and its span.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) span: Span,
}

/// The kind of a token. `f'a{b!r:>{c}}'` is `FStringStart`, `Text`, `FieldStart`, `Name`,
/// `FieldEnd` (which has the conversion and says that a specification follows), `Text`,
/// `FieldStart`, `Name`, `FieldEnd`, `SpecEnd`, `FStringEnd`.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind<'a> {
    Int(i64),
    /// 2^63. It only fits after a minus sign.
    IntBeyond,
    Float(f64),
    /// A string literal without fields, decoded.
    Str(Cow<'a, str>),
    Name(&'a str),
    Keyword(Keyword),
    Operator(Operator),
    /// The start of an f-string, or of a literal with `{{…}}` parts in a condition. Its span is
    /// that of the whole literal.
    FStringStart,
    /// Literal text between fields, decoded.
    Text(Cow<'a, str>),
    /// The `{` of a field. Its expression follows.
    FieldStart,
    /// The end of a field's expression. Its span is empty, before `}`, `=`, `!` or `:`.
    FieldEnd(FieldEnd<'a>),
    /// The end of a format specification. The specification is the text and fields after
    /// `FieldEnd`.
    SpecEnd,
    FStringEnd,
    /// The `{{` of a part in a condition. Its expression follows. Its span is that of the whole
    /// part.
    PartStart,
    /// The end of a part's expression. Its span is empty, before `}}`.
    PartEnd,
    /// A keyword that begins a statement, as the first token of an expression: `import x`.
    Statement,
    /// Text that is not a token, or the missing expression of a field or part. The lexer has
    /// reported it.
    Error,
    /// The end of the text. Its span is empty.
    End,
}

/// Everything between the expression of a field and its `}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct FieldEnd<'a> {
    /// The text of `{x = }` up to and with the white space after `=`. It is shown before the value.
    pub(super) shown: Option<&'a str>,
    /// `r`, `s` or `a`.
    pub(super) conversion: Option<char>,
    /// Whether a format specification follows, as in `{x:>4}`. The lexer sets it; the grammar then
    /// reads up to `SpecEnd`.
    pub(super) spec: bool,
}

impl TokenKind<'_> {
    /// Whether an expression ends here: the whole text, or that of a field or part.
    pub(super) fn ends_expression(&self) -> bool {
        matches!(self, Self::End | Self::FieldEnd(_) | Self::PartEnd)
    }

    /// Whether this token can start a comparison operator. `not` can, because of `not in`.
    pub(super) fn compares(&self) -> bool {
        matches!(
            self,
            Self::Keyword(Keyword::In | Keyword::Is | Keyword::Not)
                | Self::Operator(
                    Operator::Equal
                        | Operator::NotEqual
                        | Operator::Less
                        | Operator::LessEqual
                        | Operator::Greater
                        | Operator::GreaterEqual
                        | Operator::TripleEqual
                        | Operator::NotDoubleEqual
                        | Operator::LessGreater
                        | Operator::EqualLess
                        | Operator::Assign
                )
        )
    }

    /// Whether this token can come before a value as a sign.
    pub(super) fn is_prefix(&self) -> bool {
        matches!(
            self,
            Self::Keyword(Keyword::Not)
                | Self::Operator(
                    Operator::Minus | Operator::Plus | Operator::Exclamation | Operator::Tilde
                )
        )
    }

    /// Whether a value can end with this token. After such a token, `-` subtracts and `.` reads a
    /// member.
    pub(super) fn ends_value(&self) -> bool {
        match self {
            Self::Operator(operator) => operator.closes(),
            Self::Keyword(keyword) => {
                matches!(keyword, Keyword::None | Keyword::True | Keyword::False)
            }
            Self::FStringStart
            | Self::Text(_)
            | Self::FieldStart
            | Self::FieldEnd(_)
            | Self::SpecEnd
            | Self::PartStart
            | Self::Statement
            | Self::End => false,
            Self::Int(_)
            | Self::IntBeyond
            | Self::Float(_)
            | Self::Str(_)
            | Self::Name(_)
            | Self::FStringEnd
            | Self::PartEnd
            | Self::Error => true,
        }
    }
}

/// Keywords. The grammar needs to tell apart only those with a variant of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keyword {
    None,
    True,
    False,
    And,
    Or,
    Not,
    In,
    Is,
    If,
    Else,
    For,
    Lambda,
    /// `await` and `yield`.
    Await,
    /// Any other word of Python's statements.
    Other,
}

/// The words that cannot be names.
pub(super) const KEYWORDS: &[&str] = &[
    "True", "False", "None", "true", "false", "null", "and", "or", "not", "in", "is", "if", "else",
    "for", "lambda", "await", "yield", "async", "import", "from", "while", "return", "def",
    "class", "with", "try", "except", "finally", "raise", "del", "pass", "assert", "global",
    "nonlocal", "break", "continue", "elif", "as",
];

impl Keyword {
    /// The keyword that a word is, if it is one.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "None" | "null" => Self::None,
            "True" | "true" => Self::True,
            "False" | "false" => Self::False,
            "and" => Self::And,
            "or" => Self::Or,
            "not" => Self::Not,
            "in" => Self::In,
            "is" => Self::Is,
            "if" => Self::If,
            "else" => Self::Else,
            "for" => Self::For,
            "lambda" => Self::Lambda,
            "await" | "yield" => Self::Await,
            other => return KEYWORDS.contains(&other).then_some(Self::Other),
        })
    }

    /// Whether a statement can begin with it.
    pub(super) fn begins_statement(self) -> bool {
        matches!(self, Self::If | Self::For | Self::Other)
    }
}

/// Operators and brackets. The grammar needs to tell apart only those with a variant of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Star,
    Slash,
    DoubleSlash,
    Percent,
    DoubleStar,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Pipe,
    Dot,
    Comma,
    Colon,
    OpenRound,
    CloseRound,
    OpenSquare,
    CloseSquare,
    OpenCurly,
    CloseCurly,
    /// `=`
    Assign,
    /// `:=`
    Walrus,
    /// `+=` and similar.
    Augmented,
    /// `===`
    TripleEqual,
    /// `!==`
    NotDoubleEqual,
    /// `<>`
    LessGreater,
    /// `=<`
    EqualLess,
    /// `&&`
    DoubleAmpersand,
    /// `||`
    DoublePipe,
    /// `??`
    DoubleQuestion,
    /// `?.`
    QuestionDot,
    Question,
    Exclamation,
    Tilde,
    /// `&`, `^`, `<<`, `>>`, `@`
    Bits,
    /// `=>` and `->`
    Arrow,
    Semicolon,
    /// Operators that no rule mentions: `$`, `...`
    Other,
}

impl Operator {
    /// Whether it is an opening bracket.
    pub(super) fn opens(self) -> bool {
        matches!(self, Self::OpenRound | Self::OpenSquare | Self::OpenCurly)
    }

    /// Whether it is a closing bracket.
    pub(super) fn closes(self) -> bool {
        matches!(
            self,
            Self::CloseRound | Self::CloseSquare | Self::CloseCurly
        )
    }

    /// The arithmetic operator that this is, if it is one.
    pub(super) fn arithmetic(self) -> Option<BinaryOp> {
        let found = ARITHMETIC.iter().find(|(operator, _)| *operator == self);
        found.map(|(_, op)| *op)
    }

    /// The longest operator that a text starts with, as text and operator.
    pub(super) fn at_start_of(text: &str) -> Option<(&'static str, Self)> {
        let first = *text.as_bytes().first()?;
        let candidates = match first {
            b'.' => DOTS,
            b'(' => &[("(", Self::OpenRound)],
            b')' => &[(")", Self::CloseRound)],
            b'[' => &[("[", Self::OpenSquare)],
            b']' => &[("]", Self::CloseSquare)],
            b'{' => &[("{", Self::OpenCurly)],
            b'}' => &[("}", Self::CloseCurly)],
            b',' => &[(",", Self::Comma)],
            b':' => &[(":=", Self::Walrus), (":", Self::Colon)],
            b'=' => EQUALS,
            b'!' => EXCLAMATIONS,
            b'<' => LESS,
            b'>' => GREATER,
            b'+' => &[("+=", Self::Augmented), ("+", Self::Plus)],
            b'-' => MINUS,
            b'*' => STARS,
            b'/' => SLASHES,
            b'%' => &[("%=", Self::Augmented), ("%", Self::Percent)],
            b'|' => &[("||", Self::DoublePipe), ("|", Self::Pipe)],
            b'&' => &[("&&", Self::DoubleAmpersand), ("&", Self::Bits)],
            b'?' => QUESTIONS,
            b'~' => &[("~", Self::Tilde)],
            b'^' => &[("^", Self::Bits)],
            b'@' => &[("@", Self::Bits)],
            b';' => &[(";", Self::Semicolon)],
            b'$' => &[("$", Self::Other)],
            b'`' => &[("`", Self::Other)],
            b'\\' => &[("\\", Self::Other)],
            b'#' => &[("#", Self::Other)],
            _ => return None,
        };
        let found = candidates.iter().find(|(word, _)| text.starts_with(word));
        found.copied()
    }
}

const ARITHMETIC: [(Operator, BinaryOp); 7] = [
    (Operator::Plus, BinaryOp::Add),
    (Operator::Minus, BinaryOp::Sub),
    (Operator::Star, BinaryOp::Mul),
    (Operator::Slash, BinaryOp::Div),
    (Operator::DoubleSlash, BinaryOp::FloorDiv),
    (Operator::Percent, BinaryOp::Rem),
    (Operator::DoubleStar, BinaryOp::Pow),
];

// Each of these tables has the longest operators first.
const DOTS: &[(&str, Operator)] = &[("...", Operator::Other), (".", Operator::Dot)];
const EQUALS: &[(&str, Operator)] = &[
    ("===", Operator::TripleEqual),
    ("==", Operator::Equal),
    ("=>", Operator::Arrow),
    ("=<", Operator::EqualLess),
    ("=", Operator::Assign),
];
const EXCLAMATIONS: &[(&str, Operator)] = &[
    ("!==", Operator::NotDoubleEqual),
    ("!=", Operator::NotEqual),
    ("!", Operator::Exclamation),
];
const LESS: &[(&str, Operator)] = &[
    ("<<=", Operator::Other),
    ("<<", Operator::Bits),
    ("<=", Operator::LessEqual),
    ("<>", Operator::LessGreater),
    ("<", Operator::Less),
];
const GREATER: &[(&str, Operator)] = &[
    (">>=", Operator::Other),
    (">>", Operator::Bits),
    (">=", Operator::GreaterEqual),
    (">", Operator::Greater),
];
const MINUS: &[(&str, Operator)] = &[
    ("->", Operator::Arrow),
    ("-=", Operator::Augmented),
    ("-", Operator::Minus),
];
const STARS: &[(&str, Operator)] = &[
    ("**=", Operator::Augmented),
    ("**", Operator::DoubleStar),
    ("*=", Operator::Augmented),
    ("*", Operator::Star),
];
const SLASHES: &[(&str, Operator)] = &[
    ("//=", Operator::Augmented),
    ("//", Operator::DoubleSlash),
    ("/=", Operator::Augmented),
    ("/", Operator::Slash),
];
const QUESTIONS: &[(&str, Operator)] = &[
    ("?.", Operator::QuestionDot),
    ("??", Operator::DoubleQuestion),
    ("?", Operator::Question),
];
