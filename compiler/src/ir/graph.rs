//! The stage graph: ownership, loops, what may be skipped, what has certainly finished before.
//!
//! Enters: dependencies and owned lists. Leaves: sets of stages by position, an order in which
//! every stage follows what it waits for, and cycles with their whole paths (language
//! reference, section 6). The only user of petgraph.

use petgraph::{algo::kosaraju_scc, graph::DiGraph, graph::NodeIndex};

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
    /// Some stages wait for each other, so that nothing is certain about their order.
    pub(super) cyclic: bool,
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
            cyclic: false,
        };
        graph.loops = (0..count).map(|at| graph.loop_of(id(at))).collect();
        (graph.order, graph.cyclic) = graph.find_order();
        graph.conditional = graph.find_conditional();
        graph.before = graph.find_before();
        graph
    }

    fn link(&self, stage: StageId) -> Option<&Links> {
        self.links.get(stage.0 as usize)
    }

    pub(super) fn owners_of(&self, stage: StageId) -> &[StageId] {
        self.owners.get(stage.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// The loop in whose body a stage stands, itself or through the nearest owner that does.
    fn loop_of(&self, stage: StageId) -> Option<StageId> {
        let mut reached = vec![stage];
        let mut at = 0;
        while let Some(&stage) = reached.get(at) {
            at += 1;
            for &owner in self.owners_of(stage) {
                let lists = self.link(owner).into_iter().flat_map(|link| &link.owned);
                let mut bodies = lists.filter(|(role, _)| *role == Role::Body);
                if bodies.any(|(_, body)| body.contains(&stage)) {
                    return Some(owner);
                }
                if !reached.contains(&owner) {
                    reached.push(owner);
                }
            }
        }
        None
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
            for &stage in &self.order {
                let Some(link) = self.link(stage) else {
                    continue;
                };
                let rests = link.depends_on.iter().any(|dependency| {
                    conditional
                        .get(dependency.0 as usize)
                        .copied()
                        .unwrap_or(false)
                });
                if let Some(flag) = conditional.get_mut(stage.0 as usize)
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

    /// Everything a stage runs and nobody else does: what it owns, and what that owns.
    fn inner(&self, owner: StageId) -> StageSet {
        let mut members: Vec<StageId> = Vec::new();
        let mut todo = vec![owner];
        while let Some(next) = todo.pop() {
            let lists = self.link(next).into_iter().flat_map(|link| &link.owned);
            for &member in lists.flat_map(|(_, members)| members) {
                if member != owner && !members.contains(&member) {
                    members.push(member);
                    todo.push(member);
                }
            }
        }
        // What another owner may still select has not certainly finished.
        loop {
            let known = members.clone();
            members.retain(|member| {
                let mut owners = self.owners_of(*member).iter();
                owners.all(|other| *other == owner || known.contains(other))
            });
            if members.len() == known.len() {
                break;
            }
        }
        let mut set = StageSet::default();
        members.into_iter().for_each(|member| set.insert(member));
        set
    }

    /// Whether a stage finishes only when all it owns has: a try block or a loop.
    pub(super) fn is_block(&self, stage: StageId) -> bool {
        self.link(stage)
            .is_some_and(|link| link.owned.iter().any(|(role, _)| role.turn().is_some()))
    }

    /// The stages that may select a stage, themselves or through what they own.
    pub(super) fn around(&self, stage: StageId) -> Vec<StageId> {
        around(stage, |stage| self.owners_of(stage))
    }

    /// The blocks around `stage` that `reader` is not part of.
    fn blocks_left(&self, stage: StageId, reader: StageId) -> Vec<StageId> {
        let mut blocks = Vec::new();
        let around = self.around(reader);
        let mut at = stage;
        for _ in 0..self.links.len() {
            let [owner] = *self.owners_of(at) else { break };
            if self.is_block(owner) && !around.contains(&owner) {
                blocks.push(owner);
            }
            at = owner;
        }
        blocks
    }

    fn find_before(&self) -> Vec<StageSet> {
        let mut known: Vec<Option<StageSet>> = vec![None; self.links.len()];
        let mut active = vec![false; self.links.len()];
        // What a stage waits for comes first, so that nothing recurses deep.
        for &stage in &self.order {
            self.before_of(stage, &mut known, &mut active);
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
        let around = self.around(stage);
        for dependency in dependencies {
            if around.contains(&dependency) {
                // Inside, a stage rests on its owner's beginning.
                set.union(&self.selecting(dependency, known, active));
            } else {
                self.finished(dependency, stage, &mut set, known, active);
            }
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
        set.union(&self.inner(stage));
        for block in self.blocks_left(stage, reader) {
            set.insert(block);
            set.union(&self.inner(block));
        }
    }

    /// What is certain once `owner` has begun to select stages: what came before it, and its
    /// own output where it has decided by then. A block only ends after its stages.
    fn selecting(
        &self,
        owner: StageId,
        known: &mut Vec<Option<StageSet>>,
        active: &mut Vec<bool>,
    ) -> StageSet {
        let mut set = self.before_of(owner, known, active);
        if !self.is_block(owner) {
            set.insert(owner);
        }
        set
    }

    /// What is certain when `owner` selects `stage`: also earlier entries of its lists.
    fn selected_by(
        &self,
        owner: StageId,
        stage: StageId,
        known: &mut Vec<Option<StageSet>>,
        active: &mut Vec<bool>,
    ) -> StageSet {
        let mut set = self.selecting(owner, known, active);
        for entry in self.earlier(owner, stage) {
            self.finished(entry, stage, &mut set, known, active);
        }
        set
    }

    /// The entries of `owner`'s lists that are over when `stage`'s turn comes.
    fn earlier(&self, owner: StageId, stage: StageId) -> Vec<StageId> {
        let lists = self.link(owner).map_or(&[][..], |link| &link.owned);
        let turns = lists.iter().filter_map(|(role, members)| {
            let at = members.iter().position(|&member| member == stage)?;
            Some((role.turn()?, members.iter().take(at)))
        });
        // In two of them: what is certain in the first is certain in the second.
        let Some((own, before)) = turns.min_by_key(|(turn, _)| *turn) else {
            return Vec::new();
        };
        let over = lists
            .iter()
            .filter(|(role, _)| role.turn().is_some_and(|turn| turn < own));
        let over = over.flat_map(|(_, members)| members).chain(before);
        over.copied().collect()
    }

    /// What a stage waits for, directly: dependencies, owners, earlier list entries.
    fn waits_for(&self, stage: StageId) -> Vec<StageId> {
        let mut out = self
            .link(stage)
            .map(|link| link.depends_on.clone())
            .unwrap_or_default();
        for &owner in self.owners_of(stage) {
            out.push(owner);
            out.extend(self.earlier(owner, stage));
        }
        out
    }

    /// What should be understood before a stage is: what it waits for, and what that runs.
    fn understood_first(&self, stage: StageId) -> Vec<StageId> {
        let mut out = Vec::new();
        for first in self.waits_for(stage) {
            out.push(first);
            if self.link(first).is_none_or(|link| link.owned.is_empty()) {
                continue;
            }
            let around = self.inner(first);
            if !around.contains(stage) && !self.owners_of(stage).contains(&first) {
                out.extend(
                    (0..self.links.len())
                        .map(id)
                        .filter(|at| around.contains(*at)),
                );
            }
        }
        out
    }

    fn find_order(&self) -> (Vec<StageId>, bool) {
        let mut order = Vec::with_capacity(self.links.len());
        let mut state = vec![0_u8; self.links.len()];
        let mut cyclic = false;
        for at in 0..self.links.len() {
            cyclic |= self.visit(id(at), &mut state, &mut order);
        }
        (order, cyclic)
    }

    /// Depth first with a stack of its own: long chains must not overflow. Gives whether a way
    /// led back to where it came from.
    fn visit(&self, root: StageId, state: &mut [u8], order: &mut Vec<StageId>) -> bool {
        let mut cyclic = false;
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
                cyclic |= *mark == 1;
                continue;
            }
            *mark = 1;
            todo.push((stage, true));
            let mut next = self.understood_first(stage);
            next.reverse();
            todo.extend(next.into_iter().map(|next| (next, false)));
        }
        cyclic
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
    let mut cycles: Vec<Vec<StageId>> = kosaraju_scc(&graph)
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

/// The stages that may select a stage, themselves or through what they own, nearest first;
/// `owners_of` gives the owners of one.
pub fn around<'a>(stage: StageId, owners_of: impl Fn(StageId) -> &'a [StageId]) -> Vec<StageId> {
    let mut found: Vec<StageId> = Vec::new();
    let mut seen = StageSet::default();
    let mut next = Some(stage);
    let mut at = 0;
    while let Some(stage) = next {
        for &owner in owners_of(stage) {
            if !seen.contains(owner) {
                seen.insert(owner);
                found.push(owner);
            }
        }
        next = found.get(at).copied();
        at += 1;
    }
    found
}

fn id(at: usize) -> StageId {
    StageId(u32::try_from(at).unwrap_or(u32::MAX))
}
