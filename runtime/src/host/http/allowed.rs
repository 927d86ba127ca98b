//! Which hosts a process may connect to.
//!
//! Enters: the hosts that `fmc.toml` and the command line name, then hosts and addresses. Leaves:
//! nothing, or why a host is refused. Link-local addresses, where clouds hand out the keys of a
//! machine, must be named. Must not know requests.

use core::net::IpAddr;
use std::{error::Error, fmt};

use fmc_expr::hosts::{Entry, Host, is_known_link_local, is_link_local};

use crate::base::fault::{Fault, StageError};

/// The lists of allowed hosts. A host must be in both; a list that does not exist allows all.
#[derive(Debug, Default)]
pub(crate) struct Allowed {
    /// `allow-hosts` of the project's `fmc.toml`, which was compiled in.
    compiled: Option<Vec<Entry>>,
    /// The hosts of `--allow-host`.
    given: Option<Vec<Entry>>,
}

impl Allowed {
    /// The lists of a binary. `given` is empty without `--allow-host`.
    pub(crate) fn new(compiled: Option<&[&str]>, given: &[Entry]) -> Self {
        // The compiler read each entry. One that cannot be read allows nothing.
        let read = |entry: &&str| Entry::parse(entry).ok();
        Self {
            compiled: compiled.map(|entries| entries.iter().filter_map(read).collect()),
            given: (!given.is_empty()).then(|| given.to_vec()),
        }
    }

    /// Refuses a host that is not in a list.
    ///
    /// # Errors
    /// A `ConfigError` that says where hosts are allowed, and which.
    pub(crate) fn check_listed(&self, host: &Host, port: u16) -> Result<(), Fault> {
        for (allowed, who) in [
            (&self.compiled, "`allow-hosts` of `fmc.toml`"),
            (&self.given, "`--allow-host`"),
        ] {
            let admits = |allowed: &[Entry]| allowed.iter().any(|entry| entry.admits(host, port));
            let Some(allowed) = allowed.as_deref().filter(|allowed| !admits(allowed)) else {
                continue;
            };
            let hosts: Vec<_> = allowed.iter().map(|host| format!("`{host}`")).collect();
            let hosts = if hosts.is_empty() {
                "none".to_owned()
            } else {
                hosts.join(", ")
            };
            return Err(StageError::config(format!(
                "host `{host}` is not allowed; {who} names {hosts}"
            )));
        }
        Ok(())
    }

    /// Refuses a host to connect to: one that is not in a list, or is link-local and not named.
    ///
    /// # Errors
    /// A `ConfigError` that says why.
    pub(crate) fn check(&self, host: &Host, port: u16) -> Result<(), Fault> {
        self.check_listed(host, port)?;
        if !is_known_link_local(host) || self.names(host, Some(port)) {
            return Ok(());
        }
        let refused = LinkLocal {
            host: host.to_string(),
            address: None,
        };
        Err(StageError::config(refused.to_string()))
    }

    /// The addresses of a name that may be connected to.
    ///
    /// # Errors
    /// There were addresses, but all of them are link-local and not named.
    pub(crate) fn reachable<T: Copy>(
        &self,
        name: &str,
        found: Vec<T>,
        address: impl Fn(T) -> IpAddr,
    ) -> Result<Vec<T>, LinkLocal> {
        let named = Host::parse(name).is_ok_and(|host| self.names(&host, None));
        let may = |one: IpAddr| named || !is_link_local(one) || self.names(&Host::from(one), None);
        let first = found.first().copied();
        let kept: Vec<T> = found.into_iter().filter(|one| may(address(*one))).collect();
        match first {
            Some(first) if kept.is_empty() => Err(LinkLocal {
                host: name.to_owned(),
                address: Some(address(first)),
            }),
            _ => Ok(kept),
        }
    }

    /// Whether a list names this host itself, not only the names around it. Without a port, on any
    /// port.
    fn names(&self, host: &Host, port: Option<u16>) -> bool {
        let mut entries = self.compiled.iter().chain(&self.given).flatten();
        entries.any(|entry| entry.names(host, port))
    }
}

/// A host that would have led to a link-local address.
#[derive(Debug)]
pub(crate) struct LinkLocal {
    host: String,
    /// The address, if the host is a name that was looked up.
    address: Option<IpAddr>,
}

impl fmt::Display for LinkLocal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "host `{}` ", self.host)?;
        match self.address {
            Some(address) => write!(f, "leads to the link-local address `{address}`, which")?,
            None => f.write_str("is link-local, which")?,
        }
        f.write_str(" is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it")
    }
}

impl Error for LinkLocal {}

#[cfg(test)]
#[path = "tests/allowed.rs"]
mod tests;
