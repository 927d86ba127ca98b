//! Finds needles in a text, in every view of it.
//!
//! Enters: needles, then any text. Leaves: the ranges of the text that hold a secret, however it is
//! written: up to [`LAYERS`] encodings around each other. Must not know what happens with them.

use std::ops::Range;

use fmc_expr::EvalError;

use super::{
    automaton::Automaton,
    begun::Beginnings,
    needles::{Manner, Needle},
    numbers,
    pace::Pace,
    runs,
    view::View,
};

/// How many encodings around each other are undone. One more than people meet, since a secret that
/// itself looks encoded takes one more.
const LAYERS: usize = 4;

/// Views of a text may together be so many times larger than it. Usual texts stay below three
/// times. Of what costs more, nothing is shown.
const MOST: usize = 4;
/// Views may be so many bytes larger, so that this never happens to a short text.
const SMALL: usize = 64 << 10;

/// What is looked for.
#[derive(Debug, Default)]
pub(super) struct Search {
    automatons: Vec<Automaton>,
    begun: Beginnings,
    /// The fewest bytes of a needle that is found inside other words.
    least: usize,
}

/// Why a search did not look at everything.
enum End {
    /// The views of a text became too large.
    TooLarge,
    /// The budget is spent, or the time is over.
    Over(EvalError),
}

impl From<EvalError> for End {
    fn from(error: EvalError) -> Self {
        Self::Over(error)
    }
}

struct Looking<'p> {
    pace: &'p Pace<'p>,
    found: Vec<Range<usize>>,
    /// How many bytes further views may have.
    left: usize,
}

impl Search {
    /// A search for these needles.
    pub(super) fn new(needles: &[Needle]) -> Self {
        let manners = [Manner::Alone, Manner::Exact, Manner::AnyCase];
        let automatons = manners.map(|manner| Automaton::new(manner, needles));
        let inside = needles
            .iter()
            .filter(|needle| needle.manner != Manner::Alone);
        Self {
            automatons: automatons.into_iter().flatten().collect(),
            least: inside
                .clone()
                .map(|needle| needle.bytes.len())
                .min()
                .unwrap_or(usize::MAX),
            begun: Beginnings::new(inside),
        }
    }

    /// Whether nothing is looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.automatons.is_empty()
    }

    /// The ranges of the text that hold a secret, in order and apart from each other.
    ///
    /// # Errors
    /// As [`Pace::read`].
    pub(super) fn ranges(
        &self,
        text: &str,
        pace: &Pace<'_>,
    ) -> Result<Vec<Range<usize>>, EvalError> {
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let whole = || std::iter::once(0..text.len()).collect();
        if u32::try_from(text.len()).is_err() {
            return Ok(whole());
        }
        let mut looking = Looking {
            pace,
            found: Vec::new(),
            left: text.len().saturating_mul(MOST).saturating_add(SMALL),
        };
        match self.look(&View::of(text), LAYERS, &mut looking) {
            Ok(()) => Ok(joined(text, looking.found)),
            Err(End::TooLarge) => Ok(whole()),
            Err(End::Over(error)) => Err(error),
        }
    }

    /// Looks at a view, and at the views of it.
    fn look(&self, view: &View<'_>, layers: usize, looking: &mut Looking<'_>) -> Result<(), End> {
        let pace = looking.pace;
        let left = looking.left.checked_sub(view.bytes.len());
        looking.left = left.ok_or(End::TooLarge)?;
        self.hits(view, false, looking)?;
        let squeezed = view.squeezed_within(pace)?;
        if let Some(squeezed) = &squeezed {
            looking.left = looking.left.saturating_sub(squeezed.bytes.len());
            self.hits(squeezed, true, looking)?;
        }
        if layers == 0 {
            return Ok(());
        }
        if let Some(unescaped) = view.unescaped(pace)? {
            self.look(&unescaped, layers - 1, looking)?;
        }
        if self.least < usize::MAX {
            let plain = squeezed.as_ref().unwrap_or(view);
            let runs = runs::decoded(plain, self.least, pace)?;
            // A line may break between two numbers and inside one.
            let rows = squeezed.iter().chain([view]);
            let rows = rows.flat_map(|view| numbers::decoded(view, self.least, pace));
            for run in runs.chain(rows) {
                self.look(&run?, layers - 1, looking)?;
            }
        }
        Ok(())
    }

    /// Adds the places of needles in a view. Lines that were joined have no words of their own.
    fn hits(
        &self,
        view: &View<'_>,
        joined: bool,
        looking: &mut Looking<'_>,
    ) -> Result<(), EvalError> {
        let Looking { pace, found, .. } = looking;
        let words = view.has_words && !joined;
        for automaton in &self.automatons {
            let alone = automaton.manner == Manner::Alone;
            if alone && !words {
                continue;
            }
            for start in (0..view.bytes.len()).step_by(automaton.piece()) {
                let end = view.bytes.len().min(start + automaton.piece());
                pace.read(end - start)?;
                for range in automaton.find(&view.bytes, start..end) {
                    if !alone || is_alone(&view.bytes, &range) {
                        note(found, view.source(range));
                    }
                }
            }
        }
        pace.read(view.bytes.len())?;
        self.begun.find(&view.bytes, |range| {
            note(found, view.source(range));
        });
        Ok(())
    }
}

/// Adds a range. A text can be full of hits, so that one that only makes the last one longer is
/// joined to it at once.
fn note(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.start <= range.start && range.start <= last.end => {
            last.end = last.end.max(range.end);
        }
        _ => found.push(range),
    }
}

/// The ranges in order; those that touch are joined. Both ends of each are between characters.
fn joined(text: &str, mut found: Vec<Range<usize>>) -> Vec<Range<usize>> {
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        // Only Latin-1, as a few bytes of UTF-8, is found between two boundaries.
        let is_boundary = |at: &usize| text.is_char_boundary(*at);
        let before = (range.start.saturating_sub(3)..range.start).rev();
        let start = std::iter::once(range.start).chain(before).find(is_boundary);
        let end = (range.end..text.len()).find(is_boundary);
        let range = start.unwrap_or_default()..end.unwrap_or(text.len());
        match apart.last_mut().filter(|last| range.start < last.end) {
            Some(last) => last.end = last.end.max(range.end),
            None => apart.push(range),
        }
    }
    apart
}

/// Whether no letter, digit or `_` is next to a range.
fn is_alone(bytes: &[u8], range: &Range<usize>) -> bool {
    let before = bytes.get(..range.start).unwrap_or_default();
    let after = bytes.get(range.end..).unwrap_or_default();
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    let last = (1..=4).find_map(|count| {
        let end = before.get(before.len().checked_sub(count)?..)?;
        std::str::from_utf8(end).ok()?.chars().next()
    });
    let next = (1..=4).find_map(|count| {
        let start = after.get(..count)?;
        std::str::from_utf8(start).ok()?.chars().next()
    });
    !last.is_some_and(is_word) && !next.is_some_and(is_word)
}
