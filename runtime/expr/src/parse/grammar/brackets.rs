//! Brackets: lists, tuples, sets, dicts, comprehensions, arguments.
//!
//! Enters: the rules for expressions and for clauses. Leaves: the rules for brackets. The first
//! element is read only once, and the token after it decides what the brackets are; so time stays
//! linear, however deeply brackets are nested. Must not know text.

use chumsky::prelude::*;

use super::{
    super::{
        build::{Tree, Trees, highest},
        nodes::{Arguments, Clauses, comprehension, dict, list, target_tuple},
        token::{Keyword as K, Operator as O, TokenKind as T},
    },
    words::{
        Rule, across, expect, ident, keyword, looking_at, mistaken, name, name_token, no_name_here,
        operator, say, unsupported, value_or,
    },
};
use crate::ast::{Clause, ComprehensionKind, Display, ExprKind, Target};

/// `'(' [argument (',' argument)* [',']] ')'`, where an argument is `name '=' expression`,
/// `expression`, or `expression clause+`
pub(super) fn arguments<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Arguments> {
    let given = |kind: &T<'_>| *kind != T::Operator(O::CloseRound) && !kind.ends_expression();
    let named = name_token()
        .then_ignore(operator(O::Assign))
        .then(expression.clone());
    let named = named.map(|(name, value)| (Some(ident(name)), value));
    let generator = element(expression).then(clauses.or_not());
    let plain = generator.map_with(|(element, clauses), e| match clauses {
        Some(clauses) => {
            let kind = ComprehensionKind::Generator;
            (None, comprehension(kind, element, None, clauses, across(e)))
        }
        None => (None, element),
    });
    let argument = looking_at(given).ignore_then(named.or(plain));
    let start = || value_or(O::CloseRound, &["`)`", "an expression"]);
    let comma = operator(O::Comma).then_ignore(start());
    let list = argument.separated_by(comma).allow_trailing();
    operator(O::OpenRound)
        .then_ignore(start())
        .ignore_then(list.collect::<Vec<_>>())
        .then_ignore(expect(O::CloseRound, &["`)`", "`,`", "an operator"]))
        .map_with(|list, e| Arguments::new(list.into_iter(), across(e).end))
}

/// An element. A `*` or `**` before it is reported and skipped.
pub(super) fn element<'a>(expression: impl Rule<'a, Tree>) -> impl Rule<'a, Tree> {
    let starred = || unsupported("starred values", "`+` joins lists");
    let stars = mistaken(O::Star, starred).or(mistaken(O::DoubleStar, starred));
    stars.or_not().ignore_then(expression)
}

/// `('for' targets 'in' disjunction ('if' disjunction)*)+`
pub(super) fn clauses<'a>(disjunction: impl Rule<'a, Tree>) -> impl Rule<'a, Clauses> {
    let condition = keyword(K::If).ignore_then(disjunction.clone());
    let clause = keyword(K::For)
        .ignore_then(targets())
        .then_ignore(keyword(K::In).ignored().or(say(&["`in`", "`,`"])))
        .then(disjunction)
        .then(condition.repeated().collect::<Vec<_>>())
        .map(|((target, iter), conditions)| {
            let conditions = Trees::from(conditions);
            let below = highest(iter.height, conditions.height);
            let clause = Clause {
                target,
                iter: iter.expr,
                conditions: conditions.exprs,
            };
            (clause, below)
        });
    let clauses = clause.repeated().at_least(1).collect::<Vec<_>>();
    clauses.map(|clauses| {
        let mut height = Ok(0);
        let mut all = Vec::with_capacity(clauses.len());
        for (clause, own) in clauses {
            height = highest(height, own);
            all.push(clause);
        }
        (all, height)
    })
}

/// `target (',' target)* [',']`, where a target is `name`, `'(' targets ')'` or `'[' targets ']'`
pub(super) fn targets<'a>() -> impl Rule<'a, Target> {
    recursive(|targets| {
        let given = |kind: &T<'_>| {
            !matches!(
                kind,
                T::Keyword(K::In) | T::Operator(O::CloseRound | O::CloseSquare)
            )
        };
        let inside = |open, close, expected| {
            let inner = operator(open).ignore_then(targets.clone());
            let inner = inner.then_ignore(expect(close, expected));
            inner.map_with(|inner, e| match inner {
                Target::Name(name) => Target::Name(name),
                Target::Tuple(several, _) => Target::Tuple(several, across(e)),
            })
        };
        let target = choice((
            name().map(Target::Name),
            inside(O::OpenRound, O::CloseRound, &["`)`", "`,`"]),
            inside(O::OpenSquare, O::CloseSquare, &["`]`", "`,`"]),
            no_name_here().map(Target::Name),
        ));
        let more =
            operator(O::Comma).ignore_then(looking_at(given).ignore_then(target.clone()).or_not());
        let several = target.then(more.repeated().collect::<Vec<_>>());
        several.map_with(|(first, more), e| target_tuple(first, more, across(e)))
    })
}

/// `'(' ')' | '(' expression ')' | '(' element (',' element)* [','] ')' | '(' element clause+ ')'`
pub(super) fn round<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Tree> {
    let start = || value_or(O::CloseRound, &["`)`", "an expression"]);
    let clauses = clauses.then_ignore(expect(O::CloseRound, &["`)`", "an operator"]));
    let more = more(O::CloseRound, start(), expression.clone());
    let more = more.then_ignore(expect(O::CloseRound, &["`)`", "`,`", "an operator"]));
    let inside = element(expression).then(clauses.map(Ok).or(more.map(Err)));
    let none = operator(O::CloseRound).map(|_| None);
    let inside = start().ignore_then(none.or(inside.map(Some)));
    let inside = operator(O::OpenRound).ignore_then(inside);
    inside.map_with(|inside, e| match inside {
        None => list(Display::Tuple, Trees::default(), across(e)),
        Some((first, Err(more))) if more.is_empty() => first.bracketed(across(e)),
        Some((first, Err(more))) => list(Display::Tuple, Trees::of(first, more), across(e)),
        Some((element, Ok(clauses))) => {
            let kind = ComprehensionKind::Generator;
            comprehension(kind, element, None, clauses, across(e))
        }
    })
}

/// `'[' ']' | '[' element (',' element)* [','] ']' | '[' element clause+ ']'`
pub(super) fn square<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Tree> {
    let start = || value_or(O::CloseSquare, &["`]`", "an expression"]);
    let clauses = clauses.then_ignore(expect(O::CloseSquare, &["`]`", "an operator"]));
    let more = more(O::CloseSquare, start(), expression.clone());
    let more = more.then_ignore(expect(O::CloseSquare, &["`]`", "`,`", "an operator"]));
    let inside = element(expression).then(clauses.map(Ok).or(more.map(Err)));
    let none = operator(O::CloseSquare).map(|_| None);
    let inside = start().ignore_then(none.or(inside.map(Some)));
    let inside = operator(O::OpenSquare).ignore_then(inside);
    inside.map_with(|inside, e| match inside {
        None => list(Display::List, Trees::default(), across(e)),
        Some((first, Err(more))) => list(Display::List, Trees::of(first, more), across(e)),
        Some((element, Ok(clauses))) => {
            let kind = ComprehensionKind::List;
            comprehension(kind, element, None, clauses, across(e))
        }
    })
}

/// `(',' element)* [',']`, up to a closing bracket. `start` reports that neither an element nor that
/// bracket follows a comma.
pub(super) fn more<'a>(
    close: O,
    start: impl Rule<'a, ()>,
    expression: impl Rule<'a, Tree>,
) -> impl Rule<'a, Vec<Option<Tree>>> {
    let element =
        looking_at(move |kind| *kind != T::Operator(close)).ignore_then(element(expression));
    let comma = operator(O::Comma).ignore_then(start);
    let next = comma.ignore_then(element.or_not());
    next.repeated().collect()
}

/// What follows the first element in curly brackets. It decides whether they are a set or a dict.
pub(super) enum Curly {
    Set(Vec<Option<Tree>>),
    SetOf(Clauses),
    Dict(Tree, Vec<Option<(Tree, Tree)>>),
    DictOf(Tree, Clauses),
}

/// `'{' '}' | '{' element (',' element)* [','] '}' | '{' element clause+ '}'`
/// `| '{' entry (',' entry)* [','] '}' | '{' entry clause+ '}'`, where an entry is
/// `expression ':' expression`
pub(super) fn curly<'a>(
    expression: impl Rule<'a, Tree>,
    clauses: impl Rule<'a, Clauses>,
) -> impl Rule<'a, Tree> {
    let start = || value_or(O::CloseCurly, &["`}`", "an expression"]);
    let closed = |expected| expect(O::CloseCurly, expected);
    let clauses = clauses.then_ignore(closed(&["`}`", "an operator"]));
    let key = looking_at(|kind| *kind != T::Operator(O::CloseCurly))
        .ignore_then(element(expression.clone()));
    let entry = key
        .then_ignore(expect(O::Colon, &["`:`", "an operator"]))
        .then(expression.clone());
    let entries = operator(O::Comma)
        .ignore_then(start())
        .ignore_then(entry.or_not())
        .repeated()
        .collect()
        .then_ignore(closed(&["`,`", "`}`", "an operator"]));
    let entry_first = operator(O::Colon)
        .ignore_then(expression.clone())
        .then(clauses.clone().map(Ok).or(entries.map(Err)))
        .map(|(value, rest)| match rest {
            Ok(clauses) => Curly::DictOf(value, clauses),
            Err(entries) => Curly::Dict(value, entries),
        });
    let set_of = clauses.map(Curly::SetOf);
    // One element can still become the first key of a dict.
    let single = looking_at(|kind| *kind != T::Operator(O::Comma))
        .ignore_then(closed(&["`,`", "`:`", "`}`", "an operator"]))
        .map(|()| Vec::new());
    let several = more(O::CloseCurly, start(), expression.clone());
    let several = several.then_ignore(closed(&["`,`", "`}`", "an operator"]));
    let set = single.or(several).map(Curly::Set);
    let inside = element(expression).then(choice((entry_first, set_of, set)));
    let none = operator(O::CloseCurly).map(|_| None);
    let inside = start().ignore_then(none.or(inside.map(Some)));
    let inside = operator(O::OpenCurly).ignore_then(inside);
    inside.map_with(|inside, e| match inside {
        None => Tree::leaf(ExprKind::Dict(Vec::new()), across(e)),
        Some((first, Curly::Set(more))) => list(Display::Set, Trees::of(first, more), across(e)),
        Some((element, Curly::SetOf(clauses))) => {
            comprehension(ComprehensionKind::Set, element, None, clauses, across(e))
        }
        Some((key, Curly::Dict(value, more))) => dict((key, value), more, across(e)),
        Some((key, Curly::DictOf(value, clauses))) => comprehension(
            ComprehensionKind::Dict,
            key,
            Some(value),
            clauses,
            across(e),
        ),
    })
}
