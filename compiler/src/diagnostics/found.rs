//! The findings of one file while it is checked.
//!
//! Enters: findings, in the order in which they are made. Leaves: the first thousands of each code
//! whole, and of the others what is needed to count them. A file of one megabyte can hold half a
//! million mistakes; nobody reads so many, and kept whole they would take half a gigabyte. Must not
//! know what is shown of them.

use std::{collections::BTreeMap, ops::Deref};

use super::{Code, Diagnostic, Severity, clip::clipped};
use crate::source::Span;

/// How many findings of one code are kept whole. `fmc check --fix` mends as many at a time.
const KEPT: usize = 4_000;

/// How many related places of one finding are kept.
const PLACES: usize = 20;

/// A finding of which only the place is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Its code.
    pub code: Code,
    /// Its severity.
    pub severity: Severity,
    /// The guilty text.
    pub span: Span,
}

/// The findings so far.
#[derive(Clone, Debug, Default)]
pub struct Found {
    list: Vec<Diagnostic>,
    counted: Vec<Counted>,
    /// How many of each code are in `list`.
    kept: BTreeMap<Code, usize>,
}

/// A moment to which [`Found::back_to`] returns.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    list: usize,
    counted: usize,
}

impl Found {
    /// Adds a finding. Its texts are made short enough to read.
    pub fn push(&mut self, found: Diagnostic) {
        let kept = self.kept.entry(found.code).or_default();
        if *kept >= KEPT {
            self.counted.push(Counted::of(&found));
            return;
        }
        *kept += 1;
        self.list.push(readable(found));
    }

    /// Moves all findings of another list to the end of this one.
    pub fn append(&mut self, other: &mut Self) {
        let other = std::mem::take(other);
        self.extend(other.list);
        self.counted.extend(other.counted);
    }

    /// This moment, to which `back_to` returns.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark {
            list: self.list.len(),
            counted: self.counted.len(),
        }
    }

    /// Forgets what was found since a moment.
    pub fn back_to(&mut self, mark: Mark) {
        for found in self.list.drain(mark.list.min(self.list.len())..) {
            if let Some(kept) = self.kept.get_mut(&found.code) {
                *kept = kept.saturating_sub(1);
            }
        }
        self.counted.truncate(mark.counted);
    }

    /// Keeps only what `keep` wants; it is asked about the code and the place of each finding.
    pub fn retain(&mut self, mut keep: impl FnMut(Code, Span) -> bool) {
        let kept = &mut self.kept;
        self.list.retain(|found| {
            let keeps = keep(found.code, found.primary.span);
            if !keeps && let Some(kept) = kept.get_mut(&found.code) {
                *kept = kept.saturating_sub(1);
            }
            keeps
        });
        self.counted.retain(|found| keep(found.code, found.span));
    }

    /// Puts them in the order of place and code.
    pub fn sort(&mut self) {
        self.list
            .sort_by_key(|found| (found.primary.span, found.code));
    }

    /// The findings that were kept whole, and those that were counted.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Diagnostic>, Vec<Counted>) {
        (self.list, self.counted)
    }
}

impl Counted {
    fn of(found: &Diagnostic) -> Self {
        Self {
            code: found.code,
            severity: found.severity,
            span: found.primary.span,
        }
    }
}

/// The finding with short texts and few related places.
fn readable(mut found: Diagnostic) -> Diagnostic {
    let fix = found.fix.iter_mut().map(|fix| &mut fix.title);
    let labels = found.related.iter_mut().map(|label| &mut label.message);
    let texts = labels.chain(&mut found.help).chain(fix);
    for text in texts.chain([&mut found.message, &mut found.primary.message]) {
        if let Some(short) = clipped(text) {
            *text = short;
        }
    }
    let more = found.related.len().saturating_sub(PLACES);
    if more > 0 {
        found.related.truncate(PLACES);
        found
            .help
            .push(format!("{more} more places belong to this finding"));
    }
    found
}

impl Deref for Found {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.list
    }
}

impl Extend<Diagnostic> for Found {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, found: T) {
        found.into_iter().for_each(|found| self.push(found));
    }
}

impl FromIterator<Diagnostic> for Found {
    fn from_iter<T: IntoIterator<Item = Diagnostic>>(list: T) -> Self {
        let mut found = Self::default();
        found.extend(list);
        found
    }
}

impl From<Vec<Diagnostic>> for Found {
    fn from(list: Vec<Diagnostic>) -> Self {
        list.into_iter().collect()
    }
}

impl IntoIterator for Found {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    /// The findings that were kept whole.
    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Found {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic, Found, KEPT, PLACES, Span};

    fn at(start: u32) -> Diagnostic {
        let span = Span {
            start,
            end: start + 1,
            ..Span::default()
        };
        Diagnostic::new(Code::UnknownKey, span, "m")
    }

    #[test]
    fn the_first_of_a_code_are_kept_and_the_others_counted() {
        let mut found = Found::default();
        found.extend((0..).take(KEPT + 3).map(at));
        found.push(Diagnostic::new(Code::Comment, Span::default(), "other"));
        assert_eq!(found.len(), KEPT + 1);
        let mut all = Found::default();
        all.append(&mut found);
        assert!(found.is_empty());
        let (list, counted) = all.into_parts();
        assert_eq!((list.len(), counted.len()), (KEPT + 1, 3));
        assert_eq!(counted[0].span.start as usize, KEPT);
    }

    #[test]
    fn what_is_taken_back_makes_room() {
        let mut found = Found::default();
        found.push(at(0));
        let mark = found.mark();
        found.extend((1..).take(KEPT + 3).map(at));
        found.back_to(mark);
        found.extend((1..).take(KEPT - 1).map(at));
        assert_eq!((found.len(), found.counted.len()), (KEPT, 0));
        found.extend([at(7), at(8)]);
        found.retain(|_, span| span.start % 2 == 1);
        assert_eq!((found.len(), found.counted.len()), (KEPT / 2, 1));
    }

    #[test]
    fn related_places_are_counted_beyond_the_first() {
        let mut found = Found::default();
        let many = (0..PLACES + 2).fold(at(0), |found, _| found.related(Span::default(), "r"));
        found.push(many);
        assert_eq!(found[0].related.len(), PLACES);
        assert_eq!(found[0].help, ["2 more places belong to this finding"]);
    }
}
