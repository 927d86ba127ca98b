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
    ];
    let lines: Vec<_> = urls.iter().map(|url| shown(url)).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
        http://h/ None
        https://H:8443/a%20b/%C3%BC?q=x%20y None
        http://h/x Some("Basic bWU6cGE6c3M=")
        http://[::1]:80/x None
        http://h/a/../b/%2E%2E/c None
        field `url`: expected an `http` or `https` URL, found `h/x`
        field `url`: expected `http` or `https`, found `ftp`
        field `url`: `` is not a host (with an optional port)
        field `url`: `h:x` is not a host (with an optional port)
        field `url`: `a%2Fb` is not a host (with an optional port)
        field `url`: `exämple.org` is not a host (with an optional port)
        http://h/%5C@evil/x None
        "#);
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
    assert!(to("ftp://o/p").contains("expected `http` or `https`"));
    let from = Address::new("http://me:pass@h:1/a", &[]).unwrap();
    let sent = |location: &str| from.redirect(location).unwrap().basic;
    assert_eq!(sent("/b"), from.basic);
    assert_eq!(sent("http://H:1/b"), from.basic);
    assert_ne!(sent("http://you@h:1/b"), from.basic);
    assert!(sent("http://h:2/b").is_none() && sent("//o/b").is_none());
}

#[test]
fn allowed_hosts_match_by_name_port_and_domain() {
    let allowed = ["a.example", "b:81", "*.c.example", "[::1]:9"];
    let is = |url: &str| Address::new(url, &[]).unwrap().is_allowed(&allowed);
    assert!(
        is("http://A.example:99/x")
            && is("http://b:81/")
            && is("https://x.c.example/")
            && is("http://[::1]:9/")
    );
    assert!(
        !is("http://b/")
            && !is("http://c.example/")
            && !is("http://evil-c.example/")
            && !is("http://a.example.evil/")
    );
    assert!(!Address::new("http://any/", &[]).unwrap().is_allowed(&[]));
}
