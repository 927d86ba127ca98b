//! Tests of `headers`.

use super::*;
use fmc_expr::hosts::Entry;

/// The headers, or what is wrong with them.
fn headers(given: &[(&str, &[&str])]) -> Result<Headers, String> {
    let mut headers = Headers::default();
    for (name, values) in given {
        let added = headers.add(name, values.iter().copied());
        added.map_err(|fault| fault.message)?;
    }
    Ok(headers)
}

fn sent(headers: &Headers) -> String {
    let line =
        |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
    headers
        .map()
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn names_are_taken_as_they_are_written() {
    let one = &["1"][..];
    let wrong: [&[(&str, &[&str])]; 10] = [
        &[("", one)],
        &[("X A", one)],
        &[("X-A ", one)],
        &[("\tX-A", one)],
        &[("X\r\nY", one)],
        &[("X:", one)],
        &[("é", one)],
        &[("host", one), ("X", one), ("Host", &["2"])],
        &[("X-Api-Key", one), ("X-API-KEY", one)],
        &[("Host", &["a", "b"])],
    ];
    let lines: Vec<_> = wrong
        .iter()
        .map(|given| headers(given).unwrap_err())
        .collect();
    insta::assert_snapshot!(lines.join("\n"), @r"
    field `headers`: `` is not the name of a header
    field `headers`: `X A` is not the name of a header
    field `headers`: `X-A ` is not the name of a header
    field `headers`: `	X-A` is not the name of a header
    field `headers`: `X
    Y` is not the name of a header
    field `headers`: `X:` is not the name of a header
    field `headers`: `é` is not the name of a header
    field `headers`: `host` and `Host` are the same header; several values of one header are written as a list
    field `headers`: `X-Api-Key` and `X-API-KEY` are the same header; several values of one header are written as a list
    field `headers`: `Host` has 2 values, expected one
    ");
    let fits = headers(&[
        ("X-A", &["1", "2"]),
        ("Host", &[]),
        ("host", &["h"]),
        ("Content-Length", &["9"]),
        ("content-length", &["8"]),
    ]);
    assert_eq!(sent(&fits.unwrap()), "x-a: 1\nx-a: 2\nhost: h");
}

#[test]
fn there_is_a_limit_for_headers() {
    let names: Vec<String> = (0..30_000).map(|at| format!("x-{at}")).collect();
    let given: Vec<(&str, &[&str])> = names
        .iter()
        .map(|name| (name.as_str(), &["1"][..]))
        .collect();
    assert_eq!(headers(&given[..200]).unwrap().map().len(), 200);
    let many = "field `headers`: there are more than 200 headers";
    assert_eq!(headers(&given).unwrap_err(), many);
    assert_eq!(headers(&[("x", &["1"; 201])]).unwrap_err(), many);
    let long = "v".repeat(200 << 10);
    assert!(headers(&[("x", &[&long])]).is_ok());
    assert_eq!(
        headers(&[("x", &[&long, &long])]).unwrap_err(),
        "field `headers`: all headers have more than 256 KiB"
    );
}

#[test]
fn a_host_header_is_checked_like_a_host() {
    let allowed = Allowed::new(
        None,
        &["a.corp", "b.corp:8443"].map(|host| Entry::parse(host).unwrap()),
    );
    let address = Address::new("http://a.corp/", &[]).unwrap();
    let check = |host: &str| match headers(&[("Host", &[host])]) {
        Ok(headers) => match headers.check_host(&address, &allowed) {
            Ok(()) => "ok".to_owned(),
            Err(fault) => fault.message,
        },
        Err(error) => error,
    };
    let hosts = [
        "A.corp",
        "a.corp:9",
        "b.corp:8443",
        "b.corp",
        "evil",
        "a.corp, evil",
        "",
        "a.corp/x",
    ];
    let lines = hosts.map(check);
    insta::assert_snapshot!(lines.join("\n"), @r"
    ok
    ok
    ok
    field `headers.Host`: host `b.corp` is not allowed; `--allow-host` names `a.corp`, `b.corp:8443`
    field `headers.Host`: host `evil` is not allowed; `--allow-host` names `a.corp`, `b.corp:8443`
    field `headers.Host`: `a.corp, evil` is not a host
    field `headers.Host`: `` is not a host
    field `headers.Host`: `a.corp/x` is not a host
    ");
    let any = Allowed::new(None, &[]);
    let host = headers(&[("host", &["evil"])]).unwrap();
    assert!(host.check_host(&address, &any).is_ok());
}

#[test]
fn only_what_says_nothing_about_the_sender_goes_to_another_host() {
    let mut all = headers(&[
        ("Accept", &["a/b"]),
        ("Accept-Language", &["de"]),
        ("Authorization", &["Bearer x"]),
        ("Content-Type", &["text/plain"]),
        ("Content-Language", &["hunter22"]),
        ("Cookie", &["c=1"]),
        ("Host", &["api.corp"]),
        ("Origin", &["http://corp"]),
        ("Proxy-Authorization", &["x"]),
        ("Referer", &["http://corp/x"]),
        ("User-Agent", &["fmc"]),
        ("X-Custom", &["1"]),
        ("X-Session", &["2"]),
    ])
    .unwrap();
    all.leave_host(&Mask::new(["hunter22"]));
    insta::assert_snapshot!(sent(&all), @r"
    accept: a/b
    accept-language: de
    user-agent: fmc
    content-type: text/plain
    ");
    all.drop_body();
    assert!(!sent(&all).contains("content-type"));
}
