//! Finds the known word nearest to a misspelt one.
//!
//! Enters: an unknown word and the known words. Leaves: the nearest known word, if one is near. Of
//! equally near ones the first wins, so that the answer is always the same. Must not know what the
//! words name, nor how the question is worded (`meant.rs`).

/// A word with more bytes than this is near to none.
const LONGEST: usize = 100;

/// The candidate that a misspelt word most likely stands for. Differences in case, `-` and `_`
/// hardly count; apart from them, up to a third of the word may differ.
///
/// Use it where understanding goes on with the guess. Where only a finding needs it, use
/// [`Diagnostic::meant`](super::Diagnostic::meant).
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Comparing two long words takes as many steps as the product of their lengths, and a long word
    // is not misspelt but another word.
    if word.len() > LONGEST {
        return None;
    }
    let folded = fold(word);
    let (length, letters) = outline(word);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= LONGEST)
        .filter_map(|candidate| {
            let (other_length, other_letters) = outline(candidate);
            // With more than three changes, even a long word is another word.
            let limit = (length.max(other_length) / 3).min(3);
            // A cheap test first: a change of one letter changes each of these sets by one bit, so
            // most candidates are ruled out here without computing the distance.
            let apart = |a: u64, b: u64| (a & !b).count_ones() as usize > limit;
            if length.abs_diff(other_length) > limit
                || apart(letters, other_letters)
                || apart(other_letters, letters)
            {
                return None;
            }
            let distance = strsim::osa_distance(&folded, &fold(candidate));
            (distance <= limit).then(|| {
                // Of `a-b` and `a_b`, both equally near when folded, the one written like the word
                // wins.
                let raw = strsim::osa_distance(word, candidate);
                ((distance, raw), candidate)
            })
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many known words are looked at for the unknown words of one kind in a file. A file of fifty
/// stages may have four thousand unknown ids; where ten thousand names are known, twenty unknown
/// ones are enough to show that something else than typing is wrong.
const LOOKS: usize = 200_000;

/// The searches in one file, of which there are only so many: each goes through all known words.
#[derive(Clone, Copy, Debug, Default)]
pub struct Searches {
    looks: usize,
}

impl Searches {
    /// As [`nearest`]; `None` once the searches are over.
    pub fn nearest<'a>(
        &mut self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
    ) -> Option<&'a str> {
        if self.are_over() {
            return None;
        }
        // A search among no words is a search too.
        self.looks += 1;
        let looks = &mut self.looks;
        nearest(word, candidates.into_iter().inspect(|_| *looks += 1))
    }

    /// Whether no more words are searched for.
    #[must_use]
    pub fn are_over(&self) -> bool {
        self.looks >= LOOKS
    }
}

/// The length of a folded word in characters, and the set of its characters. The set has 64 bits,
/// so some characters share one.
fn outline(word: &str) -> (usize, u64) {
    folded(word).fold((0, 0), |(length, letters), c| {
        (length + 1, letters | 1 << (u32::from(c) % 64))
    })
}

/// Whether two words differ only in case, `-` and `_`, so that one can safely replace the other.
#[must_use]
pub fn same_but_for_style(word: &str, candidate: &str) -> bool {
    fold(word) == fold(candidate)
}

/// Whether one letter added, removed, changed or swapped turns one word into the other.
#[must_use]
pub fn one_letter_off(word: &str, other: &str) -> bool {
    strsim::osa_distance(word, other) == 1
}

/// Writes `` `a`, `b`, `c` ``, at most twelve words, then how many more there are.
pub fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().collect();
    let count = words.len();
    list_first(words, count)
}

/// As [`list`], for words whose number is known: it does not walk over those that are not shown.
pub fn list_first<'a>(words: impl IntoIterator<Item = &'a str>, count: usize) -> String {
    let more = count.saturating_sub(LIST_LIMIT);
    let shown: Vec<_> = words
        .into_iter()
        .take(LIST_LIMIT)
        .map(|word| format!("`{word}`"))
        .collect();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    format!("{}{more}", shown.join(", "))
}

const LIST_LIMIT: usize = 12;

fn folded(word: &str) -> impl Iterator<Item = char> {
    let letters = word.chars().filter(|c| !matches!(c, '-' | '_' | ' '));
    letters.flat_map(char::to_lowercase)
}

fn fold(word: &str) -> String {
    folded(word).collect()
}

#[cfg(test)]
mod tests {
    use super::{LOOKS, Searches, list, nearest, same_but_for_style};

    #[test]
    fn nearest_finds_the_word_that_was_meant() {
        let stages = ["parse-alert", "parse-event", "create-ticket", "id"];
        let cases = [
            ("parse-alrt", Some("parse-alert")),
            ("parse_alert", Some("parse-alert")),
            ("ParseAlert", Some("parse-alert")),
            ("parse-aelrt", Some("parse-alert")),
            ("parse-evnt", Some("parse-event")),
            ("ticket", None),
            ("ids", Some("id")),
            ("xy", None),
            ("", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, stages), expected, "{word}");
        }
    }

    #[test]
    fn a_long_word_is_near_to_none() {
        let (long, word) = ("a".repeat(5_000), "a".repeat(50));
        assert_eq!(nearest(&format!("{long}b"), [&*long]), None);
        assert_eq!(nearest(&format!("{word}b"), [&*long, &*word]), Some(&*word));
    }

    #[test]
    fn searches_end_after_so_many_known_words() {
        let mut searches = Searches::default();
        let known = vec!["parse-alert"; LOOKS / 2];
        let search = |searches: &mut Searches| searches.nearest("parse-alrt", known.clone());
        assert_eq!(search(&mut searches), Some("parse-alert"));
        assert_eq!(search(&mut searches), Some("parse-alert"));
        assert!(searches.are_over());
        assert_eq!(search(&mut searches), None);
    }

    #[test]
    fn the_first_of_equals_wins() {
        assert_eq!(nearest("abcx", ["abcd", "abce"]), Some("abcd"));
        assert_eq!(nearest("abcx", ["abce", "abcd"]), Some("abce"));
        assert_eq!(nearest("a_b", ["a-b", "a_b"]), Some("a_b"));
    }

    #[test]
    fn differences_in_style_hardly_count() {
        assert!(same_but_for_style("dependsOn", "depends_on"));
        assert!(!same_but_for_style("depend_on", "depends_on"));
    }

    #[test]
    fn long_lists_are_cut() {
        let words = ["a"; 14];
        assert!(list(words).ends_with(" and 2 more"));
        assert_eq!(list(["x", "y"]), "`x`, `y`");
    }
}
