//! "Did you mean `x`?": the one place that words this question.
//!
//! Enters: a finding about an unknown word, and the words that are known. Leaves: the finding with
//! the question "did you mean `x`?" and a fix that replaces the word; when no known word is near,
//! with what the caller says instead, which is often a list of the known words. Must not know what
//! the words name.

use super::{Diagnostic, Edit, Fix, suggest};
use crate::source::Span;

/// The question that is the help of a finding: "did you mean `x`?"
pub(super) fn question(near: &str) -> String {
    format!("did you mean `{near}`?")
}

impl Diagnostic {
    /// Says which known word was probably meant: the help "did you mean `x`?" and, at `place`, the
    /// fix "replace with `x`". Adds nothing when no candidate is near. The fix is a guess and
    /// therefore not safe, unless [`Diagnostic::safe_if_same_but_for_style`] is called as well.
    #[must_use]
    pub fn meant<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        place: Span,
    ) -> Self {
        self.meant_or(word, candidates, place, |found| found)
    }

    /// Like [`Diagnostic::meant`]; `otherwise` adds what to say when no candidate is near, for
    /// example [`Diagnostic::known`].
    #[must_use]
    pub fn meant_or<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        place: Span,
        otherwise: impl FnOnce(Self) -> Self,
    ) -> Self {
        self.guessed(suggest::nearest(word, candidates), [place], otherwise)
    }

    /// Like [`Diagnostic::meant_or`], for a caller that goes on with the guess and therefore has it
    /// already: a stage with the component `htttp` is checked as one with `http`. The fix puts
    /// `near` at every place where the misspelt word is. The places must not overlap.
    #[must_use]
    pub fn guessed(
        mut self,
        near: Option<&str>,
        places: impl IntoIterator<Item = Span>,
        otherwise: impl FnOnce(Self) -> Self,
    ) -> Self {
        let Some(near) = near else {
            return otherwise(self);
        };
        let edits = places.into_iter().map(|span| Edit {
            span,
            text: near.to_owned(),
        });
        self.fix = Some(Fix {
            title: format!("replace with `{near}`"),
            safe: false,
            edits: edits.collect(),
        });
        self.help(question(near))
    }

    /// Asks whether `near` was meant, which the object has already. There is no fix, because
    /// the word cannot be replaced with it.
    #[must_use]
    pub fn meant_but_given(self, near: &str) -> Self {
        self.help(format!("{} it is already given", question(near)))
    }

    /// Lists the known words after an introduction: "the functions are `a`, `b`". Adds nothing when
    /// no word is known.
    #[must_use]
    pub fn known<'a>(self, introduction: &str, words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut words = words.into_iter().peekable();
        if words.peek().is_none() {
            return self;
        }
        self.help(format!("{introduction} {}", suggest::list(words)))
    }

    /// Makes the fix safe when it changes only case, `-` or `_` in `word`: `dependsOn` can only
    /// mean `depends_on`. Use it for keys and settings, which FlowMason names. Do not use it for
    /// names that users choose: there `a-b` and `a_b` may be two different things.
    #[must_use]
    pub fn safe_if_same_but_for_style(mut self, word: &str) -> Self {
        if let Some(fix) = &mut self.fix {
            fix.safe = fix
                .edits
                .iter()
                .all(|edit| suggest::same_but_for_style(word, &edit.text));
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Diagnostic, Span};
    use crate::diagnostics::Code;

    const FIELDS: [&str; 2] = ["url", "body"];

    fn found() -> Diagnostic {
        Diagnostic::new(Code::UnknownField, Span::default(), "m")
    }

    fn place(start: u32) -> Span {
        Span {
            start,
            end: start + 3,
            ..Span::default()
        }
    }

    fn list(found: Diagnostic) -> Diagnostic {
        found.known("the fields are", FIELDS)
    }

    #[test]
    fn a_near_word_is_suggested_and_has_a_fix() {
        let meant = found().meant("ulr", FIELDS, place(3));
        assert_eq!(meant.help, ["did you mean `url`?"]);
        let fix = meant.fix.clone().expect("a fix");
        assert_eq!((&*fix.title, fix.safe), ("replace with `url`", false));
        assert_eq!(fix.edits.len(), 1);
        assert_eq!((fix.edits[0].span, &*fix.edits[0].text), (place(3), "url"));
        assert_eq!(found().meant_or("ulr", FIELDS, place(3), list), meant);
        assert_eq!(found().guessed(Some("url"), [place(3)], list), meant);
    }

    #[test]
    fn a_guess_is_put_at_every_place() {
        let guessed = found().guessed(Some("url"), [place(3), place(9)], list);
        let edits = guessed.fix.expect("a fix").edits;
        let spans: Vec<_> = edits.iter().map(|edit| edit.span).collect();
        assert_eq!(spans, [place(3), place(9)]);
        assert!(edits.iter().all(|edit| edit.text == "url"));
    }

    #[test]
    fn without_a_near_word_the_caller_says_what_to_do() {
        let listed = found().meant_or("xyz", FIELDS, place(3), list);
        assert_eq!(listed.help, ["the fields are `url`, `body`"]);
        assert_eq!(listed.fix, None);
        assert_eq!(found().guessed(None, [place(3)], list), listed);
        assert_eq!(found().meant("xyz", FIELDS, place(3)), found());
        assert_eq!(found().known("the fields are", []), found());
    }

    #[test]
    fn a_word_that_is_given_already_has_no_fix() {
        let given = found().meant_but_given("url");
        assert_eq!(given.help, ["did you mean `url`? it is already given"]);
        assert_eq!(given.fix, None);
    }

    #[test]
    fn only_a_change_of_style_is_safe() {
        let safe = |word: &str| {
            let meant = found().meant(word, ["depends_on"], place(3));
            let fix = meant.safe_if_same_but_for_style(word).fix;
            fix.expect("a fix").safe
        };
        assert!(safe("dependsOn"));
        assert!(!safe("depend_on"));
    }
}
