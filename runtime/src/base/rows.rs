//! Many short lists in two allocations. Each list has a small number.
//!
//! Enters: pairs of the number of a list and an item, like a stage and a stage that depends on it.
//! Leaves: each list as a slice. A `Vec` for each stage would need an allocation for each stage,
//! which costs more than all use of the list. Must not know what the items are.

/// Lists that are found by number.
#[derive(Debug)]
pub(crate) struct Rows<T> {
    /// The end of each list. It begins where the list before it ends.
    ends: Vec<usize>,
    items: Vec<T>,
}

impl<T: Copy + Default> Rows<T> {
    /// Makes `count` lists. Each has its items in the order of the pairs. A pair whose number is
    /// `count` or more is left out.
    pub(crate) fn new(count: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Self {
        let mut ends = vec![0; count];
        for (number, _) in pairs.clone() {
            if let Some(length) = ends.get_mut(number) {
                *length += 1;
            }
        }
        // Replaces the length of each list by its beginning, which then moves to its end as items
        // are added.
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

    /// The list with this number; empty if there is none.
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
