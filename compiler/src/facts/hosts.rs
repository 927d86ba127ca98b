//! Hosts that a pipeline names literally.
//!
//! Enters: lowered stages. Leaves: the hosts of URLs whose start is literal, sorted, each once.

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

/// The host of a URL's start; none where a template may still go on with it.
fn host(start: &str, whole: bool) -> Option<String> {
    let (_, rest) = start.split_once("://")?;
    let end = rest.find(['/', '?', '#']);
    let authority = match end {
        Some(end) => rest.get(..end)?,
        None if whole => rest,
        None => return None,
    };
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then(|| host.to_lowercase())
}
