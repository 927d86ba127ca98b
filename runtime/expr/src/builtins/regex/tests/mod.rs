//! Patterns that are refused, and why. (`tests/differential` compares the others with CPython.)

mod budget;

use super::*;

fn call(name: &str, args: &[&str]) -> String {
    let row = crate::builtins::function(name).unwrap();
    let args = args.iter().map(|text| Value::from(*text)).collect();
    let slots = crate::builtins::layout(&crate::Cx::new(), row, None, args, Vec::new()).unwrap();
    match (row.call)(&Cx::new(), &slots) {
        Ok(value) => value.to_json(),
        Err(error) => error.message,
    }
}

#[test]
fn patterns_that_need_backtracking_are_refused() {
    for (pattern, what) in [
        ("a(?=b)", "look-ahead"),
        ("a(?!b)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        (r"(a)\1", r"the back-reference `\1`"),
        ("(?P<a>a)(?P=a)", "a back-reference"),
        ("(a)?(?(1)b)", "a group that depends on another"),
        ("(?>a)", "an atomic group"),
        ("a*+", "a possessive repetition"),
    ] {
        let expected = format!(
            "bad pattern `{pattern}`: {what} is not supported, because the engine takes linear time"
        );
        assert_eq!(call("re.search", &[pattern, "ab"]), expected);
    }
}

#[test]
fn errors_in_patterns_say_what_is_wrong_and_where() {
    for (pattern, reason) in [
        ("a**", "a repetition of a repetition at character 3"),
        ("*", "nothing to repeat at character 1"),
        ("(?:^*)", "nothing to repeat at character 5"),
        (
            "a{3,2}",
            "a repetition that ends before it begins at character 6",
        ),
        ("a(b", "a `(` without its `)`"),
        ("a)", "a `)` without its `(` at character 2"),
        ("[a", "a `[` without its `]` at character 2"),
        ("[]", "a `[` without its `]` at character 2"),
        ("[b-a]", "a bad range of characters at character 4"),
        (r"[\d-a]", "a bad range of characters at character 5"),
        (r"[a-\d]", "a bad range of characters at character 5"),
        (r"\q", r"bad escape `\q` at character 2"),
        (r"[\Z]", r"bad escape `\Z` at character 3"),
        ("\\", r"`\` escapes nothing at character 1"),
        (
            r"\x1",
            "an escape that needs 2 hexadecimal digits at character 3",
        ),
        (r"\777", r"an octal escape beyond `\377` at character 4"),
        ("a(?i)", "flags that are not at the start at character 5"),
        ("(?z)a", "unknown flags at character 3"),
        ("(?<n>a)", "an unknown group `(?` at character 3"),
        (
            "(?P<1>a)",
            "a group without a proper name `(?P<name>` at character 6",
        ),
        ("(?#a", "a comment without its `)` at character 4"),
        (
            "(?m:^a)$",
            "`$` at the end of the text and flag `m` in one pattern",
        ),
        (r"(\w{900}){900}", "it is too large"),
    ] {
        let expected = format!("bad pattern `{pattern}`: {reason}");
        assert_eq!(call("re.match", &[pattern, "ab"]), expected);
    }
}

#[test]
fn a_dollar_also_matches_before_a_final_line_break() {
    let separators = "\u{1c}\u{1d}\u{1e}\n\n";
    assert_eq!(call("re.findall", &["$", separators]), r#"["",""]"#);
    assert_eq!(
        call("re.findall", &["[^a]+$", separators]),
        r#"["\u001c\u001d\u001e\n\n"]"#
    );
    assert_eq!(
        call("re.findall", &["a$", "\u{1c}\u{1d}\u{1e}\u{1f}a\n"]),
        "bad pattern `a$`: `$` in a text that has all of U+001C to U+001F"
    );
}

#[test]
fn refused_replacements_say_why() {
    assert_eq!(
        call("re.sub", &["(a)", r"\2", ""]),
        r"bad replacement `\2`: the pattern has no group 2; its last is 1"
    );
}
