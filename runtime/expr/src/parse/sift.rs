//! One error for one mistake: which of the errors of a text are worth saying.
//!
//! Enters: what the lexer found, the ranges it could not understand, and what the grammar found.
//! Leaves: the errors that say what to mend, in the order of their places. No place is changed.
//! Must not know tokens or the grammar.

use super::{
    blame::Blame,
    cursor::Noise,
    error::{SyntaxError, SyntaxErrorKind},
};

/// Takes the errors of the lexer, the ranges it could not split, and what the grammar kept. Leaves
/// out every error that follows from another one:
///
/// - What the grammar says about text that the lexer could not split, as behind a quote that has no
///   partner.
/// - What the lexer says about text that the grammar passed over. In `'it's 5pm'` the mistake is
///   the `s`; `5pm` is then read as code, and the last quote has no partner.
/// - An escape that the end of the text cuts off, as in `'\x4`: the missing quote is the mistake.
/// - Of several errors at one place, all but the one that says most: nobody knows whether the `b`
///   of `b'` is a prefix until the quote has its partner.
/// - "Expected this, found that" after any other error: reading lost its way at the first, and the
///   first says what to mend. In `a &&` that is the `&&`, and not that nothing follows it.
/// - A `=` behind such a place: in `f(and x=1)` it is a named argument that was not recognized.
///
/// An error that needs a change of its own stays: `a && b || c` has two.
pub(super) fn sift(read: Vec<SyntaxError>, noise: &Noise, blame: Blame<'_>) -> Vec<SyntaxError> {
    let escape = |error: &SyntaxError| matches!(error.kind, SyntaxErrorKind::UnknownEscape(_));
    let cut = |error: &SyntaxError| escape(error) && noise.covers(error.span.end);
    let read = read
        .into_iter()
        .filter(|error| !blame.passed.covers(error.span.start) && !cut(error));
    let fitted = blame
        .errors
        .into_iter()
        .filter(|error| !noise.covers(error.span.start));
    let mut errors: Vec<_> = read.chain(fitted).collect();
    errors.sort_by_key(|error| (error.span.start, error.rank()));
    errors.dedup_by_key(|error| error.span.start);
    let [mut any, mut lost] = [false; 2];
    errors.retain(|error| {
        let general = error.is_general();
        let follows = general || lost && error.kind == SyntaxErrorKind::Assignment;
        lost |= general;
        !std::mem::replace(&mut any, true) || !follows
    });
    errors
}
