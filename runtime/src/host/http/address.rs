//! The URLs of requests: checked, without fragment, with the credentials taken out.
//!
//! Enters: the text of a rendered URL, or the `Location` of a redirect. Leaves: an address. Its
//! path is sent as it was written: `.` and `..` are not resolved, so a value that was escaped stays
//! in its segment. Must not know requests.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hyper::{
    Uri,
    http::uri::{Authority, PathAndQuery, Scheme},
};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::{
    base::percent,
    base::{
        excerpt::cut,
        fault::{Fault, StageError},
    },
};

/// Characters that must be escaped in a path or query. `%` is not among them, because it begins
/// escapes.
const UNSAFE: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address of a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Address {
    uri: Uri,
    /// The `Authorization` header for credentials that were in the URL.
    pub(crate) basic: Option<String>,
}

impl Address {
    /// Reads a URL and adds query parameters.
    ///
    /// # Errors
    /// A `ConfigError` if it is not an `http` or `https` URL with a host.
    pub(crate) fn new(url: &str, query: &[(String, String)]) -> Result<Self, Fault> {
        let url = url.trim();
        let wrong = |what: &str| StageError::config(format!("field `url`: {what}"));
        let Some((scheme, rest)) = url.split_once("://") else {
            return Err(wrong(&format!(
                "expected an `http` or `https` URL, found `{}`",
                short(url)
            )));
        };
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::HTTP,
            "https" => Scheme::HTTPS,
            other => {
                return Err(wrong(&format!(
                    "expected `http` or `https`, found `{}`",
                    short(other)
                )));
            }
        };
        let (rest, _) = rest.split_once('#').unwrap_or((rest, ""));
        let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let authority = host_of(host).ok_or_else(|| {
            wrong(&format!(
                "`{}` is not a host (with an optional port)",
                short(host)
            ))
        })?;
        let target = PathAndQuery::try_from(target(path, query))
            .map_err(|error| wrong(&format!("cannot be used: {error}")))?;
        let uri = Uri::builder()
            .scheme(scheme)
            .authority(authority)
            .path_and_query(target);
        Ok(Self {
            uri: uri
                .build()
                .map_err(|error| wrong(&format!("cannot be used: {error}")))?,
            basic: user.map(basic),
        })
    }

    /// The target of a redirect, resolved against this address. Credentials are kept only for the
    /// same host.
    ///
    /// # Errors
    /// A `ConfigError` if the `Location` is not a URL.
    pub(crate) fn redirect(&self, location: &str) -> Result<Self, Fault> {
        let location = location.trim();
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let host = self.uri.authority().map_or("", Authority::as_str);
        let here = self.uri.path();
        let absolute = if location.contains("://") && !location.starts_with(['/', '?', '.']) {
            location.to_owned()
        } else if let Some(rest) = location.strip_prefix("//") {
            format!("{scheme}://{rest}")
        } else if location.starts_with('/') {
            format!("{scheme}://{host}{}", resolve(location))
        } else if location.starts_with('?') {
            format!("{scheme}://{host}{here}{location}")
        } else {
            let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!(
                "{scheme}://{host}{}",
                resolve(&format!("{folder}/{location}"))
            )
        };
        let mut next = Self::new(&absolute, &[])?;
        if next.basic.is_none() && self.is_same_host(&next) {
            next.basic.clone_from(&self.basic);
        }
        Ok(next)
    }

    /// The URI of the request.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The host: without port and brackets, in lower case.
    pub(crate) fn host(&self) -> String {
        let host = self.uri.host().unwrap_or_default();
        host.trim_start_matches('[')
            .trim_end_matches(']')
            .to_lowercase()
    }

    /// The port; if the URL has none, the usual port of its scheme.
    pub(crate) fn port(&self) -> u16 {
        let default = if self.is_secure() { 443 } else { 80 };
        self.uri.port_u16().unwrap_or(default)
    }

    /// Whether it is `https`.
    pub(crate) fn is_secure(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }

    /// Whether credentials for this address may also be sent to the other.
    pub(crate) fn is_same_host(&self, other: &Self) -> bool {
        self.host() == other.host()
            && self.port() == other.port()
            && self.is_secure() == other.is_secure()
    }

    /// Whether an entry of `allowed` names this host: `host`, `host:port` or `*.domain`.
    pub(crate) fn is_allowed(&self, allowed: &[&str]) -> bool {
        let (host, port) = (self.host(), self.port());
        allowed.iter().any(|entry| match entry.strip_prefix("*.") {
            Some(domain) => host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.')),
            None => {
                let entry = entry.replace(['[', ']'], "");
                entry == host || entry == format!("{host}:{port}")
            }
        })
    }
}

/// Writes `host[:port]` and the path, for messages: without query and credentials.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.uri.authority().map_or("", Authority::as_str);
        write!(f, "{host}{}", self.uri.path())
    }
}

fn host_of(text: &str) -> Option<Authority> {
    let allowed =
        |character: char| character.is_ascii_alphanumeric() || "-._:[]".contains(character);
    if text.is_empty() || text.starts_with(':') || !text.chars().all(allowed) {
        return None;
    }
    let authority: Authority = text.parse().ok()?;
    // `host:` and `host:x` can be parsed, but have no valid port.
    let port = authority
        .as_str()
        .rsplit_once(':')
        .filter(|(_, port)| !port.ends_with(']'));
    if port.is_some_and(|_| authority.port_u16().is_none()) {
        return None;
    }
    Some(authority)
}

fn target(path: &str, query: &[(String, String)]) -> String {
    let mut target = utf8_percent_encode(path, &UNSAFE).to_string();
    if !target.starts_with('/') {
        target.insert(0, '/');
    }
    for (key, value) in query {
        let joint = match target.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, before)) if before.ends_with('&') => "",
            Some(_) => "&",
        };
        target.push_str(joint);
        target.push_str(&percent::encode(key));
        target.push('=');
        target.push_str(&percent::encode(value));
    }
    target
}

fn basic(user: &str) -> String {
    let plain: Vec<u8> = percent_decode_str(user).collect();
    let joined = if plain.contains(&b':') {
        plain
    } else {
        [plain.as_slice(), b":"].concat()
    };
    format!("Basic {}", STANDARD.encode(joined))
}

/// Resolves `.` and `..` in the path of a redirect, as a browser does.
fn resolve(path: &str) -> String {
    let (path, query) = match path.find('?') {
        Some(at) => path.split_at_checked(at).unwrap_or((path, "")),
        None => (path, ""),
    };
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            other => kept.push(other),
        }
    }
    format!("/{}{query}", kept.join("/"))
}

fn short(text: &str) -> String {
    cut(text, 60)
}

#[cfg(test)]
#[path = "tests/address.rs"]
mod tests;
