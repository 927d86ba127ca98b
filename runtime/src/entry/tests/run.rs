//! Tests of `run`.

use fmc_expr::{EvalError, ops};

use super::*;
use crate::{
    component::GENERATOR,
    executor::tests::drafts::{Draft, leaf, pipeline},
    host::environment::EnvVar,
    scope::{Expression, render::ConfigNode},
};

const fn expression(
    run: fn(&crate::scope::Scope<'_>, &fmc_expr::Cx) -> Result<Value, EvalError>,
) -> Expression {
    Expression {
        text: "…",
        field: "config.prompt",
        line: 1,
        column: 1,
        run,
    }
}

static FAILS: Expression = expression(|_, _| Err(EvalError::type_error("`len` takes no `null`")));
static UPSTREAM: Expression = expression(|s, _| ops::member(&s.upstream(0), "provider"));
static VARIABLE: Expression = expression(|s, _| Ok(s.env("PROVIDER")));

const PROMPT: (&str, ConfigNode<'_>) = ("prompt", ConfigNode::Eval(&FAILS));

fn generator(config: crate::scope::Render) -> Draft {
    leaf("g").runs(&GENERATOR).config(config)
}

/// What is wrong with this stage before the run.
fn complaint(draft: Draft, set: &[&str]) -> String {
    let required = EnvVar {
        name: "PROVIDER",
        required: true,
        secret: false,
    };
    let pipeline = pipeline(&[draft], "g", vec![required]);
    let set = set
        .iter()
        .map(|name| ((*name).to_owned(), "http://h:1".to_owned()));
    let prepared = prepare(
        &Process::new(pipeline, &RunArgs::default()),
        pipeline,
        &RunArgs::default(),
        Environment::of(set),
        Mask::default(),
        Value::Null,
    );
    preflight(&prepared).err().unwrap_or_default()
}

#[test]
fn the_model_provider_is_checked_before_the_run() {
    let literal = || {
        generator(|s| {
            s.render(&ConfigNode::Object(&[
                PROMPT,
                ("provider", ConfigNode::Text("anthropic")),
            ]))
        })
    };
    let preset = || {
        generator(|s| {
            let provider = ("provider", ConfigNode::Text("anthropic"));
            let unknown = ("model", ConfigNode::Eval(&UPSTREAM));
            let preset = ("llm_settings", ConfigNode::Object(&[unknown, provider]));
            s.render(&ConfigNode::Object(&[PROMPT, preset]))
        })
    };
    let later = || {
        generator(|s| {
            s.render(&ConfigNode::Object(&[(
                "provider",
                ConfigNode::Eval(&UPSTREAM),
            )]))
        })
    };
    let missing = || {
        generator(|s| {
            s.render(&ConfigNode::Object(&[(
                "provider",
                ConfigNode::Eval(&VARIABLE),
            )]))
        })
    };
    let none = || generator(|s| s.render(&ConfigNode::Object(&[PROMPT])));
    let both = ["PROVIDER", "OPENAI_API_KEY", "ANTHROPIC_API_KEY"];
    let openai = ["PROVIDER", "OPENAI_API_KEY"];
    let complaints = [
        complaint(literal(), &both),
        complaint(preset(), &both),
        complaint(later(), &both),
        complaint(none(), &both),
        complaint(literal(), &openai),
        complaint(preset(), &openai),
        complaint(none(), &openai),
        complaint(none(), &[]),
        complaint(missing(), &[]),
    ];
    let lines = complaints.map(|text| format!("- {text}"));
    insta::assert_snapshot!(lines.join("\n"), @r"
        - 
        - 
        - 
        - `g`: several model providers are set up (`openai`, `anthropic`): name one in the stage's `provider` or in `FMC_LLM_PROVIDER`
        - `g`: neither `ANTHROPIC_API_KEY` nor `ANTHROPIC_BASE_URL` is set
        - `g`: neither `ANTHROPIC_API_KEY` nor `ANTHROPIC_BASE_URL` is set
        - 
        - the environment variable `PROVIDER` is not set; `g`: no model provider is set up: set one of `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GEMINI_API_KEY`, or `OPENAI_BASE_URL` for a compatible server
        - the environment variable `PROVIDER` is not set
        ");
}
