//! Tests of `hosts`.

use super::*;

fn host(text: &str) -> Host {
    Host::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

fn entry(text: &str) -> Entry {
    Entry::parse(text).unwrap_or_else(|error| panic!("{error}"))
}

/// The port and the host of a URL's `host:port`; port 80 if there is none.
fn admits(allowed: &str, authority: &str) -> bool {
    let Authority { host, port } = Authority::parse(authority).unwrap();
    entry(allowed).admits(&host, port.unwrap_or(80))
}

#[test]
fn every_spelling_of_a_host_is_the_same_host() {
    let spellings = [
        ("api.corp", &["API.corp", "Api.Corp.", "api.corp."][..]),
        (
            "127.0.0.1",
            &[
                "127.1",
                "127.0.1",
                "0x7f.1",
                "0X7F.0.0.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "[::ffff:127.0.0.1]",
                "[::FFFF:7f00:1]",
                "[0:0:0:0:0:ffff:7f00:0001]",
            ],
        ),
        ("0.0.0.0", &["0", "0x", "0.0", "00.0x0"]),
        (
            "169.254.169.254",
            &[
                "0xa9fea9fe",
                "2852039166",
                "0251.0376.0251.0376",
                "169.254.43518",
            ],
        ),
        (
            "[2001:db8::1]",
            &[
                "[2001:DB8:0:0:0:0:0:1]",
                "[2001:0db8::0001]",
                "[2001:db8::0:1]",
                "[2001:db8::0.0.0.1]",
            ],
        ),
    ];
    for (first, others) in spellings {
        assert_eq!(host(first).to_string(), first);
        for other in others {
            assert_eq!(host(first), host(other), "{first} {other}");
        }
    }
    assert_ne!(host("0xaaaaaaaa.corp"), host("170.170.170.170"));
}

#[test]
fn what_is_not_a_host_is_refused() {
    let wrong = [
        "",
        ".",
        "a..b",
        "a b",
        "a%2Fb",
        "a/b",
        "me@a",
        "a\\b",
        "a:80",
        "256.0.0.1",
        "1.2.3.4.5",
        "1.2.3.256",
        "127.0.0.09",
        "0x7g.1.0x",
        "4294967296",
        "0x100000000",
        "a.1",
        "[::1",
        "::1",
        "[::1]x",
        "[fe80::1%eth0]",
        "[127.0.0.1]",
        "[]",
        "a\0",
        "a\n",
        "1..1",
        "+1",
        "1.+1",
        "bücher.example",
        "１２７.0.0.1",
        "a。b",
    ];
    for text in wrong {
        assert!(Host::parse(text).is_err(), "{text:?}");
    }
    let long = "a".repeat(64);
    assert!(Host::parse(&long).is_err() && Host::parse(&"a".repeat(63)).is_ok());
    let long = "a.".repeat(127);
    assert!(Host::parse(&long).is_ok() && Host::parse(&format!("b{long}")).is_err());
    for text in [
        "a:", "a:x", "a:0", "a:+1", "a:65536", "[::1]:", "[::1]9", "::1:9", "a:1:2", "[::1]x:9",
    ] {
        assert!(Authority::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn an_entry_admits_its_host_and_nothing_that_looks_like_it() {
    let admitted = [
        ("a.example", "A.example:99"),
        ("A.EXAMPLE.", "a.example"),
        ("b:81", "b:81"),
        ("b:0080", "b"),
        ("*.c.example", "x.c.example"),
        ("*.C.example", "x.y.c.example:8"),
        ("*.c.example:8", "x.c.example:8"),
        ("[::1]:9", "[0:0::1]:9"),
        ("::1", "[::1]:9"),
        ("[2001:db8::1]:8443", "[2001:DB8:0::1]:8443"),
        ("127.1", "[::ffff:127.0.0.1]:5"),
        ("[::ffff:7f00:1]:9", "2130706433:9"),
    ];
    for (allowed, authority) in admitted {
        assert!(admits(allowed, authority), "{allowed} {authority}");
    }
    let refused = [
        ("a.example", "a.example.evil"),
        ("a.example", "evil-a.example"),
        ("b:81", "b"),
        ("b:81", "b:8"),
        ("*.c.example", "c.example"),
        ("*.c.example", "evil-c.example"),
        ("*.c.example:8", "x.c.example"),
        // Brackets are part of the meaning: a port is not a longer address.
        ("[2001:db8::1]:8443", "[2001:db8::1:8443]:22"),
        ("[::1]:9", "[::1:9]:9101"),
        ("::1:9", "[::1]:9"),
        ("127.0.0.1", "127.0.0.1.example"),
        ("127.0.0.1", "[::127.0.0.1]"),
    ];
    for (allowed, authority) in refused {
        assert!(!admits(allowed, authority), "{allowed} {authority}");
    }
    let names = |allowed: &str, name: &str| entry(allowed).names(&host(name), Some(80));
    assert!(names("x.c", "X.c") && !names("*.c", "x.c") && !names("x.c:81", "x.c"));
    assert!(entry("x.c:81").names(&host("x.c"), None));
}

#[test]
fn an_entry_that_cannot_be_meant_is_refused_with_what_it_may_be() {
    let lines: Vec<_> = [
        "",
        " ",
        "https://api.corp/v1",
        "api.corp/v1",
        "me@api.corp",
        "10.0.0.0/8",
        "api.corp:https",
        "api.corp:0",
        "[::1",
        "*",
        "*.",
        "a.*.corp",
        "*.*.corp",
        "*.127.0.0.1",
        "bücher.example",
    ]
    .into_iter()
    .map(|text| {
        let error = Entry::parse(text).unwrap_err();
        assert!(error.contains(SHAPES), "{error}");
        error.replace(&format!("expected {SHAPES}"), "expected …")
    })
    .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
        expected …, found nothing
        expected …, found nothing
        `https://api.corp/v1` has more than a host and a port; expected …
        `api.corp/v1` has more than a host and a port; expected …
        `me@api.corp` has more than a host and a port; expected …
        `10.0.0.0/8` has more than a host and a port; expected …
        `api.corp:https` has no port from 1 to 65535 behind `:`; expected …
        `api.corp:0` has no port from 1 to 65535 behind `:`; expected …
        `[::1` is not a host; expected …
        `*` is not a host; expected …
        `*.` is not a host; expected …
        `a.*.corp` is not a host; expected …
        `*.*.corp` is not a host; expected …
        `*.127.0.0.1` has `*` before an address; expected …
        `bücher.example` has characters beyond ASCII; a host is written as it is sent, like `xn--bcher-kva.example`; expected …
        ");
    assert_eq!(entry(" *.A.b:81 ").to_string(), "*.a.b:81");
}

#[test]
fn link_local_addresses_are_known_in_every_form() {
    let local = [
        "169.254.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "[fe80::1]",
        "[febf::1]",
        "[::ffff:169.254.169.254]",
        "[::a9fe:a9fe]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::1]",
        "[fd00:ec2::254]",
        "[fd20:ce::254]",
        "Metadata.Google.internal.",
    ];
    for text in local {
        assert!(is_known_link_local(&host(text)), "{text}");
    }
    let other = [
        "127.0.0.1",
        "[::1]",
        "10.0.0.1",
        "169.253.1.1",
        "[fec0::1]",
        "[fd00:ec2::253]",
        "[2001:a9fe:a9fe::1]",
        "metadata.example",
        "localhost",
    ];
    for text in other {
        assert!(!is_known_link_local(&host(text)), "{text}");
    }
}
