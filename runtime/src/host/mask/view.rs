//! A text as it looks once something in it is decoded, and where each of its bytes came from.
//!
//! Enters: bytes. Leaves: the bytes with escapes undone, or without what nobody sees, and for each
//! range of them the range of the text that they stand for. Must not know secrets.

use std::{borrow::Cow, ops::Range};

/// The marks for cut text: that of [`crate::base::excerpt::cut`] and `fmc_expr`, and that of others.
pub(super) const CUTS: [&str; 2] = ["…", "..."];

/// Where the bytes of a view came from.
#[derive(Debug)]
enum Origin {
    /// The bytes are the text.
    Text,
    /// For each byte where its character starts in the text, and how long it is there.
    Bytes(Vec<u32>, Vec<u8>),
    /// For each run where it starts in the view, and what it stands for: a part of a run, like a
    /// few characters of base64, stands for the whole.
    Runs(Vec<(usize, Range<usize>)>),
}

/// A text with something in it decoded.
#[derive(Debug)]
pub(super) struct View<'t> {
    pub(super) bytes: Cow<'t, [u8]>,
    origin: Origin,
}

/// A character of the text, decoded: up to four bytes.
type Decoded = ([u8; 4], usize);

impl<'t> View<'t> {
    /// The text as it is.
    pub(super) fn of(text: &'t str) -> Self {
        Self {
            bytes: Cow::Borrowed(text.as_bytes()),
            origin: Origin::Text,
        }
    }

    /// A view of decoded runs: each with what it stands for in the text.
    pub(super) fn of_runs(runs: impl IntoIterator<Item = (Vec<u8>, Range<usize>)>) -> Self {
        let (mut bytes, mut starts) = (Vec::new(), Vec::new());
        for (run, source) in runs {
            starts.push((bytes.len(), source));
            bytes.extend_from_slice(&run);
            // Two runs are never one text.
            bytes.push(0);
        }
        Self {
            bytes: Cow::Owned(bytes),
            origin: Origin::Runs(starts),
        }
    }

    /// Whether a word in this view is a word of the text too.
    pub(super) fn has_words(&self) -> bool {
        !matches!(self.origin, Origin::Runs(_))
    }

    /// The range of the text that a range of this view stands for.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        match &self.origin {
            Origin::Text => range,
            Origin::Bytes(starts, lengths) => {
                let start = |at: usize| starts.get(at).map_or(0, |&start| start as usize);
                let last = range.end.saturating_sub(1);
                let length = lengths.get(last).copied().unwrap_or_default();
                start(range.start)..start(last) + usize::from(length)
            }
            Origin::Runs(runs) => {
                let first = runs.partition_point(|(start, _)| *start <= range.start);
                let last = runs.partition_point(|(start, _)| *start < range.end);
                let of = |nth: usize| runs.get(nth.saturating_sub(1)).map(|(_, source)| source);
                of(first).map_or(0, |run| run.start)..of(last).map_or(0, |run| run.end)
            }
        }
    }

    /// The view with escapes undone; `None` when there are none.
    pub(super) fn unescaped(&self) -> Option<View<'static>> {
        self.changed(next_escape, escape)
    }

    /// The view without line breaks and characters that nobody sees; `None` when there are none.
    pub(super) fn squeezed(&self) -> Option<View<'static>> {
        self.changed(next_unseen, unseen)
    }

    /// The view with what `decode` finds replaced. `next` finds the next place to try.
    fn changed(
        &self,
        next: fn(&[u8]) -> Option<usize>,
        decode: fn(&[u8]) -> Option<(Decoded, usize)>,
    ) -> Option<View<'static>> {
        let (mut out, mut changed, mut at) = (Vec::new(), false, 0);
        let mut origin = match &self.origin {
            Origin::Runs(_) => Origin::Runs(Vec::new()),
            Origin::Text | Origin::Bytes(..) => Origin::Bytes(Vec::new(), Vec::new()),
        };
        let ends = match &self.origin {
            Origin::Runs(runs) => runs.iter().skip(1).map(|(start, _)| *start).collect(),
            Origin::Text | Origin::Bytes(..) => Vec::new(),
        };
        for end in ends.into_iter().chain([self.bytes.len()]) {
            if let Origin::Runs(runs) = &mut origin {
                runs.push((out.len(), self.source(at..end)));
            }
            while let Some(rest) = self.bytes.get(at..end).filter(|rest| !rest.is_empty()) {
                let plain = next(rest).unwrap_or(rest.len());
                let (plain, rest) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
                out.extend_from_slice(plain);
                self.note(&mut origin, at..at + plain.len(), plain.len());
                at += plain.len();
                let Some(&first) = rest.first() else { break };
                let ((bytes, count), length) = match decode(rest) {
                    Some(found) => {
                        changed = true;
                        found
                    }
                    None => (([first, 0, 0, 0], 1), 1),
                };
                out.extend(bytes.iter().take(count));
                self.note(&mut origin, at..at + length, count);
                at += length;
            }
        }
        changed.then_some(View {
            bytes: Cow::Owned(out),
            origin,
        })
    }

    /// Notes where `count` bytes of another view came from: as many bytes here, or one character.
    fn note(&self, origin: &mut Origin, from: Range<usize>, count: usize) {
        let Origin::Bytes(starts, lengths) = origin else {
            return;
        };
        if count == from.len() {
            match &self.origin {
                Origin::Text => {
                    starts.extend(from.clone().map(place));
                    lengths.extend(std::iter::repeat_n(1, from.len()));
                }
                Origin::Bytes(here, long) => {
                    starts.extend_from_slice(here.get(from.clone()).unwrap_or_default());
                    lengths.extend_from_slice(long.get(from).unwrap_or_default());
                }
                Origin::Runs(_) => {}
            }
            return;
        }
        let source = self.source(from);
        let length = u8::try_from(source.len()).unwrap_or(u8::MAX);
        starts.extend(std::iter::repeat_n(place(source.start), count));
        lengths.extend(std::iter::repeat_n(length, count));
    }
}

/// Texts whose places do not fit are not looked into (`search`).
fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn next_escape(bytes: &[u8]) -> Option<usize> {
    memchr::memchr3(b'\\', b'%', b'&', bytes)
}

/// The bytes with escapes undone once; `None` when there are none.
pub(super) fn unescaped(bytes: &[u8]) -> Option<Vec<u8>> {
    let view = View {
        bytes: Cow::Borrowed(bytes),
        origin: Origin::Text,
    };
    view.unescaped().map(|view| view.bytes.into_owned())
}

/// The escape that bytes start with, and its length: those of JSON and of programming languages, of
/// URLs and of HTML.
fn escape(bytes: &[u8]) -> Option<(Decoded, usize)> {
    match bytes {
        [b'\\', b'u' | b'U', rest @ ..] => backslash_u(rest),
        [b'\\', b'x', high, low, ..] => byte(*high, *low).map(|byte| (single(byte), 4)),
        [b'\\', letter, ..] => {
            let plain = match letter {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'b' => 8,
                b'f' => 12,
                b'/' | b'\\' | b'"' | b'\'' => *letter,
                _ => return None,
            };
            Some((single(plain), 2))
        }
        [b'%', b'u' | b'U', rest @ ..] => hex(rest.first_chunk::<4>()?)
            .and_then(char::from_u32)
            .map(|char| (of_char(char), 6)),
        [b'%', high, low, ..] => byte(*high, *low).map(|byte| (single(byte), 3)),
        [b'&', rest @ ..] => entity(rest),
        _ => None,
    }
}

/// What follows `\u`: four digits, twice for a character beyond the basic plane, eight digits, or
/// digits in braces.
fn backslash_u(rest: &[u8]) -> Option<(Decoded, usize)> {
    if let [b'{', digits @ ..] = rest {
        let end = digits.iter().take(7).position(|byte| *byte == b'}')?;
        let char = char::from_u32(hex(digits.get(..end)?)?)?;
        return Some((of_char(char), end + 4));
    }
    let first = hex(rest.first_chunk::<4>()?)?;
    if let Some(char) = char::from_u32(first) {
        if first == 0
            && let Some(long) = rest.first_chunk::<8>().and_then(|digits| hex(digits))
            && let Some(char) = char::from_u32(long).filter(|_| long > 0)
        {
            return Some((of_char(char), 10));
        }
        return Some((of_char(char), 6));
    }
    let [b'\\', b'u' | b'U', second @ ..] = rest.get(4..)? else {
        return None;
    };
    let second = hex(second.first_chunk::<4>()?)?;
    let pair = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let char = char::decode_utf16(pair).next()?.ok()?;
    Some((of_char(char), 12))
}

/// The names of characters in HTML that can be part of a secret.
const ENTITIES: &[(&str, u8)] = &[
    ("amp", b'&'),
    ("lt", b'<'),
    ("gt", b'>'),
    ("quot", b'"'),
    ("apos", b'\''),
    ("sol", b'/'),
    ("bsol", b'\\'),
    ("plus", b'+'),
    ("equals", b'='),
    ("colon", b':'),
    ("semi", b';'),
    ("comma", b','),
    ("period", b'.'),
    ("quest", b'?'),
    ("excl", b'!'),
    ("num", b'#'),
    ("dollar", b'$'),
    ("percnt", b'%'),
    ("commat", b'@'),
    ("ast", b'*'),
    ("lowbar", b'_'),
    ("verbar", b'|'),
    ("vert", b'|'),
    ("grave", b'`'),
    ("Hat", b'^'),
    ("lpar", b'('),
    ("rpar", b')'),
    ("lsqb", b'['),
    ("lbrack", b'['),
    ("rsqb", b']'),
    ("rbrack", b']'),
    ("lcub", b'{'),
    ("lbrace", b'{'),
    ("rcub", b'}'),
    ("rbrace", b'}'),
    ("Tab", b'\t'),
    ("NewLine", b'\n'),
];

/// What follows `&`: a number or a name, and `;`.
fn entity(rest: &[u8]) -> Option<(Decoded, usize)> {
    let end = rest.iter().take(12).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(..end)?).ok()?;
    let decoded = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hex(digits.as_bytes()),
                None => number.parse().ok(),
            };
            of_char(char::from_u32(code?)?)
        }
        None => {
            let (_, byte) = ENTITIES.iter().find(|(known, _)| *known == name)?;
            single(*byte)
        }
    };
    // The `&`, the name, and the `;`.
    Some((decoded, end + 2))
}

fn single(byte: u8) -> Decoded {
    ([byte, 0, 0, 0], 1)
}

fn of_char(char: char) -> Decoded {
    let mut bytes = [0; 4];
    let count = char.encode_utf8(&mut bytes).len();
    (bytes, count)
}

fn byte(high: u8, low: u8) -> Option<u8> {
    u8::try_from(hex(&[high, low])?).ok()
}

/// A hexadecimal number.
fn hex(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = char::from(*digit).to_digit(16)?;
        Some((number << 4) | digit)
    })
}

/// Whether a character leaves no mark: line breaks, soft hyphens, and characters without width.
pub(super) fn is_unseen(char: char) -> bool {
    matches!(
        char,
        '\n' | '\r' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

/// The next place where one of them may be. It is looked for in steps, because the text may be full
/// of one kind and have none of the other.
fn next_unseen(bytes: &[u8]) -> Option<usize> {
    const STEP: usize = 256;
    bytes.chunks(STEP).enumerate().find_map(|(nth, step)| {
        let line = memchr::memchr2(b'\n', b'\r', step);
        let other = memchr::memchr3(0xC2, 0xE2, 0xEF, step);
        let first = line.into_iter().chain(other).min()?;
        Some(nth * STEP + first)
    })
}

fn unseen(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let length = match bytes.first()? {
        b'\n' | b'\r' => 1,
        0xC2 => 2,
        0xE2 | 0xEF => 3,
        _ => return None,
    };
    let char = std::str::from_utf8(bytes.get(..length)?)
        .ok()?
        .chars()
        .next()?;
    is_unseen(char).then_some((([0; 4], 0), length))
}
