//! Chooses the model provider that a stage asks, and its address.
//!
//! Enters: `provider` and `model` of a stage, and the environment. Leaves: an endpoint, or what is
//! missing. Each provider is one row of a table. Must not know the question.

use crate::host::environment::Environment;

/// The API that a provider has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// `POST /chat/completions`
    OpenAi,
    /// `POST /v1/messages`
    Anthropic,
}

struct Provider {
    names: &'static [&'static str],
    dialect: Dialect,
    key: &'static str,
    base: &'static str,
    base_url: &'static str,
    model: &'static str,
}

const PROVIDERS: [Provider; 3] = [
    Provider {
        names: &["openai"],
        dialect: Dialect::OpenAi,
        key: "OPENAI_API_KEY",
        base: "OPENAI_BASE_URL",
        base_url: "https://api.openai.com/v1",
        model: "gpt-4o-mini",
    },
    Provider {
        names: &["anthropic", "claude"],
        dialect: Dialect::Anthropic,
        key: "ANTHROPIC_API_KEY",
        base: "ANTHROPIC_BASE_URL",
        base_url: "https://api.anthropic.com",
        model: "claude-sonnet-4-5",
    },
    Provider {
        names: &["gemini", "google"],
        dialect: Dialect::OpenAi,
        key: "GEMINI_API_KEY",
        base: "GEMINI_BASE_URL",
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        model: "gemini-2.5-flash",
    },
];

/// Where and how to send a question.
#[derive(Debug, PartialEq)]
pub(super) struct Endpoint {
    pub(super) dialect: Dialect,
    pub(super) name: &'static str,
    pub(super) url: String,
    pub(super) key: Option<String>,
    pub(super) model: String,
}

/// Chooses the provider: the one of the stage; else the one in `FMC_LLM_PROVIDER`; else the only
/// one whose key is set; else the only one whose base URL is set.
///
/// # Errors
/// What is missing, or which providers are set up if one of them must be chosen.
pub(super) fn choose(
    provider: Option<&str>,
    model: Option<&str>,
    environment: &Environment,
) -> Result<Endpoint, String> {
    let wanted = provider.or_else(|| environment.filled("FMC_LLM_PROVIDER"));
    let found = match wanted {
        Some(name) => named(name)?,
        None => only(environment)?,
    };
    let key = environment
        .filled(found.key)
        .map(|key| key.trim().to_owned());
    let base = environment.filled(found.base);
    if key.is_none() && base.is_none() {
        return Err(format!(
            "neither `{}` nor `{}` is set",
            found.key, found.base
        ));
    }
    let base = base.unwrap_or(found.base_url).trim().trim_end_matches('/');
    let url = match found.dialect {
        Dialect::OpenAi => format!("{base}/chat/completions"),
        Dialect::Anthropic => format!("{}/v1/messages", base.strip_suffix("/v1").unwrap_or(base)),
    };
    let model = model
        .or_else(|| environment.filled("FMC_LLM_MODEL"))
        .unwrap_or(found.model);
    Ok(Endpoint {
        dialect: found.dialect,
        name: found.names.first().copied().unwrap_or_default(),
        url,
        key,
        model: model.to_owned(),
    })
}

fn named(name: &str) -> Result<&'static Provider, String> {
    let wanted = name.trim().to_lowercase();
    let found = PROVIDERS
        .iter()
        .find(|provider| provider.names.contains(&wanted.as_str()));
    found.ok_or_else(|| {
        let known: Vec<_> = PROVIDERS.iter().flat_map(|provider| provider.names.first()).map(|name| format!("`{name}`")).collect();
        format!("unknown provider `{name}`; known are {} (any compatible server: `openai` with `OPENAI_BASE_URL`)", known.join(", "))
    })
}

fn only(environment: &Environment) -> Result<&'static Provider, String> {
    let with = |variable: fn(&Provider) -> &'static str| -> Vec<&'static Provider> {
        let is_set = |provider: &&Provider| environment.filled(variable(provider)).is_some();
        PROVIDERS.iter().filter(is_set).collect()
    };
    // A base URL alone means a local server. If a key of any provider is set, base URLs decide
    // nothing.
    let mut set = with(|provider| provider.key);
    if set.is_empty() {
        set = with(|provider| provider.base);
    }
    match set.as_slice() {
        [one] => Ok(one),
        [] => {
            let keys: Vec<_> = PROVIDERS
                .iter()
                .map(|provider| format!("`{}`", provider.key))
                .collect();
            Err(format!(
                "no model provider is set up: set one of {}, or `OPENAI_BASE_URL` for a compatible server",
                keys.join(", ")
            ))
        }
        several => {
            let names: Vec<_> = several
                .iter()
                .filter_map(|provider| provider.names.first())
                .map(|name| format!("`{name}`"))
                .collect();
            Err(format!(
                "several model providers are set up ({}): name one in the stage's `provider` or in `FMC_LLM_PROVIDER`",
                names.join(", ")
            ))
        }
    }
}

#[cfg(test)]
#[path = "tests/provider.rs"]
mod tests;
