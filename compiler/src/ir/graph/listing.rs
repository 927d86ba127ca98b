//! Where the lists of owners name each stage.
//!
//! Enters: what the stages own. Leaves: for each stage the lists it is in and its place there,
//! found once, so that nobody looks through a list of thousands of stages for each of its
//! members. Must not know what a list is for.

use super::{Links, id};
use crate::ir::StageId;

/// A stage in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The stage whose list it is.
    pub owner: StageId,
    /// Which of the owner's lists, from 0.
    pub list: usize,
    /// Its place in the list, from 0; the first where it is named twice.
    pub at: usize,
}

/// By position of the stage: its listings in document order of the owners, and in the order of
/// each owner's lists.
pub(super) fn of(links: &[Links]) -> Vec<Vec<Listing>> {
    let mut listings: Vec<Vec<Listing>> = vec![Vec::new(); links.len()];
    for (owner, link) in links.iter().enumerate() {
        for (list, (_, members)) in link.owned.iter().enumerate() {
            for (at, member) in members.iter().enumerate() {
                let listing = Listing {
                    owner: id(owner),
                    list,
                    at,
                };
                let same = |last: &Listing| (last.owner, last.list) == (listing.owner, list);
                if let Some(known) = listings.get_mut(member.0 as usize)
                    && !known.last().is_some_and(same)
                {
                    known.push(listing);
                }
            }
        }
    }
    listings
}
