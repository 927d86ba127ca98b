//! The stage graph: ownership, loops, what may be skipped, what has certainly finished before.
//!
//! Enters: dependencies and owned lists. Leaves: sets of stages by position, an order in which
//! every stage follows what it waits for, and cycles with their whole paths (language
//! reference, section 6). The only user of petgraph.

use petgraph::{algo::tarjan_scc, graph::DiGraph, graph::NodeIndex};

use super::{Role, StageId};

/// What lowering knows of a stage before expressions are read.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    pub(super) depends_on: Vec<StageId>,
    pub(super) owned: Vec<(Role, Vec<StageId>)>,
    pub(super) enabled: bool,
}

/// A set of stages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageSet(Vec<u64>);

impl StageSet {
    /// Whether a stage is in it.
    #[must_use]
    pub fn contains(&self, stage: StageId) -> bool {
        let word = self.0.get(stage.0 as usize / 64).copied().unwrap_or(0);
        word >> (stage.0 % 64) & 1 == 1
    }

    fn insert(&mut self, stage: StageId) {
        let at = stage.0 as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        if let Some(word) = self.0.get_mut(at) {
            *word |= 1 << (stage.0 % 64);
        }
    }

    fn union(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word |= other;
        }
    }

    fn intersect(&mut self, other: &Self) {
        for (at, word) in self.0.iter_mut().enumerate() {
            *word &= other.0.get(at).copied().unwrap_or(0);
        }
    }
}

/// The graph of one pipeline.
#[derive(Debug)]
pub(super) struct Graph {
    links: Vec<Links>,
    /// Owners of each stage, in document order, without doubles.
    pub(super) owners: Vec<Vec<StageId>>,
    /// The innermost loop each stage runs in.
    pub(super) loops: Vec<Option<StageId>>,
    /// Whether each stage may be skipped.
    pub(super) conditional: Vec<bool>,
    /// What has certainly finished before each stage starts.
    pub(super) before: Vec<StageSet>,
    /// Every stage after those it waits for, ties in document order.
    pub(super) order: Vec<StageId>,
}

impl Graph {
    pub(super) fn new(links: Vec<Links>) -> Self {
        let count = links.len();
        let mut owners = vec![Vec::new(); count];
        for (at, link) in links.iter().enumerate() {
            let owner = id(at);
            for member in link.owned.iter().flat_map(|(_, members)| members) {
                if let Some(list) = owners.get_mut(member.0 as usize)
                    && !list.contains(&owner)
                {
                    list.push(owner);
                }
            }
        }
        let mut graph = Self {
            links,
            owners,
            loops: Vec::new(),
            conditional: Vec::new(),
            before: Vec::new(),
            order: Vec::new(),
        };
        graph.loops = (0..count).map(|at| graph.loop_of(id(at), 0)).collect();
        graph.conditional = graph.find_conditional();
        graph.before = graph.find_before();
        graph.order = graph.find_order();
        graph
    }

    fn link(&self, stage: StageId) -> Option<&Links> {
        self.links.get(stage.0 as usize)
    }

    pub(super) fn owners_of(&self, stage: StageId) -> &[StageId] {
        self.owners.get(stage.0 as usize).map_or(&[], Vec::as_slice)
    }

    fn loop_of(&self, stage: StageId, depth: usize) -> Option<StageId> {
        if depth > self.links.len() {
            return None;
        }
        self.owners_of(stage).iter().find_map(|&owner| {
            let loops = self.link(owner)?.owned.iter();
            let body = loops
                .filter(|(role, _)| *role == Role::Loop)
                .any(|(_, body)| body.contains(&stage));
            if body {
                Some(owner)
            } else {
                self.loop_of(owner, depth + 1)
            }
        })
    }

    fn find_conditional(&self) -> Vec<bool> {
        let mut conditional: Vec<bool> = self
            .links
            .iter()
            .zip(&self.owners)
            .map(|(link, owners)| !owners.is_empty() || !link.enabled)
            .collect();
        // Rests on conditional dependencies: until nothing changes.
        loop {
            let mut changed = false;
            for (at, link) in self.links.iter().enumerate() {
                let rests = link.depends_on.iter().any(|dependency| {
                    conditional
                        .get(dependency.0 as usize)
                        .copied()
                        .unwrap_or(false)
                });
                if let Some(flag) = conditional.get_mut(at)
                    && rests
                    && !*flag
                {
                    *flag = true;
                    changed = true;
                }
            }
            if !changed {
                return conditional;
            }
        }
    }

    /// Everything a block runs: what it owns, and what that owns.
    fn inner(&self, block: StageId) -> StageSet {
        let mut set = StageSet::default();
        let mut todo = vec![block];
        while let Some(next) = todo.pop() {
            let members = self
                .link(next)
                .into_iter()
                .flat_map(|link| &link.owned)
                .flat_map(|(_, members)| members);
            for &member in members {
                if !set.contains(member) {
                    set.insert(member);
                    todo.push(member);
                }
            }
        }
        set
    }

    /// Whether a stage finishes only when all it owns has: a try block or a loop.
    pub(super) fn is_block(&self, stage: StageId) -> bool {
        self.link(stage).is_some_and(|link| {
            link.owned.iter().any(|(role, _)| {
                matches!(role, Role::Try | Role::Catch | Role::Finally | Role::Loop)
            })
        })
    }

    /// The outermost blocks around `stage` that `reader` is not part of.
    fn blocks_left(&self, stage: StageId, reader: StageId) -> Vec<StageId> {
        let mut blocks = Vec::new();
        let mut at = stage;
        for _ in 0..self.links.len() {
            let [owner] = *self.owners_of(at) else { break };
            if self.is_block(owner) && !self.inner(owner).contains(reader) {
                blocks.push(owner);
            }
            at = owner;
        }
        blocks
    }

    fn find_before(&self) -> Vec<StageSet> {
        let mut known: Vec<Option<StageSet>> = vec![None; self.links.len()];
        let mut active = vec![false; self.links.len()];
        for at in 0..self.links.len() {
            self.before_of(id(at), &mut known, &mut active);
        }
        known.into_iter().map(Option::unwrap_or_default).collect()
    }

    fn before_of(
        &self,
        stage: StageId,
        known: &mut Vec<Option<StageSet>>,
        active: &mut Vec<bool>,
    ) -> StageSet {
        let at = stage.0 as usize;
        if let Some(Some(done)) = known.get(at) {
            return done.clone();
        }
        // Around a cycle nothing is certain; the cycle itself is reported.
        if active.get(at).copied().unwrap_or(true) {
            return StageSet::default();
        }
        if let Some(flag) = active.get_mut(at) {
            *flag = true;
        }
        let mut set = StageSet::default();
        let dependencies = self
            .link(stage)
            .map(|link| link.depends_on.clone())
            .unwrap_or_default();
        for dependency in dependencies {
            self.finished(dependency, stage, &mut set, known, active);
        }
        let mut owners: Option<StageSet> = None;
        for &owner in self.owners_of(stage) {
            let selected = self.selected_by(owner, stage, known, active);
            match &mut owners {
                None => owners = Some(selected),
                Some(common) => common.intersect(&selected),
            }
        }
        set.union(&owners.unwrap_or_default());
        if let Some(flag) = active.get_mut(at) {
            *flag = false;
        }
        if let Some(slot) = known.get_mut(at) {
            *slot = Some(set.clone());
        }
        set
    }

    /// Adds a finished stage, what finished before it, and what finished with it.
    fn finished(
        &self,
        stage: StageId,
        reader: StageId,
        set: &mut StageSet,
        known: &mut Vec<Option<StageSet>>,
        active: &mut Vec<bool>,
    ) {
        set.insert(stage);
        set.union(&self.before_of(stage, known, active));
        if self.is_block(stage) {
            set.union(&self.inner(stage));
        }
        for block in self.blocks_left(stage, reader) {
            set.insert(block);
            set.union(&self.inner(block));
        }
    }

    /// What is certain when `owner` selects `stage`: the owner, its ancestors, earlier entries.
    fn selected_by(
        &self,
        owner: StageId,
        stage: StageId,
        known: &mut Vec<Option<StageSet>>,
        active: &mut Vec<bool>,
    ) -> StageSet {
        let mut set = self.before_of(owner, known, active);
        set.insert(owner);
        let Some(link) = self.link(owner) else {
            return set;
        };
        let owned = link.owned.clone();
        let mut earlier: Vec<StageId> = Vec::new();
        for (role, members) in &owned {
            let position = members.iter().position(|&member| member == stage);
            let ordered = matches!(role, Role::Try | Role::Catch | Role::Finally | Role::Loop);
            match position {
                Some(position) if ordered => {
                    earlier.extend(members.iter().take(position));
                    break;
                }
                Some(_) => break,
                // A catch list comes after the try list, a finally list after both.
                None if matches!(role, Role::Try | Role::Catch) => earlier.extend(members),
                None => {}
            }
        }
        for entry in earlier {
            self.finished(entry, stage, &mut set, known, active);
        }
        set
    }

    /// What a stage waits for, directly: dependencies, owners, earlier list entries.
    fn waits_for(&self, stage: StageId) -> Vec<StageId> {
        let mut out = self
            .link(stage)
            .map(|link| link.depends_on.clone())
            .unwrap_or_default();
        for &owner in self.owners_of(stage) {
            out.push(owner);
            let lists = self.link(owner).into_iter().flat_map(|link| &link.owned);
            for (role, members) in lists {
                let ordered = matches!(role, Role::Try | Role::Catch | Role::Finally | Role::Loop);
                if let Some(at) = members.iter().position(|&member| member == stage)
                    && ordered
                {
                    out.extend(members.iter().take(at));
                }
            }
        }
        out
    }

    fn find_order(&self) -> Vec<StageId> {
        let mut order = Vec::with_capacity(self.links.len());
        let mut state = vec![0_u8; self.links.len()];
        for at in 0..self.links.len() {
            self.visit(id(at), &mut state, &mut order);
        }
        order
    }

    /// Depth first with a stack of its own: long chains must not overflow.
    fn visit(&self, root: StageId, state: &mut [u8], order: &mut Vec<StageId>) {
        let mut todo = vec![(root, false)];
        while let Some((stage, done)) = todo.pop() {
            let Some(mark) = state.get_mut(stage.0 as usize) else {
                continue;
            };
            if done {
                if *mark == 1 {
                    *mark = 2;
                    order.push(stage);
                }
                continue;
            }
            if *mark != 0 {
                continue;
            }
            *mark = 1;
            todo.push((stage, true));
            let mut next = self.waits_for(stage);
            // A loop's `results` have the type of its last stage's output.
            next.reverse();
            todo.extend(next.into_iter().map(|next| (next, false)));
        }
    }
}

/// Cycles over `edges` (from, to): each as a path that starts at its first stage.
#[must_use]
pub fn cycles(count: usize, edges: &[(StageId, StageId)]) -> Vec<Vec<StageId>> {
    let mut graph: DiGraph<StageId, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..count).map(|at| graph.add_node(id(at))).collect();
    for (from, to) in edges {
        if let (Some(&from), Some(&to)) = (nodes.get(from.0 as usize), nodes.get(to.0 as usize)) {
            graph.update_edge(from, to, ());
        }
    }
    let mut cycles: Vec<Vec<StageId>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|component| component.len() > 1)
        .filter_map(|component| {
            let mut members: Vec<StageId> = component
                .iter()
                .filter_map(|&node| graph.node_weight(node).copied())
                .collect();
            members.sort_unstable();
            shortest_cycle(&members, edges)
        })
        .collect();
    cycles.sort_unstable();
    cycles
}

/// The shortest way from the first member back to itself.
fn shortest_cycle(members: &[StageId], edges: &[(StageId, StageId)]) -> Option<Vec<StageId>> {
    let start = *members.first()?;
    let mut paths = vec![vec![start]];
    let mut seen = vec![start];
    while let Some(path) = (!paths.is_empty()).then(|| paths.remove(0)) {
        let last = *path.last()?;
        let mut next: Vec<StageId> = edges
            .iter()
            .filter(|(from, to)| *from == last && members.contains(to))
            .map(|(_, to)| *to)
            .collect();
        next.sort_unstable();
        for to in next {
            if to == start {
                return Some(path);
            }
            if !seen.contains(&to) {
                seen.push(to);
                let mut longer = path.clone();
                longer.push(to);
                paths.push(longer);
            }
        }
    }
    None
}

fn id(at: usize) -> StageId {
    StageId(u32::try_from(at).unwrap_or(u32::MAX))
}
