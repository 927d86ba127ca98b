//! Ranges of a text, asked for many places.
//!
//! Enters: ranges in any order, which may overlap. Leaves: whether one of them contains a place,
//! found by bisection, so that a million skipped parts cost no more than their number. Must not
//! know what the ranges are.

use std::ops::Range;

/// Ranges in order, none of which overlap.
pub(super) struct Ranges(Vec<Range<usize>>);

impl Ranges {
    pub(super) fn new(mut ranges: Vec<Range<usize>>) -> Self {
        ranges.sort_unstable_by_key(|range| range.start);
        let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Self(joined)
    }

    /// Whether one of them contains a place.
    pub(super) fn contain(&self, place: usize) -> bool {
        let behind = self.0.partition_point(|range| range.end <= place);
        self.0
            .get(behind)
            .is_some_and(|range| range.contains(&place))
    }
}

#[cfg(test)]
mod tests {
    use super::Ranges;

    #[test]
    fn a_place_is_found_in_ranges_that_overlap() {
        let ranges = Ranges::new(vec![8..9, 1..3, 2..5, 5..6]);
        let inside: Vec<_> = (0..10).filter(|place| ranges.contain(*place)).collect();
        assert_eq!(inside, [1, 2, 3, 4, 5, 8]);
        assert!(!Ranges::new(Vec::new()).contain(0));
    }
}
