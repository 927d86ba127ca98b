//! Tests of `address`.

use super::*;

fn shown(url: &str) -> String {
    match Address::new(url, &[]) {
        Ok(address) => format!("{} {:?}", address.uri, address.basic),
        Err(fault) => fault.message.clone(),
    }
}

#[test]
fn urls_are_read_and_refused() {
    let urls = [
        "http://h",
        "HTTPS://H:8443/a b/ü?q=x y#frag",
        "http://me:pa%3Ass@h/x",
        "http://[::1]:80/x",
        "http://h/a/../b/%2E%2E/c",
        "h/x",
        "ftp://h/x",
        "http:///x",
        "http://h:x/",
        "http://a%2Fb/",
        "http://exämple.org/",
        "http://h\\@evil/x",
        "http://[::1]x:9101/",
        "http://::1/",
        "http://[2001:DB8:0::1]/",
        "http://0x7f.1:80/",
        "http://h.:0/",
    ];
    let lines: Vec<_> = urls.iter().map(|url| shown(url)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    http://h/ None
    https://h:8443/a%20b/%C3%BC?q=x%20y None
    http://h/x Some("Basic bWU6cGE6c3M=")
    http://[::1]:80/x None
    http://h/a/../b/%2E%2E/c None
    field `url`: expected an `http` or `https` URL, found `h/x`
    field `url`: expected `http` or `https`, found `ftp`
    field `url`: `` is not a host
    field `url`: `h:x` has no port from 1 to 65535 behind `:`
    field `url`: `a%2Fb` is not a host
    field `url`: `exämple.org` has characters beyond ASCII; a host is written as it is sent, like `xn--bcher-kva.example`
    http://h/%5C@evil/x None
    field `url`: `[::1]x:9101` is not a host
    field `url`: `::1` has no port from 1 to 65535 behind `:`
    http://[2001:db8::1]/ None
    http://127.0.0.1:80/ None
    field `url`: `h.:0` has no port from 1 to 65535 behind `:`
    "#);
}

#[test]
fn a_password_that_is_read_as_a_port_is_not_shown() {
    for mark in ['/', '?', '#', '\\'] {
        let message = shown(&format!("http://svc:S3cret{mark}Passw0rd@h/"));
        assert!(message.contains("`%2F`, `%3F`"), "{message}");
        assert!(!message.contains("S3cret"), "{message}");
    }
    assert!(shown("http://h:x/a").contains("`h:x`"));
}

#[test]
fn query_parameters_are_added() {
    let query = [
        ("a".to_owned(), "1 2".to_owned()),
        ("a".to_owned(), "&=?/".to_owned()),
    ];
    let with = |url: &str| Address::new(url, &query).unwrap().uri.to_string();
    assert_eq!(with("http://h/x"), "http://h/x?a=1%202&a=%26%3D%3F%2F");
    assert_eq!(
        with("http://h/x?b=1#f"),
        "http://h/x?b=1&a=1%202&a=%26%3D%3F%2F"
    );
    assert_eq!(with("http://h?"), "http://h/?a=1%202&a=%26%3D%3F%2F");
}

#[test]
fn redirects_are_resolved() {
    let from = Address::new("http://h:1/a/b?q", &[]).unwrap();
    let to = |location: &str| {
        from.redirect(location)
            .map_or_else(|fault| fault.message.clone(), |to| to.uri.to_string())
    };
    assert_eq!(to("/x?y"), "http://h:1/x?y");
    assert_eq!(to("c"), "http://h:1/a/c");
    assert_eq!(to("../c/./d/.."), "http://h:1/c/");
    assert_eq!(to("?z"), "http://h:1/a/b?z");
    assert_eq!(to("//o/p"), "http://o/p");
    assert_eq!(to("https://o/p"), "https://o/p");
    assert_eq!(to("/login?to=http://x/"), "http://h:1/login?to=http://x/");
    // A scheme is only what begins with one.
    assert_eq!(
        to("login?next=http://x/"),
        "http://h:1/a/login?next=http://x/"
    );
    assert_eq!(to("./p;u=x:y"), "http://h:1/a/p;u=x:y");
    assert_eq!(to("?next=//x"), "http://h:1/a/b?next=//x");
    // Fragments are no part of the path, and an empty reference is this address.
    assert_eq!(to("/x#f/../g"), "http://h:1/x");
    assert_eq!(to("c?d#e?f/.."), "http://h:1/a/c?d");
    assert_eq!(to(""), "http://h:1/a/b?q");
    assert_eq!(to("#frag"), "http://h:1/a/b?q");
    assert_eq!(to("//o/p/../r?s/../t"), "http://o/r?s/../t");
    assert_eq!(to("HTTP://o:1/p/./r"), "http://o:1/p/r");
    assert_eq!(to("http://o?u/../v"), "http://o/?u/../v");
    for refused in [
        "ftp://o/p",
        "mailto:a@b",
        "javascript:x",
        "h:8080/x",
        "http:x",
        "http:///x",
        "//",
        "file:///etc/passwd",
    ] {
        assert!(
            to(refused).contains("field `url`"),
            "{refused} {}",
            to(refused)
        );
    }
    let from = Address::new("http://me:pass@h:1/a", &[]).unwrap();
    let sent = |location: &str| from.redirect(location).unwrap().basic;
    assert_eq!(sent("/b"), from.basic);
    assert_eq!(sent("http://H:1/b"), from.basic);
    assert_ne!(sent("http://you@h:1/b"), from.basic);
    assert!(sent("http://h:2/b").is_none() && sent("//o/b").is_none());
}
