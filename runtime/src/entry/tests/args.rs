//! Tests of `args`.

use super::*;

fn parsed(line: &str) -> Result<Command, String> {
    let args: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
    parse(&args)
}

#[test]
fn options_can_be_anywhere() {
    let expected = RunArgs {
        input: Some("-".to_owned()),
        timeout_ms: Some(1500),
        grace_ms: Some(2000),
        max_concurrency: Some(4),
        log_level: Some(Level::Debug),
        log_format: Some(LogFormat::Json),
        allow_hosts: ["a", "b", "c"]
            .map(|host| hosts::Entry::parse(host).unwrap())
            .to_vec(),
        events: true,
        ..RunArgs::default()
    };
    let line = "--events run --input=- --timeout 1500ms --grace 2 --allow-host A,b c --max-concurrency 4 -v --log-format JSON";
    assert_eq!(parsed(line), Ok(Command::Run(Box::new(expected))));
    assert_eq!(parsed(""), Ok(Command::Run(Box::default())));
    assert_eq!(parsed("describe"), Ok(Command::Describe));
    assert_eq!(parsed("run --help"), Ok(Command::Help));
}

#[test]
fn a_mistake_gives_one_line() {
    let lines = [
        "--inptu x",
        "srve",
        "serve",
        "--journal x",
        "--input",
        "--timeout soon",
        "--max-concurrency 0",
        "--log-level loud",
        "extra things",
        "run run",
        "run describe --input x",
        "descripe",
        "-- x",
        "-x",
        "q",
        "--events=x",
        "--allow-host a,,b",
        "--allow-host a http://b/c",
    ];
    let errors: Vec<_> = lines.iter().map(|line| parsed(line).unwrap_err()).collect();
    insta::assert_snapshot!(errors.join("\n"), @r"
    unknown option `--inptu`; did you mean `--input`?
    unknown command `srve`; `--help` lists all of them
    `serve` is not in this version
    `--journal` is not in this version
    `--input` needs a value
    `--timeout`: expected a time like `90s`, `1500ms` or `5m`, found `soon`
    `--max-concurrency`: expected a number of 1 or more
    `--log-level`: expected one of `debug`, `info`, `warning`, `warn`, `error`, found `loud`
    unknown command `extra`; `--help` lists all of them
    expected options after `run`, found `run`
    expected options after `run`, found `describe`
    unknown command `descripe`; did you mean `describe`?
    unknown option `--`; `--help` lists all of them
    unknown option `-x`; `--help` lists all of them
    unknown command `q`; `--help` lists all of them
    `--events` takes no value, found `x`
    `--allow-host`: expected a host like `api.example.com`, `api.example.com:8443`, `*.example.com` or `[::1]:8080`, found nothing
    `--allow-host`: `http://b/c` has more than a host and a port; expected a host like `api.example.com`, `api.example.com:8443`, `*.example.com` or `[::1]:8080`
    ");
}
