//! The two APIs of model providers: writes requests and reads responses.
//!
//! Enters: a conversation and its settings, or the JSON of a response. Leaves: the body of a
//! request; or the text of a reply, its token counts and why it ended. Must not know HTTP.

use fmc_expr::{Map, Str, Value};

use crate::{
    base::{excerpt::cut, object::object},
    component::generator::provider::{Dialect, Endpoint},
};

/// The limit for Anthropic's API, which needs one, when the stage sets none.
const MAX_TOKENS: i64 = 4096;

/// How many characters of a provider's error message are shown.
const COMPLAINT: usize = 500;

/// The question to the model.
#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub(super) system: String,
    /// The user's and the model's texts in turn, the user's first.
    pub(super) turns: Vec<String>,
    pub(super) temperature: Option<f64>,
    pub(super) max_tokens: Option<i64>,
    pub(super) top_p: Option<f64>,
    pub(super) stop: Vec<String>,
    /// Whether the reply must be JSON. Set for `output_format: json`; `request` and `answered` read
    /// it.
    pub(super) json: bool,
}

/// The model's reply.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Reply {
    pub(super) text: String,
    pub(super) input_tokens: i64,
    pub(super) output_tokens: i64,
    pub(super) finish_reason: String,
    pub(super) model: String,
}

/// The body of a request, as JSON.
pub(super) fn request(endpoint: &Endpoint, question: &Question) -> Value {
    let text = |text: &str| Value::from(text);
    let mut body = Map::new();
    let mut put = |name, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(Str::from_static(name), value);
        }
    };
    let mut messages: Vec<_> = question
        .turns
        .iter()
        .zip(["user", "assistant"].into_iter().cycle())
        .map(|(turn, role)| object([("role", text(role)), ("content", text(turn))]))
        .collect();
    let system = Some(question.system.trim()).filter(|system| !system.is_empty());
    let stop = Some(&question.stop).filter(|stop| !stop.is_empty());
    let stop = stop.map(|stop| Value::list(stop.iter().map(|one| text(one)).collect()));
    put("model", Some(text(&endpoint.model)));
    match endpoint.dialect {
        Dialect::OpenAi => {
            if let Some(system) = system {
                messages.insert(
                    0,
                    object([("role", text("system")), ("content", text(system))]),
                );
            }
            put("max_tokens", question.max_tokens.map(Value::Int));
            put("stop", stop);
            let format = object([("type", text("json_object"))]);
            put("response_format", question.json.then_some(format));
        }
        Dialect::Anthropic => {
            put("system", system.map(text));
            put(
                "max_tokens",
                Some(Value::Int(question.max_tokens.unwrap_or(MAX_TOKENS))),
            );
            put("stop_sequences", stop);
        }
    }
    put("temperature", question.temperature.map(Value::Float));
    put("top_p", question.top_p.map(Value::Float));
    put("messages", Some(Value::list(messages)));
    Value::object(body)
}

/// The reply in a response; `None` when there is none.
pub(super) fn reply(endpoint: &Endpoint, response: &Value) -> Option<Reply> {
    let usage = response.get("usage");
    let count = |name| match usage.and_then(|usage| usage.get(name)) {
        Some(Value::Int(count)) => *count,
        _ => 0,
    };
    let model = response
        .get("model")
        .and_then(Value::as_str)
        .unwrap_or(&endpoint.model)
        .to_owned();
    match endpoint.dialect {
        Dialect::OpenAi => {
            let choice = response.get("choices")?.as_list()?.first()?;
            Some(Reply {
                text: content(choice.get("message")?.get("content")?)?,
                input_tokens: count("prompt_tokens"),
                output_tokens: count("completion_tokens"),
                finish_reason: word(choice.get("finish_reason")),
                model,
            })
        }
        Dialect::Anthropic => Some(Reply {
            text: content(response.get("content")?)?,
            input_tokens: count("input_tokens"),
            output_tokens: count("output_tokens"),
            finish_reason: word(response.get("stop_reason")),
            model,
        }),
    }
}

/// The content of a message: text, or a list of parts, some of which are text.
fn content(content: &Value) -> Option<String> {
    match content {
        Value::Str(text) => Some(text.to_string()),
        Value::List(parts) => {
            let texts = parts
                .iter()
                .filter_map(|part| part.get("text").and_then(Value::as_str));
            Some(texts.collect())
        }
        Value::Null => Some(String::new()),
        Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Object(_) => None,
    }
}

fn word(value: Option<&Value>) -> String {
    value.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The error message of a provider that refused.
pub(super) fn complaint(response: &Value) -> Option<String> {
    let error = response.get("error")?;
    let message = error
        .get("message")
        .or(Some(error))
        .and_then(Value::as_str)?;
    Some(cut(message, COMPLAINT))
}

#[cfg(test)]
#[path = "tests/dialect.rs"]
mod tests;
