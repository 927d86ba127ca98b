//! Tests of `provider`.

use super::*;

fn chosen(provider: Option<&str>, model: Option<&str>, environment: &[(&str, &str)]) -> String {
    let environment = environment
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    match choose(provider, model, &Environment::of(environment)) {
        Ok(end) => format!("{} {} {:?} {}", end.name, end.url, end.key, end.model),
        Err(error) => error,
    }
}

#[test]
fn the_stage_then_the_environment_decide() {
    let openai = ("OPENAI_API_KEY", "sk-1");
    let anthropic = ("ANTHROPIC_API_KEY", "ak-2");
    let lines = [
        chosen(None, None, &[openai]),
        chosen(None, Some("m"), &[("ANTHROPIC_BASE_URL", "http://h:1/v1/")]),
        chosen(Some("Claude"), None, &[openai, anthropic]),
        chosen(
            None,
            None,
            &[
                openai,
                anthropic,
                ("FMC_LLM_PROVIDER", "openai"),
                ("FMC_LLM_MODEL", "big"),
            ],
        ),
        chosen(None, None, &[("OPENAI_API_KEY", " ")]),
        chosen(None, None, &[openai, anthropic]),
        chosen(None, None, &[openai, ("ANTHROPIC_BASE_URL", "http://h:1")]),
        chosen(Some("gemini"), None, &[openai]),
        chosen(Some("mistral"), None, &[openai]),
    ];
    insta::assert_snapshot!(lines.join("\n"), @r#"
        openai https://api.openai.com/v1/chat/completions Some("sk-1") gpt-4o-mini
        anthropic http://h:1/v1/messages None m
        anthropic https://api.anthropic.com/v1/messages Some("ak-2") claude-sonnet-4-5
        openai https://api.openai.com/v1/chat/completions Some("sk-1") big
        no model provider is set up: set one of `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GEMINI_API_KEY`, or `OPENAI_BASE_URL` for a compatible server
        several model providers are set up (`openai`, `anthropic`): name one in the stage's `provider` or in `FMC_LLM_PROVIDER`
        openai https://api.openai.com/v1/chat/completions Some("sk-1") gpt-4o-mini
        neither `GEMINI_API_KEY` nor `GEMINI_BASE_URL` is set
        unknown provider `mistral`; known are `openai`, `anthropic`, `gemini` (any compatible server: `openai` with `OPENAI_BASE_URL`)
        "#);
}
