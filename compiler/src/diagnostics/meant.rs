//! "Did you mean `x`?": the one place that words this question.
//!
//! Enters: a finding about an unknown word, and the words that are known. Leaves: the finding with
//! the question "did you mean `x`?" and a fix that replaces the word. When no known word is near,
//! the finding lists the known words instead. Must not know what the words name.

use super::{Diagnostic, Edit, Fix, suggest};
use crate::source::Span;

impl Diagnostic {
    /// Says which known word was probably meant.
    ///
    /// - When a candidate is near: the help "did you mean `x`?" and, at `place`, the fix "replace
    ///   with `x`". The fix is a guess and therefore not safe, unless
    ///   [`Diagnostic::safe_if_same_but_for_style`] is called as well.
    /// - When none is near: the help "NOUN are `a`, `b`". The noun is a plural that can begin the
    ///   sentence, like `the functions` or `its fields`.
    /// - When there are no candidates: nothing is added.
    ///
    /// A caller that needs to know the near candidate finds it with [`suggest::nearest`] and then
    /// calls [`Diagnostic::did_you_mean`].
    #[must_use]
    pub fn meant<'a>(
        self,
        noun: &str,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        place: Span,
    ) -> Self {
        let candidates: Vec<&str> = candidates.into_iter().collect();
        match suggest::nearest(word, candidates.iter().copied()) {
            Some(near) => self.did_you_mean(near, [place]),
            None if candidates.is_empty() => self,
            None => self.help(format!("{noun} are {}", suggest::list(candidates))),
        }
    }

    /// Asks whether `near` was meant, and adds a fix that puts it at every place where the misspelt
    /// word is. The places must not overlap.
    #[must_use]
    pub fn did_you_mean(mut self, near: &str, places: impl IntoIterator<Item = Span>) -> Self {
        let edits = places.into_iter().map(|span| Edit {
            span,
            text: near.to_owned(),
        });
        self.fix = Some(Fix {
            title: suggest::replace_with(near),
            safe: false,
            edits: edits.collect(),
        });
        self.help(suggest::did_you_mean(near))
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

    fn found() -> Diagnostic {
        Diagnostic::new(Code::UnknownField, Span::default(), "m")
    }

    #[test]
    fn a_near_word_is_suggested_and_has_a_fix() {
        let place = Span {
            start: 3,
            end: 6,
            ..Span::default()
        };
        let meant = found().meant("the fields", "ulr", ["url", "body"], place);
        assert_eq!(meant.help, ["did you mean `url`?"]);
        let fix = meant.fix.expect("a fix");
        assert_eq!((&*fix.title, fix.safe), ("replace with `url`", false));
        assert_eq!(fix.edits.len(), 1);
        assert_eq!((fix.edits[0].span, &*fix.edits[0].text), (place, "url"));
    }

    #[test]
    fn without_a_near_word_all_words_are_listed() {
        let place = Span::default();
        let meant = found().meant("the fields", "xyz", ["url", "body"], place);
        assert_eq!(meant.help, ["the fields are `url`, `body`"]);
        assert_eq!(meant.fix, None);
        assert_eq!(found().meant("the fields", "xyz", [], place), found());
    }

    #[test]
    fn only_a_change_of_style_is_safe() {
        let safe = |word: &str| {
            let meant = found().meant("the fields", word, ["depends_on"], Span::default());
            let fix = meant.safe_if_same_but_for_style(word).fix;
            fix.expect("a fix").safe
        };
        assert!(safe("dependsOn"));
        assert!(!safe("depend_on"));
    }
}
