//! What each stage runs: what it owns, and what those own, unless something else may select it too.
//!
//! Enters: a graph. Leaves: a set for each stage. All are made at once, from a tree in which each
//! stage hangs below the nearest stage without which nothing selects it, so that ten thousand
//! stages which own each other do not take ten thousand walks. Must not know expressions.

use super::{Graph, StageSet};
use crate::ir::StageId;

/// What the stages that own nothing run.
static NOTHING: StageSet = StageSet::new();

/// For each stage, everything that runs only because of it.
#[derive(Debug, Default)]
pub(super) struct Inner(Vec<StageSet>);

impl Inner {
    /// The sets of all stages. For stages that own each other in a circle, which is a mistake with
    /// a finding (FMC0605), they are as if the circle were cut where the search closes it.
    pub(super) fn new(graph: &Graph) -> Self {
        let last_first = members_first(graph);
        let mut tree = Tree(vec![Node::default(); graph.links.len() + 1]);
        for &stage in last_first.iter().rev() {
            let owners = graph.owners(stage).iter().copied();
            let known = owners.filter(|owner| *owner != stage && tree.has(*owner));
            let common = known
                .map(place)
                .reduce(|one, other| tree.common(one, other));
            tree.hang(place(stage), common.unwrap_or(ROOT));
        }
        let mut sets = Self(vec![StageSet::default(); graph.links.len()]);
        for &stage in &last_first {
            let above = tree.node(place(stage)).above;
            sets.add(above, stage);
        }
        sets
    }

    /// Everything that runs only because of this stage.
    pub(super) fn of(&self, stage: StageId) -> &StageSet {
        self.0.get(stage.0 as usize).unwrap_or(&NOTHING)
    }

    /// Adds a stage, with what it runs, to what a place of the tree runs.
    fn add(&mut self, above: usize, stage: StageId) {
        // Nothing runs what hangs at the root.
        let Some(above) = above.checked_sub(1) else {
            return;
        };
        let own = self.0.get_mut(stage.0 as usize).map(std::mem::take);
        if let (Some(set), Some(own)) = (self.0.get_mut(above), &own) {
            set.insert(stage);
            set.union(own);
        }
        if let (Some(set), Some(own)) = (self.0.get_mut(stage.0 as usize), own) {
            *set = own;
        }
    }
}

/// All stages, each after those that it owns, except where owners form a circle.
fn members_first(graph: &Graph) -> Vec<StageId> {
    let is_free = |stage: &StageId| graph.owners(*stage).iter().all(|owner| owner == stage);
    let (free, owned): (Vec<_>, Vec<_>) = graph.stages().partition(is_free);
    let mut seen = StageSet::default();
    let mut order = Vec::with_capacity(graph.links.len());
    // What only a circle owns is not reached from the free ones.
    for root in free.into_iter().chain(owned) {
        let mut todo = vec![(root, false)];
        while let Some((stage, over)) = todo.pop() {
            if over {
                order.push(stage);
            } else if seen.insert(stage) {
                todo.push((stage, true));
                let lists = graph.owned(stage).iter();
                let members = lists.flat_map(|(_, members)| members);
                let new = members.filter(|member| !seen.contains(**member));
                todo.extend(new.map(|member| (*member, false)));
            }
        }
    }
    order
}

/// The place in the tree above all stages.
const ROOT: usize = 0;

/// The place of a stage in the tree.
fn place(stage: StageId) -> usize {
    stage.0 as usize + 1
}

/// Where something hangs in the tree.
#[derive(Clone, Copy, Default)]
struct Node {
    above: usize,
    /// A place far above, so that the way up through ten thousand places takes few steps.
    far: usize,
    /// How many places are above it; 0 for the root and for what does not hang in the tree yet.
    depth: usize,
}

/// The tree. Below the root hang the stages that need no other one to be selected.
struct Tree(Vec<Node>);

impl Tree {
    fn node(&self, place: usize) -> Node {
        self.0.get(place).copied().unwrap_or_default()
    }

    fn has(&self, stage: StageId) -> bool {
        self.node(place(stage)).depth > 0
    }

    fn hang(&mut self, place: usize, above: usize) {
        let up = self.node(above);
        let far = self.node(up.far);
        let further = self.node(far.far);
        // Two jumps of the same length become one of twice the length.
        let doubled = up.depth - far.depth == far.depth - further.depth;
        if let Some(node) = self.0.get_mut(place) {
            *node = Node {
                above,
                far: if doubled { far.far } else { above },
                depth: up.depth + 1,
            };
        }
    }

    /// The lowest place above both or at one of them.
    fn common(&self, one: usize, other: usize) -> usize {
        let (mut high, mut low) = (one, other);
        if self.node(high).depth > self.node(low).depth {
            std::mem::swap(&mut high, &mut low);
        }
        let depth = self.node(high).depth;
        while self.node(low).depth > depth {
            let node = self.node(low);
            let jumps = self.node(node.far).depth >= depth;
            low = if jumps { node.far } else { node.above };
        }
        while low != high {
            let (one, other) = (self.node(low), self.node(high));
            (low, high) = match one.far == other.far {
                true => (one.above, other.above),
                false => (one.far, other.far),
            };
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use fmc_test_expressions::Random;

    use super::Inner;
    use crate::{
        catalogue::StageList,
        ir::{
            Role, StageId,
            graph::{Graph, Links, StageSet, id},
        },
    };

    /// The graph in which each stage owns these.
    fn graph(owned: &[Vec<usize>]) -> Graph {
        let links = owned.iter().map(|members| Links {
            owned: vec![(
                Role::List(StageList::Try),
                members.iter().copied().map(id).collect(),
            )],
            enabled: true,
            ..Links::default()
        });
        Graph::new(links.collect())
    }

    /// What is selected when one stage is not, or when none is left out.
    fn selected(graph: &Graph, without: Option<StageId>) -> StageSet {
        let free = graph
            .stages()
            .filter(|stage| graph.owners(*stage).is_empty());
        let mut todo: Vec<StageId> = free.collect();
        let mut seen = StageSet::default();
        while let Some(stage) = todo.pop() {
            if Some(stage) != without && seen.insert(stage) {
                todo.extend(graph.owned(stage).iter().flat_map(|(_, members)| members));
            }
        }
        seen
    }

    #[test]
    fn a_stage_runs_what_nothing_selects_without_it() {
        let mut random = Random::new(7);
        for _ in 0..300 {
            let count = 2 + random.below(30);
            let owned: Vec<Vec<usize>> = (0..count)
                .map(|at| {
                    let later = (at + 1..count).filter(|_| random.below(count) < 3);
                    later.collect()
                })
                .collect();
            let graph = graph(&owned);
            let inner = Inner::new(&graph);
            let all = selected(&graph, None);
            for owner in graph.stages() {
                let without = selected(&graph, Some(owner));
                let lost = all
                    .iter()
                    .filter(|stage| *stage != owner && !without.contains(*stage));
                let lost: Vec<StageId> = lost.collect();
                let found: Vec<StageId> = inner.of(owner).iter().collect();
                assert_eq!(found, lost, "{owner:?} in {owned:?}");
            }
        }
    }

    #[test]
    fn circles_of_owners_are_cut() {
        let runs = |owned: &[Vec<usize>], owner: usize| -> Vec<u32> {
            let inner = Inner::new(&graph(owned));
            inner.of(id(owner)).iter().map(|stage| stage.0).collect()
        };
        // A stage in its own list.
        let own = [vec![1], vec![1, 2], vec![]];
        assert_eq!(runs(&own, 0), [1, 2]);
        assert_eq!(runs(&own, 1), [2]);
        // A circle with an owner outside, and one without.
        let outside = [vec![1], vec![0, 3], vec![0], vec![]];
        assert_eq!(runs(&outside, 2), [0, 1, 3]);
        assert_eq!(runs(&outside, 1), [3]);
        let alone = [vec![1], vec![2], vec![0, 3], vec![]];
        assert_eq!(runs(&alone, 0), [1, 2, 3]);
    }
}
