//! The URLs of requests: checked, without fragment, with the credentials taken out.
//!
//! Enters: the text of a rendered URL, or the `Location` of a redirect. Leaves: an address. Its
//! path is sent as it was written: `.` and `..` are not resolved, so a value that was escaped stays
//! in its segment. Must not know requests.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use fmc_expr::hosts::{Authority, Host};
use hyper::{
    Uri,
    http::uri::{PathAndQuery, Scheme},
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
    /// Its host is written in one way only, so what is connected to is what was checked.
    uri: Uri,
    authority: Authority,
    is_secure: bool,
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
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "http" => false,
            "https" => true,
            other => {
                return Err(wrong(&format!(
                    "expected `http` or `https`, found `{}`",
                    short(other)
                )));
            }
        };
        let (sent, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        let (authority, path) = split(sent);
        // With `svc:begin/end@host`, what is read as the host is the beginning of a password.
        let may_be_password = path.contains('@') || fragment.contains('@');
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        let authority = Authority::parse(host).map_err(|error| {
            wrong(if may_be_password {
                "what is before the first `/`, `?`, `#` or `\\` is not a host, and `@` comes later; in a user or \
                 password they are written `%2F`, `%3F`, `%23` and `%5C`"
            } else {
                &error
            })
        })?;
        let target = PathAndQuery::try_from(target(path, query))
            .map_err(|error| wrong(&format!("cannot be used: {error}")))?;
        let uri = Uri::builder()
            .scheme(if is_secure {
                Scheme::HTTPS
            } else {
                Scheme::HTTP
            })
            .authority(authority.to_string())
            .path_and_query(target);
        Ok(Self {
            uri: uri
                .build()
                .map_err(|error| wrong(&format!("cannot be used: {error}")))?,
            authority,
            is_secure,
            basic: user.map(basic),
        })
    }

    /// The target of a redirect, resolved against this address as RFC 3986 says. Credentials are
    /// kept only for the same host.
    ///
    /// # Errors
    /// A `ConfigError` if the `Location` is not a URL.
    pub(crate) fn redirect(&self, location: &str) -> Result<Self, Fault> {
        let location = location.trim();
        let (location, _) = location.split_once('#').unwrap_or((location, ""));
        let here = self.uri.path();
        let query = self.uri.query().map(|query| format!("?{query}"));
        let path = if location.is_empty() {
            format!("{here}{}", query.unwrap_or_default())
        } else if has_scheme(location) || location.starts_with("//") {
            return self.elsewhere(location);
        } else if location.starts_with('/') {
            resolve(location)
        } else if location.starts_with('?') {
            format!("{here}{location}")
        } else {
            let folder = here.rsplit_once('/').map_or("", |(folder, _)| folder);
            resolve(&format!("{folder}/{location}"))
        };
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let mut next = Self::new(&format!("{scheme}://{}{path}", self.authority), &[])?;
        next.basic.clone_from(&self.basic);
        Ok(next)
    }

    /// The target of a redirect that names a host.
    fn elsewhere(&self, location: &str) -> Result<Self, Fault> {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let (scheme, rest) = match location.strip_prefix("//") {
            Some(rest) => (scheme, rest),
            // The scheme alone is refused like any other text that is not a URL.
            None => match location.split_once("://") {
                Some(parts) => parts,
                None => return Self::new(location, &[]),
            },
        };
        let (authority, path) = split(rest);
        let path = match path.strip_prefix('/') {
            Some(_) => resolve(path),
            None => path.to_owned(),
        };
        let mut next = Self::new(&format!("{scheme}://{authority}{path}"), &[])?;
        if next.basic.is_none() && self.is_same_host(&next) {
            next.basic.clone_from(&self.basic);
        }
        Ok(next)
    }

    /// The URI of the request.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    /// The host, with the port if one was written.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// The host.
    pub(crate) fn host(&self) -> &Host {
        &self.authority.host
    }

    /// The port; if the URL has none, the usual port of its scheme.
    pub(crate) fn port(&self) -> u16 {
        self.authority.port.unwrap_or(self.usual_port())
    }

    /// The port of a host that was written without one.
    pub(crate) fn usual_port(&self) -> u16 {
        if self.is_secure { 443 } else { 80 }
    }

    /// Whether it is `https`.
    pub(crate) fn is_secure(&self) -> bool {
        self.is_secure
    }

    /// Whether credentials for this address may also be sent to the other.
    pub(crate) fn is_same_host(&self, other: &Self) -> bool {
        self.host() == other.host()
            && self.port() == other.port()
            && self.is_secure() == other.is_secure()
    }
}

/// Writes `host[:port]` and the path, for messages: without query and credentials.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.authority, self.uri.path())
    }
}

/// The host with what belongs to it, and the path with the query, of what follows `//`.
fn split(rest: &str) -> (&str, &str) {
    let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
    rest.split_at_checked(end).unwrap_or((rest, ""))
}

/// Whether a reference begins with a scheme, as `mailto:` does. In `a?b=http://c` the `:` is only
/// text.
fn has_scheme(reference: &str) -> bool {
    let of_scheme =
        |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(of_scheme)
    })
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
