//! Tests of `generator` with a scripted server.

use crate::{
    component::generator::{GENERATOR, unfenced},
    executor::drive::Signal,
    executor::tests::{
        bench::{Bench, Ran},
        drafts::{Draft, leaf},
    },
    host::http::tests::server::{Answer, Server, answer, json, with},
};

fn reply(content: &str) -> Answer {
    json(
        200,
        &format!(
            r#"{{"model": "m-1", "choices": [{{"message": {{"content": {content}}}, "finish_reason": "stop"}}], "usage": {{"prompt_tokens": 3, "completion_tokens": 4}}}}"#
        ),
    )
}

async fn ask(answers: Vec<Answer>, settings: &str) -> (Server, Ran) {
    let server = Server::start(answers).await;
    let drafts = [leaf("g").runs(&GENERATOR).config(|s| Ok(s.input()))];
    let bench = Bench::new(&drafts, "g").input(settings);
    let bench = bench
        .env("OPENAI_BASE_URL", &format!("http://{}/v1/", server.host))
        .env("OPENAI_API_KEY", "sk-secret");
    let ran = bench.go().await;
    (server, ran)
}

#[test]
fn text_is_asked_for_and_tokens_are_counted() {
    with(async {
        let settings = r#"{"prompt": "why?", "system_prompt": "be brief", "temperature": "0.5", "llm_settings": {"model": "m", "max_tokens": 9, "top_p": 0.9, "stop_sequences": ["END"]}}"#;
        let (server, ran) = ask(vec![reply(r#""because""#)], settings).await;
        let request = server.requests().remove(0);
        assert!(
            request.starts_with("POST /v1/chat/completions ")
                && request.contains("authorization: Bearer sk-secret"),
            "{request}"
        );
        let (_, body) = request.split_once("\r\n\r\n").unwrap();
        insta::assert_snapshot!(format!("{body}\n{}", ran.output()), @r#"
        {"model":"m","max_tokens":9,"stop":["END"],"temperature":0.5,"top_p":0.9,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"why?"}]}
        {"content":"because","tokens_used":7,"input_tokens":3,"output_tokens":4,"finish_reason":"stop","model":"m-1"}
        "#);
        assert_eq!(
            (
                ran.end.usage.calls,
                ran.end.usage.input_tokens,
                ran.end.usage.output_tokens
            ),
            (1, 3, 4)
        );
    });
}

#[test]
fn counts_of_tokens_that_are_too_large_do_not_overflow() {
    with(async {
        let settings = r#"{"prompt": "list", "output_format": "json"}"#;
        let most = i64::MAX;
        let liar = |content: &str| {
            let usage = format!(r#"{{"prompt_tokens": {most}, "completion_tokens": {most}}}"#);
            let choices = format!(r#"[{{"message": {{"content": {content}}}}}]"#);
            json(
                200,
                &format!(r#"{{"choices": {choices}, "usage": {usage}}}"#),
            )
        };
        // The reply is corrected once, so that the counts of two are added.
        let answers = vec![liar(r#""Sure!""#), liar(r#""[1]""#)];
        let (_, ran) = ask(answers, settings).await;
        let counted = format!(
            r#"{{"content":[1],"tokens_used":{most},"input_tokens":{most},"output_tokens":{most},"#
        );
        assert!(ran.output().starts_with(&counted), "{}", ran.output());
        assert_eq!(ran.end.usage.input_tokens, most as u64 * 2);
    });
}

#[test]
fn a_reply_that_is_not_json_may_be_corrected_once() {
    with(async {
        let settings = r#"{"prompt": "list", "output_format": "json"}"#;
        let (_, ran) = ask(vec![reply(r#""```json\n{\"a\": 1}\n```""#)], settings).await;
        assert!(
            ran.output()
                .starts_with(r#"{"content":{"a":1},"tokens_used":7"#),
            "{}",
            ran.output()
        );
        let (server, ran) = ask(vec![reply(r#""Sure!""#), reply(r#""[1]""#)], settings).await;
        assert!(
            ran.output()
                .starts_with(r#"{"content":[1],"tokens_used":14"#),
            "{}",
            ran.output()
        );
        let second = server.requests().remove(1);
        assert!(second.contains(r#"{"role":"assistant","content":"Sure!"},{"role":"user","content":"That is not valid JSON"#), "{second}");
        let (server, ran) = ask(vec![reply(r#""Sure!""#)], settings).await;
        assert!(
            ran.output()
                .starts_with("ValidationError: the model twice did not answer with JSON"),
            "{}",
            ran.output()
        );
        assert_eq!(server.lines().len(), 2);
    });
}

#[test]
fn busy_providers_are_asked_again_then_fail_the_stage() {
    with(async {
        let settings = r#"{"prompt": "why?"}"#;
        let busy = || {
            answer(
                429,
                &["Retry-After: 0"],
                br#"{"error": {"message": "slow down"}}"#,
            )
        };
        let (server, ran) = ask(vec![busy(), busy(), reply(r#""x""#)], settings).await;
        assert!(
            ran.output().starts_with(r#"{"content":"x""#),
            "{}",
            ran.output()
        );
        assert_eq!(server.lines().len(), 3);
        assert_eq!(ran.lines.len(), 2);
        let told = "WARNING g: `openai` answered 429 Too Many Requests; asked again in ";
        let waits = ran.lines.iter().map(|line| {
            let (_, wait) = line.split_once(told).unwrap();
            wait.strip_suffix(" ms").unwrap().parse::<u64>().unwrap()
        });
        // `Retry-After: 0` does not shorten our own waits of half a second and a second.
        let waits: Vec<_> = waits.collect();
        assert!(
            (450..=550).contains(&waits[0]) && (900..=1100).contains(&waits[1]),
            "{waits:?}"
        );
        let (server, ran) = ask(vec![busy()], settings).await;
        assert_eq!(
            ran.output(),
            "ProviderError: `openai` answered 429 Too Many Requests, 4 times: slow down"
        );
        assert_eq!(server.lines().len(), 4);
        let (server, ran) = ask(
            vec![json(401, r#"{"error": {"message": "bad key sk-secret"}}"#)],
            settings,
        )
        .await;
        assert_eq!(server.lines().len(), 1);
        assert!(
            ran.report()
                .contains("ProviderError: `openai` answered 401 Unauthorized: bad key ***"),
            "{}",
            ran.report()
        );
    });
}

/// Runs a stage whose provider is busy and asks to wait for a minute.
async fn ask_busy(change: impl FnOnce(Draft) -> Draft, signal_ms: u64) -> (Server, Ran) {
    let busy = answer(429, &["Retry-After: 60"], b"{}");
    let server = Server::start(vec![busy]).await;
    let draft = leaf("g").runs(&GENERATOR).config(|s| Ok(s.input()));
    let bench = Bench::new(&[change(draft)], "g").input(r#"{"prompt": "why?"}"#);
    let bench = bench.env("OPENAI_BASE_URL", &format!("http://{}/v1/", server.host));
    let ran = bench.signal(signal_ms, Signal::Terminate).go().await;
    (server, ran)
}

#[test]
fn a_signal_ends_the_wait_for_a_busy_provider() {
    with(async {
        let (server, ran) = ask_busy(|draft| draft, 300).await;
        assert!((290..2_000).contains(&ran.took_ms), "{}", ran.took_ms);
        assert_eq!(server.lines().len(), 1);
        assert!(
            ran.report().contains("run stopped by SIGTERM"),
            "{}",
            ran.report()
        );
        assert!(ran.lines().contains("asked again in 30000 ms"));
    });
}

#[test]
fn the_time_limit_of_the_stage_holds_while_a_provider_is_busy() {
    with(async {
        let (server, ran) = ask_busy(|draft| draft.timeout(200), 20_000).await;
        assert_eq!(
            ran.output(),
            "TimeoutError: took longer than `timeout_ms` (200 ms)"
        );
        assert!((190..2_000).contains(&ran.took_ms), "{}", ran.took_ms);
        assert_eq!(server.lines().len(), 1);
    });
}

#[test]
fn unknown_llm_settings_are_refused() {
    with(async {
        let settings = r#"{"prompt": "why?", "llm_settings": {"bogus": 1}}"#;
        let (server, ran) = ask(vec![reply(r#""x""#)], settings).await;
        assert_eq!(
            ran.output(),
            "ConfigError: field `llm_settings`: unknown key `bogus`; known are `provider`, `model`, `max_tokens`, `temperature`, `top_p`, `stop_sequences`"
        );
        assert!(server.lines().is_empty());
    });
}

#[test]
fn json_is_found_in_code_fences() {
    assert_eq!(unfenced(" {\"a\": 1}\n"), "{\"a\": 1}");
    assert_eq!(unfenced("```json\n[1]\n```"), "[1]");
    assert_eq!(unfenced("```\n[1]\n```\n"), "[1]");
    assert_eq!(unfenced("Sure: {}"), "Sure: {}");
}
