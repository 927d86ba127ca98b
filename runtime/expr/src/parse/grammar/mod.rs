//! The grammar of expressions: the rules of docs/language.md, section 4; those that bind loosest
//! come first.
//!
//! Enters: tokens. Leaves: a tree and errors. A rule for a value always gives one, with an error
//! node where there is none, so reading never fails. Its first token decides which alternative is
//! taken, so nothing is read twice. Must not know text or limits: what is nested too deeply does
//! not get here. Only this folder knows chumsky.

mod atoms;
mod brackets;
mod words;

use chumsky::{input::MapExtra, prelude::*, primitive::select_ref};

use super::{
    blame::Blame,
    build::Tree,
    error::SyntaxErrorKind,
    nodes::{
        Arguments, Clauses, call, compared, index, infixed, logic, member, slice, ternary, unary,
    },
    token::{Keyword as K, Operator as O, Token, TokenKind as T},
};
use crate::{
    ast::{BinaryOp, CompareOp, ExprKind, Ident, Span, UnaryOp},
    precedence::Level,
};
use atoms::atom;
use brackets::{arguments, clauses};
use words::{
    Extra, Rule, Tokens, across, expect, foreign, keyword, looking_at, missing, mistaken, name,
    no_name_here, operator, report, say, silent_gap, unsupported, value_or, whole,
};

/// Parses a whole text.
pub(super) fn parse<'a>(text: &'a str, tokens: &'a [Token<'a>]) -> (Tree, Blame<'a>) {
    let mut blame = Blame::new(text, tokens);
    let whole = whole(expression()).then_ignore(any_ref());
    let tree = whole.parse_with_state(tokens, &mut blame).into_output();
    // No rule can fail. If one did, that would be a mistake in the grammar, and the text is
    // reported as not understood.
    let tree = tree.unwrap_or_else(|| {
        blame.left_over(0);
        Tree::error(blame.span(0))
    });
    (tree, blame)
}

/// `disjunction ['if' disjunction 'else' expression]`
fn expression<'a>() -> impl Rule<'a, Tree> {
    recursive(|expression| {
        let disjunction =
            recursive(|disjunction| self::disjunction(expression.clone(), disjunction));
        let otherwise = keyword(K::Else).ignore_then(expression.clone());
        let choice = keyword(K::If)
            .ignore_then(disjunction.clone())
            .then(otherwise.or(missing(&["`else`", "an operator"])));
        // `c ? a : b` of other languages. A missing `:` is not reported, because it follows from
        // the `?`.
        let otherwise = operator(O::Colon).ignore_then(expression.clone());
        let foreign = foreign(O::Question, "?", "a if condition else b")
            .ignore_then(expression)
            .then(otherwise.or(silent_gap()));
        let branch = choice.map(Ok).or(foreign.map(Err)).or_not();
        disjunction
            .then(branch)
            .map(|(first, branch)| match branch {
                None => first,
                Some(Ok((condition, otherwise))) => {
                    let span = first.to(&otherwise);
                    ternary(condition, first, otherwise, span)
                }
                Some(Err((then, otherwise))) => {
                    let span = first.to(&otherwise);
                    ternary(first, then, otherwise, span)
                }
            })
    })
}

/// `conjunction ('or' conjunction)*`
fn disjunction<'a>(
    expression: impl Rule<'a, Tree>,
    disjunction: impl Rule<'a, Tree>,
) -> impl Rule<'a, Tree> {
    let or = choice((
        keyword(K::Or),
        foreign(O::DoublePipe, "||", "or"),
        foreign(O::DoubleQuestion, "??", "or"),
    ));
    let clauses = clauses(disjunction).boxed();
    let conjunction = conjunction(expression, clauses).boxed();
    let next = or.ignore_then(conjunction.clone());
    conjunction.foldl(next.repeated(), |left, right| logic(false, left, right))
}

/// `inversion ('and' inversion)*`
fn conjunction<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Tree> {
    let and = keyword(K::And).or(foreign(O::DoubleAmpersand, "&&", "and"));
    let inversion = recursive(|inversion| self::inversion(expression, clauses, inversion));
    let next = and.ignore_then(inversion.clone());
    inversion.foldl(next.repeated(), |left, right| logic(true, left, right))
}

/// `'not' inversion | comparison`
fn inversion<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
    inversion: impl Rule<'a, Tree>,
) -> impl Rule<'a, Tree> {
    let not = keyword(K::Not)
        .then(inversion.clone())
        .map(|(start, operand)| unary(UnaryOp::Not, start, operand));
    not.or(comparison(filtered(expression, clauses, inversion).boxed()))
}

/// `filtered (compare_op filtered)*`
fn comparison<'a>(filtered: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let next = compare_op().then(filtered.clone());
    let chain = filtered.then(next.repeated().collect::<Vec<_>>());
    chain.map(|(first, rest)| compared(first, rest))
}

/// `'==' | '!=' | '<' | '<=' | '>' | '>=' | ['not'] 'in' | 'is' ['not']`
fn compare_op<'a>() -> impl Rule<'a, (CompareOp, Span)> {
    let symbol = select_ref! {
        Token { kind: T::Operator(O::Equal), span } => (CompareOp::Eq, *span),
        Token { kind: T::Operator(O::NotEqual), span } => (CompareOp::Ne, *span),
        Token { kind: T::Operator(O::Less), span } => (CompareOp::Lt, *span),
        Token { kind: T::Operator(O::LessEqual), span } => (CompareOp::Le, *span),
        Token { kind: T::Operator(O::Greater), span } => (CompareOp::Gt, *span),
        Token { kind: T::Operator(O::GreaterEqual), span } => (CompareOp::Ge, *span),
        Token { kind: T::Keyword(K::In), span } => (CompareOp::In, *span),
    };
    let not_in = keyword(K::Not).then(keyword(K::In));
    let is = keyword(K::Is).then(keyword(K::Not).or_not());
    let is = is.map(|(op, not)| match not {
        Some(not) => (CompareOp::IsNot, op.to(not)),
        None => (CompareOp::Is, op),
    });
    let wrong = choice((
        foreign(O::TripleEqual, "===", "==").map(|span| (CompareOp::Eq, span)),
        foreign(O::NotDoubleEqual, "!==", "!=").map(|span| (CompareOp::Ne, span)),
        foreign(O::LessGreater, "<>", "!=").map(|span| (CompareOp::Ne, span)),
        foreign(O::EqualLess, "=<", "<=").map(|span| (CompareOp::Le, span)),
        mistaken(O::Assign, || SyntaxErrorKind::Assignment).map(|span| (CompareOp::Eq, span)),
    ));
    let compares = looking_at(T::compares);
    compares.ignore_then(choice((
        symbol,
        not_in.map(|(not, op)| (CompareOp::NotIn, not.to(op))),
        is,
        wrong,
    )))
}

/// `sum ('|' name ('.' name)* [arguments] (tighter_operator operand)*)*`. After a filter, an
/// operator that binds tighter applies to its result: `x | len + 1` adds to the length.
fn filtered<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
    inversion: impl Rule<'a, Tree>,
) -> impl Rule<'a, Tree> {
    let arguments = arguments(expression.clone(), clauses.clone()).boxed();
    let sign = recursive(|sign| {
        let postfix = postfix(expression.clone(), clauses, arguments.clone());
        let power = power(postfix, sign.clone(), expression);
        self::sign(power, sign, inversion)
    });
    let product = product(sign.clone()).boxed();
    let tail = choice((
        infix(Level::Sum).then(product.clone()),
        infix(Level::Product).then(sign.clone()),
        infix(Level::Power).then(sign),
    ));
    let name = name().map(|name| Tree::leaf(ExprKind::Name(name.name), name.span));
    let name = name.foldl(members(false).repeated(), member);
    let filter = name
        .then(arguments.or_not())
        .or(missing(&["a filter's name"]).map(|gap| (gap, None)));
    let piped = operator(O::Pipe)
        .ignore_then(filter)
        .then(tail.repeated().collect::<Vec<_>>());
    sum(product).foldl(piped.repeated(), |left, ((callee, arguments), tail)| {
        let arguments = arguments.unwrap_or_else(|| Arguments::none(callee.expr.span.end));
        let filtered = call(callee, arguments, Some(left));
        tail.into_iter().fold(filtered, infixed)
    })
}

/// `product (('+' | '-') product)*`
fn sum<'a>(product: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let next = infix(Level::Sum).then(product.clone());
    product.foldl(next.repeated(), infixed)
}

/// `sign (('*' | '/' | '//' | '%') sign)*`
fn product<'a>(sign: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let next = infix(Level::Product).then(sign.clone());
    sign.foldl(next.repeated(), infixed)
}

/// An operator of this level between two operands, and its span. `None` for a bit operator, which
/// is reported.
fn infix<'a>(level: Level) -> impl Rule<'a, (Option<BinaryOp>, Span)> {
    let read = move |token: &'a Token<'a>, extra: &mut MapExtra<'a, '_, Tokens<'a>, Extra<'a>>| {
        let T::Operator(operator) = token.kind else {
            return None;
        };
        if operator == O::Bits && level == Level::Sum {
            report(extra, unsupported("bit operators", ""));
            return Some((None, token.span));
        }
        let op = operator.arithmetic().filter(|op| Level::of(*op) == level)?;
        Some((Some(op), token.span))
    };
    select_ref(read)
}

/// `('-' | '+') sign | power`
fn sign<'a>(
    power: impl Rule<'a, Tree>,
    sign: impl Rule<'a, Tree>,
    inversion: impl Rule<'a, Tree>,
) -> impl Rule<'a, Tree> {
    // `-9223372036854775808`: here the sign is part of the number, because the number does not fit
    // without it. That holds only if nothing after the number binds tighter than the sign.
    let smallest = operator(O::Minus)
        .then(select_ref! { Token { kind: T::IntBeyond, span } => *span })
        .then_ignore(looking_at(|kind| {
            !matches!(
                kind,
                T::Operator(O::DoubleStar | O::Dot | O::OpenSquare | O::OpenRound)
            )
        }))
        .map(|(minus, number)| Tree::leaf(ExprKind::Int(i64::MIN), minus.to(number)));
    let op = choice((
        operator(O::Minus).map(|span| (UnaryOp::Neg, span)),
        operator(O::Plus).map(|span| (UnaryOp::Pos, span)),
        foreign(O::Exclamation, "!", "not").map(|span| (UnaryOp::Not, span)),
    ));
    let signed = op
        .then(sign.clone())
        .map(|((op, start), operand)| unary(op, start, operand));
    let inverted = mistaken(O::Tilde, || unsupported("bit operators", ""))
        .then(sign)
        .map(|(start, operand)| operand.wrong_behind(start));
    // `a == not b` is an error in Python too.
    let not = looking_at(|kind| *kind == T::Keyword(K::Not))
        .then(say(&["an operand"]))
        .ignore_then(inversion);
    let prefixed = looking_at(T::is_prefix).ignore_then(choice((smallest, signed, inverted, not)));
    prefixed.or(power)
}

/// `postfix ['**' sign]`
fn power<'a>(
    postfix: impl Rule<'a, Tree>,
    sign: impl Rule<'a, Tree>,
    expression: impl Rule<'a, Tree>,
) -> impl Rule<'a, Tree> {
    let exponent = infix(Level::Power).then(sign);
    let instead = "repeat the expression, or set it in a `variable-set` stage";
    let walrus = mistaken(O::Walrus, move || unsupported("assignments", instead));
    let value = walrus.ignore_then(expression);
    postfix
        .then(exponent.or_not())
        .map(|(base, exponent)| exponent.into_iter().fold(base, infixed))
        .then(value.or_not())
        .map(|(name, value)| match value {
            Some(value) => Tree::wrong([name, value]),
            None => name,
        })
}

/// `atom ('.' name | arguments | '[' index ']')*`
fn postfix<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
    arguments: impl Rule<'a, Arguments>,
) -> impl Rule<'a, Tree> {
    enum Tail {
        Member(Ident),
        Call(Arguments),
        Index(Bounds, u32),
    }
    let member_of = members(true).map(Tail::Member);
    let bounds =
        bounds(expression.clone()).then_ignore(expect(O::CloseSquare, &["`]`", "an operator"]));
    let bounds = operator(O::OpenSquare).ignore_then(bounds);
    let bounds = bounds.map_with(|bounds, e| Tail::Index(bounds, across(e).end));
    let tail = choice((member_of, arguments.map(Tail::Call), bounds));
    atom(expression, clauses).foldl(tail.repeated(), |base, tail| match tail {
        Tail::Member(name) => member(base, name),
        Tail::Call(arguments) => call(base, arguments, None),
        Tail::Index(Bounds::One(at), end) => index(base, at, end),
        Tail::Index(Bounds::Slice(bounds), end) => slice(base, bounds, end),
    })
}

/// `'.' name`. With `foreign`, set for members of a value, `?.` is accepted too, but reported.
fn members<'a>(foreign: bool) -> impl Rule<'a, Ident> {
    let dot = select_ref! {
        Token { kind: T::Operator(O::Dot), .. } => (),
        Token { kind: T::Operator(O::QuestionDot), .. } = e if foreign => {
            let (found, python) = ("?.", ".");
            report(e, SyntaxErrorKind::ForeignOperator { found, python });
        },
    };
    dot.ignore_then(name().or(no_name_here()))
}

/// The inside of the brackets of an index.
enum Bounds {
    One(Tree),
    Slice([Option<Tree>; 3]),
}

/// `expression | [expression] ':' [expression] [':' [expression]]`
fn bounds<'a>(expression: impl Rule<'a, Tree>) -> impl Rule<'a, Bounds> {
    let closes = |kind: &T<'_>| *kind == T::Operator(O::CloseSquare);
    let given = |kind: &T<'_>| !matches!(kind, T::Operator(O::Colon | O::CloseSquare));
    let bound = looking_at(given).ignore_then(expression).or_not();
    let empty = looking_at(closes)
        .ignore_then(missing(&["an expression", "`:`"]))
        .map(Bounds::One);
    let colon = |expected| operator(O::Colon).ignore_then(value_or(O::CloseSquare, expected));
    // Says that a `:` could be here too; whether the bracket closes is read behind the bounds.
    let no_more = || looking_at(closes).or(say(&["`:`", "`]`", "an operator"]));
    let step = colon(&["`]`", "an expression"]).ignore_then(bound.clone());
    let step = step.or(no_more().map(|()| None));
    let stop = colon(&["`:`", "`]`", "an expression"]).ignore_then(bound.clone());
    let more = stop.then(step).map(Some).or(no_more().map(|()| None));
    let given = value_or(O::CloseSquare, &["`:`", "an expression"]).ignore_then(bound.then(more));
    let given = given.map(|(start, more)| match (start, more) {
        (Some(at), None) => Bounds::One(at),
        (start, None) => Bounds::Slice([start, None, None]),
        (start, Some((stop, step))) => Bounds::Slice([start, stop, step]),
    });
    empty.or(given)
}
