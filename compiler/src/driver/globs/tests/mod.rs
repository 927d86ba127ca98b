//! Tests of `globs`.

use super::*;

/// Whether the lines leave a path out. A slash at its end says that it is a folder.
fn ignored(lines: &str, path: &str) -> bool {
    let mut list = List::default();
    for (number, line) in (1..).zip(lines.lines()) {
        let _ = list.add(number, line);
    }
    let below = Below {
        path: path.trim_end_matches('/').as_bytes(),
        is_folder: path.ends_with('/'),
    };
    let line = list.last(below, &mut Steps::of_one_path()).unwrap();
    line.is_some_and(|line| !line.negated)
}

#[test]
fn patterns_match_as_in_git() {
    for (line, yes, no) in [
        ("a", "a b/a a/ b/a/", "ab b"),
        ("a/", "a/ b/a/", "a b/a"),
        ("/a", "a", "b/a"),
        ("a/b", "a/b", "c/a/b ab"),
        ("*.json", "a.json b/c.json .json", "a.jsonx"),
        ("a*b*c", "abc a1b2c x/abc", "ab acb"),
        ("/*.json", "a.json", "b/a.json"),
        ("a/*", "a/b a/.x", "a/b/c a"),
        ("a/**", "a/b a/b/c", "a"),
        ("**/a", "a b/a b/c/a", "ab"),
        ("a/**/b", "a/b a/x/b a/x/y/b", "ab a/xb"),
        ("**/a/*/b", "a/x/b y/a/a/x/b a/a/a/x/b", "a/b a/x/y/b"),
        ("a**/b", "ab/b a/b axx/b", "a/x/b"),
        ("?.json", "a.json", "ab.json .json"),
        ("[a-c]x", "ax bx cx", "dx x"),
        ("[!a-c]x", "dx", "ax"),
        ("[^a]x", "bx", "ax"),
        ("[]a]x", "]x ax", "bx"),
        ("[a-]x", "ax -x", "bx"),
        ("[[:digit:]_]x", "1x _x", "ax"),
        ("[[:x]", "[ : x", "a"),
        ("\\#a", "#a", "a"),
        ("\\!a", "!a", "a"),
        ("\\*", "*", "a"),
        ("[\\]]", "]", "a"),
        ("a\\ ", "a", "b"),
        ("{a,b}", "{a,b}", "a b"),
    ] {
        // A blank is part of no path here but that of the escaped one.
        let line_of = |path: &str| match line.ends_with(' ') {
            true => format!("{path} "),
            false => path.to_owned(),
        };
        for path in yes.split(' ') {
            assert!(
                ignored(line, &line_of(path)),
                "{line} does not match {path}"
            );
        }
        for path in no.split(' ') {
            assert!(!ignored(line, &line_of(path)), "{line} matches {path}");
        }
    }
}

#[test]
fn the_last_line_that_matches_decides() {
    let lines = "# a\n\n*.json\n!good.json\ngood.json/\n   \nworst.json";
    for (path, left_out) in [
        ("a.json", true),
        ("good.json", false),
        ("good.json/", true),
        ("worst.json", true),
        ("a", false),
    ] {
        assert_eq!(ignored(lines, path), left_out, "{path}");
    }
}

#[test]
fn what_can_match_nothing_is_a_mistake() {
    for glob in ["[a", "a\\", "{a", "a}", "[[:alpha:]", "[\\]"] {
        assert!(mistake(glob).is_some(), "{glob}");
    }
    let long = "{".repeat(500) + &"}".repeat(500);
    for glob in [&"a".repeat(1_001), &"{a,b}".repeat(20), &",a".repeat(100)] {
        let braces = format!("{{{glob}}}");
        assert!(mistake(&braces).is_some(), "{braces}");
    }
    for glob in ["a", "", "#", "{a,b}{c,{d,e}}", "\\{", &long] {
        assert_eq!(mistake(glob), None, "{glob}");
    }
}

#[test]
fn braces_hold_alternatives() {
    let all = |glob| alternatives(glob).unwrap();
    assert_eq!(all("a{b,c{d,e},}f"), ["abf", "acdf", "acef", "af"]);
    let mut globs = Globs::new(vec!["{old,older}/*.json".to_owned()]);
    globs.below(Path::new("/p"));
    assert_eq!(globs.matches(Path::new("/p/older/a.json")), Ok(true));
    assert_eq!(globs.matches(Path::new("/p/new/a.json")), Ok(false));
}

/// Patterns that take backtracking engines for ever, and those that make large automata.
#[test]
fn hostile_patterns_end_or_are_refused() {
    let path = format!("{0}/{0}.json", "ab".repeat(100));
    let deep = "a/".repeat(2_000) + "x.json";
    for line in [
        "*a".repeat(100_000),
        "*a*b?".repeat(50) + "c",
        "**/".repeat(1_000) + "b",
        "**/a/".repeat(300) + "b",
        "?".repeat(1 << 20),
        "[[:".repeat(300_000) + "]",
        "[!-~]".repeat(200),
        "*".repeat(1 << 20) + "b",
        "*?".repeat(1_000) + "z",
        format!("*{}z", "a?".repeat(60)),
    ] {
        for path in [&path, &deep] {
            let mut list = List::default();
            for number in 0..20_000_u32 {
                let _ = list.add(number, &line);
                if line.len() > 1_000 {
                    break;
                }
            }
            let mut steps = Steps::of_one_path();
            let below = Below {
                path: path.as_bytes(),
                is_folder: false,
            };
            // It ends: whether it has an answer depends on the pattern.
            let _ = list.last(below, &mut steps);
        }
    }
}
