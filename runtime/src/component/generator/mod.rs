//! `generator` (feature `http`): gets text or JSON from a model.
//!
//! Enters: `prompt`, `system_prompt`, `output_format` and the common AI settings. Leaves:
//! `content`, token counts, `finish_reason`, `model`. It uses the HTTP clients of the process. It
//! never makes up a reply: if the provider refuses, the stage fails. If the provider is busy, the
//! executor rests, and then the question is sent again. Must not know scheduling.

mod dialect;

mod provider;

#[cfg(test)]
mod tests;

use dialect::{Question, Reply, complaint, reply, request};
use fmc_expr::{Cx, Value, json};
use hyper::{
    Method, StatusCode,
    body::Bytes,
    header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderName, USER_AGENT},
};
use provider::{Dialect, Endpoint, choose};

use crate::{
    base::{
        excerpt::excerpt,
        fault::{ErrorType, Fault, Outcome, StageError},
        object::object,
        preset::Choice,
        retry::OnError,
        settings::Settings,
    },
    component::contract::{Again, Call, Component, Preflight, Work},
    host::{
        environment::Environment,
        http::{
            address::Address,
            body,
            exchange::{Answer, Exchange},
            headers::Headers,
            retry_after_ms, unpack,
        },
        world::Moment,
    },
    run::site::{Run, Site},
};

/// Whether the reply must be JSON, which is then parsed: false for `text`, true for `json`.
const OUTPUT_FORMAT: Choice<bool> = Choice {
    name: "output_format",
    words: &["text", "json"],
    meanings: &[false, true],
    usual: 0,
};
/// Models can take long. `timeout_ms` of the stage can set a shorter limit.
const TIMEOUT_MS: u64 = 300_000;
const MAX_RESPONSE_BYTES: u64 = 16 << 20;

/// How status 429 and 5xx are retried within one attempt, whatever `error_handling` of the stage
/// says.
const RETRIES: OnError = OnError::Retry {
    max_retries: 3,
    delay_ms: 500,
    multiplier: 2.0,
    max_delay_ms: Some(30_000),
};

/// The keys that `llm_settings` may have.
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
    presets: &[OUTPUT_FORMAT.row()],
    run,
    preflight: Some(preflight),
};

fn preflight(before: &Preflight<'_>) -> Result<(), String> {
    let decide = ["provider", "llm_settings"];
    if decide.iter().any(|field| before.unknown.contains(field)) {
        return Ok(());
    }
    let found = preset(before.cx, &before.settings)
        .and_then(|preset| endpoint(&before.settings, &preset, before.environment));
    found.map(drop).map_err(|fault| fault.message)
}

/// The settings in `llm_settings`.
fn preset(cx: &Cx, settings: &Settings) -> Result<Settings, Fault> {
    let preset = settings.object(cx, "llm_settings")?.unwrap_or_default();
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

/// The provider and model that the stage asks.
fn endpoint(
    settings: &Settings,
    preset: &Settings,
    environment: &Environment,
) -> Result<Endpoint, Fault> {
    let provider = settings.text("provider")?.or(preset.text("provider")?);
    let model = settings.text("model")?.or(preset.text("model")?);
    choose(provider.as_deref(), model.as_deref(), environment).map_err(StageError::config)
}

fn run(call: Call) -> Work {
    match Asking::new(call) {
        Ok(asking) => asking.task(),
        Err(fault) => Work::Done(Err(fault)),
    }
}

/// A conversation with a model.
struct Asking {
    site: Site,
    endpoint: Endpoint,
    question: Question,
    /// How many times the current question was sent. It is sent again when the provider is busy.
    asked: u32,
    /// The first reply, if it was not valid JSON. The model may correct it once.
    first: Option<Reply>,
}

impl Asking {
    fn new(call: Call) -> Result<Self, Fault> {
        let cx = call.site.cx();
        call.site.measure(call.settings.whole())?;
        let preset = preset(cx, &call.settings)?;
        Ok(Self {
            endpoint: endpoint(&call.settings, &preset, &call.site.run.environment)?,
            question: question(cx, &call.settings, &preset)?,
            asked: 0,
            first: None,
            site: call.site,
        })
    }

    fn task(self) -> Work {
        Work::Task(Box::pin(self.ask()))
    }

    async fn ask(mut self) -> Work {
        loop {
            self.asked += 1;
            let (run, cx) = (&self.site.run, self.site.cx());
            let before = cx.alive();
            let body = body::encode(cx, &request(&self.endpoint, &self.question), None);
            let body = body.map_err(|error| StageError::expression(error.to_string()));
            let answer = match body.and_then(|body| exchange(&self.endpoint, body.bytes)) {
                Ok(exchange) => exchange.run(&run.network).await,
                Err(fault) => Err(fault),
            };
            cx.settle(before, None);
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(fault) => return Work::Done(Err(fault)),
            };
            let now = run.world.moment();
            let body = std::mem::take(&mut answer.body);
            let body = body::decode(body, &answer.headers, &self.site.budget.deadline).await;
            let reply = match read(&self.endpoint, &answer, &body.value, self.asked, now) {
                Ok(reply) => reply,
                Err(fault) if is_busy(answer.status) => return self.again(answer.status, fault),
                Err(fault) => return Work::Done(Err(fault)),
            };
            count(run, &reply);
            if let Some(outcome) = self.answered(reply) {
                return Work::Done(outcome);
            }
        }
    }

    /// The provider is busy: asks to send the same question again after a rest.
    fn again(self, status: StatusCode, fault: Fault) -> Work {
        Work::Again(Box::new(Again {
            policy: RETRIES,
            asked: self.asked,
            fault,
            note: format!("`{}` answered {status}", self.endpoint.name),
            then: Box::pin(self.ask()),
        }))
    }

    /// The output of the stage. `None` when the model is asked once more, to correct its reply.
    fn answered(&mut self, mut reply: Reply) -> Option<Outcome> {
        if !self.question.json {
            let content = Value::from(std::mem::take(&mut reply.text));
            return Some(Ok(output(content, &reply)));
        }
        let read = content(&self.site, &reply.text);
        let Some(first) = &self.first else {
            let error = match read {
                Ok(content) => return Some(Ok(output(content, &reply))),
                Err(error) => error,
            };
            // The model may correct its reply once; after that the stage fails.
            let turns = &mut self.question.turns;
            turns.push(std::mem::take(&mut reply.text));
            turns.push(format!("That is not valid JSON ({error}). {JSON_ONLY}"));
            self.first = Some(reply);
            self.asked = 0;
            return None;
        };
        reply.input_tokens = reply.input_tokens.saturating_add(first.input_tokens);
        reply.output_tokens = reply.output_tokens.saturating_add(first.output_tokens);
        Some(match read {
            Ok(content) => Ok(output(content, &reply)),
            Err(error) => {
                let shown = excerpt(&Value::from(reply.text.as_str()));
                let message =
                    format!("the model twice did not answer with JSON: {error}, found {shown}");
                Err(StageError::new(ErrorType::Validation, message))
            }
        })
    }
}

/// Whether the provider may answer when it is asked again.
fn is_busy(status: StatusCode) -> bool {
    status.as_u16() == 429 || status.is_server_error()
}

fn question(cx: &Cx, settings: &Settings, preset: &Settings) -> Result<Question, Fault> {
    let json = settings.choice(&OUTPUT_FORMAT)?;
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
            .texts(cx, "stop_sequences")?
            .or(preset.texts(cx, "stop_sequences")?)
            .unwrap_or_default(),
        json,
    })
}

fn exchange(endpoint: &Endpoint, body: Bytes) -> Result<Exchange, Fault> {
    let mut headers = Headers::default();
    headers.usual(CONTENT_TYPE, "application/json");
    headers.usual(ACCEPT, "application/json");
    headers.usual(ACCEPT_ENCODING, unpack::ACCEPTED);
    headers.usual(USER_AGENT, concat!("fmc/", env!("CARGO_PKG_VERSION")));
    if let Some(key) = &endpoint.key {
        let (name, value) = match endpoint.dialect {
            Dialect::OpenAi => (AUTHORIZATION, &format!("Bearer {key}")),
            Dialect::Anthropic => (HeaderName::from_static("x-api-key"), key),
        };
        headers
            .add(name.as_str(), [value.as_str()].into_iter())
            .map_err(|_| {
                StageError::config(format!(
                    "the API key of `{}` is too long or has characters that a header cannot have",
                    endpoint.name
                ))
            })?;
    }
    if endpoint.dialect == Dialect::Anthropic {
        headers.usual(HeaderName::from_static("anthropic-version"), "2023-06-01");
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

fn read(
    endpoint: &Endpoint,
    answer: &Answer,
    response: &Value,
    asked: u32,
    now: Moment,
) -> Result<Reply, Fault> {
    let fault = |message: String| {
        let mut fault = StageError::new(ErrorType::Provider, message);
        fault.status_code = Some(answer.status.as_u16());
        fault.retry_after_ms = retry_after_ms(&answer.headers, now);
        fault
    };
    let name = endpoint.name;
    if !answer.status.is_success() {
        let says = complaint(response)
            .map(|says| format!(": {says}"))
            .unwrap_or_default();
        let times = if asked > 1 {
            format!(", {asked} times")
        } else {
            String::new()
        };
        return Err(fault(format!(
            "`{name}` answered {}{times}{says}",
            answer.status
        )));
    }
    reply(endpoint, response).ok_or_else(|| {
        fault(format!(
            "`{name}` answered without a reply: {}",
            excerpt(response)
        ))
    })
}

fn count(run: &Run, reply: &Reply) {
    let natural = |count: i64| u64::try_from(count).unwrap_or(0);
    let mut usage = run.usage.borrow_mut();
    usage.calls = usage.calls.saturating_add(1);
    usage.input_tokens = usage
        .input_tokens
        .saturating_add(natural(reply.input_tokens));
    usage.output_tokens = usage
        .output_tokens
        .saturating_add(natural(reply.output_tokens));
}

/// The JSON in a reply, which may be inside a code fence.
fn content(site: &Site, text: &str) -> Result<Value, String> {
    let read = json::read(site.cx(), unfenced(text).as_bytes());
    let read = read.map_err(|error| error.to_string())?;
    if let Some(warning) = read.warning("content") {
        site.warn(&warning);
    }
    Ok(read.value)
}

/// A text without the code fence around it.
fn unfenced(text: &str) -> &str {
    let trimmed = text.trim();
    let inner = trimmed
        .strip_prefix("```")
        .and_then(|rest| rest.strip_suffix("```"));
    // The rest of the line after the opening fence is the name of the language.
    let inner = inner.map(|inner| inner.split_once('\n').map_or(inner, |(_, inner)| inner));
    inner.unwrap_or(trimmed).trim()
}

fn output(content: Value, reply: &Reply) -> Value {
    object([
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
