//! Tests of `http-request` about hosts: redirects, allowed hosts, what is sent to whom.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use fmc_expr::hosts::Entry;

use super::{ask, field, request, run};
use crate::{
    executor::tests::bench::Bench,
    host::http::{
        allowed::Allowed,
        client::Clients,
        lookup::Find,
        tests::server::{Server, answer, json, with},
    },
};

#[test]
fn redirects_are_followed_for_get_and_drop_credentials_across_hosts() {
    with(async {
        let target = Server::start(vec![json(200, r#""there""#)]).await;
        let away = format!("Location: http://{}/there?a=1", target.host);
        let answers = vec![
            answer(302, &["Location: ../here"], b""),
            answer(307, &[&away], b""),
        ];
        let settings = r#"{
            "url": "http://HOST/a/b/c",
            "headers": {"Authorization": "Bearer x", "Cookie": "c=1", "Host": "HOST", "X-Session": "k", "Accept-Language": "with hunter22", "Accept": "a/b"}
        }"#;
        let (first, ran) = ask(answers, settings).await;
        assert_eq!(first.lines(), ["GET /a/b/c", "GET /a/here"]);
        assert!(first.requests()[1].contains("authorization: Bearer x"));
        let answers = vec![answer(302, &["Location: /b"], b""), json(200, "1")];
        let (server, _) = ask(answers, r#"{"url": "http://u:p@HOST/a"}"#).await;
        assert!(server.requests()[1].contains("authorization: Basic dTpw"));
        let last = target.requests().remove(0);
        assert!(
            last.starts_with("GET /there?a=1") && last.contains("accept: a/b"),
            "{last}"
        );
        assert!(
            last.contains(&format!("host: {}\r\n", target.host)),
            "{last}"
        );
        for gone in [
            "authorization",
            "cookie",
            "x-session",
            "accept-language",
            "hunter22",
        ] {
            assert!(!last.contains(gone), "{gone} in {last}");
        }
        assert_eq!(
            field(&ran, "url"),
            format!("\"http://{}/there?a=1\"", target.host)
        );
    });
}

#[test]
fn redirects_of_other_methods_are_data_unless_followed() {
    with(async {
        let see = || answer(303, &["Location: /done"], b"");
        let settings = r#"{"url": "http://HOST/x", "method": "POST", "body": {"a": 1}}"#;
        let (server, ran) = ask(vec![see()], settings).await;
        assert_eq!(
            (server.lines().len(), field(&ran, "status_code")),
            (1, "303".to_owned())
        );
        let follow = settings.replace("\"body\"", "\"follow_redirects\": true, \"body\"");
        let (server, _) = ask(vec![see(), json(200, "{}")], &follow).await;
        assert_eq!(server.lines(), ["POST /x", "GET /done"]);
        let last = server.requests().remove(1);
        assert!(
            !last.contains("content-type") && last.ends_with("\r\n\r\n"),
            "{last}"
        );
        let keep = answer(308, &["Location: /done"], b"");
        let (server, _) = ask(vec![keep, json(200, "{}")], &follow).await;
        assert_eq!(server.lines(), ["POST /x", "POST /done"]);
        assert!(server.requests()[1].ends_with("{\"a\":1}"));
        let (_, ran) = ask(
            vec![answer(301, &["Location: /x"], b"")],
            r#"{"url": "http://HOST/x"}"#,
        )
        .await;
        assert!(
            ran.output().ends_with("was redirected more than 10 times"),
            "{}",
            ran.output()
        );
    });
}

#[test]
fn hosts_that_are_not_allowed_are_never_connected_to() {
    with(async {
        let other = Server::start(vec![json(200, "{}")]).await;
        let away = format!(
            "Location: http://localhost:{}/x",
            other.host.rsplit_once(':').unwrap().1
        );
        let server = Server::start(vec![answer(302, &[&away], b"")]).await;
        let mut bench = Bench::new(&[request("r")], "r")
            .input(&format!(r#"{{"url": "http://{}/x"}}"#, server.host));
        bench.allow_hosts = vec!["127.0.0.1".to_owned()];
        let ran = bench.go().await;
        assert_eq!(
            ran.output(),
            "ConfigError: host `localhost` is not allowed; `--allow-host` names `127.0.0.1`"
        );
        assert!(other.requests().is_empty());
    });
}

#[test]
fn a_host_header_may_only_name_an_allowed_host() {
    with(async {
        let server = Server::start(vec![json(200, "{}")]).await;
        let ask = async |host: &str| {
            let mut bench = Bench::new(&[request("r")], "r").input(&format!(
                r#"{{"url": "http://{}/x", "headers": {{"Host": "{host}"}}}}"#,
                server.host
            ));
            bench.allow_hosts = vec!["127.0.0.1".to_owned(), "api.corp".to_owned()];
            bench.go().await.output()
        };
        assert_eq!(
            ask("evil.example").await,
            "ConfigError: field `headers.Host`: host `evil.example` is not allowed; `--allow-host` names `127.0.0.1`, `api.corp`"
        );
        assert!(server.requests().is_empty());
        ask("api.corp").await;
        assert!(server.requests()[0].contains("host: api.corp\r\n"));
    });
}

#[test]
fn a_name_that_leads_to_a_link_local_address_is_not_connected_to() {
    with(async {
        let server = Server::start(vec![json(200, "{}")]).await;
        let port = server.host.rsplit_once(':').unwrap().1;
        // Instead of the system's lookup: every name has the address in its first label.
        let find: Find = Arc::new(|name| {
            let (address, _) = name.as_str().split_once('.').unwrap();
            let address: IpAddr = address.replace('-', ".").parse().unwrap();
            Box::pin(async move { Ok(vec![SocketAddr::new(address, 0)]) })
        });
        let ask = async |host: &str, allowed: &[&str]| {
            let allowed: Vec<_> = allowed
                .iter()
                .map(|host| Entry::parse(host).unwrap())
                .collect();
            let clients = Clients::finding(Allowed::new(None, &allowed), Arc::clone(&find));
            let settings = format!(r#"{{"url": "http://{host}:{port}/x", "timeout": 300}}"#);
            let mut bench = Bench::new(&[request("r")], "r").input(&settings);
            bench.clients = Some(clients);
            bench.go().await.output()
        };
        let good = ask("127-0-0-1.test", &[]).await;
        assert!(good.contains("\"status_code\":200"), "{good}");
        let refusal = "ConfigError: host `169-254-1-1.test` leads to the link-local address `169.254.1.1`, \
                       which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it";
        assert_eq!(ask("169-254-1-1.test", &[]).await, refusal);
        assert_eq!(ask("169-254-1-1.test", &["*.test"]).await, refusal);
        let refused = ask("169.254.169.254", &[]).await;
        assert!(
            refused.starts_with("ConfigError: host `169.254.169.254` is link-local"),
            "{refused}"
        );
        let to = "Location: http://[::ffff:169.254.169.254]/latest";
        let server = Server::start(vec![answer(302, &[to], b"")]).await;
        let ran = run(
            request("r"),
            &format!(r#"{{"url": "http://{}/x"}}"#, server.host),
        )
        .await;
        assert_eq!(
            ran.output().replace("169.254.169.254", "A"),
            refused.replace("169.254.169.254", "A")
        );
    });
}

#[test]
fn a_body_with_a_secret_is_not_sent_to_another_host() {
    with(async {
        let target = Server::start(vec![json(200, "1")]).await;
        let away = format!("Location: http://{}/there", target.host);
        let ask = async |status: u16, method: &str, body: &str| {
            let server = Server::start(vec![answer(status, &[&away], b"")]).await;
            let settings = format!(
                r#"{{"url": "http://{}/x", "method": "{method}", "follow_redirects": true, "body": {body}}}"#,
                server.host
            );
            let ran = run(request("r"), &settings).await;
            ran.output()
                .replace(&server.host, "HERE")
                .replace(&target.host, "THERE")
        };
        let secret = r#"{"key": "hunter22"}"#;
        for status in [307, 308] {
            assert_eq!(
                ask(status, "POST", secret).await,
                "ConnectionError: `POST HERE/x` redirects to another host, `THERE`, and the body has a secret, which is sent to no other host"
            );
        }
        assert!(
            ask(302, "PUT", "\"\\u0068unter22\"")
                .await
                .starts_with("ConnectionError")
        );
        assert!(target.requests().is_empty());
        // POST becomes GET, without the body; a body without secrets goes along.
        ask(302, "POST", secret).await;
        ask(307, "PUT", r#"{"a": 1}"#).await;
        assert_eq!(target.lines(), ["GET /there", "PUT /there"]);
        assert!(target.requests()[1].ends_with("{\"a\":1}"));
    });
}

#[test]
fn the_url_of_an_output_has_no_secret() {
    with(async {
        let settings = r#"{"url": "http://me:hunter22@HOST/hunter22/x?a=%68unter22"}"#;
        let (server, ran) = ask(vec![json(200, "1")], settings).await;
        assert_eq!(server.lines(), ["GET /hunter22/x?a=%68unter22"]);
        assert_eq!(
            field(&ran, "url"),
            format!("\"http://{}/***/x?a=***\"", server.host)
        );
    });
}
