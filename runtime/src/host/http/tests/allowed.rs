//! Tests of `allowed`.

use super::*;
use fmc_expr::hosts::Authority;

fn allowed(compiled: Option<&[&str]>, given: &[&str]) -> Allowed {
    let given: Vec<_> = given
        .iter()
        .map(|host| Entry::parse(host).unwrap())
        .collect();
    Allowed::new(compiled, &given)
}

fn said(allowed: &Allowed, authority: &str) -> String {
    let Authority { host, port } = Authority::parse(authority).unwrap();
    let checked = allowed.check(&host, port.unwrap_or(80));
    checked.err().map_or(String::new(), |fault| fault.message)
}

#[test]
fn a_host_must_be_in_both_lists() {
    let both = allowed(Some(&["a.corp", "b.corp:81"]), &["a.corp", "c.corp"]);
    let lines = ["a.corp", "b.corp:81", "c.corp"].map(|host| said(&both, host));
    insta::assert_snapshot!(lines.join("\n"), @r"

    host `b.corp` is not allowed; `--allow-host` names `a.corp`, `c.corp`
    host `c.corp` is not allowed; `allow-hosts` of `fmc.toml` names `a.corp`, `b.corp:81`
    ");
    assert_eq!(said(&allowed(None, &[]), "any.example"), "");
    let none = said(&allowed(Some(&[]), &[]), "any.example");
    assert!(
        none.ends_with("`allow-hosts` of `fmc.toml` names none"),
        "{none}"
    );
}

#[test]
fn link_local_hosts_must_be_named() {
    let free = allowed(None, &[]);
    for host in [
        "169.254.169.254",
        "0xa9fea9fe",
        "[fe80::1]",
        "[::ffff:a9fe:a9fe]",
        "metadata.google.internal",
    ] {
        let refusal = said(&free, host);
        assert!(
            refusal.contains("is link-local, which is refused unless"),
            "{host} {refusal}"
        );
    }
    for host in ["127.0.0.1", "[::1]", "10.1.2.3", "metadata.corp"] {
        assert_eq!(said(&free, host), "");
    }
    let named = allowed(
        Some(&["*.internal", "169.254.169.254"]),
        &["metadata.google.internal", "0xa9fea9fe:80"],
    );
    for host in ["169.254.169.254", "metadata.google.internal"] {
        let refusal = said(&named, host);
        assert_eq!(refusal, "", "{host}");
    }
    let around = allowed(Some(&["*.internal"]), &["*.google.internal"]);
    assert!(said(&around, "metadata.google.internal").contains("link-local"));
}

#[test]
fn a_name_never_leads_to_a_link_local_address() {
    let reach = |allowed: &Allowed, name: &str, found: &[&str]| {
        let found: Vec<IpAddr> = found
            .iter()
            .map(|address| address.parse().unwrap())
            .collect();
        match allowed.reachable(name, found, |address| address) {
            Ok(kept) => format!("{kept:?}"),
            Err(refused) => refused.to_string(),
        }
    };
    let free = allowed(None, &[]);
    let named = allowed(None, &["m.corp", "fe80::1"]);
    let lines = [
        reach(&free, "m.corp", &["169.254.169.254"]),
        reach(&free, "m.corp", &["::ffff:169.254.0.1", "fd00:ec2::254"]),
        reach(
            &free,
            "m.corp",
            &["fe80::1", "127.0.0.1", "64:ff9b::a9fe:1"],
        ),
        reach(&free, "m.corp", &[]),
        reach(&named, "m.corp", &["169.254.169.254"]),
        reach(&named, "x.corp", &["fe80::2", "fe80::1"]),
        reach(&named, "x.corp", &["169.254.169.254"]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    host `m.corp` leads to the link-local address `169.254.169.254`, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
    host `m.corp` leads to the link-local address `::ffff:169.254.0.1`, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
    [127.0.0.1]
    []
    [169.254.169.254]
    [fe80::1]
    host `x.corp` leads to the link-local address `169.254.169.254`, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
    ");
}
