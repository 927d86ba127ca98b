//! The ways in which a secret can be written, and how to find each in a text.
//!
//! Enters: a secret. Leaves: needles, the texts to search for: the secret, its lines and, if it is
//! a URL, the parts that messages show. Each is searched for as it is, escaped as JSON,
//! percent-encoded and in base64. Must not know what happens with what is found.

use std::ops::Range;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use fmc_expr::json;

use crate::base::percent;

/// Shorter needles are found only where they are a word of their own. Otherwise they would replace
/// much unrelated text.
const SHORT: usize = 4;

/// A shorter path of a secret URL, like `/alerts`, is not a secret by itself.
const SHORT_PATH: usize = 10;

/// Where a needle counts as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Site {
    Anywhere,
    /// Only if no letter, digit or `_` is next to it.
    Alone,
    /// Anywhere. The base64 characters around it are part of the same encoded text, and found too.
    Base64,
}

/// A text to search for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Needle {
    pub(super) text: String,
    place: Site,
}

impl Needle {
    fn new(text: String) -> Self {
        let place = if text.chars().count() < SHORT {
            Site::Alone
        } else {
            Site::Anywhere
        };
        Self { text, place }
    }

    /// All places where it is found in a text.
    pub(super) fn find(&self, text: &str) -> impl Iterator<Item = Range<usize>> {
        let places = text.match_indices(&self.text);
        places.filter_map(move |(at, part)| self.fit(text, at..at + part.len()))
    }

    /// The place where a text ends with the beginning of this needle, if it does.
    pub(super) fn find_begun(&self, text: &str) -> Option<Range<usize>> {
        let ends = self.text.char_indices().map(|(at, _)| at).skip(SHORT);
        let starts = ends.filter_map(|end| text.strip_suffix(self.text.get(..end)?));
        // The last one is the longest.
        let start = starts.last()?.len();
        self.fit(text, start..text.len())
    }

    fn fit(&self, text: &str, range: Range<usize>) -> Option<Range<usize>> {
        let before = text.get(..range.start)?;
        let after = text.get(range.end..)?;
        match self.place {
            Site::Anywhere => Some(range),
            Site::Alone => {
                let joined = before.ends_with(is_word) || after.starts_with(is_word);
                (!joined).then_some(range)
            }
            Site::Base64 => {
                let rest = after.trim_start_matches(is_base64).trim_start_matches('=');
                Some(before.trim_end_matches(is_base64).len()..text.len() - rest.len())
            }
        }
    }
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn is_base64(character: char) -> bool {
    character.is_ascii_alphanumeric() || "+/-_".contains(character)
}

/// All ways in which a secret can be written.
pub(super) fn forms(secret: &str) -> Vec<Needle> {
    let mut texts: Vec<String> = vec![secret.to_owned()];
    let lines = secret.lines().map(str::trim);
    texts.extend(
        lines
            .filter(|line| line.chars().count() >= SHORT)
            .map(str::to_owned),
    );
    texts.extend(parts_of_url(secret));
    let written = texts.iter().flat_map(|text| spellings(text));
    let mut needles: Vec<_> = written.map(Needle::new).collect();
    needles.extend(base64(secret));
    needles.retain(|needle| !needle.text.is_empty());
    needles
}

/// A text as it is, as JSON writes it, and as URLs write it.
fn spellings(text: &str) -> Vec<String> {
    let escaped = escape(text);
    let percent = percent::encode(text);
    // In a host, `:` and the brackets of an IPv6 address are not escaped.
    let host = [("%3A", ":"), ("%5B", "["), ("%5D", "]")]
        .into_iter()
        .fold(percent.clone(), |text, (from, to)| text.replace(from, to));
    let form = percent.replace("%20", "+");
    let lower = [lower(&percent), lower(&form)];
    [text.to_owned(), escape(&escaped), escaped]
        .into_iter()
        .chain([percent, host, form])
        .chain(lower)
        .collect()
}

fn escape(text: &str) -> String {
    let mut quoted = String::new();
    json::write_string(&mut quoted, text);
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

/// With hexadecimal digits in lower case: `%2f` instead of `%2F`.
fn lower(percent: &str) -> String {
    let mut parts = percent.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out = out + "%" + &digits.to_ascii_lowercase() + rest;
    }
    out
}

/// The base64 of a secret inside a longer text. There are three forms, depending on where the
/// secret begins. The characters at both ends are left out, as they also depend on the text around
/// it.
fn base64(secret: &str) -> Vec<Needle> {
    if secret.chars().count() < SHORT {
        return vec![Needle {
            text: STANDARD_NO_PAD.encode(secret),
            place: Site::Alone,
        }];
    }
    let engines = [STANDARD_NO_PAD, URL_SAFE_NO_PAD];
    let aligned = engines.iter().flat_map(|engine| {
        // How many bytes come before the secret in its group of three, and how many characters
        // depend on those bytes.
        [(0, 0), (1, 2), (2, 3)].map(|(bytes, characters)| {
            let padded = [vec![0; bytes], secret.as_bytes().to_vec()].concat();
            let text = engine.encode(&padded);
            let end = text.len() - usize::from(padded.len() % 3 != 0);
            text.get(characters..end).unwrap_or_default().to_owned()
        })
    });
    let needle = |text| Needle {
        text,
        place: Site::Base64,
    };
    aligned.map(needle).collect()
}

/// The parts of a URL that is a secret as a whole, like that of a webhook: host and path, as
/// messages show requests; and the path with and without query, as servers repeat it.
fn parts_of_url(secret: &str) -> Vec<String> {
    let Some((_, rest)) = secret.split_once("://") else {
        return Vec::new();
    };
    let (authority, target) = rest
        .split_at_checked(rest.find('/').unwrap_or(rest.len()))
        .unwrap_or((rest, ""));
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let path = target.split(['?', '#']).next().unwrap_or_default();
    if path.trim_matches('/').is_empty() {
        return Vec::new();
    }
    let long = [path, target]
        .into_iter()
        .filter(|part| part.len() >= SHORT_PATH);
    std::iter::once(format!("{host}{path}"))
        .chain(long.map(str::to_owned))
        .collect()
}
