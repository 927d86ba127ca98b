//! Escapes of JSON and of programming languages, of URLs, of HTML and of CSS.
//!
//! Enters: bytes. Leaves: where an escape may begin, and what the one that they start with stands
//! for. Must not know views.

use super::unseen::{self, Decoded};

/// The next place where an escape may begin.
pub(super) fn next(bytes: &[u8]) -> Option<usize> {
    memchr::memchr3(b'\\', b'%', b'&', bytes)
}

/// The escape that bytes start with, decoded, and its length. A line break may be in it.
pub(super) fn first(bytes: &[u8]) -> Option<(Decoded, usize)> {
    escape(bytes).or_else(|| broken(bytes))
}

/// The longest escape, two units of UTF-16, and how far apart its characters may be.
const LONGEST: usize = 12;
const APART: usize = 200;

/// An escape with something in it that leaves no mark: `%2⏎F`.
fn broken(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let near = bytes.iter().take(LONGEST);
    if !near.copied().any(unseen::begins) {
        return None;
    }
    // The characters of the escape, and where each of them ends.
    let mut seen = Vec::with_capacity(LONGEST);
    let mut ends = Vec::with_capacity(LONGEST);
    let mut at = 0;
    while seen.len() < LONGEST && at < APART {
        let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) else {
            break;
        };
        if let Some(length) = unseen::length(rest) {
            at += length;
        } else {
            at += 1;
            seen.extend(rest.first());
            ends.push(at);
        }
    }
    let (decoded, length) = escape(&seen)?;
    // A number that fills it may go on.
    let is_whole = length < LONGEST || seen.last() == Some(&b';') || !seen.starts_with(b"&");
    if !is_whole {
        return None;
    }
    Some((decoded, *ends.get(length.checked_sub(1)?)?))
}

/// The escape that bytes start with, and its length: those of JSON and of programming languages, of
/// URLs and of HTML.
fn escape(bytes: &[u8]) -> Option<(Decoded, usize)> {
    match bytes {
        [b'\\', b'u' | b'U', rest @ ..] => backslash_u(rest),
        [b'\\', b'x', b'{', digits @ ..] => in_braces(digits),
        [b'\\', b'x', high, low, ..] => byte(*high, *low).map(|byte| (single(byte), 4)),
        [b'\\', b'0'..=b'9', ..] => number(bytes),
        [b'\\', letter, ..] => {
            let plain = match letter {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
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

/// Digits in braces, behind `\u{` or `\x{`.
fn in_braces(digits: &[u8]) -> Option<(Decoded, usize)> {
    let end = digits.iter().take(7).position(|byte| *byte == b'}')?;
    let char = char::from_u32(hex(digits.get(..end)?)?)?;
    // What is before the digits, and the brace behind them.
    Some((of_char(char), end + 4))
}

/// A backslash and a number: three octal digits, as shells and C write it, or two or six
/// hexadecimal digits and perhaps a blank, as in CSS.
fn number(bytes: &[u8]) -> Option<(Decoded, usize)> {
    let octal = |digits: &[u8; 3]| {
        let digit = |sum: u32, digit: &u8| Some(sum * 8 + char::from(*digit).to_digit(8)?);
        u8::try_from(digits.iter().try_fold(0, digit)?).ok()
    };
    let digits = bytes.get(1..)?;
    let six = digits
        .first_chunk::<6>()
        .filter(|six| six.starts_with(b"000"));
    if let Some(char) = six.and_then(|six| char::from_u32(hex(six)?)) {
        return Some((of_char(char), 7));
    }
    if let Some(byte) = digits.first_chunk::<3>().and_then(octal) {
        return Some((single(byte), 4));
    }
    let [high, low, rest @ ..] = digits else {
        return None;
    };
    let blank = usize::from(rest.first() == Some(&b' '));
    Some((single(byte(*high, *low)?), 3 + blank))
}

/// What follows `\u`: four digits, twice for a character beyond the basic plane, eight digits, or
/// digits in braces.
fn backslash_u(rest: &[u8]) -> Option<(Decoded, usize)> {
    if let [b'{', digits @ ..] = rest {
        return in_braces(digits);
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
    ("AMP", b'&'),
    ("LT", b'<'),
    ("GT", b'>'),
    ("QUOT", b'"'),
    ("hyphen", b'-'),
    ("dash", b'-'),
    ("minus", b'-'),
    ("UnderBar", b'_'),
    ("midast", b'*'),
    ("DiacriticalGrave", b'`'),
    ("VerticalLine", b'|'),
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

/// The names of the characters from U+00A0 on.
const LATIN: &str = "\
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
    sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave \
    Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc \
    Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute \
    THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
    uacute ucirc uuml yacute thorn yuml";

/// The character with a name.
fn named(name: &str) -> Option<Decoded> {
    if let Some((_, byte)) = ENTITIES.iter().find(|(known, _)| *known == name) {
        return Some(single(*byte));
    }
    let place = LATIN.split(' ').position(|known| known == name)?;
    let char = char::from_u32(0xA0 + u32::try_from(place).ok()?)?;
    Some(of_char(char))
}

/// What follows `&`: a number or a name, and `;`.
fn entity(rest: &[u8]) -> Option<(Decoded, usize)> {
    if let [b'#', number @ ..] = rest {
        return numeric(number);
    }
    let end = rest.iter().take(17).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(rest.get(..end)?).ok()?;
    // The `&`, the name, and the `;`.
    Some((named(name)?, end + 2))
}

/// What follows `&#`: a number, perhaps with zeros before it, and `;`. Browsers do without the `;`
/// where no digit follows.
fn numeric(number: &[u8]) -> Option<(Decoded, usize)> {
    const DIGITS: usize = 40;
    let (radix, digits, before) = match number {
        [b'x' | b'X', digits @ ..] => (16, digits, 3),
        digits => (10, digits, 2),
    };
    let digit = |byte: &u8| char::from(*byte).to_digit(radix);
    let count = digits.iter().take(DIGITS).map_while(digit).count();
    let (number, after) = digits.split_at_checked(count).filter(|_| count > 0)?;
    let add = |sum: u32, byte: &u8| sum.checked_mul(radix)?.checked_add(digit(byte)?);
    let code = number.iter().try_fold(0, add)?;
    let semicolon = match after {
        [b';', ..] => 1,
        [next, ..] if digit(next).is_some() => return None,
        // The number may go on behind it.
        after if unseen::length(after).is_some() => return None,
        _ => 0,
    };
    Some((of_char(char::from_u32(code)?), before + count + semicolon))
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
