//! What a built binary sends, to whom, and what it refuses: URLs, hosts, redirects, headers.

use fmc_tests::{Answer, Ended, Pipeline, Server};
use serde_json::{Value, json};

/// What leads out of its segment if it is not escaped.
const HOSTILE: &str = "../../admin?y=1#";

/// A pipeline that tries one request after another, and goes on whatever becomes of them.
fn each(id: &str, configs: &[Value]) -> Pipeline {
    let stages = configs.iter().enumerate().map(|(at, config)| {
        json!({
            "id": format!("r{at:02}"),
            "component_type": "http-request",
            "config": config,
            "depends_on": at.checked_sub(1).map(|at| format!("r{at:02}")).into_iter().collect::<Vec<_>>(),
            "error_handling": {"on_error": "continue"},
        })
    });
    Pipeline::of(id, &stages.collect())
}

/// What each stage came to: the request that the server saw, or the error.
fn came_to(ended: &Ended, server: &Server, count: usize) -> Vec<String> {
    let mut seen = server.requests().into_iter();
    let lines = (0..count).map(|at| {
        let id = format!("r{at:02}");
        let failed = ended
            .events_of("attempt", &id)
            .into_iter()
            .find_map(|event| {
                let message = event["error"]["message"].as_str()?.to_owned();
                Some(message)
            });
        failed.unwrap_or_else(|| seen.next().map_or(String::new(), |request| request.line()))
    });
    lines.collect()
}

#[test]
fn a_url_that_an_expression_builds_is_escaped_behind_its_first_operand() {
    let long = format!(
        "{{{{ env.BASE + '/p/' + {}input.x }}}}",
        "'a' + ".repeat(150)
    );
    let urls = [
        "{{ env.BASE + '/p/' + input.x }}",
        "{{ f'{env.BASE}/p/{input.x}/q' }}",
        "{{ env.BASE + f'/p/{input.x:>20}' }}",
        "{{ '{}/p/{}'.format(env.BASE, input.x) }}",
        "{{ '{b}/{{p}}/{0}'.format(input.x, b=env.BASE) }}",
        "{{ '/'.join([env.BASE, 'p', input.x]) }}",
        "{{ [env.BASE, 'p', input.n, input.x] | join('/') }}",
        "{{ 'HERE/p/ID'.replace('ID', input.x) }}",
        "{{ env.BASE + '/p/' + input.x if input.n else 'http://none' }}",
        "{{ input.none or (env.BASE + ('/a/' if input.n else '/b/') + input.x) }}",
        "{{ input.none | default(env.BASE + '/p/' + input.x) }}",
        "{{ env.BASE + '/p/' + raw(input.safe) }}/{{ input.x }}",
        "  {{ env.BASE + '/p/' + input.x }}?q={{ input.x }}",
        "{{ env.BASE + '/p?q=' + input.x + '#' }}",
        "{{ ('  ' + env.BASE + '/p/' + input.x + '  ').strip() }}",
        "{{ (env.BASE + '/p/' + input.x + '/').rstrip('/') }}",
        "{{ f'{env.BASE}/P/{input.x}' | lower }}",
        "{{ str(env.BASE + '/p/' + input.x).strip() }}",
        "{{ (env.BASE + ('/a/' if input.n else '/b/') + input.x).removesuffix('#').lstrip() }}",
        // One value is taken as it comes, whatever it holds.
        "{{ input.whole }}",
        "{{ input.whole.replace('http://', 'http://').strip() }}",
        "{{ input.urls[0] }}?{{ input.x }}",
        // Several values that a function puts together lead to no other path.
        "{{ input.template.replace('ID', input.up) }}",
        "{{ input.template.replace('ID', input.safe).strip() }}/{{ input.x }}",
        "{{ re.sub('ID', input.x, 'http://none/p/ID') }}",
        "{{ (env.BASE + '/p/' + input.x)[:30] }}",
        "{{ f'{input.template.replace(\"ID\", input.up)}/q' }}",
        "{{ input.template.replace('ID', raw(input.up)) }}",
        "{{ env.BASE + '/p/' + input.x.replace('..', input.n | str) }}",
        // So does what holds a text that was put together.
        "{{ [env.BASE + '/p/' + input.x][0] }}",
        "{{ {'u': env.BASE + '/p/' + input.x}.u }}",
        "{{ (env.BASE + '/p/' + input.x).split(' ')[0] }}",
        "{{ [u for u in [env.BASE + '/p/' + input.x]][0] }}",
        "{{ first(['http:' + '//none/p/' + input.x]) }}",
        "{{ f\"{env.BASE + '/p/' + input.x}\" }}",
        "{{ f'{input.template.replace(\"ID\", input.up)}' }}",
        &long,
        "{{ env.BASE + '/p/' + input.up }}",
        "{{ env.BASE + '/p/' + input.empty }}",
        "{{ env.BASE + input.x }}",
        "{{ env.BASE + '/p/' + input.n }}",
        "{{ env.BASE + '/p/' + input.fake }}",
    ];
    let configs: Vec<_> = urls.iter().map(|url| json!({"url": url})).collect();
    let program = each("built-urls", &configs).build();
    let server = Server::start().on("*", "*", [Answer::json(200, &json!({}))]);
    let input = json!({
        "x": HOSTILE, "n": 7, "none": null, "safe": "a/b", "up": "..", "empty": "",
        "fake": [0, "a/b"], "whole": format!("{}/a/../b", server.url()),
        "template": format!("{}/t/ID", server.url()), "urls": [format!("{}/u/../v", server.url())],
    });
    let run = program.run().env("BASE", &server.url());
    let ended = run.input(&input).finish();
    let lines = came_to(&ended, &server, urls.len());
    let lines = lines
        .join("\n")
        .replace(&server.url(), "BASE")
        .replace(server.url().trim_start_matches("http://"), "HOST");
    insta::assert_snapshot!(lines, @r"
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23/q
        GET /p/%20%20%20%20..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /%7Bp%7D/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/7/..%2F..%2Fadmin%3Fy%3D1%23
        field `url`: expected an `http` or `https` URL, found `HERE/p/..%2F..%2Fadmin%3Fy%3D1%23`
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /a/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/a/b/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23?q=..%2F..%2Fadmin%3Fy%3D1%23
        GET /p?q=..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        GET /a/..%2F..%2Fadmin%3Fy%3D1
        GET /a/../b
        GET /a/../b
        GET /u/../v?..%2F..%2Fadmin%3Fy%3D1%23
        field `url`: a value makes the path segment `..`, which would lead to another path
        GET /t/a/b/..%2F..%2Fadmin%3Fy%3D1%23
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        GET /t/..
        GET /p/7%2F7%2Fadmin%3Fy%3D1%23
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: a value makes the path segment `..`, which would lead to another path
        GET /p/..%2F..%2Fadmin%3Fy%3D1%23
        field `url`: a value makes the path segment `..`, which would lead to another path
        GET /p/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..%2F..%2Fadmin%3Fy%3D1%23
        field `url`: a value makes the path segment `..`, which would lead to another path
        field `url`: in `env.BASE + '/p/' + input.empty` a value is empty, which would remove a path segment
        field `url`: a value after the host `HOST` would change it; expected `/` between them, `:` and digits, or `raw(…)`
        cannot add `string` and `int`; `str(…)` makes text of a value in `env.BASE + '/p/' + input.n` (`config.url`, line 527, column 20)
        cannot add `string` and `list`; `str(…)` makes text of a value in `env.BASE + '/p/' + input.fake` (`config.url`, line 540, column 20)
        ");
}

#[test]
fn an_empty_value_stops_the_request_that_it_would_change() {
    let urls = [
        "{{env.BASE}}/x/{{input.seg}}/y",
        "{{env.BASE}}/users/{{input.empty}}",
        "{{env.BASE}}/x/{{input.ok}}/y?q={{input.empty}}&r={{input.seg}}",
    ];
    let configs = urls.map(|url| json!({"url": url, "method": "DELETE"}));
    let program = each("empty-segments", &configs).build();
    let server = Server::start().on("*", "*", [Answer::json(200, &json!({}))]);
    let run = program.run().env("BASE", &server.url());
    let ended = run.input(&json!({"empty": "", "ok": "a"})).finish();
    insta::assert_snapshot!(came_to(&ended, &server, urls.len()).join("\n"), @r"
        field `url`: in `input.seg` a value is null, which would remove a path segment
        field `url`: in `input.empty` a value is empty, which would remove a path segment
        DELETE /x/a/y?q=&r=
        ");
}

#[test]
fn hosts_headers_and_redirects_cannot_be_tricked() {
    let elsewhere = Server::start().on("*", "*", [Answer::json(200, &json!({}))]);
    let away = elsewhere.url_by_name();
    let server = Server::start()
        .on("POST", "/away", [Answer::redirect(307, &away)])
        .on("GET", "/away", [Answer::redirect(302, &away)])
        .on(
            "GET",
            "/cloud",
            [Answer::redirect(
                302,
                "http://[::ffff:169.254.169.254]/latest",
            )],
        )
        .on("GET", "/odd", [Answer::status(600)])
        .on("*", "*", [Answer::json(200, &json!({}))]);
    let to = |path: &str| format!("{{{{env.BASE}}}}{path}");
    let many: Value = (0..201)
        .map(|at| (format!("x-{at}"), json!("1")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let configs = [
        json!({"url": to("/away"), "method": "POST", "follow_redirects": true, "body": {"k": "{{env.API_TOKEN}}"}}),
        json!({"url": to("/cloud")}),
        json!({"url": "http://2852039166/latest"}),
        json!({"url": "http://metadata.google.internal/"}),
        json!({"url": to("/odd")}),
        json!({"url": to("/h"), "headers": "{{input.twice}}"}),
        json!({"url": to("/h"), "headers": "{{input.blank}}"}),
        json!({"url": to("/h"), "headers": "{{input.many}}"}),
        json!({"url": "http://[::1]x:9101/"}),
        json!({"url": to("/away"), "headers": {"Host": "api.corp", "X-Session": "s", "Accept": "a/b"}}),
    ];
    let program = each("tricks", &configs).build();
    let run = program.run().env("BASE", &server.url());
    let run = run.env("API_TOKEN", "tok-5f2a9c01");
    let input = json!({
        "twice": {"host": "a", "Host": "b"}, "blank": {"X-A ": "1"}, "many": many,
    });
    let ended = run.input(&input).finish();
    let mut shown = Vec::new();
    for at in 0..configs.len() - 1 {
        let attempts = ended.events_of("attempt", &format!("r{at:02}"));
        let error = &attempts[0]["error"];
        shown.push(format!(
            "{}: {}",
            error["type"].as_str().unwrap_or_default(),
            error["message"].as_str().unwrap_or_default()
        ));
    }
    let shown = shown.join("\n");
    let shown = shown
        .replace(server.url().trim_start_matches("http://"), "HOST")
        .replace(away.trim_start_matches("http://"), "AWAY");
    insta::assert_snapshot!(shown, @r"
        ConnectionError: `POST HOST/away` redirects to another host, `AWAY`, and the body has a secret, which is sent to no other host
        ConfigError: host `169.254.169.254` is link-local, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
        ConfigError: host `169.254.169.254` is link-local, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
        ConfigError: host `metadata.google.internal` is link-local, which is refused unless `--allow-host` or `allow-hosts` of `fmc.toml` names it
        ConnectionError: `GET HOST/odd` answered with status 600, expected 200 to 599
        ConfigError: field `headers`: `host` and `Host` are the same header; several values of one header are written as a list
        ConfigError: field `headers`: `X-A ` is not the name of a header
        ConfigError: field `headers`: there are more than 200 headers
        ConfigError: field `url`: `[::1]x:9101` is not a host
        ");
    // The last one came through, without what says who asks.
    let sent = elsewhere.requests();
    assert_eq!(sent.len(), 1);
    let header = |name: &str| sent[0].header(name).map(str::to_owned);
    assert_eq!(header("accept").as_deref(), Some("a/b"));
    assert_eq!(
        header("host").as_deref(),
        Some(away.trim_start_matches("http://"))
    );
    assert_eq!(header("x-session"), None);
    assert_eq!(server.only("GET", "/away").header("host"), Some("api.corp"));
}

#[test]
fn a_compressed_body_is_read_and_one_that_cannot_be_is_refused() {
    // {"a": 1} in zlib.
    let packed = vec![
        0x78, 0xda, 0xab, 0x56, 0x4a, 0x54, 0xb2, 0x52, 0x30, 0xac, 0x05, 0x00, 0x09, 0xe5, 0x02,
        0x29,
    ];
    let body = |encoding: &str| {
        Answer::bytes("application/json", packed.clone()).header("Content-Encoding", encoding)
    };
    let server = Server::start()
        .on("GET", "/deflate", [body("deflate")])
        .on("GET", "/gzip", [body("gzip")])
        .on("GET", "/br", [body("br")]);
    let urls = ["/deflate", "/gzip", "/br"];
    let configs = urls.map(|path| json!({"url": format!("{{{{env.BASE}}}}{path}")}));
    let program = each("packed", &configs).build();
    let run = program.run().env("BASE", &server.url());
    let ended = run.input(&json!({})).finish();
    let asked = server.only("GET", "/deflate");
    assert_eq!(asked.header("accept-encoding"), Some("gzip, deflate"));
    let said = ended
        .stderr
        .replace(server.url().trim_start_matches("http://"), "HOST");
    assert!(
        said.contains("`HOST/gzip` answered with a body that is not valid `gzip`"),
        "{said}"
    );
    assert!(
        said.contains(
            "`HOST/br` answered with a body in the encoding `br`, expected gzip, deflate or none"
        ),
        "{said}"
    );
}

#[test]
fn an_allowed_host_is_a_host_and_not_a_text() {
    let program = Pipeline::request("allowed", &json!({"url": "{{input.url}}"})).build();
    let run = |url: &str, allowed: &str| {
        let run = program.run().input(&json!({"url": url}));
        let ended = run.arg("--allow-host").arg(allowed).finish();
        (ended.code(), ended.stderr)
    };
    // A port is not the end of an address; the other server is never connected to.
    let (code, said) = run("http://[::1:9]:9101/", "[::1]:9");
    assert!(
        code == 1 && said.contains("host `[::1:9]` is not allowed"),
        "{said}"
    );
    let server = Server::start().on("*", "*", [Answer::status(200)]);
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    let (code, said) = run(&format!("http://0x7f.1:{port}/"), "LOCALHOST");
    assert!(
        code == 1
            && said.contains("host `127.0.0.1` is not allowed; `--allow-host` names `localhost`"),
        "{said}"
    );
    assert!(server.sequence().is_empty());
    let allowed = format!("[::ffff:7f00:1]:{port}");
    assert_eq!(run(&format!("http://2130706433:{port}/"), &allowed).0, 0);
    let (code, said) = run(&server.url(), "http://127.0.0.1");
    assert!(
        code == 2
            && said.contains("`--allow-host`: `http://127.0.0.1` has more than a host and a port"),
        "{said}"
    );
}
