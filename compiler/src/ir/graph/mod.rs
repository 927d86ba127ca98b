//! The stage graph: who owns whom, which loops run what, what may be skipped, what has finished
//! when.
//!
//! Enters: dependencies and owned lists. Leaves: a graph that answers every question about the
//! stages around a stage, so that no other module walks the stages itself (language reference,
//! section 6). Must not know settings, expressions or findings.

mod before;

mod cycles;

mod listing;

mod order;

mod set;

pub use cycles::cycles;
pub use listing::Listing;
pub use set::StageSet;

use super::{Role, StageId};
use crate::catalogue::StageList;

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
    /// Whether each stage has lists that are gone through in order.
    blocks: Vec<bool>,
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
        let in_order = |link: &Links| link.owned.iter().any(|(role, _)| role.turn().is_some());
        let mut graph = Self {
            owners: owners(&listings),
            blocks: links.iter().map(in_order).collect(),
            listings,
            links,
            ..Self::default()
        };
        graph.loops = graph.stages().map(|stage| graph.find_loop(stage)).collect();
        (graph.order, graph.cyclic) = order::of(&graph);
        graph.conditional = graph.find_conditional();
        graph.before = before::of(&graph);
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

    /// All stages that may select a stage, directly or through stages they own, nearest first.
    #[must_use]
    pub fn around(&self, stage: StageId) -> Vec<StageId> {
        let mut found: Vec<StageId> = Vec::new();
        let mut seen = StageSet::default();
        let mut next = Some(stage);
        let mut at = 0;
        while let Some(stage) = next {
            let owners = self.owners(stage).iter();
            found.extend(owners.filter(|owner| seen.insert(**owner)));
            next = found.get(at).copied();
            at += 1;
        }
        found
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

    /// Whether a stage runs in a list of a certain role, directly or through its owners.
    #[must_use]
    pub fn runs_in(&self, stage: StageId, list: impl Fn(&Role) -> bool) -> bool {
        let mut places = self.around(stage);
        places.push(stage);
        let mut roles = places.into_iter().flat_map(|place| self.listed(place));
        roles.any(|(_, role)| list(role))
    }

    /// Whether a stage ends only after everything it owns has ended: `trycatch` and `foreach`.
    #[must_use]
    pub fn is_block(&self, stage: StageId) -> bool {
        let block = self.blocks.get(stage.0 as usize);
        block.copied().unwrap_or(false)
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

    /// Everything that runs only because of this stage: what it owns, and what those own.
    #[must_use]
    pub fn inner(&self, owner: StageId) -> Vec<StageId> {
        let mut members: Vec<StageId> = Vec::new();
        let mut seen = StageSet::default();
        seen.insert(owner);
        let mut todo = vec![owner];
        while let Some(next) = todo.pop() {
            let lists = self.owned(next).iter();
            for &member in lists.flat_map(|(_, members)| members) {
                if seen.insert(member) {
                    members.push(member);
                    todo.push(member);
                }
            }
        }
        // A stage that another owner may still select has not certainly finished.
        // Removing one member may make others selectable from outside, so repeat until none is
        // removed.
        let mut left = members.len() + 1;
        while members.len() < left {
            left = members.len();
            let known: StageSet = members.iter().copied().chain([owner]).collect();
            members.retain(|member| {
                let mut owners = self.owners(*member).iter();
                owners.all(|other| known.contains(*other))
            });
        }
        members
    }

    /// The blocks that contain `stage` but not `reader`. When `reader` waits for `stage`, these
    /// blocks have ended.
    fn blocks_left(&self, stage: StageId, reader: StageId) -> Vec<StageId> {
        let mut owners = self.certain_owners(stage);
        if !owners.is_empty() {
            let around: StageSet = self.around(reader).into_iter().collect();
            owners.retain(|&owner| self.is_block(owner) && !around.contains(owner));
        }
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
        let own = self.listings(stage).iter();
        let own = own.filter(|listing| listing.owner == owner);
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

    /// The innermost loop whose body contains a stage, directly or through its nearest owner in a
    /// body.
    fn find_loop(&self, stage: StageId) -> Option<StageId> {
        let in_body = |place: StageId| {
            let mut lists = self.listed(place);
            lists.find(|(_, role)| role.is(StageList::Body))
        };
        if self.owners(stage).is_empty() {
            return None;
        }
        let mut places = std::iter::once(stage).chain(self.around(stage));
        places.find_map(in_body).map(|(owner, _)| owner)
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
