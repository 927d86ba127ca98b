//! The text that `re.sub` inserts for a match.
//!
//! Enters: a replacement in Python's syntax (`\1`, `\g<1>`, `\g<name>`, octal and control escapes)
//! and the names of the groups. Leaves: its parts, text and group numbers. Must not know patterns.

use super::reader::{Reader, control, is_name};

/// A part of a replacement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Text that is inserted as it is.
    Text(String),
    /// A group, by number: the text that it matched, or nothing.
    Group(usize),
}

/// Splits a replacement into parts. `names` are the names of the groups, from group 0.
///
/// # Errors
/// The reason why CPython refuses the replacement, in one line.
pub(super) fn parts(text: &str, names: &[Option<&str>]) -> Result<Vec<Part>, String> {
    let mut reader = Reader::new(text);
    let mut out = Vec::new();
    let mut plain = String::new();
    while let Some(character) = reader.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match escape(&mut reader, names)? {
            Part::Text(text) => plain.push_str(&text),
            group => {
                out.push(Part::Text(std::mem::take(&mut plain)));
                out.push(group);
            }
        }
    }
    out.push(Part::Text(plain));
    Ok(out)
}

fn escape(reader: &mut Reader<'_>, names: &[Option<&str>]) -> Result<Part, String> {
    let Some(letter) = reader.next() else {
        return Err("`\\` at the end escapes nothing".to_owned());
    };
    match letter {
        'g' => named(reader, names),
        '0' => octal(reader, letter),
        '1'..='9' if reader.is_octal(letter) => octal(reader, letter),
        '1'..='9' => {
            let second = reader.take_while(1, |next| next.is_ascii_digit());
            group(&format!("{letter}{second}"), names)
        }
        '\\' => Ok(Part::Text("\\".to_owned())),
        'b' => Ok(Part::Text("\u{8}".to_owned())),
        _ => match control(letter) {
            Some(control) => Ok(Part::Text(control.to_string())),
            None if letter.is_ascii_alphabetic() => Err(format!("bad escape `\\{letter}`")),
            None => Ok(Part::Text(format!("\\{letter}"))),
        },
    }
}

fn octal(reader: &mut Reader<'_>, first: char) -> Result<Part, String> {
    let character = reader.octal(first);
    let character = character.ok_or("an octal escape is at most `\\377`")?;
    Ok(Part::Text(character.to_string()))
}

fn named(reader: &mut Reader<'_>, names: &[Option<&str>]) -> Result<Part, String> {
    let name = reader.skip('<').then(|| reader.until('>')).flatten();
    let name = name.ok_or("`\\g` needs a group, as in `\\g<1>`")?;
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return group(&name, names);
    }
    let known = names.iter().position(|known| *known == Some(name.as_str()));
    match known {
        Some(at) => Ok(Part::Group(at)),
        None if is_name(&name) => Err(format!("the pattern has no group `{name}`")),
        None => Err(format!("`{name}` is not a group name")),
    }
}

fn group(number: &str, names: &[Option<&str>]) -> Result<Part, String> {
    let at = number.parse::<usize>().ok();
    at.filter(|at| *at < names.len())
        .map(Part::Group)
        .ok_or_else(|| {
            let last = names.len().saturating_sub(1);
            format!("the pattern has no group {number}; its last is {last}")
        })
}

#[cfg(test)]
#[path = "tests/replacement.rs"]
mod tests;
