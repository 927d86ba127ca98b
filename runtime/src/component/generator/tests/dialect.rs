//! Tests of `dialect`.

use super::*;

fn endpoint(dialect: Dialect) -> Endpoint {
    Endpoint {
        dialect,
        name: "x",
        url: String::new(),
        key: None,
        model: "m".to_owned(),
    }
}

#[test]
fn questions_are_written_in_both_dialects() {
    let question = Question {
        system: "be brief".to_owned(),
        turns: vec!["hi".to_owned(), "{".to_owned(), "JSON please".to_owned()],
        temperature: Some(0.5),
        max_tokens: Some(9),
        top_p: Some(0.9),
        stop: vec!["END".to_owned()],
        json: true,
    };
    let bodies = [Dialect::OpenAi, Dialect::Anthropic]
        .map(|dialect| request(&endpoint(dialect), &question).to_json());
    insta::assert_snapshot!(bodies.join("\n"), @r#"
        {"model":"m","max_tokens":9,"stop":["END"],"response_format":{"type":"json_object"},"temperature":0.5,"top_p":0.9,"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"},{"role":"assistant","content":"{"},{"role":"user","content":"JSON please"}]}
        {"model":"m","system":"be brief","max_tokens":9,"stop_sequences":["END"],"temperature":0.5,"top_p":0.9,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"{"},{"role":"user","content":"JSON please"}]}
        "#);
}

#[test]
fn replies_are_read_in_both_dialects() {
    let read = |dialect, json: &str| {
        reply(
            &endpoint(dialect),
            &Value::from_json(json.as_bytes()).unwrap(),
        )
    };
    let openai = read(
        Dialect::OpenAi,
        r#"{"model":"m2","choices":[{"message":{"content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#,
    );
    let anthropic = read(
        Dialect::Anthropic,
        r#"{"model":"m2","content":[{"type":"text","text":"h"},{"type":"text","text":"i"}],"stop_reason":"stop","usage":{"input_tokens":3,"output_tokens":4}}"#,
    );
    assert_eq!(openai, anthropic);
    assert_eq!(
        openai.map(|reply| (reply.text, reply.input_tokens, reply.output_tokens)),
        Some(("hi".to_owned(), 3, 4))
    );
    assert_eq!(read(Dialect::OpenAi, r#"{"choices":[]}"#), None);
}
