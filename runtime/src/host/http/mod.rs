//! HTTP (feature `http`): requests, their redirects, whole responses.
//!
//! Enters: addresses, headers, bodies. Leaves: responses, or errors that say which host did not
//! respond and why. Must not know stages.

pub(crate) mod address;

pub(crate) mod allowed;

pub(crate) mod body;

pub(crate) mod client;

pub(crate) mod exchange;

pub(crate) mod headers;

pub(crate) mod lookup;

mod proxy;

pub(crate) mod rooms;

mod tls;

pub(crate) mod unpack;

#[cfg(test)]
pub(crate) mod tests;

use std::rc::Rc;

use hyper::{HeaderMap, header::RETRY_AFTER};

use crate::host::{
    mask::Mask,
    world::{Moment, until_http_date},
};

use client::Clients;

/// The network, as a run may use it.
#[derive(Debug)]
pub(crate) struct Network {
    /// The clients of the process, which may have connections from earlier runs.
    pub(crate) clients: Rc<Clients>,
    /// Finds secrets, which must not be sent to another host after a redirect.
    pub(crate) mask: Mask,
}

/// How long a server asks to wait, in milliseconds. `Retry-After` has seconds or a date.
pub(crate) fn retry_after_ms(headers: &HeaderMap, now: Moment) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<u64>() {
        Ok(seconds) => Some(seconds.saturating_mul(1000)),
        Err(_) => until_http_date(text, now),
    }
}
