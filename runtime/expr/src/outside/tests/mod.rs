//! Tests of `outside`.

use proptest::prelude::*;

use super::{class::steers, text::is_command, *};

#[test]
fn a_line_is_one_line_that_steers_nothing() {
    for (text, shown) in [
        ("plain text", "plain text"),
        ("a\u{1b}[31mb\u{7}", r"a\u{1b}[31mb\u{7}"),
        ("a\nb\r\tc\0", r"a\nb\r\tc\u{0}"),
        ("\u{7f}\u{85}\u{9b}2J", r"\u{7f}\u{85}\u{9b}2J"),
        ("a\u{202e}b\u{2066}\u{61c}", r"a\u{202e}b\u{2066}\u{61c}"),
        ("a\u{2028}b\u{2029}", r"a\u{2028}b\u{2029}"),
        ("a\u{200b}b\u{feff}\u{ad}", r"a\u{200b}b\u{feff}\u{ad}"),
        ("tag \u{e0041}", r"tag \u{e0041}"),
        (
            "see ##[error]x, ##vso[a]",
            r"see #\u{23}[error]x, #\u{23}vso[a]",
        ),
        // Letters, marks and emoji of all languages, and what only looks like a command.
        (
            "Zürich 日本語 עברית می\u{200c}خواهم e\u{301} 👩\u{200d}🚀",
            "Zürich 日本語 עברית می\u{200c}خواهم e\u{301} 👩\u{200d}🚀",
        ),
        ("a\u{200d}b", r"a\u{200d}b"),
        ("## heading #[x] ::1", "## heading #[x] ::1"),
    ] {
        assert_eq!(&*line(text), shown);
        assert_eq!(&*message(text), shown);
    }
}

#[test]
fn a_message_says_how_much_it_leaves_out() {
    let long = "é".repeat(MESSAGE);
    let shown = message(&long);
    assert_eq!(shown.len(), MESSAGE + "… (8192 more bytes)".len());
    assert!(shown.ends_with("é… (8192 more bytes)"), "{shown}");
    assert!(message(&"\0".repeat(1 << 20)).len() < MESSAGE + 40);
    assert_eq!(&*line(&long), long);
    assert_eq!(bounded(&long), &*shown);
    let fits = "é".repeat(MESSAGE / 2);
    assert_eq!(&*message(&fits), fits);
    assert_eq!(bounded(&fits), fits);
}

#[test]
fn a_layout_keeps_its_lines_and_its_colours() {
    let text = "\u{1b}[1;31merror\u{1b}[0m: a\n\tb\n";
    assert_eq!(&*layout(text, true), text);
    assert_eq!(
        &*layout(text, false),
        "\\u{1b}[1;31merror\\u{1b}[0m: a\n\tb\n"
    );
    assert_eq!(
        &*layout("\u{1b}[2J \u{1b}]0;t\u{7}\r", true),
        r"\u{1b}[2J \u{1b}]0;t\u{7}\r"
    );
    assert_eq!(&*layout("\u{1b}[31", true), r"\u{1b}[31");
    assert_eq!(
        &*layout("a\n::error::b\n \u{a0}::notice x=1::y ::error::z", true),
        "a\n\\u{3a}:error::b\n \u{a0}\\u{3a}:notice x=1::y ::error::z"
    );
    assert_eq!(
        &*layout("::1 is home\na ::error::", false),
        "::1 is home\na ::error::"
    );
}

#[test]
fn json_means_the_same_and_steers_nothing() {
    for (document, shown) in [
        (r#"{"a": "é — \n"}"#, r#"{"a": "é — \n"}"#),
        (
            "[\n  \"a\u{7f}\u{9b}\u{202e}\u{2028}\u{e0041}\"\n]",
            "[\n  \"a\\u007f\\u009b\\u202e\\u2028\\udb40\\udc41\"\n]",
        ),
        (
            r###"["##[error]x", "a ## b"]"###,
            r###"["\u0023#[error]x", "a ## b"]"###,
        ),
        ("[\"👩\u{200d}🚀\"]", "[\"👩\u{200d}🚀\"]"),
    ] {
        assert_eq!(&*json(document), shown);
    }
}

#[test]
fn json_is_paid_and_ends_when_nobody_pays() {
    for text in ["plain ", "\u{ad}", "#", "é"] {
        let document = format!("\"{}\"", text.repeat(5_000));
        let mut paid = 0;
        let shown = json_paid(&document, |bytes| {
            paid += bytes;
            Ok::<_, ()>(())
        });
        assert_eq!(shown, Ok(json(&document)));
        assert!(paid >= document.len() - 1, "{paid}");
        assert_eq!(json_paid(&document, |_| Err("over")), Err("over"));
    }
}

#[test]
fn a_workflow_command_is_one_line_with_no_other_property() {
    assert_eq!(
        &*workflow_command(
            "error",
            &[("file", "a,b:c\n\u{1b}"), ("line", "1")],
            "100%\r\n::error::a"
        ),
        "::error file=a%2Cb%3Ac%0A\\u{1b},line=1::100%25\\r%0A::error::a"
    );
    assert_eq!(&*workflow_command("notice", &[], "x"), "::notice::x");
}

#[test]
fn brackets_are_escaped_where_they_would_be_a_link() {
    assert_eq!(
        &*link_free("expected list[int] (see a[0])"),
        "expected list[int] (see a[0])"
    );
    assert_eq!(
        &*link_free("`[text](https://evil)`"),
        r"`\[text\](https://evil)`"
    );
    assert_eq!(&*link_free(r"\[text\\](x)"), r"\\\[text\\\\\](x)");
}

#[test]
fn what_is_drawn_has_its_length_and_its_lines() {
    let text = "a\u{1b}\u{85}\u{2028}\u{200b}\u{e0041}\r\n\té";
    assert_eq!(drawn(text), "a?·\u{fffd}\u{fffd}\u{1fbc4} \n\té");
}

proptest! {
    #[test]
    fn nothing_steers_whatever_the_text(text in r"[\PC\u{0}-\u{a0}\u{200b}-\u{206f}\u{61c}#\[:%\n]{0,60}") {
        let quiet = |text: &str| !text.chars().any(steers);
        prop_assert!(quiet(&line(&text)));
        prop_assert!(quiet(&message(&text)));
        let once = line(&text);
        prop_assert_eq!(&*line(&once), &*once);
        let layout = layout(&text, false);
        prop_assert!(layout.lines().all(|line| quiet(&line.replace('\t', ""))), "{:?}", layout);
        prop_assert!(!layout.lines().any(is_command), "{:?}", layout);
        prop_assert_eq!(layout.lines().count(), text.split('\n').count() - usize::from(text.ends_with('\n') || text.is_empty()));
        let document = serde_json::to_string(&text).unwrap();
        let shown = json(&document);
        prop_assert!(quiet(&shown));
        prop_assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text.clone());
        prop_assert_eq!(drawn(&text).len(), text.len());
        prop_assert!(!workflow_command("error", &[("file", &text)], &text).contains('\n'));
    }
}
