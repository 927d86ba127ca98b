//! Decompresses deflate data (RFC 1951) in its two wrappings, gzip (RFC 1952) and zlib (RFC 1950).
//!
//! Enters: compressed bytes, and how many bytes may come out. Leaves: the bytes, or what is wrong.
//! The work is in proportion to the bytes that enter and leave, whatever they hold. Written here,
//! because a crate for it would be four, and the size of a binary counts. Must not know HTTP.

/// Why data cannot be decompressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is not what it says, or is cut short.
    Invalid,
    /// More bytes would come out than may.
    TooLarge,
}

type Step<T> = Result<T, Broken>;

/// The longest code of a symbol, in bits.
const LONGEST: usize = 15;
/// The order in which the lengths of the codes for lengths are written.
const ORDER: [usize; 19] = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];

/// Decompresses all members of a gzip file.
///
/// # Errors
/// The data is broken, or gives more than `most` bytes.
pub(crate) fn gzip(data: &[u8], most: usize) -> Step<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = data;
    loop {
        let start = out.len();
        let mut bits = Bits::new(after_header(rest)?);
        inflate(&mut bits, &mut out, most)?;
        let [a, b, c, d, e, f, g, h, behind @ ..] = bits.rest() else {
            return Err(Broken::Invalid);
        };
        let member = out.get(start..).unwrap_or_default();
        let sum = u32::from_le_bytes([*a, *b, *c, *d]);
        let length = u32::from_le_bytes([*e, *f, *g, *h]);
        // The length is written modulo 2^32.
        if sum != crc32(member) || u64::from(length) != member.len() as u64 & 0xffff_ffff {
            return Err(Broken::Invalid);
        }
        // What follows and is no other member is padding.
        if !behind.starts_with(&[0x1f, 0x8b]) {
            return Ok(out);
        }
        rest = behind;
    }
}

/// Decompresses what HTTP calls `deflate`: zlib data, or bare deflate data, which some servers send.
///
/// # Errors
/// The data is broken, or gives more than `most` bytes.
pub(crate) fn deflate(data: &[u8], most: usize) -> Step<Vec<u8>> {
    let mut out = Vec::new();
    match data {
        [first, second, rest @ ..] if is_zlib(*first, *second) => {
            let mut bits = Bits::new(rest);
            inflate(&mut bits, &mut out, most)?;
            match bits.rest() {
                [a, b, c, d, ..] if u32::from_be_bytes([*a, *b, *c, *d]) == adler32(&out) => {}
                _ => return Err(Broken::Invalid),
            }
        }
        _ => inflate(&mut Bits::new(data), &mut out, most)?,
    }
    Ok(out)
}

/// Whether two bytes begin zlib data without a dictionary.
fn is_zlib(first: u8, second: u8) -> bool {
    let both = u16::from_be_bytes([first, second]);
    first & 0x0f == 8 && first >> 4 <= 7 && both.is_multiple_of(31) && second & 0x20 == 0
}

/// What follows the header of a member of a gzip file.
fn after_header(data: &[u8]) -> Step<&[u8]> {
    let [0x1f, 0x8b, 8, flags, _, _, _, _, _, _, rest @ ..] = data else {
        return Err(Broken::Invalid);
    };
    let mut rest = rest;
    if flags & 0b1110_0000 != 0 {
        return Err(Broken::Invalid);
    }
    if flags & 4 != 0 {
        let [low, high, extra @ ..] = rest else {
            return Err(Broken::Invalid);
        };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        rest = extra.get(length..).ok_or(Broken::Invalid)?;
    }
    // The name of the file, and a comment; a zero ends each.
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = rest.iter().position(|byte| *byte == 0);
            rest = end
                .and_then(|end| rest.get(end + 1..))
                .ok_or(Broken::Invalid)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..).ok_or(Broken::Invalid)?;
    }
    Ok(rest)
}

/// Reads bits, the lowest of each byte first.
struct Bits<'a> {
    data: &'a [u8],
    next: usize,
    held: u32,
    count: u32,
}

impl<'a> Bits<'a> {
    fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            next: 0,
            held: 0,
            count: 0,
        }
    }

    /// At most 16 bits.
    fn take(&mut self, count: u32) -> Step<u32> {
        while self.count < count {
            let byte = *self.data.get(self.next).ok_or(Broken::Invalid)?;
            self.next += 1;
            self.held |= u32::from(byte) << self.count;
            self.count += 8;
        }
        let taken = self.held & ((1 << count) - 1);
        self.held >>= count;
        self.count -= count;
        Ok(taken)
    }

    /// Drops the bits that are left of a byte. No more than that is held between symbols.
    fn align(&mut self) {
        self.held = 0;
        self.count = 0;
    }

    /// The bytes that have not been begun.
    fn rest(&self) -> &'a [u8] {
        self.data.get(self.next..).unwrap_or_default()
    }

    fn bytes(&mut self, count: usize) -> Step<&'a [u8]> {
        let end = self.next.checked_add(count).ok_or(Broken::Invalid)?;
        let bytes = self.data.get(self.next..end).ok_or(Broken::Invalid)?;
        self.next = end;
        Ok(bytes)
    }
}

/// Codes of symbols: how many symbols have a code of each length, and the symbols in the order of
/// their codes.
struct Codes {
    counts: [u16; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Codes {
    /// The codes for symbols with these lengths. Codes may be missing, as they are for a distance
    /// that is not used; but no two may overlap.
    fn new(lengths: &[u8]) -> Step<Self> {
        let mut counts = [0_u16; LONGEST + 1];
        for length in lengths {
            *counts
                .get_mut(usize::from(*length))
                .ok_or(Broken::Invalid)? += 1;
        }
        counts[0] = 0;
        let mut left = 1_i32;
        let mut starts = [0_usize; LONGEST + 1];
        let mut start = 0;
        for (count, first) in counts.iter().zip(&mut starts).skip(1) {
            left = (left << 1) - i32::from(*count);
            if left < 0 {
                return Err(Broken::Invalid);
            }
            *first = start;
            start += usize::from(*count);
        }
        let mut symbols = vec![0_u16; start];
        for (symbol, length) in (0_u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            let at = starts
                .get_mut(usize::from(*length))
                .ok_or(Broken::Invalid)?;
            *symbols.get_mut(*at).ok_or(Broken::Invalid)? = symbol;
            *at += 1;
        }
        Ok(Self { counts, symbols })
    }

    /// The next symbol.
    fn read(&self, bits: &mut Bits<'_>) -> Step<u16> {
        let (mut code, mut first, mut index) = (0_usize, 0_usize, 0_usize);
        for count in self.counts.iter().skip(1) {
            code |= bits.take(1)? as usize;
            let count = usize::from(*count);
            if code < first + count {
                let at = index + (code - first);
                return self.symbols.get(at).copied().ok_or(Broken::Invalid);
            }
            index += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        Err(Broken::Invalid)
    }
}

/// Decompresses blocks up to the last one.
fn inflate(bits: &mut Bits<'_>, out: &mut Vec<u8>, most: usize) -> Step<()> {
    // Matches do not reach into an earlier member.
    let floor = out.len();
    let (symbols, distances) = fixed()?;
    loop {
        let is_last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(bits, out, most)?,
            1 => block(bits, &symbols, &distances, out, (floor, most))?,
            2 => {
                let (symbols, distances) = written(bits)?;
                block(bits, &symbols, &distances, out, (floor, most))?;
            }
            _ => return Err(Broken::Invalid),
        }
        if is_last {
            bits.align();
            return Ok(());
        }
    }
}

fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, most: usize) -> Step<()> {
    bits.align();
    let [a, b, c, d] = bits.bytes(4)? else {
        return Err(Broken::Invalid);
    };
    let length = u16::from_le_bytes([*a, *b]);
    if length != !u16::from_le_bytes([*c, *d]) {
        return Err(Broken::Invalid);
    }
    let bytes = bits.bytes(usize::from(length))?;
    room(out, bytes.len(), most)?;
    out.extend_from_slice(bytes);
    Ok(())
}

/// The codes of a block that does not write its own.
fn fixed() -> Step<(Codes, Codes)> {
    let mut lengths = [8_u8; 288];
    for (symbol, length) in lengths.iter_mut().enumerate() {
        *length = match symbol {
            0..144 | 280.. => 8,
            144..256 => 9,
            _ => 7,
        };
    }
    Ok((Codes::new(&lengths)?, Codes::new(&[5; 30])?))
}

/// The codes that a block writes before its data.
fn written(bits: &mut Bits<'_>) -> Step<(Codes, Codes)> {
    let symbols = bits.take(5)? as usize + 257;
    let distances = bits.take(5)? as usize + 1;
    let count = bits.take(4)? as usize + 4;
    let mut lengths = [0_u8; 19];
    for at in ORDER.iter().take(count) {
        let length = bits.take(3)?;
        *lengths.get_mut(*at).ok_or(Broken::Invalid)? = length as u8;
    }
    let codes = Codes::new(&lengths)?;
    let all = symbols + distances;
    let mut lengths: Vec<u8> = Vec::with_capacity(all);
    while lengths.len() < all {
        let (length, times) = match codes.read(bits)? {
            16 => (
                *lengths.last().ok_or(Broken::Invalid)?,
                bits.take(2)? as usize + 3,
            ),
            17 => (0, bits.take(3)? as usize + 3),
            18 => (0, bits.take(7)? as usize + 11),
            length => (length as u8, 1),
        };
        lengths.extend(std::iter::repeat_n(length, times));
    }
    match lengths.split_at_checked(symbols) {
        // A block without a code for its end has no end.
        Some((own, rest)) if lengths.len() == all && own.get(256).is_some_and(|end| *end > 0) => {
            Ok((Codes::new(own)?, Codes::new(rest)?))
        }
        _ => Err(Broken::Invalid),
    }
}

/// Decompresses the data of a block. `limits` are the first byte that a match may copy, and how
/// many bytes may come out.
fn block(
    bits: &mut Bits<'_>,
    symbols: &Codes,
    distances: &Codes,
    out: &mut Vec<u8>,
    (floor, most): (usize, usize),
) -> Step<()> {
    loop {
        let symbol = symbols.read(bits)?;
        if let Ok(byte) = u8::try_from(symbol) {
            room(out, 1, most)?;
            out.push(byte);
            continue;
        }
        if symbol == 256 {
            return Ok(());
        }
        let length = length(symbol, bits)?;
        let distance = distance(distances.read(bits)?, bits)?;
        let start = out.len().checked_sub(distance);
        let mut from = start
            .filter(|start| *start >= floor)
            .ok_or(Broken::Invalid)?;
        room(out, length, most)?;
        // The copy may read what it wrote.
        let mut left = length;
        while left > 0 {
            let part = left.min(out.len() - from);
            out.extend_from_within(from..from + part);
            from += part;
            left -= part;
        }
    }
}

/// How many bytes a match copies: 3 to 258.
fn length(symbol: u16, bits: &mut Bits<'_>) -> Step<usize> {
    let code = u32::from(symbol).checked_sub(257).ok_or(Broken::Invalid)?;
    match code {
        0..8 => Ok(code as usize + 3),
        8..28 => {
            let extra = code / 4 - 1;
            let base = ((code % 4 + 4) << extra) + 3;
            Ok((base + bits.take(extra)?) as usize)
        }
        28 => Ok(258),
        _ => Err(Broken::Invalid),
    }
}

/// How far back a match begins: 1 to 32,768.
fn distance(symbol: u16, bits: &mut Bits<'_>) -> Step<usize> {
    let code = u32::from(symbol);
    match code {
        0..4 => Ok(code as usize + 1),
        4..30 => {
            let extra = code / 2 - 1;
            let base = ((code % 2 + 2) << extra) + 1;
            Ok((base + bits.take(extra)?) as usize)
        }
        _ => Err(Broken::Invalid),
    }
}

fn room(out: &[u8], more: usize, most: usize) -> Step<()> {
    match out.len().checked_add(more) {
        Some(length) if length <= most => Ok(()),
        _ => Err(Broken::TooLarge),
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    let step = |sum: u32, byte: &u8| {
        let at = usize::from(sum.to_le_bytes()[0] ^ byte);
        TABLE.get(at).copied().unwrap_or_default() ^ (sum >> 8)
    };
    !bytes.iter().fold(!0, step)
}

// Indexing here is checked by the compiler, when it computes the table.
#[allow(clippy::indexing_slicing)]
const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let mut sum = at as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 {
                0xedb8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            };
            bit += 1;
        }
        table[at] = sum;
        at += 1;
    }
    table
}

fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (mut a, mut b) = (1_u32, 0_u32);
    // After so many bytes the sums still fit 32 bits.
    for part in bytes.chunks(5552) {
        for byte in part {
            a += u32::from(*byte);
            b += a;
        }
        a %= PRIME;
        b %= PRIME;
    }
    (b << 16) | a
}

#[cfg(test)]
#[path = "tests/inflate.rs"]
mod tests;
