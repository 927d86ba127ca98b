//! Hosts, as URLs and lists of allowed hosts write them.
//!
//! Enters: text. Leaves: hosts that are equal if they are the same, however they were written
//! (`0x7f.1` is `127.0.0.1`), and entries that say which hosts they admit. The command line, the
//! compiler and the requests all read hosts here, so none of them can be tricked by a spelling that
//! another one reads differently. Must not know requests, or where a list comes from.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::fmt;

/// What an entry may be, for messages.
const SHAPES: &str =
    "a host like `api.example.com`, `api.example.com:8443`, `*.example.com` or `[::1]:8080`";
/// How many characters of a wrong text a message shows.
const SHOWN: usize = 60;
/// The longest name and the longest label of DNS.
const NAME: usize = 253;
const LABEL: usize = 63;

/// A host: a name or an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// A name, in lower case and without the dot at its end.
    Name(String),
    /// An address. An IPv4 address inside an IPv6 address (`::ffff:127.0.0.1`) is an IPv4 address.
    Address(IpAddr),
}

impl Host {
    /// Reads a host: a name, an IPv4 address in any notation, or an IPv6 address in brackets.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not a host", short(text));
        if let Some(inner) = text.strip_prefix('[') {
            let inner = inner.strip_suffix(']').ok_or_else(wrong)?;
            let address = inner.parse::<Ipv6Addr>().map_err(|_| wrong())?;
            return Ok(Self::from(address));
        }
        if !text.is_ascii() {
            return Err(format!(
                "`{}` has characters beyond ASCII; a host is written as it is sent, like `xn--bcher-kva.example`",
                short(text)
            ));
        }
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        let last = name.rsplit('.').next().unwrap_or_default();
        if is_number(last) {
            return match ipv4(&name) {
                Some(address) => Ok(Self::from(IpAddr::V4(address))),
                None => Err(wrong()),
            };
        }
        let fits = name.len() <= NAME && name.split('.').all(is_label);
        if fits {
            Ok(Self::Name(name))
        } else {
            Err(wrong())
        }
    }
}

impl From<IpAddr> for Host {
    fn from(address: IpAddr) -> Self {
        Self::Address(address.to_canonical())
    }
}

impl From<Ipv6Addr> for Host {
    fn from(address: Ipv6Addr) -> Self {
        Self::from(IpAddr::V6(address))
    }
}

/// Writes it as URLs do: an IPv6 address has brackets.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Address(IpAddr::V4(address)) => write!(f, "{address}"),
            Self::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// A host and perhaps a port, like `api.example.com:8443`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Authority {
    /// The host.
    pub host: Host,
    /// The port, if one was written.
    pub port: Option<u16>,
}

impl Authority {
    /// Reads `host` or `host:port`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let end = match text.rfind(']') {
            Some(bracket) => bracket + 1,
            None if text.starts_with('[') => text.len(),
            None => text.find(':').unwrap_or(text.len()),
        };
        let (host, port) = text.split_at_checked(end).unwrap_or((text, ""));
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            None => return Err(format!("`{}` is not a host", short(text))),
            Some(number) => Some(port_number(number).ok_or_else(|| {
                format!("`{}` has no port from 1 to 65535 behind `:`", short(text))
            })?),
        };
        Ok(Self {
            host: Host::parse(host)?,
            port,
        })
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.host)?;
        match self.port {
            Some(port) => write!(f, ":{port}"),
            None => Ok(()),
        }
    }
}

/// An entry of a list of allowed hosts. Without a port it admits every port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whether it admits the names below its host, and not the host itself: it was written
    /// `*.example.com`. Set by `parse`; `admits` and `names` read it.
    below: bool,
    authority: Authority,
}

impl Entry {
    /// Reads an entry: `host`, `host:port`, `*.domain`, `*.domain:port`. An IPv6 address without a
    /// port may do without brackets.
    ///
    /// # Errors
    /// What is wrong with the text, and what an entry may be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(format!("expected {SHAPES}, found nothing"));
        }
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            return Ok(Self {
                below: false,
                authority: Authority {
                    host: Host::from(address),
                    port: None,
                },
            });
        }
        let shapes = |what: String| format!("{what}; expected {SHAPES}");
        if text.contains(['/', '@', '?', '#', '\\']) {
            let what = format!("`{}` has more than a host and a port", short(text));
            return Err(shapes(what));
        }
        let (below, rest) = match text.strip_prefix("*.") {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let authority = Authority::parse(rest).map_err(|_| {
            // The star belongs to what is wrong.
            let wrong = Authority::parse(text).err();
            shapes(wrong.unwrap_or_else(|| format!("`{}` is not a host", short(text))))
        })?;
        if below && matches!(authority.host, Host::Address(_)) {
            return Err(shapes(format!(
                "`{}` has `*` before an address",
                short(text)
            )));
        }
        Ok(Self { below, authority })
    }

    /// Whether it admits a host with a port.
    #[must_use]
    pub fn admits(&self, host: &Host, port: u16) -> bool {
        self.has(Some(port))
            && if self.below {
                self.is_above(host)
            } else {
                self.is(host)
            }
    }

    /// Whether it names a host itself, and not with a `*` the names below it. Without a port: on
    /// any port.
    #[must_use]
    pub fn names(&self, host: &Host, port: Option<u16>) -> bool {
        self.has(port) && !self.below && self.is(host)
    }

    fn has(&self, port: Option<u16>) -> bool {
        port.is_none() || self.authority.port.is_none() || self.authority.port == port
    }

    fn is(&self, host: &Host) -> bool {
        self.authority.host == *host
    }

    fn is_above(&self, host: &Host) -> bool {
        let (Host::Name(domain), Host::Name(name)) = (&self.authority.host, host) else {
            return false;
        };
        let rest = name.strip_suffix(domain.as_str());
        rest.is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}",
            if self.below { "*." } else { "" },
            self.authority
        )
    }
}

/// Whether an address is link-local, or one at which a cloud hands out the keys of a machine. An
/// address that only carries an IPv4 address (of 6to4, NAT64, or the old `::a.b.c.d`) is what it
/// carries.
#[must_use]
pub fn is_link_local(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => address.is_link_local(),
        IpAddr::V6(address) => {
            let is_key_service = KEY_SERVICES.contains(&address);
            let carried = carried(address).is_some_and(|inner| inner.is_link_local());
            address.is_unicast_link_local() || is_key_service || carried
        }
    }
}

/// The metadata services of AWS and Google, which are not link-local with IPv6.
const KEY_SERVICES: [Ipv6Addr; 2] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];

/// Names that clouds give their link-local metadata service. A proxy looks names up by itself, so
/// these are known by name.
const KEY_NAMES: [&str; 5] = [
    "metadata.google.internal",
    "metadata.goog",
    "instance-data",
    "instance-data.ec2.internal",
    "metadata.tencentyun.com",
];

/// Whether a host is known to be link-local without looking up its name.
#[must_use]
pub fn is_known_link_local(host: &Host) -> bool {
    match host {
        Host::Address(address) => is_link_local(*address),
        Host::Name(name) => KEY_NAMES.contains(&name.as_str()),
    }
}

/// The IPv4 address inside an IPv6 address.
fn carried(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        [0x2002, high, low, ..] => Some(of(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, _, _, _, _, high, low] => {
            Some(of(high, low))
        }
        _ => None,
    }
}

/// Whether a label is a number, so that the whole host must be an IPv4 address.
fn is_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x");
    !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit())
        || hex.is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// An IPv4 address in every notation that systems accept: one to four numbers, each decimal, octal
/// (`0177`) or hexadecimal (`0x7f`); the last one fills what is left.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let numbers: Option<Vec<u32>> = text.split('.').map(number).collect();
    let numbers = numbers?;
    let (last, before) = numbers.split_last()?;
    let room = 32_u32.checked_sub(8 * u32::try_from(before.len()).ok()?)?;
    if room == 0 || u64::from(*last) >= 1_u64 << room || before.iter().any(|number| *number > 255) {
        return None;
    }
    let high = (0_u32..)
        .zip(before)
        .map(|(at, number)| number << (24 - 8 * at));
    Some(Ipv4Addr::from(high.fold(*last, |sum, number| sum | number)))
}

fn number(text: &str) -> Option<u32> {
    // `from_str_radix` accepts a sign.
    if !is_number(text) {
        return None;
    }
    match text.strip_prefix("0x") {
        Some("") => Some(0),
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') => u32::from_str_radix(text, 8).ok(),
        None => text.parse().ok(),
    }
}

fn is_label(label: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !label.is_empty() && label.len() <= LABEL && label.bytes().all(fits)
}

fn port_number(text: &str) -> Option<u16> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

fn short(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
#[path = "tests/hosts.rs"]
mod tests;
