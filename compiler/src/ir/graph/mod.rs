//! The stage graph: who owns whom, which loops run what, what may be skipped, what has finished
//! when.
//!
//! Enters: dependencies and owned lists. Leaves: a graph that answers every question about the
//! stages around a stage, so that no other module walks the stages itself (language reference,
//! section 6). Must not know settings, expressions or findings.

mod around;

mod before;

mod cycles;

mod inner;

mod listing;

mod order;

mod set;

pub use cycles::cycles;
pub use listing::Listing;
pub use set::StageSet;

use super::{Role, StageId};
use crate::catalogue::StageList;

/// What is around a stage that nothing owns.
static NO_STAGES: StageSet = StageSet::new();

/// The stages that one stage names.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// The stages in its `depends_on`.
    pub depends_on: Vec<StageId>,
    /// Its lists of stages, as written.
    pub owned: Vec<(Role, Vec<StageId>)>,
    /// `enabled` of the stage; a disabled stage is skipped.
    pub enabled: bool,
}

/// The graph of one pipeline.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    links: Vec<Links>,
    /// Where lists name each stage.
    listings: Vec<Vec<Listing>>,
    /// The owners of each stage, in document order, without duplicates.
    owners: Vec<Vec<StageId>>,
    /// All stages that may select each stage, directly or through stages they own.
    around: Vec<StageSet>,
    /// The stages that have lists that are gone through in order.
    blocks: StageSet,
    /// The stages in a catch or finally list.
    reactions: StageSet,
    /// The innermost loop that runs each stage.
    loops: Vec<Option<StageId>>,
    /// Whether each stage may be skipped.
    conditional: Vec<bool>,
    before: Vec<StageSet>,
    order: Vec<StageId>,
    /// Whether some stages wait for each other. Set with the order; see [`Graph::is_cyclic`].
    cyclic: bool,
}

impl Graph {
    /// Builds the graph. Stages refer to each other by index.
    #[must_use]
    pub fn new(links: Vec<Links>) -> Self {
        let listings = listing::of(&links);
        let mut graph = Self {
            owners: owners(&listings),
            blocks: owning(&links, |role| role.turn().is_some()),
            listings,
            links,
            ..Self::default()
        };
        let inner = inner::Inner::new(&graph);
        (graph.order, graph.cyclic) = order::of(&graph, &inner);
        graph.around = around::of(&graph);
        graph.loops = around::loops(&graph);
        graph.reactions = graph.find_reactions();
        graph.conditional = graph.find_conditional();
        graph.before = before::of(&graph, &inner);
        graph
    }

    fn link(&self, stage: StageId) -> Option<&Links> {
        self.links.get(stage.0 as usize)
    }

    fn stages(&self) -> impl Iterator<Item = StageId> + use<> {
        (0..self.links.len()).map(id)
    }

    /// All stages, each after those it waits for; otherwise in document order.
    #[must_use]
    pub fn order(&self) -> &[StageId] {
        &self.order
    }

    /// Whether some stages wait for each other. Nothing is then certain about their order.
    #[must_use]
    pub fn is_cyclic(&self) -> bool {
        self.cyclic
    }

    /// The stages in its `depends_on`, as written.
    #[must_use]
    pub fn depends_on(&self, stage: StageId) -> &[StageId] {
        self.link(stage).map_or(&[], |link| &link.depends_on)
    }

    /// The lists that a stage owns, as written.
    #[must_use]
    pub fn owned(&self, stage: StageId) -> &[(Role, Vec<StageId>)] {
        self.link(stage).map_or(&[], |link| &link.owned)
    }

    /// The stages that may select this one, in document order.
    #[must_use]
    pub fn owners(&self, stage: StageId) -> &[StageId] {
        self.owners.get(stage.0 as usize).map_or(&[], Vec::as_slice)
    }

    /// Its owner, when it has exactly one.
    #[must_use]
    pub fn only_owner(&self, stage: StageId) -> Option<StageId> {
        match self.owners(stage) {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The owners that certainly select a stage, nearest first: its only owner, the only owner of
    /// that one, and so on, until a stage has several owners or none.
    #[must_use]
    pub fn certain_owners(&self, stage: StageId) -> Vec<StageId> {
        let mut found = Vec::new();
        let mut seen = StageSet::default();
        let mut at = stage;
        while let Some(owner) = self.only_owner(at)
            && seen.insert(owner)
        {
            found.push(owner);
            at = owner;
        }
        found
    }

    /// All stages that may select a stage, directly or through stages they own.
    #[must_use]
    pub fn around(&self, stage: StageId) -> &StageSet {
        self.around.get(stage.0 as usize).unwrap_or(&NO_STAGES)
    }

    /// The stages that have certainly not finished while a stage runs: itself, and the blocks that
    /// contain it.
    #[must_use]
    pub fn unfinished(&self, stage: StageId) -> StageSet {
        let mut blocks = self.around(stage).clone();
        blocks.intersect(&self.blocks);
        blocks.insert(stage);
        blocks
    }

    /// Each owner of a stage with the role of the list that has it. An owner with the stage in two
    /// lists comes twice.
    pub fn listed(&self, stage: StageId) -> impl Iterator<Item = (StageId, &Role)> {
        let listings = self.listings(stage).iter();
        listings.filter_map(|listing| {
            let (role, _) = self.owned(listing.owner).get(listing.list)?;
            Some((listing.owner, role))
        })
    }

    /// Where lists name a stage: in document order of their owners, then in the order of each
    /// owner's lists.
    #[must_use]
    pub fn listings(&self, stage: StageId) -> &[Listing] {
        let listings = self.listings.get(stage.0 as usize);
        listings.map_or(&[], Vec::as_slice)
    }

    /// The innermost loop whose body contains a stage.
    #[must_use]
    pub fn loop_of(&self, stage: StageId) -> Option<StageId> {
        self.loops.get(stage.0 as usize).copied().flatten()
    }

    /// The loops whose bodies contain a stage, innermost first.
    pub fn loops(&self, stage: StageId) -> impl Iterator<Item = StageId> {
        // A loop inside its own body is a mistake with a finding; `take` keeps it from looping
        // forever here.
        std::iter::successors(self.loop_of(stage), |&outer| self.loop_of(outer))
            .take(self.links.len())
    }

    /// The loops whose body ends with this stage, so that its output becomes an entry of their
    /// `results`.
    pub fn loops_ending_with(&self, stage: StageId) -> impl Iterator<Item = StageId> {
        let listings = self.listings(stage).iter();
        listings.filter_map(move |listing| {
            let (role, members) = self.owned(listing.owner).get(listing.list)?;
            let ends = role.is(StageList::Body) && members.last() == Some(&stage);
            ends.then_some(listing.owner)
        })
    }

    /// Whether a stage runs in a catch or finally list, directly or through its owners.
    #[must_use]
    pub fn is_reaction(&self, stage: StageId) -> bool {
        self.reactions.contains(stage) || self.reactions.meets(self.around(stage))
    }

    /// Whether a stage ends only after everything it owns has ended: `trycatch` and `foreach`.
    #[must_use]
    pub fn is_block(&self, stage: StageId) -> bool {
        self.blocks.contains(stage)
    }

    /// Whether a stage may be skipped: because it is owned, disabled, or depends on a stage that
    /// may be skipped.
    #[must_use]
    pub fn is_conditional(&self, stage: StageId) -> bool {
        let flag = self.conditional.get(stage.0 as usize);
        flag.copied().unwrap_or(false)
    }

    /// Whether `target` has certainly finished before `reader` starts.
    #[must_use]
    pub fn is_before(&self, target: StageId, reader: StageId) -> bool {
        let before = self.before(reader);
        before.is_some_and(|set| set.contains(target))
    }

    /// All stages that have certainly finished before a stage starts.
    #[must_use]
    pub fn before(&self, stage: StageId) -> Option<&StageSet> {
        self.before.get(stage.0 as usize)
    }

    /// Whether two stages are on different branches of the same choice, and nothing else selects
    /// either of them.
    #[must_use]
    pub fn exclusive(&self, one: StageId, other: StageId) -> bool {
        let (Some(owner), Some(same)) = (self.only_owner(one), self.only_owner(other)) else {
            return false;
        };
        let together = |listing: &Listing| {
            let mut others = self.listings(other).iter();
            others.any(|other| other.list == listing.list)
        };
        owner == same && !self.is_block(owner) && !self.listings(one).iter().any(together)
    }

    /// The blocks that contain `stage` but not `reader`. When `reader` waits for `stage`, these
    /// blocks have ended.
    fn blocks_left(&self, stage: StageId, reader: StageId) -> Vec<StageId> {
        let mut owners = self.certain_owners(stage);
        let around = self.around(reader);
        owners.retain(|&owner| self.is_block(owner) && !around.contains(owner));
        owners
    }

    /// The lists of `owner` that are gone through in order, by their turns.
    fn turns(&self, owner: StageId) -> Vec<(u8, &[StageId])> {
        let lists = self.owned(owner).iter();
        let mut turns: Vec<_> = lists
            .filter_map(|(role, members)| Some((role.turn()?, members.as_slice())))
            .collect();
        turns.sort_by_key(|(turn, _)| *turn);
        turns
    }

    /// How many of [`Graph::turns`]'s entries are over when `stage`'s turn comes: none for the
    /// branches of a choice.
    fn over(&self, owner: StageId, stage: StageId) -> usize {
        let lists = self.owned(owner);
        // The listings are in the order of the owners.
        let own = self.listings(stage);
        let first = own.partition_point(|listing| listing.owner < owner);
        let own = own.iter().skip(first);
        let own = own.take_while(|listing| listing.owner == owner);
        let own = own.filter_map(|listing| {
            let (role, _) = lists.get(listing.list)?;
            Some((role.turn()?, listing.at))
        });
        // A stage in two of the lists: only what is certain at its first turn is certain at both.
        let Some((turn, at)) = own.min_by_key(|(turn, _)| *turn) else {
            return 0;
        };
        let turns = self.turns(owner).into_iter();
        let before = turns.filter(|(other, _)| *other < turn);
        before.map(|(_, members)| members.len()).sum::<usize>() + at
    }

    fn find_reactions(&self) -> StageSet {
        let reacts = |role: &Role| role.is(StageList::Catch) || role.is(StageList::Finally);
        let listed = |stage: &StageId| self.listed(*stage).any(|(_, role)| reacts(role));
        self.stages().filter(listed).collect()
    }

    fn find_conditional(&self) -> Vec<bool> {
        let mut conditional: Vec<bool> = self
            .links
            .iter()
            .zip(&self.owners)
            .map(|(link, owners)| !owners.is_empty() || !link.enabled)
            .collect();
        // A stage that depends on one that may be skipped may be skipped too. In this order one
        // pass is enough, unless there is a cycle.
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for &stage in &self.order {
                let is = |stage: &StageId| conditional.get(stage.0 as usize) == Some(&true);
                if !is(&stage) && self.depends_on(stage).iter().any(is) {
                    changed = true;
                    if let Some(flag) = conditional.get_mut(stage.0 as usize) {
                        *flag = true;
                    }
                }
            }
        }
        conditional
    }
}

/// The stages that own a list of a certain role.
fn owning(links: &[Links], list: impl Fn(&Role) -> bool) -> StageSet {
    let owns = |(at, link): (usize, &Links)| {
        let owns = link.owned.iter().any(|(role, _)| list(role));
        owns.then(|| id(at))
    };
    links.iter().enumerate().filter_map(owns).collect()
}

/// The owners of each stage, in document order, without duplicates.
fn owners(listings: &[Vec<Listing>]) -> Vec<Vec<StageId>> {
    let of = |listings: &Vec<Listing>| {
        let mut owners: Vec<_> = listings.iter().map(|listing| listing.owner).collect();
        owners.dedup();
        owners
    };
    listings.iter().map(of).collect()
}

fn id(at: usize) -> StageId {
    StageId(u32::try_from(at).unwrap_or(u32::MAX))
}
