//! `generator` (feature `http`): text or JSON from a model.
//!
//! Enters: `prompt`, `system_prompt`, `output_format` and the common AI settings. Leaves:
//! `content`, token counts, `finish_reason`, `model`. A thin client on the shared HTTP pool; a
//! reply is never invented: what a provider refuses fails the stage.

mod dialect;

mod provider;

#[cfg(test)]
mod tests;

use std::time::Duration;

use dialect::{Question, Reply, complaint, reply, request};
use fmc_expr::Value;
use hyper::{
    HeaderMap, Method,
    body::Bytes,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT},
};
use provider::{Dialect, Endpoint, choose};

use super::{
    Call, Component, Preflight,
    http::{
        address::Address,
        body,
        exchange::{Answer, Exchange},
        retry_after_ms,
    },
};
use crate::{
    clock,
    entry::environment::Environment,
    error::{ErrorType, Fault, StageError},
    executor::{
        place::{Place, Shared},
        retry,
    },
    plan::{OnError, Outcome},
    render,
    settings::{Settings, excerpt},
};

/// Models think for long; `timeout_ms` of the stage sets a tighter limit.
const TIMEOUT_MS: u64 = 300_000;
const MAX_RESPONSE_BYTES: u64 = 16 << 20;

/// What happens at 429 and 5xx, whatever the stage says.
const RETRIES: OnError = OnError::Retry {
    max_retries: 3,
    delay_ms: 500,
    multiplier: 2.0,
    max_delay_ms: Some(30_000),
};

/// The keys of `llm_settings`.
const PRESETS: [&str; 6] = [
    "provider",
    "model",
    "max_tokens",
    "temperature",
    "top_p",
    "stop_sequences",
];

const JSON_ONLY: &str =
    "Answer with one JSON value and nothing else: no explanation, no code fence.";

/// `generator`
pub static GENERATOR: Component = Component {
    name: "generator",
    side_effect: true,
    run: |call| Box::pin(run(call)),
    preflight: Some(preflight),
};

fn preflight(before: &Preflight<'_>) -> Result<(), String> {
    let decide = ["provider", "llm_settings"];
    if decide.iter().any(|field| before.unknown.contains(field)) {
        return Ok(());
    }
    let found = preset(&before.settings)
        .and_then(|preset| endpoint(&before.settings, &preset, before.environment));
    found.map(drop).map_err(|fault| fault.message)
}

/// What the stage's `llm_settings` say.
fn preset(settings: &Settings) -> Result<Settings, Fault> {
    let preset = settings.object("llm_settings")?.unwrap_or_default();
    match preset.keys().find(|key| !PRESETS.contains(&key.as_str())) {
        None => Ok(Settings::new(Value::Object(preset))),
        Some(unknown) => {
            let known: Vec<_> = PRESETS.iter().map(|name| format!("`{name}`")).collect();
            Err(StageError::config(format!(
                "field `llm_settings`: unknown key `{unknown}`; known are {}",
                known.join(", ")
            )))
        }
    }
}

/// Whom the stage asks.
fn endpoint(
    settings: &Settings,
    preset: &Settings,
    environment: &Environment,
) -> Result<Endpoint, Fault> {
    let provider = settings.text("provider")?.or(preset.text("provider")?);
    let model = settings.text("model")?.or(preset.text("model")?);
    choose(provider.as_deref(), model.as_deref(), environment).map_err(StageError::config)
}

async fn run(call: Call<'_>) -> Outcome {
    let settings = &call.settings;
    let place = call.place;
    let preset = preset(settings)?;
    let endpoint = endpoint(settings, &preset, &place.shared.environment)?;
    let mut question = question(settings, &preset)?;
    let mut reply = ask(place, &endpoint, &question).await?;
    if !question.json {
        let content = Value::from(std::mem::take(&mut reply.text));
        return Ok(output(content, &reply));
    }
    let error = match json(&reply.text) {
        Ok(content) => return Ok(output(content, &reply)),
        Err(error) => error,
    };
    // One try to repair, then the stage fails.
    question.turns.push(std::mem::take(&mut reply.text));
    question
        .turns
        .push(format!("That is not valid JSON ({error}). {JSON_ONLY}"));
    let mut second = ask(place, &endpoint, &question).await?;
    second.input_tokens += reply.input_tokens;
    second.output_tokens += reply.output_tokens;
    match json(&second.text) {
        Ok(content) => Ok(output(content, &second)),
        Err(error) => {
            let shown = excerpt(&Value::from(second.text.as_str()));
            let message = format!("the model answered no JSON, twice: {error}, found {shown}");
            Err(StageError::new(ErrorType::Validation, message))
        }
    }
}

fn question(settings: &Settings, preset: &Settings) -> Result<Question, Fault> {
    let formats = [("text", false), ("json", true)];
    let json = settings.choice("output_format", &formats)?.unwrap_or(false);
    let mut system = settings
        .text("system_prompt")?
        .unwrap_or_default()
        .to_string();
    if json {
        let blank = if system.is_empty() { "" } else { "\n\n" };
        system = format!("{system}{blank}{JSON_ONLY}");
    }
    Ok(Question {
        system,
        turns: vec![settings.required_text("prompt")?.to_string()],
        temperature: settings
            .number("temperature")?
            .or(preset.number("temperature")?),
        max_tokens: settings
            .integer("max_tokens")?
            .or(preset.integer("max_tokens")?),
        top_p: preset.number("top_p")?,
        stop: settings
            .texts("stop_sequences")?
            .or(preset.texts("stop_sequences")?)
            .unwrap_or_default(),
        json,
    })
}

/// Asks, again where the provider is busy, and counts the tokens.
async fn ask(place: &Place, endpoint: &Endpoint, question: &Question) -> Result<Reply, Fault> {
    let shared = &place.shared;
    let body = Bytes::from(request(endpoint, question).to_json());
    let mut attempt = 1;
    loop {
        let answer = exchange(endpoint, body.clone())?.run(shared).await?;
        let status = answer.status;
        let busy = status.as_u16() == 429 || status.is_server_error();
        let wish = retry_after_ms(&answer.headers);
        let delay = retry::delay_ms(RETRIES, attempt, wish, clock::random()).filter(|_| busy);
        let Some(delay) = delay else {
            let reply = read(endpoint, &answer, attempt)?;
            count(shared, &reply);
            return Ok(reply);
        };
        let message = format!(
            "`{}` answered {status}; asked again in {delay} ms",
            endpoint.name
        );
        let reporter = &shared.reporter;
        reporter.warn(&shared.run_id, place.stage.id, &message);
        tokio::time::sleep(Duration::from_millis(delay)).await;
        attempt += 1;
    }
}

fn exchange(endpoint: &Endpoint, body: Bytes) -> Result<Exchange, Fault> {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(
        USER_AGENT,
        HeaderValue::from_static(concat!("fmc/", env!("CARGO_PKG_VERSION"))),
    );
    if let Some(key) = &endpoint.key {
        let (name, value) = match endpoint.dialect {
            Dialect::OpenAi => (AUTHORIZATION, format!("Bearer {key}")),
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), key.clone()),
        };
        let value = HeaderValue::from_str(&value).map_err(|_| {
            StageError::config(format!(
                "the API key of `{}` holds characters that no header can",
                endpoint.name
            ))
        })?;
        headers.insert(name, value);
    }
    if endpoint.dialect == Dialect::Anthropic {
        headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
    }
    Ok(Exchange {
        method: Method::POST,
        address: Address::new(&endpoint.url, &[])?,
        headers,
        body,
        follow: false,
        verify: true,
        timeout_ms: TIMEOUT_MS,
        max_bytes: MAX_RESPONSE_BYTES,
    })
}

fn read(endpoint: &Endpoint, answer: &Answer, attempts: u32) -> Result<Reply, Fault> {
    let response = body::decode(&answer.body, &answer.headers);
    let fault = |message: String| {
        let mut fault = StageError::new(ErrorType::Provider, message);
        fault.status_code = Some(answer.status.as_u16());
        fault.retry_after_ms = retry_after_ms(&answer.headers);
        fault
    };
    let name = endpoint.name;
    if !answer.status.is_success() {
        let says = complaint(&response)
            .map(|says| format!(": {says}"))
            .unwrap_or_default();
        let times = if attempts > 1 {
            format!(", {attempts} times")
        } else {
            String::new()
        };
        return Err(fault(format!(
            "`{name}` answered {}{times}{says}",
            answer.status
        )));
    }
    reply(endpoint, &response).ok_or_else(|| {
        fault(format!(
            "`{name}` answered without a reply: {}",
            excerpt(&response)
        ))
    })
}

fn count(shared: &Shared, reply: &Reply) {
    let natural = |count: i64| u64::try_from(count).unwrap_or(0);
    let mut usage = shared.usage.borrow_mut();
    usage.calls += 1;
    usage.input_tokens += natural(reply.input_tokens);
    usage.output_tokens += natural(reply.output_tokens);
}

/// The JSON of a reply, also inside a code fence.
fn json(text: &str) -> Result<Value, String> {
    let trimmed = text.trim();
    let inner = trimmed
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"));
    // After the fence stands the language, up to the end of the line.
    let inner = inner.map(|inner| inner.split_once('\n').map_or(inner, |(_, inner)| inner));
    Value::from_json(inner.unwrap_or(trimmed).trim().as_bytes())
}

fn output(content: Value, reply: &Reply) -> Value {
    render::record([
        ("content", content),
        (
            "tokens_used",
            Value::Int(reply.input_tokens.saturating_add(reply.output_tokens)),
        ),
        ("input_tokens", Value::Int(reply.input_tokens)),
        ("output_tokens", Value::Int(reply.output_tokens)),
        ("finish_reason", Value::from(reply.finish_reason.as_str())),
        ("model", Value::from(reply.model.as_str())),
    ])
}
