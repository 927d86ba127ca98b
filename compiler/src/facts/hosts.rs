//! Hosts that are written literally in URLs.
//!
//! Enters: typed stages. Leaves: the hosts of URLs that start with literal text, sorted, without
//! duplicates. Must not know what is allowed.

use fmc_expr::hosts::Authority;

use crate::ir::{
    Stage,
    config::{ConfigKind, Segment},
};

/// The hosts of literal URLs.
pub(super) fn of(stages: &[Stage]) -> Vec<String> {
    let mut hosts: Vec<String> = stages
        .iter()
        .filter_map(|stage| {
            let url = &stage.setting("url")?.value;
            let ConfigKind::Url(parts) = &url.kind else {
                return host(url.text()?, true);
            };
            match parts.as_slice() {
                [Segment::Text(start), rest @ ..] => host(start, rest.is_empty()),
                _ => None,
            }
        })
        .collect();
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// The host in the literal start of a URL. `None` when a template may continue the host name, as in
/// `https://api{{…}}`. `whole` says that no template follows.
fn host(start: &str, whole: bool) -> Option<String> {
    let (_, rest) = start.split_once("://")?;
    let end = rest.find(['/', '?', '#', '\\']);
    let authority = match end {
        Some(end) => rest.get(..end)?,
        None if whole => rest,
        None => return None,
    };
    let host = authority.rsplit('@').next()?;
    // What is not a host is refused when the stage runs.
    let host = Authority::parse(host).ok()?;
    Some(host.to_string())
}
