//! Many short lists in two allocations, by small numbers.
//!
//! Enters: pairs of a list's number and an item, like the stages that rest on each stage. Leaves:
//! each list as a slice. A list of its own for each stage would be an allocation a stage, which
//! costs more than all that is done with the list. Must not know what the items are.

/// Lists by number; see the module.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    /// Where the list of each number ends; it begins where the one before ends.
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    /// `count` lists. Each holds its items in the order of the pairs; a pair with a number of
    /// `count` or more is left out.
    pub(crate) fn new(count: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut ends = vec![0; count];
        for (number, _) in pairs.clone() {
            if let Some(length) = ends.get_mut(number) {
                *length += 1;
            }
        }
        // From lengths to where each list begins; it moves on with each item, to the end.
        let mut begin = 0;
        for end in &mut ends {
            begin += std::mem::replace(end, begin);
        }
        let mut items = vec![T::default(); begin];
        for (number, item) in pairs {
            if let Some(end) = ends.get_mut(number) {
                if let Some(place) = items.get_mut(*end) {
                    *place = item;
                }
                *end += 1;
            }
        }
        Self { ends, items }
    }

    /// The list of a number; empty where there is none.
    pub(crate) fn row(&self, number: usize) -> &[T] {
        let before = number.checked_sub(1);
        let begin = before.map_or(Some(&0), |before| self.ends.get(before));
        let range = begin.zip(self.ends.get(number));
        let items = range.and_then(|(begin, end)| self.items.get(*begin..*end));
        items.unwrap_or_default()
    }
}

#[cfg(test)]
#[path = "tests/rows.rs"]
mod tests;
