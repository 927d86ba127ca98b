//! Tests of `exchange`.

use super::*;

#[test]
fn a_body_follows_a_redirect_only_where_it_is_safe() {
    let mask = Mask::new(["tok-SECRET-1234"]);
    let kept = |from: &str, to: &str, body: &str| {
        let at = |url| Address::new(url, &[]).unwrap();
        kept_back(&at(from), &at(to), body.as_bytes(), &mask)
    };
    let why = kept("https://h/a", "http://h/a", "x").unwrap();
    assert!(why.starts_with("from `https` to `http://h`"), "{why}");
    assert!(kept("https://h/a", "http://o:443/a", "x").is_some());
    let why = kept("http://h/a", "http://o/a", "a=tok%2DSECRET-1234").unwrap();
    assert!(why.starts_with("to another host, `o`"), "{why}");
    for (from, to, body) in [
        ("https://h/a", "http://h/a", ""),
        ("https://h/a", "https://o/a", "x"),
        ("http://h/a", "https://h/a", "x"),
        ("https://h/a", "https://h:443/b", "tok-SECRET-1234"),
    ] {
        assert_eq!(kept(from, to, body), None, "{from} {to} {body}");
    }
}

#[test]
fn credentials_do_not_follow_from_https_to_http() {
    let from = Address::new("https://me:pass@h/a", &[]).unwrap();
    for to in ["http://h/a", "http://h:443/a"] {
        let next = from.redirect(to).unwrap();
        assert!(!from.is_same_host(&next) && next.basic.is_none(), "{to}");
    }
    assert!(from.redirect("/b").unwrap().basic.is_some());
}
