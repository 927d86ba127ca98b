//! AI components: those that ask a language model.
//!
//! Enters: nothing. Leaves: their rows. Must not know how a model is asked.

use super::{
    Component, Feature, Output, Runs, component,
    field::{Field, FieldKind, field, ignored},
    shape::Shape,
};

/// A row of a component that asks a model.
const fn asks(
    name: &'static str,
    summary: &'static str,
    fields: &'static [Field],
    output: &'static [(&'static str, Shape)],
    runs: Runs,
) -> Component {
    let mut row = component(name, summary, fields, Output::Fields(output), runs).side_effect();
    row.model = true;
    row
}

pub(super) const COMPONENTS: &[Component] = &[
    asks(
        "generator",
        "writes text or JSON from a prompt",
        GENERATOR,
        &[
            ("content", Shape::StrIf("output_format", "text")),
            ("tokens_used", Shape::Int),
            ("input_tokens", Shape::Int),
            ("output_tokens", Shape::Int),
            ("finish_reason", Shape::MaybeStr),
            ("model", Shape::Str),
        ],
        Runs::Leaf {
            item: "GENERATOR",
            features: &[Feature::Http],
        },
    ),
    asks(
        "critic",
        "rates content by criteria",
        CRITIC,
        &[
            ("score", Shape::Float),
            ("overall_rating", Shape::Str),
            ("feedback", Shape::Str),
            ("strengths", Shape::Strings),
            ("improvements", Shape::Strings),
            ("criterion_scores", Shape::Object),
            ("passes_threshold", Shape::Bool),
        ],
        Runs::NotYet,
    ),
    asks(
        "improver",
        "rewrites content according to feedback",
        IMPROVER,
        &[
            ("improved", Shape::Str),
            ("improved_content", Shape::Str),
            ("content", Shape::Str),
            ("changes_made", Shape::Strings),
            ("improvement_summary", Shape::Str),
        ],
        Runs::NotYet,
    ),
    asks(
        "selector",
        "chooses one of several options",
        SELECTOR,
        &[
            ("selected", Shape::Element("options")),
            ("selected_index", Shape::Int),
            ("reasoning", Shape::Str),
            ("explanation", Shape::Str),
            ("rankings", Shape::List),
            ("confidence", Shape::Float),
        ],
        Runs::NotYet,
    ),
    asks(
        "synthesizer",
        "combines several texts into one",
        SYNTHESIZER,
        &[
            ("synthesized", Shape::Str),
            ("key_themes", Shape::Strings),
            ("sources_used", Shape::List),
        ],
        Runs::NotYet,
    )
    .aliases(&["combiner"]),
];

const MAX_TOKENS: Field = field(
    "max_tokens",
    FieldKind::Int,
    "Maximum length of the answer, in tokens.",
)
.at_least(1);
const TEMPERATURE: Field =
    field("temperature", FieldKind::Number, "Sampling temperature.").at_least(0);

/// Fields about the model that a stage has beside `config`.
pub const MODEL_FIELDS: &[Field] = &[
    field("provider", FieldKind::Text, "The provider of the model."),
    field("model", FieldKind::Text, "The model's name."),
    field(
        "llm_settings",
        FieldKind::Object,
        "Further settings for the model.",
    ),
];

const GENERATOR: &[Field] = &[
    field("prompt", FieldKind::Str, "The prompt.").required(),
    field("system_prompt", FieldKind::Str, "System prompt."),
    MAX_TOKENS,
    TEMPERATURE,
    field(
        "stop_sequences",
        FieldKind::ListOf(&FieldKind::Text),
        "Texts at which the model stops writing.",
    ),
    field(
        "output_format",
        FieldKind::Choice(&["text", "json"]),
        "With `json`, the answer is parsed as JSON.",
    )
    .default("\"text\""),
];

const CRITIC: &[Field] = &[
    field("content", FieldKind::Any, "The content to rate.").required(),
    field("criteria", FieldKind::ListOrStr, "The criteria."),
    field("context", FieldKind::Any, "Background for the model."),
    field("rubric", FieldKind::Any, "How to score."),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("strict_mode", "Write it into `rubric`."),
];

const IMPROVER: &[Field] = &[
    field("content", FieldKind::Any, "The content to rewrite.").required(),
    field("feedback", FieldKind::Any, "The feedback to follow.").required(),
    field(
        "instructions",
        FieldKind::Any,
        "Instructions for the model.",
    )
    .aliases(&["improvement_focus"]),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("improvements", "Write it into `feedback`."),
    ignored("max_iterations", "It rewrites once."),
    ignored("preserve_aspects", "Write it into `instructions`."),
    ignored("max_length", "`max_tokens` limits the length."),
];

const SELECTOR: &[Field] = &[
    field(
        "options",
        FieldKind::ListOf(&FieldKind::TextOrObject),
        "The options: texts, or objects with `label` and `content`.",
    )
    .required()
    .aliases(&["candidates"]),
    field("criteria", FieldKind::ListOrStr, "The criteria."),
    field("context", FieldKind::Any, "Background for the model."),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("selection_mode", "It always chooses one option."),
    ignored("top_n", "`rankings` holds all options in order."),
    ignored("explain_choice", "`reasoning` is always there."),
];

const SYNTHESIZER: &[Field] = &[
    field("inputs", FieldKind::List, "The texts to combine.")
        .required()
        .aliases(&["sources"]),
    field("synthesis_strategy", FieldKind::Str, "How to combine them."),
    field("context", FieldKind::Any, "Background for the model."),
    field(
        "instructions",
        FieldKind::Any,
        "Instructions for the model.",
    ),
    field(
        "output_format",
        FieldKind::Str,
        "The form of the combined text.",
    ),
    MAX_TOKENS,
    TEMPERATURE,
    ignored("preserve_sources", "`sources_used` names them."),
    ignored("max_length", "`max_tokens` limits the length."),
];
