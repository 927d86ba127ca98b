//! HTTP (feature `http`): requests, their redirects, whole responses.
//!
//! Enters: addresses, headers, bodies. Leaves: responses, or errors that say which host did not
//! respond and why. Must not know stages; [`Network`] says what a run may do.

pub(crate) mod address;

pub(crate) mod body;

pub(crate) mod client;

pub(crate) mod exchange;

mod proxy;

pub(crate) mod rooms;

mod tls;

#[cfg(test)]
pub(crate) mod tests;

use std::rc::Rc;

use hyper::{HeaderMap, header::RETRY_AFTER};

use crate::{
    base::fault::{Fault, StageError},
    host::{
        mask::Mask,
        world::{Moment, until_http_date},
    },
};

use address::Address;
use client::Clients;

/// The network, as a run may use it.
#[derive(Debug)]
pub(crate) struct Network {
    /// The clients of the process, which may have connections from earlier runs.
    pub(crate) clients: Rc<Clients>,
    /// The hosts that `fmc.toml` of the project allows. `None` when it names none.
    pub(crate) compiled: Option<&'static [&'static str]>,
    /// The hosts of `--allow-host`. If there are none, all hosts are allowed.
    pub(crate) given: Vec<String>,
    /// Finds secrets, which must not be sent to another host after a redirect.
    pub(crate) mask: Mask,
}

impl Network {
    /// Refuses a host that is not allowed. Both `fmc.toml` and the command line must allow it.
    ///
    /// # Errors
    /// A `ConfigError` that says where hosts are allowed, and which.
    fn check(&self, address: &Address) -> Result<(), Fault> {
        let given: Vec<&str> = self.given.iter().map(String::as_str).collect();
        let given = (!given.is_empty()).then_some(given.as_slice());
        for (allowed, who) in [
            (self.compiled, "`allow-hosts` of `fmc.toml`"),
            (given, "`--allow-host`"),
        ] {
            let Some(allowed) = allowed.filter(|allowed| !address.is_allowed(allowed)) else {
                continue;
            };
            let hosts: Vec<_> = allowed.iter().map(|host| format!("`{host}`")).collect();
            let hosts = if hosts.is_empty() {
                "none".to_owned()
            } else {
                hosts.join(", ")
            };
            return Err(StageError::config(format!(
                "host `{}` is not allowed; {who} names {hosts}",
                address.host(),
            )));
        }
        Ok(())
    }
}

/// How long a server asks to wait, in milliseconds. `Retry-After` has seconds or a date.
pub(crate) fn retry_after_ms(headers: &HeaderMap, now: Moment) -> Option<u64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    match text.parse::<u64>() {
        Ok(seconds) => Some(seconds.saturating_mul(1000)),
        Err(_) => until_http_date(text, now),
    }
}
