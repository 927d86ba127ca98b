//! The headers of requests: which may be sent, and which go along to another host.
//!
//! Enters: names and values, then the address they are for. Leaves: headers, or why they cannot be
//! sent. Must not know settings of stages.

use fmc_expr::hosts::Authority;
use hyper::{
    HeaderMap,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, CONNECTION, CONTENT_ENCODING, CONTENT_LANGUAGE,
        CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, TE,
        TRANSFER_ENCODING, UPGRADE, USER_AGENT,
    },
};

use crate::{
    base::{
        excerpt::cut,
        fault::{Fault, StageError},
    },
    host::{
        http::{address::Address, allowed::Allowed},
        mask::Mask,
    },
};

/// How many headers a request may have, and how many bytes in all of them. Servers refuse fewer.
const MOST: usize = 200;
const MOST_BYTES: usize = 256 << 10;
/// How many characters of a name a message shows.
const SHOWN: usize = 60;

/// What the client writes itself, as it must fit what is sent.
const OF_CLIENT: [HeaderName; 5] = [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, UPGRADE, TE];

/// What a redirect takes along to another host: nothing that could say who asks.
const FOR_ANYONE: [HeaderName; 8] = [
    ACCEPT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LOCATION,
    CONTENT_TYPE,
    USER_AGENT,
];

/// What says how a body is to be read.
const OF_BODY: [HeaderName; 5] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_TYPE,
];

/// The headers of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Headers {
    map: HeaderMap,
    /// The names as they were written, in the order of their first values.
    written: Vec<(HeaderName, String)>,
    bytes: usize,
}

impl Headers {
    /// Adds the values of a header. `Host` can have one only.
    ///
    /// # Errors
    /// A `ConfigError`: not a name of a header, the name of an earlier header in other letters, a
    /// value that cannot be sent, or too many headers.
    pub(crate) fn add<'a>(
        &mut self,
        name: &str,
        values: impl ExactSizeIterator<Item = &'a str>,
    ) -> Result<(), Fault> {
        let known = HeaderName::from_bytes(name.as_bytes());
        let name = cut(name, SHOWN);
        let known = known.map_err(|_| wrong(&format!("`{name}` is not the name of a header")))?;
        let count = values.len();
        if OF_CLIENT.contains(&known) || count == 0 {
            return Ok(());
        }
        if let Some((_, first)) = self.written.iter().find(|(other, _)| *other == known) {
            return Err(wrong(&format!(
                "`{first}` and `{name}` are the same header; several values of one header are written as a list"
            )));
        }
        if known == HOST && count > 1 {
            return Err(wrong(&format!("`{name}` has {count} values, expected one")));
        }
        if self.map.len().saturating_add(count) > MOST {
            return Err(wrong(&format!("there are more than {MOST} headers")));
        }
        for value in values {
            self.bytes += known.as_str().len() + value.len();
            if self.bytes > MOST_BYTES {
                let most = MOST_BYTES >> 10;
                return Err(wrong(&format!("all headers have more than {most} KiB")));
            }
            self.map.append(known.clone(), readable(&name, value)?);
        }
        self.written.push((known, name));
        Ok(())
    }

    /// Sets a header that is not there yet.
    pub(crate) fn usual(&mut self, name: HeaderName, value: &'static str) {
        self.map
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }

    /// The value of a header, if it is text.
    pub(crate) fn get(&self, name: &HeaderName) -> Option<&str> {
        self.map.get(name).and_then(|value| value.to_str().ok())
    }

    /// The headers as they are sent.
    pub(crate) fn map(&self) -> &HeaderMap {
        &self.map
    }

    /// Refuses a `Host` that is not one, or that may not be called: the server behind the address
    /// would take the request for one to that host.
    ///
    /// # Errors
    /// A `ConfigError` that says why.
    pub(crate) fn check_host(&self, address: &Address, allowed: &Allowed) -> Result<(), Fault> {
        let Some(host) = self.map.get(HOST) else {
            return Ok(());
        };
        let text = String::from_utf8_lossy(host.as_bytes());
        let host = Authority::parse(&text)
            .map_err(|error| StageError::config(format!("field `headers.Host`: {error}")))?;
        let port = host.port.unwrap_or(address.usual_port());
        allowed.check_listed(&host.host, port).map_err(|mut fault| {
            fault.message = format!("field `headers.Host`: {}", fault.message);
            fault
        })
    }

    /// Keeps what may be sent to anyone, as a redirect led to another host.
    pub(crate) fn leave_host(&mut self, mask: &Mask) {
        let stays = |name: &HeaderName, value: &HeaderValue| {
            FOR_ANYONE.contains(name) && !mask.finds(&String::from_utf8_lossy(value.as_bytes()))
        };
        let names: Vec<_> = self.map.keys().cloned().collect();
        for name in names {
            if !self
                .map
                .get_all(&name)
                .iter()
                .all(|value| stays(&name, value))
            {
                self.map.remove(&name);
            }
        }
    }

    /// Removes what describes the body, as there is none any more.
    pub(crate) fn drop_body(&mut self) {
        for name in OF_BODY {
            self.map.remove(name);
        }
    }
}

fn readable(name: &str, value: &str) -> Result<HeaderValue, Fault> {
    // The message does not show the value: it is probably a secret, and certainly an attack.
    HeaderValue::from_bytes(value.trim_matches([' ', '\t']).as_bytes()).map_err(|_| {
        StageError::config(format!(
            "field `headers.{name}`: header values cannot have line breaks or control characters"
        ))
    })
}

fn wrong(what: &str) -> Fault {
    StageError::config(format!("field `headers`: {what}"))
}

#[cfg(test)]
#[path = "tests/headers.rs"]
mod tests;
