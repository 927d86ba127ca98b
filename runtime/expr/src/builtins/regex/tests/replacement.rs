//! Reading the replacements of `re.sub`.

use super::*;

fn shown(text: &str) -> String {
    let parts = match parts(text, &[None, Some("n"), None]) {
        Ok(parts) => parts,
        Err(error) => return error,
    };
    let shown = parts.iter().map(|part| match part {
        Part::Text(text) => text.escape_debug().to_string(),
        Part::Group(at) => format!("<{at}>"),
    });
    shown.collect()
}

#[test]
fn escapes_are_read_as_in_python() {
    for (text, expected) in [
        (r"a$1\1b\g<2>\g<n>\g<0>", "a$1<1>b<2><1><0>"),
        (r"\0\08\101\1018\b\n\\\-", r"\0\08AA8\u{8}\n\\\\-"),
        (r"\12", "the pattern has no group 12; its last is 2"),
        (r"\g<x>", "the pattern has no group `x`"),
        (r"\g<a b>", "`a b` is not a group name"),
        (r"\g1", r"`\g` needs a group, as in `\g<1>`"),
        (r"\q", r"bad escape `\q`"),
        (r"\777", r"an octal escape is at most `\377`"),
        ("\\", r"`\` at the end escapes nothing"),
    ] {
        assert_eq!(shown(text), expected, "{text}");
    }
}
