//! How servers write a secret that they repeat.
//!
//! Enters: a secret. Leaves: the secret in every form that was seen in answers, each with a name.
//! Written without the code that undoes them, so that a test does not compare that code with
//! itself. Must not know who looks for them.

use std::fmt::Write as _;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};

/// A way to write a text.
pub type Spelling = (&'static str, fn(&str) -> String);

/// Ways that give back the text when they are undone; they can be nested.
pub const ENCODINGS: &[Spelling] = &[
    ("json", json),
    ("json with escaped slashes", |text| {
        json(text).replace('/', "\\/")
    }),
    ("json for html", |text| {
        let escaped = json(text).replace('&', "\\u0026").replace('<', "\\u003c");
        escaped.replace('>', "\\u003E").replace('\'', "\\u0027")
    }),
    ("json of ascii", |text| {
        units(text, |c| !c.is_ascii() || c == '"' || c == '\\', false)
    }),
    ("json of letters", |text| {
        units(text, |c| !c.is_ascii_alphanumeric(), true)
    }),
    ("json of nothing", |text| units(text, |_| true, false)),
    ("json of nothing, in capitals", |text| {
        units(text, |_| true, true)
    }),
    ("bytes of C", |text| {
        text.bytes()
            .fold(String::new(), |out, byte| format!("{out}\\x{byte:02x}"))
    }),
    ("octal bytes of C", |text| {
        text.bytes()
            .fold(String::new(), |out, byte| format!("{out}\\{byte:03o}"))
    }),
    ("names of html", |text| {
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        text.replace('"', "&quot;").replace('\'', "&apos;")
    }),
    ("numbers of html", |text| {
        html(
            text,
            |c| !c.is_ascii_alphanumeric(),
            |c| format!("&#{};", c as u32),
        )
    }),
    ("digits of html", |text| {
        html(
            text,
            |c| !c.is_ascii_alphanumeric(),
            |c| format!("&#x{:X};", c as u32),
        )
    }),
    ("only digits of html", |text| {
        html(text, |_| true, |c| format!("&#x{:x};", c as u32))
    }),
    ("percent", |text| percent(text, b"-._~", true)),
    ("percent in lower case", |text| {
        percent(text, b"-._~", false)
    }),
    ("percent that keeps slashes", |text| {
        percent(text, b"-._~/", true)
    }),
    ("query of browsers", |text| {
        percent(text, b"-._~!$&'()*+,/:;=?@[]|`{}^\\%", true)
    }),
    ("path of browsers", |text| {
        percent(text, b"-._~!$&'()*+,/:;=@[]|^\\%", true)
    }),
    ("percent of all", |text| percent_all(text)),
    ("form", |text| {
        percent(text, b"-._*", true).replace("%20", "+")
    }),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 after one", |text| {
        STANDARD.encode(format!(":{text}"))
    }),
    ("base64 after two", |text| {
        STANDARD.encode(format!("u:{text}"))
    }),
    ("base64 before one", |text| {
        STANDARD.encode(format!("{text}:"))
    }),
    ("base64 between", |text| {
        STANDARD.encode(format!("user:{text}\n"))
    }),
    ("base64 without padding", |text| {
        STANDARD_NO_PAD.encode(text)
    }),
    ("base64 for urls", |text| URL_SAFE.encode(text)),
    ("base64 for urls after two", |text| {
        URL_SAFE_NO_PAD.encode(format!("ab{text}"))
    }),
    ("base64 in lines", |text| {
        wrapped(&STANDARD.encode(text), 16, "\r\n")
    }),
    ("base32", base32),
    ("hexadecimal", |text| hex(text, false)),
    ("hexadecimal in capitals", |text| hex(text, true)),
];

/// Ways that change the text, but everybody can read it; and rows of numbers and escapes that are
/// broken over lines, which are undone when nothing else is around them.
pub const CHANGES: &[Spelling] = &[
    ("pairs with colons", |text| {
        bytes(text, ":", |byte| format!("{byte:02x}"))
    }),
    ("a list of bytes", |text| {
        bytes(text, ", ", |byte| byte.to_string())
    }),
    ("percent in lines", |text| {
        wrapped(&percent_all(text), 7, "\n")
    }),
    ("json of nothing in lines", |text| {
        wrapped(&units(text, |_| true, false), 11, "\r\n  ")
    }),
    ("as it is", str::to_owned),
    ("upper case", str::to_uppercase),
    ("lower case", str::to_lowercase),
    ("in lines", |text| wrapped(text, 7, "\n")),
    ("in lines that are indented", |text| {
        wrapped(text, 8, "\n    ")
    }),
    ("in lines of Windows", |text| wrapped(text, 9, "\r\n")),
    ("with blanks without width", |text| {
        wrapped(text, 1, "\u{200b}")
    }),
    ("with joiners", |text| wrapped(text, 3, "\u{200d}")),
    ("with soft hyphens", |text| wrapped(text, 5, "\u{ad}")),
    ("with a mark of byte order", |text| {
        wrapped(text, 4, "\u{feff}")
    }),
    ("utf-8 read as latin-1", |text| {
        text.bytes().map(char::from).collect()
    }),
    ("utf-8 read as windows-1252", |text| {
        text.bytes().map(windows).collect()
    }),
    ("decomposed", |text| {
        text.replace('ä', "a\u{308}")
            .replace('é', "e\u{301}")
            .replace('ñ', "n\u{303}")
            .replace('ö', "o\u{308}")
    }),
    ("with dots", |text| format!("{}...", start(text))),
    ("with an ellipsis", |text| format!("{}…", start(text))),
];

/// A text in every way.
#[must_use]
pub fn all(secret: &str) -> Vec<(&'static str, String)> {
    let named = |(name, write): &Spelling| (*name, write(secret));
    CHANGES.iter().chain(ENCODINGS).map(named).collect()
}

fn json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    let inside = quoted
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inside.unwrap().to_owned()
}

fn units(text: &str, escaped: fn(char) -> bool, capitals: bool) -> String {
    let mut out = String::new();
    for char in text.chars() {
        if !escaped(char) {
            out.push(char);
            continue;
        }
        for unit in char.encode_utf16(&mut [0; 2]) {
            let _ = if capitals {
                write!(out, "\\u{unit:04X}")
            } else {
                write!(out, "\\u{unit:04x}")
            };
        }
    }
    out
}

fn html(text: &str, escaped: fn(char) -> bool, write: fn(char) -> String) -> String {
    let one = |char| match escaped(char) {
        true => write(char),
        false => char.to_string(),
    };
    text.chars().map(one).collect()
}

fn percent(text: &str, kept: &[u8], capitals: bool) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || kept.contains(&byte) {
            out.push(char::from(byte));
        } else if capitals {
            let _ = write!(out, "%{byte:02X}");
        } else {
            let _ = write!(out, "%{byte:02x}");
        }
    }
    out
}

fn percent_all(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |out, byte| format!("{out}%{byte:02X}"))
}

fn hex(text: &str, capitals: bool) -> String {
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    if capitals {
        digits.to_uppercase()
    } else {
        digits
    }
}

/// Every byte as a number.
fn bytes(text: &str, between: &str, write: fn(u8) -> String) -> String {
    let all: Vec<_> = text.bytes().map(write).collect();
    all.join(between)
}

fn base32(text: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String = text.bytes().map(|byte| format!("{byte:08b}")).collect();
    let mut out = String::new();
    for group in bits.as_bytes().chunks(5) {
        let group = std::str::from_utf8(group).unwrap();
        let value = usize::from_str_radix(&format!("{group:0<5}"), 2).unwrap();
        out.push(char::from(LETTERS[value]));
    }
    out
}

/// The text with something after every few characters.
fn wrapped(text: &str, every: usize, with: &str) -> String {
    let chars: Vec<_> = text.chars().collect();
    let parts: Vec<String> = chars
        .chunks(every)
        .map(|part| part.iter().collect())
        .collect();
    parts.join(with)
}

/// All but the last few characters.
fn start(text: &str) -> String {
    text.chars().take(text.chars().count() - 4).collect()
}

/// A byte as Windows shows it.
fn windows(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x82 => '‚',
        0x84 => '„',
        0x89 => '‰',
        0x8b => '‹',
        0x93 => '“',
        0x94 => '”',
        0x98 => '˜',
        0x99 => '™',
        0x9c => 'œ',
        0x9f => 'Ÿ',
        other => char::from(other),
    }
}
