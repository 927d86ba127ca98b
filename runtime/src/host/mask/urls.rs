//! The parts of a secret that is a URL, like that of a webhook or of a database.
//!
//! Enters: a secret. Leaves: the parts of it that are secret by themselves and that servers and
//! messages repeat: credentials, path and query. A host alone is none. Must not know how they are
//! looked for.

use fmc_expr::hosts::Authority;
use percent_encoding::percent_decode_str;

use super::sizes::{LONG, SHORT};

/// A shorter path of a secret URL, like `/alerts`, is not a secret by itself.
const SHORT_PATH: usize = 10;

/// The parts of a secret, if it is a URL.
pub(super) fn parts(secret: &str) -> Vec<String> {
    let Some((_, rest)) = secret.split_once("://") else {
        return Vec::new();
    };
    let (authority, target) = split(rest, &['/', '?', '#', '\\']);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let mut parts = credentials(authority);
    parts.extend(misread(host, rest, target));
    parts.extend(behind_host(host, target));
    parts
}

/// User and password, as they are sent, and the password. A user is no secret beside a password,
/// but what stands there alone is a token.
fn credentials(authority: &str) -> Vec<String> {
    let Some((user, _)) = authority.rsplit_once('@') else {
        return Vec::new();
    };
    match user.split_once(':') {
        Some((_, password)) if !password.is_empty() => {
            let both = [user, password].into_iter();
            let long = both.filter(|_| length(password) >= SHORT);
            long.map(str::to_owned).collect()
        }
        alone => {
            let user = alone.map_or(user, |(user, _)| user);
            let long = std::iter::once(user).filter(|user| length(user) >= LONG);
            long.map(str::to_owned).collect()
        }
    }
}

/// What a reader of URLs takes for the host although it may be credentials, which were written with
/// a `/`, `?` or `#`: in `http://svc:begin/end@host/` the host is `svc` with the port `begin`.
fn misread(host: &str, rest: &str, target: &str) -> Vec<String> {
    let read = Authority::parse(host);
    if read.is_ok() && !target.contains('@') {
        return Vec::new();
    }
    let mut parts = vec![host.to_owned()];
    parts.push(match read {
        // Messages show a host as it is connected to, like `0.188.97.78` for `12345678`.
        Ok(authority) => authority.host.to_string(),
        Err(_) => host.split_once(':').map_or("", |(_, port)| port).to_owned(),
    });
    parts.retain(|part| length(part) >= SHORT);
    if target.contains('@') {
        parts.extend(credentials(rest));
    }
    parts
}

/// Host and path, as messages show requests; the path with and without query, as servers repeat
/// it; the query and its values; and the fragment.
fn behind_host(host: &str, target: &str) -> Vec<String> {
    let (whole, fragment) = target.split_once('#').unwrap_or((target, ""));
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    let values = query.split(['&', ';']).filter_map(|pair| {
        let (_, value) = pair.split_once('=')?;
        Some(value)
    });
    let of_query = values.chain([query, fragment]);
    let of_query = of_query.filter(|part| length(part) >= LONG);
    // A form writes blanks as `+`.
    let mut parts: Vec<_> = of_query
        .flat_map(|part| [part.to_owned(), part.replace('+', " ")])
        .collect();
    if !path.trim_matches('/').is_empty() {
        parts.push(format!("{host}{path}"));
        let long = [path, whole, target].into_iter();
        let long = long.filter(|part| part.len() >= SHORT_PATH);
        parts.extend(long.map(str::to_owned));
    }
    parts
}

/// How many characters a part has once it is decoded.
fn length(part: &str) -> usize {
    percent_decode_str(part).decode_utf8_lossy().chars().count()
}

fn split<'t>(text: &'t str, at: &[char]) -> (&'t str, &'t str) {
    let end = text.find(at).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}
